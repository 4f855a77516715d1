/** The Lifetimes tab in VS Code's window: drawn, walked, filtered, followed, exported, restored. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { FrameLocator, Locator, Page } from 'playwright-core';
import { interestingLine } from '../../scripts/lib/vscode-host.mjs';
import { skip } from '../skip.ts';
import { drawnByCommit } from '../support/drawn.ts';
import { xmlProblem } from '../support/xml.ts';
import {
  runCommand,
  squiggles,
  until,
  untilCursorIsAt,
  untilEditorShows,
} from './support/editor.ts';
import { oneSession } from './support/session.ts';
import { Lacking, screenshot, startWorkbench, type Workbench } from './support/workbench.ts';

const registration = 'drmm_add_action_or_reset(&sdev->drm, sample_migrate_fini, m)';
const sizes = [
  { width: 1280, height: 800 },
  { width: 1920, height: 1080 },
] as const;
/** Themes that VS Code brings, and what the page is told of them. */
const themes = [
  { name: 'Default Dark Modern', kind: 'vscode-dark' },
  { name: 'Default Light Modern', kind: 'vscode-light' },
  { name: 'Default High Contrast', kind: 'vscode-high-contrast' },
  { name: 'Default High Contrast Light', kind: 'vscode-high-contrast-light' },
] as const;

function tab(page: Page): FrameLocator {
  return page.frameLocator('iframe.webview.ready').frameLocator('#active-frame');
}

function row(page: Page, text: string): Locator {
  return tab(page).locator('.row.step', { hasText: text }).first();
}

async function showLifetimes(page: Page): Promise<void> {
  await runCommand(page, 'Driver Teardown: Show Lifetimes');
  await tab(page).locator('#picture svg').waitFor();
}

/** Answers the simple file dialog, which asks for a path in the quick input. */
async function saveAs(page: Page, file: string): Promise<void> {
  const input = page.locator('.quick-input-widget input').first();
  // The dialog writes the name that it proposes into the box when it is ready: not before and not later.
  const ending = file.slice(file.lastIndexOf('.'));
  await until('a name is proposed', async () => (await input.inputValue()).endsWith(ending));
  await input.fill(file);
  await page.keyboard.press('Enter');
  await until(`${file} is written`, () => existsSync(file) && statSync(file).size > 0);
}

function setTheme({ sample }: Workbench, name: string): void {
  const settings = join(dirname(sample), 'user/User/settings.json');
  const all = JSON.parse(readFileSync(settings, 'utf8')) as Record<string, unknown>;
  writeFileSync(settings, JSON.stringify({ ...all, 'workbench.colorTheme': name }));
}

describe('the Lifetimes tab', function () {
  this.timeout(400_000);
  oneSession(this);
  let workbench: Workbench;
  let page: Page;
  let file: string;

  before(async function () {
    this.timeout(600_000);
    try {
      workbench = await startWorkbench({
        install: true,
        viewport: sizes[0],
        settings: { 'files.simpleDialog.enable': true },
      });
    } catch (error) {
      if (error instanceof Lacking) skip(this, error.message);
      throw error;
    }
    page = workbench.page;
    file = join(workbench.sample, 'sample_gpu/sample_migrate.c');
    await page.goto(workbench.url(workbench.sample, { file, line: interestingLine(file) }));
    await untilEditorShows(page, registration);
    await squiggles(page).first().waitFor();
  });

  after(() => workbench?.close());

  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await screenshot(page, 'lifetimes-failure');
  });

  it('draws the module of the open file, with the finding in words', async () => {
    await showLifetimes(page);
    const name = await row(page, 'sample_migrate_fini(m)').getAttribute('aria-label');
    assert.match(name ?? '', /error: .*sample_migrate_fini.*sample_bo\.c/s);
    await page.locator('.tab', { hasText: 'Lifetimes: sample_gpu' }).waitFor();
    assert.equal(await tab(page).locator('.past').count(), 2, 'a bar and the legend');
  });

  it('loads nothing but its own script and style', async () => {
    const policy = await tab(page).locator('meta[http-equiv]').getAttribute('content');
    assert.match(
      policy ?? '',
      /^default-src 'none'; img-src data:; style-src \S+( \S+)*; script-src 'nonce-[^']+'$/,
    );
    assert.doesNotMatch(policy ?? '', /unsafe|\*;/);
  });

  it('filters, and shows findings only', async () => {
    const filter = tab(page).locator('#filter');
    await filter.fill('irq');
    await row(page, 'sample_migrate_fini(m)').waitFor({ state: 'detached' });
    // The interrupt itself, and what it runs.
    assert.ok(
      (await tab(page).locator('.row').allTextContents()).every((text) => /irq/i.test(text)),
    );
    await filter.fill('');
    await row(page, 'sample_migrate_fini(m)').waitFor();
    await tab(page).locator('#findings').check();
    await row(page, 'sample_hw_stop').waitFor({ state: 'detached' });
    await tab(page).locator('#findings').uncheck();
    await row(page, 'sample_hw_stop').waitFor();
  });

  it('switches the timeline', async () => {
    const timeline = tab(page).locator('#timeline');
    await timeline.selectOption('probe-fail');
    await tab(page).locator('.subtitle', { hasText: 'probe fails after' }).waitFor();
    await tab(page).locator('#failure').selectOption('2');
    await tab(page).locator('.row.step').nth(3).waitFor({ state: 'detached' });
    await timeline.selectOption('unplug-open');
    await row(page, 'sample_migrate_fini(m)').waitFor();
  });

  it('is walked by keyboard: rows, groups, details, source', async () => {
    const group = tab(page).locator('.row.group').first();
    await group.click();
    await tab(page).locator('.row.group[aria-expanded="false"]').first().waitFor();
    await page.keyboard.press('ArrowRight');
    await row(page, 'pcim_enable_device').waitFor();
    for (let presses = 0; presses < 7; presses++) await page.keyboard.press('ArrowDown');
    await tab(page).locator('.row:focus', { hasText: 'sample_migrate_fini' }).waitFor();
    await tab(page).locator('#details', { hasText: 'sample_bo.c' }).waitFor();
    await page.keyboard.press('Enter');
    const lines = readFileSync(file, 'utf8').split('\n');
    await untilCursorIsAt(page, lines.findIndex((line) => line.includes(registration)) + 1);
    await screenshot(page, 'lifetimes-beside');
  });

  it('follows edits, and keeps zoom, scroll and filter', async () => {
    for (let clicks = 0; clicks < 3; clicks++) await tab(page).locator('#zoom-in').click();
    await tab(page).locator('#filter').fill('sample');
    await tab(page)
      .locator('#scroll')
      .evaluate((scroll) => scroll.scrollTo(0, 30));
    const zoom = await tab(page).locator('#zoom-reset').textContent();
    await page
      .locator('.monaco-editor .view-line', { hasText: 'drmm_add_action_or_reset' })
      .first()
      .click();
    await page.keyboard.press('Home');
    await page.keyboard.press('Control+Shift+K');
    await row(page, 'sample_migrate_fini(m)').waitFor({ state: 'detached' });
    await page.keyboard.press('Control+z');
    await row(page, 'sample_migrate_fini(m)').waitFor();
    assert.equal(await tab(page).locator('#zoom-reset').textContent(), zoom);
    assert.equal(await tab(page).locator('#filter').inputValue(), 'sample');
    assert.equal(
      await tab(page)
        .locator('#scroll')
        .evaluate((scroll) => scroll.scrollTop),
      30,
    );
  });

  it('saves SVG and PNG', async () => {
    await tab(page).locator('#filter').fill('');
    const svg = join(workbench.sample, 'out.svg');
    await tab(page).locator('#export-svg').click();
    await saveAs(page, svg);
    const text = readFileSync(svg, 'utf8');
    assert.equal(xmlProblem(text), null);
    assert.match(text, /prefers-color-scheme/);
    const png = join(workbench.sample, 'out.png');
    await tab(page).locator('#export-png').click();
    await saveAs(page, png);
    const bytes = readFileSync(png);
    assert.equal(bytes.subarray(1, 4).toString('latin1'), 'PNG');
    assert.ok(bytes.readUInt32BE(16) > 1000);
    for (const made of [svg, png]) rmSync(made);
  });

  it('is there again after the window is loaded anew', async () => {
    // The address of the first visit names a file, which would be opened instead.
    await page.goto(workbench.url(workbench.sample));
    await page.locator('.tab', { hasText: 'Lifetimes' }).first().click();
    // VS Code writes what a tab remembers now and then: a filter of some seconds ago may be back.
    await tab(page).locator('#filter').fill('');
    await tab(page).locator('#findings').setChecked(false);
    await row(page, 'sample_migrate_fini(m)').waitFor();
    await tab(page).locator('#timeline').selectOption('unbind');
    await tab(page).locator('.subtitle', { hasText: 'no file open' }).waitFor();
    await tab(page).locator('#timeline').selectOption('unplug-open');
  });

  for (const { name, kind } of drawnByCommit(themes)) {
    it(`can be read in ${name}, at two sizes`, async () => {
      // The file of settings is read when the window is loaded.
      setTheme(workbench, name);
      await page.goto(workbench.url(workbench.sample));
      await page.locator('.tab', { hasText: 'Lifetimes' }).first().click();
      await tab(page).locator(`body.${kind}`).waitFor();
      await runCommand(page, 'View: Join All Editor Groups');
      await page.locator('.tab', { hasText: 'Lifetimes' }).first().click();
      await tab(page).locator('#zoom-reset').click();
      await row(page, 'sample_migrate_fini(m)').hover();
      for (const size of sizes) {
        await page.setViewportSize(size);
        await until('the picture fits the width: no sideways scrolling at 100%', () =>
          tab(page)
            .locator('#scroll')
            .evaluate(
              (scroll, width) =>
                scroll.clientWidth > width / 2 && scroll.scrollWidth <= scroll.clientWidth,
              size.width,
            ),
        );
        await row(page, 'sample_migrate_fini(m)').waitFor();
        await screenshot(page, `lifetimes-${kind}-${size.width}`);
      }
    });
  }
});
