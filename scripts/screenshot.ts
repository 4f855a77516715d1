/** Makes docs/screenshot.png and docs/lifetimes.png from a real window on the sample. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  editorLine,
  orderRow,
  runCommand,
  showOrderView,
  squiggles,
  untilEditorShows,
} from '../test/vscode/support/editor.ts';
import { startWorkbench } from '../test/vscode/support/workbench.ts';
import { interestingLine, root } from './lib/vscode-host.mjs';

const settings = {
  'workbench.colorTheme': 'Default Light Modern',
  'editor.minimap.enabled': false,
  'window.commandCenter': false,
  'workbench.layoutControl.enabled': false,
};

const viewport = { width: 1360, height: 800 };
const workbench = await startWorkbench({ install: true, settings, viewport });
try {
  const { page, sample, url } = workbench;
  const file = join(sample, 'sample_gpu/sample_migrate.c');
  await page.goto(url(sample, { file, line: interestingLine(file) }));
  const registration = 'drmm_add_action_or_reset(&sdev->drm, sample_migrate_fini, m)';
  await untilEditorShows(page, registration);
  await squiggles(page).first().waitFor({ timeout: 60_000 });
  await showOrderView(page);
  await orderRow(page, 'sample_migrate_fini(m)').waitFor({ timeout: 20_000 });
  await dragSash(170);
  await editorLine(page, 'sample_migrate_prepare_tables(m);').click();
  await page.keyboard.press('F8');
  await page.locator('.marker-widget').waitFor();
  await page.mouse.move(viewport.width - 300, viewport.height - 60);
  await page.waitForTimeout(800);
  mkdirSync(join(root, 'docs'), { recursive: true });
  await page.screenshot({ path: join(root, 'docs/screenshot.png') });
  console.log('docs/screenshot.png');
  await showLifetimes();
  await page.screenshot({ path: join(root, 'docs/lifetimes.png') });
  console.log('docs/lifetimes.png');

  /** The tab beside the view, with the finding's chain under the picture. */
  async function showLifetimes(): Promise<void> {
    await page.keyboard.press('Escape');
    await runCommand(page, 'Driver Teardown: Show Lifetimes');
    const tab = page.frameLocator('iframe.webview.ready').frameLocator('#active-frame');
    await tab.locator('.row.step', { hasText: 'sample_migrate_fini' }).hover({ timeout: 30_000 });
    await page.waitForTimeout(800);
  }

  /** Makes the side bar wider, so that the rows of the view can be read. */
  async function dragSash(by: number): Promise<void> {
    const box = await page.locator('.part.sidebar').boundingBox();
    if (box === null) return;
    const [x, y] = [box.x + box.width, box.y + box.height / 2];
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x + by, y, { steps: 5 });
    await page.mouse.up();
  }
} finally {
  await workbench.close();
}
