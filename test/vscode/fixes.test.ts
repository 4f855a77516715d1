/** Fixes beyond applying one: what it would do, all safe ones at once, and a patch to mail. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { skip } from '../skip.ts';
import {
  editorLine,
  inSight,
  openQuickFixMenu,
  orderRow,
  runCommand,
  showOrderView,
  squiggles,
  until,
  untilEditorShows,
} from './support/editor.ts';
import { oneSession } from './support/session.ts';
import { Lacking, screenshot, startWorkbench, type Workbench } from './support/workbench.ts';

const fullFix = 'Convert to device-managed (devm): action, memory and callback';
const registration = 'drmm_add_action_or_reset(&sdev->drm, sample_migrate_fini, m)';
const converted = 'devm_add_action_or_reset(sdev->drm.dev, sample_migrate_fini, m)';

describe('fixes in the workbench', function () {
  this.timeout(400_000);
  oneSession(this);
  let workbench: Workbench;
  let page: Page;
  let file: string;
  let original: string;

  before(async function () {
    this.timeout(600_000);
    try {
      const settings = { 'files.simpleDialog.enable': true };
      const viewport = { width: 1400, height: 1600 };
      workbench = await startWorkbench({ install: true, viewport, settings });
    } catch (error) {
      if (error instanceof Lacking) skip(this, error.message);
      throw error;
    }
    page = workbench.page;
    file = join(workbench.sample, 'sample_gpu/sample_migrate.c');
    original = readFileSync(file, 'utf8');
    const line = original.slice(0, original.indexOf(registration)).split('\n').length;
    await page.goto(workbench.url(workbench.sample, { file, line }));
    await untilEditorShows(page, registration);
    await squiggles(page).first().waitFor();
  });

  after(() => workbench?.close());

  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await screenshot(page, 'fixes-failure');
  });

  it('shows the order before and after a fix side by side', async () => {
    await editorLine(page, registration).click();
    await (await openQuickFixMenu(page, 'Show the teardown order before and after a fix')).click();
    const tab = page.frameLocator('iframe.webview.ready').frameLocator('#active-frame');
    const column = tab.locator('section', { hasText: fullFix }).first();
    await column.getByText('Removes 1 finding').waitFor();
    await column
      .getByText(/moved \d+ → \d+/)
      .first()
      .waitFor();
    await screenshot(page, 'fixes-0-what-if');
    await column.getByText('Whole Orders Side by Side').click();
    const diff = page.locator('.monaco-diff-editor');
    await diff.waitFor();
    const side = (name: 'original' | 'modified') =>
      diff.locator(`.editor.${name} .view-line`, { hasText: /sample_migrate_fini\(m\)/ }).first();
    await side('original').waitFor();
    await side('modified').waitFor();
    assert.match((await side('original').textContent()) ?? '', /drmm/);
    assert.match((await side('modified').textContent()) ?? '', /devm/);
    await screenshot(page, 'fixes-1-before-and-after');
    await page.locator('.tabs-container').getByText('sample_migrate.c').first().click();
    await editorLine(page, registration).waitFor();
  });

  it('offers at the row of a finding its fixes, and what they would do', async () => {
    await showOrderView(page);
    await (await inSight(page, orderRow(page, 'sample_migrate_fini(m)'))).click();
    await page.keyboard.press('ArrowRight');
    const finding = orderRow(page, 'drmm-releases-pinned-bo');
    const choose = async (title: string): Promise<void> => {
      await finding.click({ button: 'right' });
      await page.getByRole('menuitem', { name: title }).first().click();
    };
    await choose('Fix…');
    await page.locator('.action-widget').getByText(fullFix).first().waitFor();
    await screenshot(page, 'fixes-4-row');
    await page.keyboard.press('Escape');
    await choose('What If…');
    const tab = page.frameLocator('iframe.webview.ready').frameLocator('#active-frame');
    await tab
      .getByText(/^Breaks nothing that was seen; removes 1, moves \d/)
      .first()
      .waitFor();
    await screenshot(page, 'fixes-5-row-what-if');
    await page.locator('.tabs-container').getByText('sample_migrate.c').first().click();
    await editorLine(page, registration).waitFor();
  });

  it('exports a fix as a patch', async () => {
    await editorLine(page, registration).click();
    await (await openQuickFixMenu(page, 'Export a fix as a patch to mail')).click();
    await page.locator('.quick-input-list').getByText(fullFix).first().click();
    const target = join(workbench.sample, 'fix.patch');
    const name = page.locator('.quick-input-widget input').first();
    await page.locator('.quick-input-title', { hasText: 'Export as Patch' }).waitFor();
    // The dialog writes the name that it proposes into the box when it is ready: not before and not later.
    await until('a name is proposed', async () => (await name.inputValue()).endsWith('.patch'));
    await name.fill(target);
    await page.keyboard.press('Enter');
    await until('the patch is on disk', () => existsSync(target));
    await screenshot(page, 'fixes-2-exported');
    assert.match(readFileSync(target, 'utf8'), /^Subject: .*\n[^]*^\+.*devm_add_action_or_reset/m);
  });

  it('applies all safe fixes as one undo step', async () => {
    await editorLine(page, registration).click();
    await runCommand(page, 'Fix All');
    await editorLine(page, converted).waitFor();
    await squiggles(page).first().waitFor({ state: 'detached' });
    await screenshot(page, 'fixes-3-all');
    await page.keyboard.press('Control+z');
    await editorLine(page, registration).waitFor();
    await squiggles(page).first().waitFor();
    writeFileSync(file, original);
  });
});
