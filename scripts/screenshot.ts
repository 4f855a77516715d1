/**
 * Takes the pictures of docs/ from a real window on the sample: docs/screenshot.png and
 * docs/lifetimes.png, and the view and the picture side by side in each theme and size in
 * docs/screenshots/.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
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

const plain = {
  'editor.minimap.enabled': false,
  'window.commandCenter': false,
  'workbench.layoutControl.enabled': false,
};
const readme = { width: 1360, height: 800 };
const sizes = [
  { width: 1024, height: 720 },
  { width: 1920, height: 1080 },
];
const themes = {
  light: 'Default Light Modern',
  dark: 'Default Dark Modern',
  contrast: 'Default High Contrast',
};

async function take(page: Page, name: string): Promise<void> {
  const path = join(root, 'docs', name);
  mkdirSync(join(path, '..'), { recursive: true });
  await page.waitForTimeout(800);
  await page.screenshot({ path });
  console.log(`docs/${name}`);
}

/** A window in a theme, with the sample's registration and the order in view. */
async function inWindow(theme: string, use: (page: Page) => Promise<void>): Promise<void> {
  const settings = { ...plain, 'workbench.colorTheme': theme };
  const workbench = await startWorkbench({ install: true, settings, viewport: readme });
  try {
    const { page, sample, url } = workbench;
    const file = join(sample, 'sample_gpu/sample_migrate.c');
    await page.goto(url(sample, { file, line: interestingLine(file) }));
    await untilEditorShows(page, 'drmm_add_action_or_reset(&sdev->drm, sample_migrate_fini, m)');
    await squiggles(page).first().waitFor({ timeout: 60_000 });
    await showOrderView(page);
    await orderRow(page, 'sample_migrate_fini(m)').waitFor({ timeout: 20_000 });
    await use(page);
  } finally {
    await workbench.close();
  }
}

/** The tab beside the view, with the finding's chain under the picture. */
async function showLifetimes(page: Page): Promise<void> {
  await page.keyboard.press('Escape');
  await runCommand(page, 'Driver Teardown: Show Lifetimes');
  await hoverFinding(page);
}

async function hoverFinding(page: Page): Promise<void> {
  const tab = page.frameLocator('iframe.webview.ready').frameLocator('#active-frame');
  await tab.locator('.row.step', { hasText: 'sample_migrate_fini' }).hover({ timeout: 30_000 });
}

/** Makes the side bar wider, so that the rows of the view can be read. */
async function dragSash(page: Page, by: number): Promise<void> {
  const box = await page.locator('.part.sidebar').boundingBox();
  if (box === null) return;
  const [x, y] = [box.x + box.width, box.y + box.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + by, y, { steps: 5 });
  await page.mouse.up();
}

await inWindow(themes.light, async (page) => {
  await dragSash(page, 170);
  await editorLine(page, 'sample_migrate_prepare_tables(m);').click();
  await page.keyboard.press('F8');
  await page.locator('.marker-widget').waitFor();
  await page.mouse.move(readme.width - 300, readme.height - 60);
  await take(page, 'screenshot.png');
  await showLifetimes(page);
  await take(page, 'lifetimes.png');
});
for (const [name, theme] of Object.entries(themes)) {
  await inWindow(theme, async (page) => {
    await showLifetimes(page);
    for (const size of sizes) {
      await page.setViewportSize(size);
      await page.waitForTimeout(500);
      await hoverFinding(page);
      await take(page, `screenshots/${name}-${size.width}.png`);
    }
  });
}
