/** What stands in the source itself: lenses, hints, hover and tint, in VS Code's window. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { skip } from '../skip.ts';
import { editorLine, orderRow, runCommand, until, untilEditorShows } from './support/editor.ts';
import { oneSession } from './support/session.ts';
import { Lacking, screenshot, startWorkbench, type Workbench } from './support/workbench.ts';

const action = 'drmm_add_action_or_reset(&sdev->drm, sample_migrate_fini, m)';
const hint = /last put \d+\/\d+/;

/** The tints of devm and drmm in the default dark theme, as package.json has them. */
const devm = 'rgba(95, 164, 236, 0.15)';
const drmm = 'rgba(230, 162, 60, 0.18)';

function lens(page: Page, text: RegExp): Locator {
  return page.locator('.codelens-decoration', { hasText: text });
}

/** The text of a line with the hints in it; the editor writes spaces as no-break spaces. */
async function textOf(line: Locator): Promise<string> {
  return ((await line.textContent()) ?? '').replaceAll('\u00a0', ' ');
}

/** Runs in the page: how often each background colour is drawn behind the text. */
const countColours = `(elements) => {
  const counts = {};
  for (const element of elements) {
    const { backgroundColor } = getComputedStyle(element);
    counts[backgroundColor] = (counts[backgroundColor] ?? 0) + 1;
  }
  return counts;
}`;

function tints(page: Page): Promise<Record<string, number>> {
  return page.evaluate(`(${countColours})(document.querySelectorAll('.view-overlays .cdr'))`);
}

describe('annotations in the workbench', function () {
  this.timeout(400_000);
  oneSession(this);
  let workbench: Workbench;
  let page: Page;

  before(async function () {
    this.timeout(600_000);
    try {
      workbench = await startWorkbench({
        install: true,
        settings: { 'workbench.colorTheme': 'Default Dark Modern' },
        viewport: { width: 1400, height: 2000 },
      });
    } catch (error) {
      if (error instanceof Lacking) skip(this, error.message);
      throw error;
    }
    page = workbench.page;
  });

  after(() => workbench?.close());

  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await screenshot(page, 'annotations-failure');
  });

  it('show hints at registrations and a lens at the callback', async () => {
    const file = join(workbench.sample, 'sample_gpu/sample_migrate.c');
    await page.goto(workbench.url(workbench.sample, { file }));
    await untilEditorShows(page, action);
    await lens(page, /^runs at the last put, \d+ of \d+$/).waitFor();
    await until('there is a hint', async () => hint.test(await textOf(editorLine(page, action))));
    assert.match(await textOf(editorLine(page, 'drmm_kzalloc(')), hint);
    assert.doesNotMatch(await textOf(editorLine(page, 'mutex_init(')), /\d\/\d/);
    await screenshot(page, 'annotations-1-hints');
  });

  it('tint devm and drmm', async () => {
    await until('drmm is tinted', async () => ((await tints(page))[drmm] ?? 0) >= 2);
    assert.equal((await tints(page))[devm] ?? 0, 0);
  });

  it('explain a registration on hover', async () => {
    const line = editorLine(page, action);
    const shown = page.locator('.monaco-hover', { hasText: 'registers an action that runs' });
    // A hover that is asked for while the line is drawn anew is dropped: the mouse comes again.
    await until('the registration is explained', async () => {
      await page.mouse.move(0, 0);
      await line.getByText('drmm_add_action_or_reset').first().hover();
      const comes = shown.first().waitFor({ timeout: 10_000 });
      return comes.then(
        () => true,
        () => false,
      );
    });
    const text = await textOf(shown.first());
    assert.match(text, /sample_pci_probe: at the last put: step \d+ of \d+/);
    assert.match(text, /devm_add_action_or_reset\(\)/);
    assert.match(text, /Kernel documentation/);
    await screenshot(page, 'annotations-2-hover');
    await page.keyboard.press('Escape');
  });

  it('go at a command, and come back', async () => {
    await editorLine(page, 'mutex_init(').click();
    await runCommand(page, 'Driver Teardown: Toggle Inlay Hints');
    await until('the hints go', async () => !hint.test(await textOf(editorLine(page, action))));
    await screenshot(page, 'annotations-3-without-hints');
    await runCommand(page, 'Driver Teardown: Toggle Inlay Hints');
    await until('the hints are back', async () =>
      hint.test(await textOf(editorLine(page, action))),
    );
  });

  it('follow an edit', async () => {
    await editorLine(page, 'mutex_init(').click();
    await page.keyboard.press('Home');
    await page.keyboard.type('drmm_kmalloc(&sdev->drm, 8, GFP_KERNEL);\n');
    const added = editorLine(page, 'drmm_kmalloc(');
    await until('the new line has a hint', async () => hint.test(await textOf(added)));
    await until('it is tinted', async () => ((await tints(page))[drmm] ?? 0) >= 3);
    await until('the edit is undone', async () => {
      await page.keyboard.press('Control+z');
      return (await added.count()) === 0;
    });
  });

  it('count at probe what it takes, and open the order there', async () => {
    const file = join(workbench.sample, 'sample_gpu/sample_drv.c');
    await page.goto(workbench.url(workbench.sample, { file, line: 90 }));
    const counted = lens(page, /^\d+ devm, \d+ drmm, 1 hazard: show order$/);
    await counted.waitFor();
    await until('devm is tinted', async () => ((await tints(page))[devm] ?? 0) >= 1);
    await screenshot(page, 'annotations-4-probe');
    // A click is lost when the lens is drawn anew between press and release.
    await until('the view is there', async () => {
      await counted.locator('a').click();
      const row = orderRow(page, 'sample_pci_probe').waitFor({ timeout: 5000 });
      return row.then(
        () => true,
        () => false,
      );
    });
    await screenshot(page, 'annotations-5-order');
  });
});
