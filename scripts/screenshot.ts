/**
 * Takes the pictures of docs/ from a real window. Without words: docs/screenshot.png and docs/lifetimes.png on the
 * sample. With names of drivers (`xe`, `amdxdna`, `qxl`, or `all`): the order and the picture of each side by
 * side, in each theme and size, in docs/screenshots/; `questions` is one picture for each of five questions about xe,
 * `what-if` the fifth of them alone.
 * Those need kernel trees (`scripts/fetch-kernel.sh`), which are only read.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { kernelTree } from '../test/kernel/trees.ts';
import {
  choose,
  editorLine,
  openQuickFixMenu,
  orderRow,
  runCommand,
  showOrderView,
  squiggles,
  until,
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
  // Nothing tells when a window has done moving: two pictures that are the same do.
  let last = '';
  await until(
    'the window stands still',
    async () => {
      const now = (await page.screenshot({ path, caret: 'hide' })).toString('base64');
      const isStill = now === last;
      last = now;
      return isStill;
    },
    400,
  );
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
  await until(`${row} is drawn`, async () => {
    if ((await found.count()) > 0) return true;
    await tab.locator('#scroll').evaluate((view) => {
      const isAtEnd = view.scrollTop + view.clientHeight >= view.scrollHeight - 1;
      view.scrollTop = isAtEnd ? 0 : view.scrollTop + view.clientHeight;
    });
    return false;
  });
  await found.hover();
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
      await lookAt(page, row);
      await take(page, `screenshots/${name}-${kind}-760.png`);
    });
}

const questions = [
  ['before-xe_migrate_fini', 'What ends before xe_migrate_fini(m)?'],
  ['after-the-iommu-group', 'Which buffer objects end after their IOMMU group?'],
  ['failing-xe_gt_init', 'What does a failing … leave?', 'xe_gt_init'],
  ['runs-after-remove', 'What still runs after remove()?'],
] as const;

/** The page that an extension draws in a tab. */
function tabPage(page: Page) {
  return page.frameLocator('iframe.webview.ready').frameLocator('#active-frame');
}

/** At both widths; a narrow window has no room for the side bar. */
async function takeBoth(page: Page, name: string): Promise<void> {
  await page.mouse.move(900, 896);
  await take(page, `${name}-1400.png`);
  await toggleSideBar(page);
  await page.setViewportSize({ width: 760, height: 900 });
  await take(page, `${name}-760.png`);
  await page.setViewportSize({ width: 1400, height: 900 });
  await toggleSideBar(page);
}

/** A page that comes to be shown takes the keyboard from the list: then it is asked for again. */
async function ask(page: Page, question: string): Promise<void> {
  const title = page.locator('.quick-input-title', { hasText: 'Ask About the Order of' });
  await until('the questions are listed', async () => {
    await runCommand(page, 'Driver Teardown: Ask About the Order');
    return title.waitFor({ timeout: 8000 }).then(
      () => true,
      () => false,
    );
  });
  await choose(page, question);
}

/** The next command would be typed into a palette that is about to close. */
async function toggleSideBar(page: Page): Promise<void> {
  const sideBar = page.locator('.part.sidebar');
  const before = await sideBar.isVisible();
  await runCommand(page, 'View: Toggle Primary Side Bar Visibility');
  await until('the side bar has come or gone', async () => (await sideBar.isVisible()) !== before);
  await page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
}

/** One picture each, without scrolling, for what a reader of xe asks. */
async function ofQuestions(kind: string, theme: string): Promise<void> {
  const answer = kernelTree('6.12');
  if ('missing' in answer) throw new Error(answer.missing);
  await inWindow(theme, async ({ page, url }) => {
    await page.setViewportSize({ width: 1400, height: 900 });
    const file = join(answer.path, 'drivers/gpu/drm/xe/xe_migrate.c');
    const registration = 'drmm_add_action_or_reset(&xe->drm, xe_migrate_fini, m)';
    await page.goto(url(answer.path, { file, line: interestingLine(file) }));
    await untilEditorShows(page, registration);
    await showOrderView(page);
    await page.locator('.monaco-list-row.selected', { hasText: 'xe_migrate_fini' }).waitFor();
    for (const [index, [name, question, word]] of questions.entries()) {
      if (!isAsked('questions', kind)) break;
      await ask(page, question);
      if (word !== undefined) await choose(page, word);
      await page.locator('.tab.active', { hasText: question.split(' …')[0]! }).waitFor();
      await tabPage(page).locator('.answer').waitFor();
      await takeBoth(page, `screenshots/question-${index + 1}-${name}-${kind}`);
    }
    await page.locator('.tab', { hasText: 'xe_migrate.c' }).click();
    await editorLine(page, registration).click();
    await (await openQuickFixMenu(page, 'Show the teardown order before and after a fix')).click();
    await tabPage(page)
      .getByText(/moved \d+ → \d+/)
      .first()
      .waitFor();
    await until(
      'all fixes are tried',
      async () => (await tabPage(page).getByText('Nothing that was seen breaks with').count()) > 0,
    );
    await takeBoth(page, `screenshots/question-5-what-the-conversion-breaks-${kind}`);
  });
}

if (asked.length === 0) await ofSample();
for (const [kind, theme] of Object.entries(themes))
  if (isAsked('questions', kind) || isAsked('what-if', kind)) await ofQuestions(kind, theme);
for (const [name, driver] of Object.entries(drivers)) await ofDriver(name, driver);
