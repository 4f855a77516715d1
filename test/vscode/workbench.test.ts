/** The extension as a user has it: packaged, installed, in VS Code's window, by mouse and keyboard. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
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
  untilCursorIsAt,
  untilEditorShows,
} from './support/editor.ts';
import { oneSession } from './support/session.ts';
import {
  Lacking,
  screenshot,
  signalServers,
  startWorkbench,
  type Workbench,
} from './support/workbench.ts';

const fullFix = 'Convert to device-managed (devm): action, memory and callback';
const registration = 'drmm_add_action_or_reset(&sdev->drm, sample_migrate_fini, m)';

/** Each line that the full conversion changes. */
const conversion = [
  ['sample_migrate_fini(struct drm_device *drm, void *arg)', 'sample_migrate_fini(void *arg)'],
  [
    'drmm_kzalloc(&sdev->drm, sizeof(*m), GFP_KERNEL)',
    'devm_kzalloc(sdev->drm.dev, sizeof(*m), GFP_KERNEL)',
  ],
  [registration, 'devm_add_action_or_reset(sdev->drm.dev, sample_migrate_fini, m)'],
] as const;
/** Nothing needs it any more then. */
const droppedHeader = '#include <drm/drm_managed.h>\n\n';

function lineOf(text: string, part: string): number {
  const index = text.split('\n').findIndex((line) => line.includes(part));
  assert.notEqual(index, -1, `no line holds ${part}`);
  return index + 1;
}

describe('the workbench', function () {
  this.timeout(400_000);
  oneSession(this);
  let workbench: Workbench;
  let page: Page;
  let file: string;
  let original: string;

  before(async function () {
    this.timeout(600_000);
    try {
      // High enough for the whole of sample_migrate.c's changed lines.
      workbench = await startWorkbench({ install: true, viewport: { width: 1400, height: 2000 } });
    } catch (error) {
      if (error instanceof Lacking) skip(this, error.message);
      throw error;
    }
    page = workbench.page;
    file = join(workbench.sample, 'sample_gpu/sample_migrate.c');
    original = readFileSync(file, 'utf8');
  });

  after(() => workbench?.close());

  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await screenshot(page, 'failure');
  });

  async function untilOnDisk(expected: string): Promise<void> {
    await page.keyboard.press('Control+s');
    await until('it is saved', () => readFileSync(file, 'utf8') === expected).catch(() =>
      assert.equal(readFileSync(file, 'utf8'), expected),
    );
  }

  it('shows a squiggle at the drmm registration of the sample', async () => {
    await page.goto(workbench.url(workbench.sample, { file }));
    await untilEditorShows(page, registration);
    await squiggles(page).first().waitFor();
    await screenshot(page, '1-squiggle');
    assert.equal(await squiggles(page).count(), 1);
  });

  it('says at F8 what is wrong, and how it comes to it', async () => {
    await editorLine(page, 'struct sample_migrate *sample_migrate_init(').click();
    await page.keyboard.press('F8');
    const widget = page.locator('.marker-widget');
    await widget.waitFor();
    await untilCursorIsAt(page, lineOf(original, registration));
    const text = (await widget.textContent()) ?? '';
    assert.match(text, /sample_migrate_fini/);
    assert.match(text, /drmm-releases-pinned-bo/);
    assert.match(text, /sample_bo\.c/, 'the chain leads into the other file');
    await screenshot(page, '2-message');
    await page.keyboard.press('Escape');
    await widget.waitFor({ state: 'detached' });
  });

  it('offers the conversion', async () => {
    await openQuickFixMenu(page, fullFix);
    await screenshot(page, '3-quick-fix');
  });

  it('converts action, memory and callback, and the squiggle goes', async () => {
    await page.locator('.action-widget').getByText(fullFix, { exact: true }).click();
    for (const [, after] of conversion) await editorLine(page, after).waitFor();
    await squiggles(page).first().waitFor({ state: 'detached' });
    await screenshot(page, '4-converted');
    await untilOnDisk(
      conversion.reduce(
        (text, [from, to]) => text.replace(from, to),
        original.replace(droppedHeader, ''),
      ),
    );
  });

  it('takes one undo to restore it, and the squiggle comes back', async () => {
    await editorLine(page, 'struct sample_migrate *sample_migrate_init(').click();
    await page.keyboard.press('Control+z');
    for (const [before] of conversion) await editorLine(page, before).waitFor();
    await squiggles(page).first().waitFor();
    await untilOnDisk(original);
  });

  it('shows the teardown order of the module, with the finding in words', async () => {
    await showOrderView(page);
    const row = await inSight(page, orderRow(page, 'sample_migrate_fini(m)'));
    await inSight(page, orderRow(page, 'sample_pci_probe'));
    for (const step of ['sample_hw_stop(sdev)', 'sample_contexts_fini(sdev)']) {
      await inSight(page, orderRow(page, step));
    }
    assert.match((await row.getAttribute('aria-label')) ?? '', /error/);
    await screenshot(page, '5-order');
  });

  it('goes to the source at a click, into another file too', async () => {
    const source = readFileSync(join(workbench.sample, 'sample_gpu/sample_drv.c'), 'utf8');
    await (await inSight(page, orderRow(page, 'sample_hw_stop(sdev)'))).click();
    const wanted = 'devm_add_action_or_reset(sdev->drm.dev, sample_hw_stop, sdev)';
    await untilEditorShows(page, wanted);
    await untilCursorIsAt(page, lineOf(source, wanted));
  });

  it('highlights the entry under the cursor', async () => {
    const selected = page.locator('.pane-body .monaco-list-row.selected');
    await editorLine(page, 'drmm_add_action_or_reset(&sdev->drm, sample_contexts_fini').click();
    await selected.getByText('sample_contexts_fini').first().waitFor();
    await editorLine(page, 'devm_add_action_or_reset(sdev->drm.dev, sample_hw_stop').click();
    await selected.getByText('sample_hw_stop').first().waitFor();
    await screenshot(page, '6-highlight');
  });

  it('has nothing to say about the clean driver', async () => {
    const clean = join(workbench.sample, 'sample_blit/blit_fw.c');
    await page.goto(workbench.url(workbench.sample, { file: clean }));
    await untilEditorShows(page, 'devm_add_action_or_reset(blit->drm.dev, blit_fw_fini, blit)');
    await showOrderView(page);
    await inSight(page, orderRow(page, 'blit_fw_fini(blit)'));
    assert.equal(await squiggles(page).count(), 0);
    await screenshot(page, '7-clean');
  });

  it('says when the server cannot live, and starts it again when asked', async () => {
    const toast = page.locator('.notification-toast', { hasText: 'Driver Teardown server ended' });
    await until('there is a message: the server is killed each time', async () => {
      signalServers(workbench, 'SIGKILL');
      return toast.isVisible();
    });
    await screenshot(page, '8-server-ended');
    await page.locator('.pane-body', { hasText: 'The server is not running' }).first().waitFor();
    await toast.getByRole('button', { name: 'Restart Server' }).click();
    await runCommand(page, 'Driver Teardown: Refresh Teardown Order');
    await inSight(page, orderRow(page, 'blit_fw_fini(blit)'));
  });
});
