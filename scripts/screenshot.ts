/**
 * Takes the pictures of docs/ from a real window. Without words: docs/screenshot.png and docs/lifetimes.png on the
 * sample. With names of drivers (`xe`, `amdxdna`, `qxl`, or `all`): the order and the picture of each side by
 * side, in each theme and size, in docs/screenshots/. Those need kernel trees (`scripts/fetch-kernel.sh`), which
 * are only read; no source of theirs is in the pictures.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { kernelTree } from '../test/kernel/trees.ts';
import {
  editorLine,
  orderRow,
  runCommand,
  showOrderView,
  squiggles,
  untilEditorShows,
} from '../test/vscode/support/editor.ts';
import { startWorkbench, type Workbench } from '../test/vscode/support/workbench.ts';
import { interestingLine, root } from './lib/vscode-host.mjs';

const plain = {
  'editor.minimap.enabled': false,
  'window.commandCenter': false,
  'workbench.layoutControl.enabled': false,
  'breadcrumbs.enabled': false,
};
const readme = { width: 1360, height: 800 };
const themes = {
  light: 'Default Light Modern',
  dark: 'Default Dark Modern',
  contrast: 'Default High Contrast',
};

const asked = process.argv.slice(2);

interface Driver {
  readonly tree: string;
  readonly file: string;
  readonly entry: string;
  /** Of the row that the picture is about. */
  readonly row: string;
}

const drivers: Readonly<Record<string, Driver>> = {
  xe: {
    tree: '6.12',
    file: 'drivers/gpu/drm/xe/xe_migrate.c',
    entry: 'xe_pci_probe',
    row: 'xe_migrate_fini',
  },
  amdxdna: {
    tree: '7.3',
    file: 'drivers/accel/amdxdna/amdxdna_pci_drv.c',
    entry: 'amdxdna_probe',
    row: 'amdxdna_remove',
  },
  qxl: {
    tree: '6.12',
    file: 'drivers/gpu/drm/qxl/qxl_drv.c',
    entry: 'qxl_pci_probe',
    row: 'qxl_irq_handler',
  },
};

async function take(page: Page, name: string): Promise<void> {
  const path = join(root, 'docs', name);
  mkdirSync(join(path, '..'), { recursive: true });
  // Nothing tells when a window has done moving.
  await page.waitForTimeout(1200);
  await page.screenshot({ path });
  console.log(`docs/${name}`);
}

/** Settings count when a window is loaded: each theme has one of its own. */
async function inWindow(
  theme: string,
  use: (workbench: Workbench) => Promise<void>,
): Promise<void> {
  const settings = { ...plain, 'workbench.colorTheme': theme };
  const workbench = await startWorkbench({ install: true, settings, viewport: readme });
  try {
    await use(workbench);
  } catch (error) {
    await workbench.page.screenshot({ path: join(root, 'artifacts', 'screenshot-failure.png') });
    throw error;
  } finally {
    await workbench.close();
  }
}

/** The tab in place of the editor, with a row's chain under the picture. */
async function showLifetimes(page: Page, row: string): Promise<void> {
  await page.keyboard.press('Escape');
  await runCommand(page, 'Driver Teardown: Show Lifetimes');
  await lookAt(page, row);
}

async function lookAt(page: Page, row: string): Promise<void> {
  const tab = page.frameLocator('iframe.webview.ready').frameLocator('#active-frame');
  await tab.locator('#picture svg').waitFor({ timeout: 120_000 });
  const found = tab.locator('.row.step', { hasText: row }).first();
  // Only the rows near what is in sight stand in the page.
  for (let tries = 0; tries < 60 && (await found.count()) === 0; tries++) {
    await tab.locator('#scroll').evaluate((view) => {
      view.scrollTop += view.clientHeight;
    });
    await page.waitForTimeout(100);
  }
  if ((await found.count()) > 0) await found.hover({ timeout: 10_000 });
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

async function ofSample(): Promise<void> {
  await inWindow(themes.light, async ({ page, sample, url }) => {
    const file = join(sample, 'sample_gpu/sample_migrate.c');
    await page.goto(url(sample, { file, line: interestingLine(file) }));
    await untilEditorShows(page, 'drmm_add_action_or_reset(&sdev->drm, sample_migrate_fini, m)');
    await squiggles(page).first().waitFor({ timeout: 60_000 });
    await showOrderView(page);
    await orderRow(page, 'sample_migrate_fini(m)').waitFor({ timeout: 20_000 });
    await dragSash(page, 170);
    await editorLine(page, 'sample_migrate_prepare_tables(m);').click();
    await page.keyboard.press('F8');
    await page.locator('.marker-widget').waitFor();
    await page.mouse.move(readme.width - 300, readme.height - 60);
    await take(page, 'screenshot.png');
    await showLifetimes(page, 'sample_migrate_fini');
    await take(page, 'lifetimes.png');
  });
}

/** `xe` is all of its themes, `xe:dark` one of them. */
function isAsked(name: string, theme: string): boolean {
  return asked.some((one) => one === 'all' || one === name || one === `${name}:${theme}`);
}

async function ofDriver(name: string, { tree, file, entry, row }: Driver): Promise<void> {
  const answer = kernelTree(tree);
  if ('missing' in answer) throw new Error(answer.missing);
  for (const [kind, theme] of Object.entries(themes).filter(([one]) => isAsked(name, one)))
    await inWindow(theme, async ({ page, url }) => {
      await page.setViewportSize({ width: 1400, height: 900 });
      await page.goto(url(answer.path, { file: join(answer.path, file), line: 1 }));
      await page.locator('.monaco-workbench').waitFor({ timeout: 120_000 });
      await showOrderView(page);
      await orderRow(page, entry).waitFor({ timeout: 240_000 });
      await dragSash(page, 160);
      await showLifetimes(page, row);
      await take(page, `screenshots/${name}-${kind}-1400.png`);
      // A narrow window has room for one of the two.
      await runCommand(page, 'View: Toggle Primary Side Bar Visibility');
      await page.setViewportSize({ width: 760, height: 900 });
      await page.waitForTimeout(800);
      await lookAt(page, row);
      await take(page, `screenshots/${name}-${kind}-760.png`);
    });
}

if (asked.length === 0) await ofSample();
for (const [name, driver] of Object.entries(drivers)) await ofDriver(name, driver);
