/** The file that the project started from, in a whole kernel tree, in VS Code's window. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { kernelTree } from '../kernel/trees.ts';
import { skip } from '../skip.ts';
import {
  editorLine,
  inSight,
  openQuickFixMenu,
  orderRow,
  showOrderView,
  squiggles,
  untilCursorIsAt,
  untilEditorShows,
} from './support/editor.ts';
import { oneSession } from './support/session.ts';
import { Lacking, screenshot, startWorkbench, type Workbench } from './support/workbench.ts';

describe('the workbench on linux 6.12', function () {
  this.timeout(400_000);
  oneSession(this);
  let workbench: Workbench;
  let tree: string;

  before(async function () {
    this.timeout(600_000);
    const answer = kernelTree('6.12');
    if ('missing' in answer) return skip(this, answer.missing);
    tree = answer.path;
    try {
      workbench = await startWorkbench({ install: true });
    } catch (error) {
      if (error instanceof Lacking) skip(this, error.message);
      throw error;
    }
  });

  after(() => workbench?.close());

  it('shows the squiggle of xe_migrate.c at line 458, and its chain', async () => {
    const { page, url } = workbench;
    const file = join(tree, 'drivers/gpu/drm/xe/xe_migrate.c');
    const text = readFileSync(file, 'utf8');
    await page.goto(url(tree, { file, line: 450 }));
    await untilEditorShows(page, 'drmm_add_action_or_reset(&xe->drm, xe_migrate_fini, m)');
    await squiggles(page).first().waitFor();
    await page.keyboard.press('F8');
    await untilCursorIsAt(page, 458);
    const message = (await page.locator('.marker-widget').textContent()) ?? '';
    assert.match(message, /xe_migrate_fini/);
    // Registration, callback and a release, each a link.
    for (const line of [458, 100, 105]) {
      assert.match(message, new RegExp(`xe_migrate\\.c\\(${line}, `), text.split('\n')[line - 1]);
    }
    await screenshot(page, 'kernel-1-message');
    await page.keyboard.press('Escape');
  });

  it('shows the teardown order of xe and where the callback stands in it', async () => {
    const { page } = workbench;
    await showOrderView(page);
    await inSight(page, orderRow(page, 'xe_pci_probe'));
    // The view holds hundreds of rows and draws those in sight: the cursor brings this one there.
    await page
      .locator('.pane-body .monaco-list-row.selected', { hasText: 'xe_migrate_fini' })
      .waitFor();
    await screenshot(page, 'kernel-2-order');
  });

  it('converts it, without a second finding in the file', async () => {
    const { page } = workbench;
    await editorLine(page, 'drmm_add_action_or_reset(&xe->drm, xe_migrate_fini, m)').click();
    const title = 'Convert to device-managed (devm): action, memory and callback';
    await (await openQuickFixMenu(page, title)).click();
    await editorLine(page, 'devm_add_action_or_reset(xe->drm.dev, xe_migrate_fini, m)').waitFor();
    await squiggles(page).first().waitFor({ state: 'detached' });
    await screenshot(page, 'kernel-3-converted');
    // The tree is a shared cache: nothing is saved.
    await page.keyboard.press('Control+z');
    await squiggles(page).first().waitFor();
  });
});
