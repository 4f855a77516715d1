/** The Teardown Order view as people use it: rows, keyboard, filter, timelines, themes and sizes. */
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { skip } from '../skip.ts';
import { drawnByCommit } from '../support/drawn.ts';
import {
  choose,
  editorLine,
  inSight,
  orderRow,
  runCommand,
  showOrderView,
  squiggles,
  until,
  untilCursorIsAt,
  untilEditorShows,
  untilExtensionIsIdle,
} from './support/editor.ts';
import { oneSession } from './support/session.ts';
import { Lacking, screenshot, startWorkbench, type Workbench } from './support/workbench.ts';

const registration = 'drmm_add_action_or_reset(&sdev->drm, sample_migrate_fini, m)';
const small = { width: 1024, height: 720 };
const large = { width: 1920, height: 1080 };

/** A driver that registers so many actions in probe. */
function writeBigModule(folder: string, count: number): string {
  mkdirSync(folder);
  const numbers = Array.from({ length: count }, (_, index) => index + 1);
  const callbacks = numbers.map(
    (n) => `static void stop_${n}(void *arg)\n{\n\tstop(arg, ${n});\n}\n`,
  );
  const calls = numbers.map(
    (n) =>
      `\tret = devm_add_action_or_reset(&pdev->dev, stop_${n}, pdev);\n\tif (ret)\n\t\treturn ret;\n`,
  );
  const text = `#include <linux/pci.h>

${callbacks.join('\n')}
static int big_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
\tint ret;

${calls.join('')}
\treturn 0;
}

static struct pci_driver big_driver = {
\t.name = "big",
\t.probe = big_probe,
};
module_pci_driver(big_driver);
`;
  writeFileSync(join(folder, 'Makefile'), 'obj-m += big.o\n');
  const file = join(folder, 'big.c');
  writeFileSync(file, text);
  return file;
}

/** Counted from 1. */
function lineOf(file: string, text: string): number {
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.findIndex((line) => line.includes(text)) + 1;
}

function viewMessage(page: Page): ReturnType<Page['locator']> {
  return page.locator('.pane-body .tree-explorer-viewlet-tree-view .message').first();
}

async function open(workbench: Workbench, file: string, text: string): Promise<void> {
  const line = lineOf(file, text);
  await workbench.page.goto(workbench.url(workbench.sample, { file, line }));
  await untilEditorShows(workbench.page, text);
  await showOrderView(workbench.page);
}

/** The row of a step: other rows may name it too. */
function stepRow(page: Page, name: string | RegExp): ReturnType<Page['locator']> {
  return page
    .locator('.pane-body .monaco-list-row[aria-label^="step "]', { hasText: name })
    .first();
}

/** The rows of the timelines, once there are so many. */
async function untilTimelines(page: Page, count: number): Promise<void> {
  const rows = page.locator(
    '.pane-body .monaco-list-row[aria-level="2"]:not([aria-label^="Note"])',
  );
  await until(`there are ${count} timelines`, async () => (await rows.count()) === count);
}

/** Opens a row with the arrow key; a key is pressed again when the view was drawn anew, and the row is closed still. */
async function openByKeyboard(page: Page, row: Locator, below: Locator): Promise<void> {
  await until(`there is what is below ${row}`, async () => {
    await row.click();
    if ((await row.getAttribute('aria-expanded')) === 'false')
      await page.keyboard.press('ArrowRight');
    const comes = below.waitFor({ timeout: 5000 });
    return comes.then(
      () => true,
      () => false,
    );
  });
}

describe('the order view in the workbench', function () {
  this.timeout(400_000);
  oneSession(this);
  let workbench: Workbench;
  let page: Page;
  let file: string;

  before(async function () {
    this.timeout(600_000);
    try {
      workbench = await startWorkbench({ install: true, viewport: { width: 1500, height: 1000 } });
    } catch (error) {
      if (error instanceof Lacking) skip(this, error.message);
      throw error;
    }
    page = workbench.page;
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    file = join(workbench.sample, 'sample_gpu/sample_migrate.c');
    await open(workbench, file, registration);
  });

  after(() => workbench?.close());

  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await screenshot(page, 'failure-panel');
  });

  it('names phases for people and says of a step what matters', async () => {
    const row = await inSight(page, stepRow(page, 'sample_migrate_fini(m)'));
    for (const phase of ['devm: released at unbind', 'drmm: at the last put'])
      await inSight(page, orderRow(page, phase));
    const spoken = (await row.getAttribute('aria-label')) ?? '';
    assert.match(spoken, /step \d+ of \d+, sample_migrate_fini\(m\), error: /);
    assert.match(spoken, /drmm, registered in sample_migrate\.c line \d+/);
    await screenshot(page, 'panel-1-rows');
  });

  it('opens the finding below its step by keyboard, and its evidence below that', async () => {
    const step = stepRow(page, 'sample_migrate_fini(m)');
    const finding = orderRow(page, 'drmm-releases-pinned-bo');
    await inSight(page, step);
    await openByKeyboard(page, step, finding);
    await openByKeyboard(page, finding, orderRow(page, 'sample_bo.c'));
    await screenshot(page, 'panel-2-finding');
  });

  it('keeps what is open, and the selection, over an edit above', async () => {
    await editorLine(page, 'struct sample_migrate *sample_migrate_init(').click();
    await page.keyboard.press('Control+Home');
    await page.keyboard.type('/* one */\n/* two */\n');
    const line = readFileSync(file, 'utf8')
      .split('\n')
      .findIndex((one) => one.includes(registration));
    const row = stepRow(page, 'sample_migrate_fini(m)');
    await until('the row says the new line', async () => {
      await inSight(page, row);
      return (await row.getAttribute('aria-label'))?.includes(`line ${line + 3}`) === true;
    });
    await inSight(page, orderRow(page, 'sample_bo.c'));
    await (await inSight(page, row)).click();
    await untilCursorIsAt(page, line + 3);
    await editorLine(page, 'struct sample_migrate *sample_migrate_init(').click();
    await runCommand(page, 'File: Revert File');
    await inSight(page, stepRow(page, 'sample_migrate_fini(m)'));
  });

  it('filters by text, says so, and clears the filter with a button', async () => {
    await runCommand(page, 'Driver Teardown: Filter Teardown Order');
    await page.locator('.quick-input-title', { hasText: 'Filter the Teardown Order' }).waitFor();
    await page.keyboard.type('contexts');
    await stepRow(page, 'sample_hw_stop(sdev)').waitFor({ state: 'detached' });
    await inSight(page, stepRow(page, 'sample_contexts_fini(sdev)'));
    await screenshot(page, 'panel-3-filter-box');
    await page.keyboard.press('Enter');
    await viewMessage(page).getByText('Filter: “contexts”').waitFor();
    await screenshot(page, 'panel-4-filtered');
    await page.getByRole('button', { name: 'Clear Teardown Order Filter' }).click();
    await inSight(page, stepRow(page, 'sample_hw_stop(sdev)'));
  });

  it('follows the cursor when it is filtered too, and not when that is turned off', async () => {
    const selected = page.locator('.pane-body .monaco-list-row.selected');
    const other = 'drmm_add_action_or_reset(&sdev->drm, sample_contexts_fini';
    await open(workbench, file.replace('migrate', 'drv'), other);
    await inSight(page, stepRow(page, 'sample_hw_stop(sdev)'));
    await runCommand(page, 'Driver Teardown: Filter Teardown Order');
    await page.locator('.quick-input-title', { hasText: 'Filter the Teardown Order' }).waitFor();
    await page.locator('.quick-input-list').getByText('drmm only').click();
    await viewMessage(page).getByText('Filter: drmm only').waitFor();
    await editorLine(page, other).click();
    await selected.getByText('sample_contexts_fini').first().waitFor();
    await runCommand(page, 'Driver Teardown: Toggle Following the Cursor');
    await page.locator('.statusbar', { hasText: 'no longer follows the cursor' }).waitFor();
    await page.getByRole('button', { name: 'Clear Teardown Order Filter' }).click();
    await editorLine(page, 'devm_add_action_or_reset(sdev->drm.dev, sample_hw_stop').click();
    await untilExtensionIsIdle(page);
    assert.deepEqual(
      (await selected.allTextContents()).filter((text) => text.includes('sample_hw_stop')),
      [],
    );
    await runCommand(page, 'Driver Teardown: Toggle Following the Cursor');
    await selected.getByText('sample_hw_stop').first().waitFor();
  });

  it('switches the timeline in the title bar, and remembers it', async () => {
    await page.getByRole('button', { name: 'Choose Timeline' }).click();
    await choose(page, 'Unplug with an open file');
    await inSight(page, orderRow(page, 'Unplug with an open file'));
    await untilTimelines(page, 1);
    await page.reload();
    await untilEditorShows(page, 'sample_contexts_fini');
    await showOrderView(page);
    await inSight(page, orderRow(page, 'Unplug with an open file'));
    await untilTimelines(page, 1);
  });

  it('shows what is released when probe fails at a chosen step', async () => {
    await page.getByRole('button', { name: 'Choose Timeline' }).click();
    await choose(page, 'Probe failure');
    await page.locator('.quick-input-title', { hasText: 'What Fails in' }).waitFor();
    await screenshot(page, 'panel-5-failing-step');
    await choose(page, 'sample_contexts_fini');
    await inSight(page, orderRow(page, 'after step'));
    await inSight(page, stepRow(page, 'sample_contexts_fini(sdev)'));
    // The timelines of before may stand there for a moment.
    await stepRow(page, 'sample_migrate_fini(m)').waitFor({ state: 'detached' });
    await orderRow(page, 'remove()').waitFor({ state: 'detached' });
    await screenshot(page, 'panel-6-probe-failure');
    await page.getByRole('button', { name: 'Choose Timeline' }).click();
    await choose(page, 'All timelines');
    await untilTimelines(page, 3);
  });

  it('shows the path of calls to a registration, and goes there', async () => {
    await (await inSight(page, stepRow(page, 'sample_hw_stop(sdev)'))).click();
    await runCommand(page, 'Driver Teardown: Show Callers Path');
    const list = page.locator('.quick-input-list .monaco-list-row');
    await list.getByText('sample_pci_probe').first().waitFor();
    await screenshot(page, 'panel-7-callers');
    const source = readFileSync(join(workbench.sample, 'sample_gpu/sample_drv.c'), 'utf8').split(
      '\n',
    );
    await page.keyboard.press('Enter');
    await untilCursorIsAt(page, source.findIndex((one) => /= sample_device_probe\(/.test(one)) + 1);
  });

  it('copies a row as Markdown with the keyboard', async () => {
    await (await inSight(page, stepRow(page, 'sample_hw_stop(sdev)'))).click();
    await page.keyboard.press('Control+c');
    await page.locator('.statusbar', { hasText: 'copied as Markdown' }).waitFor();
    const text = await page.evaluate<string>('navigator.clipboard.readText()');
    assert.match(text, /^\d+\. `sample_hw_stop\(sdev\)`: devm, /);
  });

  it('keeps the row that is selected over a refresh', async () => {
    const phase = await inSight(page, orderRow(page, 'drmm: at the last put'));
    await phase.locator('.monaco-icon-label').first().click();
    const selected = page.locator('.pane-body .monaco-list-row.selected');
    await selected.getByText('drmm: at the last put').waitFor();
    await runCommand(page, 'Driver Teardown: Refresh Teardown Order');
    // The cursor rests on another step: the view would have followed it by then.
    await untilExtensionIsIdle(page);
    await selected.getByText('drmm: at the last put').waitFor();
  });

  it('tells what depends on a step and what it needs, in one click', async () => {
    // The view draws only the rows in sight, and brings the one at the cursor there.
    await open(workbench, file, registration);
    const row = await inSight(page, stepRow(page, 'sample_migrate_fini(m)'));
    await row.hover();
    await row.locator('[aria-label^="What Depends on This"]').click();
    const box = page.locator('.quick-input-widget');
    await box.getByText('What Depends on sample_migrate_fini(m)').waitFor();
    await box.getByText('must still be alive here').waitFor();
    await screenshot(page, 'panel-11-relations');
    await page.keyboard.press('Escape');
  });

  it('lays a kernel log from the clipboard above the order', async () => {
    const recordings = join(import.meta.dirname, '../kernel/recordings/simple');
    const folder = join(workbench.sample, 'simple');
    mkdirSync(folder);
    writeFileSync(join(folder, 'Makefile'), 'obj-m += simple.o\n');
    const source = readFileSync(join(recordings, 'simple.c'), 'utf8');
    writeFileSync(join(folder, 'simple.c'), source);
    await open(workbench, join(folder, 'simple.c'), 'simple_probe(');
    await inSight(page, orderRow(page, 'simple_probe'));
    const log = readFileSync(join(recordings, 'unplug-open.log'), 'utf8');
    await page.evaluate(`navigator.clipboard.writeText(${JSON.stringify(log)})`);
    await runCommand(page, 'Driver Teardown: Compare with a Kernel Log');
    await choose(page, 'Paste from the Clipboard');
    const row = orderRow(page, 'Kernel log: simple_probe, unplug with an open file');
    await inSight(page, row);
    assert.match((await row.textContent()) ?? '', /7 ran as predicted/);
    await screenshot(page, 'panel-12-log');
    await row.hover();
    await row.locator('[aria-label^="Remove the Kernel Log"]').click();
    await row.waitFor({ state: 'detached' });
    await open(workbench, file.replace('migrate', 'drv'), 'sample_contexts_fini');
    await inSight(page, stepRow(page, 'sample_hw_stop(sdev)'));
  });

  it('shows the menu of a row by keyboard', async () => {
    await (await inSight(page, stepRow(page, 'sample_hw_stop(sdev)'))).click();
    await page.keyboard.press('Shift+F10');
    const menu = page.locator('.context-view .monaco-menu');
    for (const title of [
      'Go to Registration',
      'Go to Callback',
      'Show Callers Path',
      'Copy as Markdown',
    ])
      await menu.getByText(title, { exact: true }).first().waitFor();
    await screenshot(page, 'panel-8-menu');
    await page.keyboard.press('Escape');
  });

  it('shows 500 steps without a visible pause', async () => {
    const big = writeBigModule(join(workbench.sample, 'big'), 500);
    await open(workbench, big, 'static void stop_1(');
    // The view scrolls to the step at the cursor, and then shows the last of the five hundred.
    await page
      .locator('.pane-body .monaco-list-row.selected', { hasText: 'stop_1(pdev)' })
      .waitFor();
    const step = stepRow(page, /\d+\. stop_\d+\(pdev\)/);
    const explorer = page.locator('.activitybar').getByRole('tab', { name: /Explorer/ });
    const times: number[] = [];
    for (let round = 0; round < 3; round++) {
      // The view looks where the cursor is once it is shown; until VS Code is done with that it opens it again.
      await until('the view is hidden', async () => {
        await explorer.click();
        return step.waitFor({ state: 'hidden', timeout: 3000 }).then(
          () => step.isHidden(),
          () => false,
        );
      });
      const start = Date.now();
      await showOrderView(page);
      await step.waitFor();
      times.push(Date.now() - start);
    }
    console.log(`      500 steps, shown again: ${times.join(', ')} ms`);
    await screenshot(page, 'panel-9-five-hundred');
    assert.ok(Math.min(...times) < 1000, times.join());
  });

  it('says plainly when there is nothing', async () => {
    const folder = join(workbench.sample, 'nothing');
    mkdirSync(folder);
    writeFileSync(join(folder, 'Makefile'), 'obj-m += nothing.o\n');
    writeFileSync(join(folder, 'nothing.c'), 'int add(int a, int b)\n{\n\treturn a + b;\n}\n');
    await open(workbench, join(folder, 'nothing.c'), 'int add(');
    await viewMessage(page)
      .getByText(/no probe or bind function/i)
      .waitFor();
    await screenshot(page, 'panel-10-nothing');
  });
});

const themes = ['Default Dark Modern', 'Default Light Modern', 'Default High Contrast'];

for (const theme of drawnByCommit(themes)) {
  describe(`the order view in ${theme}`, function () {
    this.timeout(600_000);
    let workbench: Workbench;

    before(async function () {
      try {
        const settings = { 'workbench.colorTheme': theme };
        workbench = await startWorkbench({ install: true, settings });
      } catch (error) {
        if (error instanceof Lacking) skip(this, error.message);
        throw error;
      }
    });

    after(() => workbench?.close());

    for (const size of [small, large]) {
      it(`is legible at ${size.width}x${size.height}`, async () => {
        const { page } = workbench;
        await page.setViewportSize(size);
        await open(
          workbench,
          join(workbench.sample, 'sample_gpu/sample_migrate.c'),
          'drmm_add_action_or_reset(',
        );
        const row = await inSight(page, stepRow(page, 'sample_migrate_fini(m)'));
        await squiggles(page).first().waitFor();
        await openByKeyboard(page, row, orderRow(page, 'drmm-releases-pinned-bo'));
        await page.mouse.move(size.width / 2, size.height - 40);
        await screenshot(page, `panel-${theme.split(' ')[1]!.toLowerCase()}-${size.width}`);
        assert.ok(((await row.boundingBox())?.height ?? 0) >= 20);
      });
    }
  });
}
