/** What a user does and sees in the workbench, in the words of the tests. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Locator, Page } from 'playwright-core';

/** How long anything may take on a machine that does other things besides. */
export const patience = 90_000;

/** Looks again and again until it is so: what is waited for says how long, and never the clock. */
export async function until(
  what: string,
  look: () => Promise<boolean> | boolean,
  every = 100,
): Promise<void> {
  const deadline = Date.now() + patience;
  while (!(await look())) {
    if (Date.now() > deadline) throw new Error(`waited in vain until ${what}`);
    await pause(every);
  }
}

/** Waits until a file is shown. */
export async function untilEditorShows(page: Page, text: string): Promise<void> {
  await page.locator('.monaco-workbench').waitFor({ timeout: patience });
  await editorLine(page, text).waitFor({ timeout: patience });
}

/** A line of the editor, by a part of its text. Monaco writes spaces as no-break spaces. */
export function editorLine(page: Page, text: string): Locator {
  const pattern = text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/ /g, '[ \\u00a0]');
  return page.locator('.monaco-editor .view-line', { hasText: new RegExp(pattern) }).first();
}

export function squiggles(page: Page): Locator {
  return page.locator('.squiggly-error, .squiggly-warning, .squiggly-info, .squiggly-hint');
}

/** Where the cursor is, as the status bar says it. */
export async function cursorLine(page: Page): Promise<number> {
  const status = page.locator('.statusbar-item a', { hasText: /^Ln \d+, Col \d+/ }).first();
  return Number(/Ln (\d+)/.exec((await status.textContent()) ?? '')?.[1]);
}

export async function untilCursorIsAt(page: Page, line: number): Promise<void> {
  await until(`the cursor is in line ${line}`, async () => (await cursorLine(page)) === line);
}

/**
 * Opens the quick fix menu at the cursor and waits until it shows a title. The first request after
 * the start can come back empty, so it is asked again. What a fix does beside its purpose follows its title.
 */
export async function openQuickFixMenu(page: Page, title: string): Promise<Locator> {
  const entry = page.locator('.action-widget').getByText(title).first();
  await until(`the menu has “${title}”`, async () => {
    await page.keyboard.press('Control+.');
    const shown = entry.waitFor({ timeout: 5000 }).then(
      () => true,
      () => false,
    );
    if (await shown) return true;
    await page.keyboard.press('Escape');
    return false;
  });
  return entry;
}

export async function runCommand(page: Page, title: string): Promise<void> {
  // A page in a tab that is still loading keeps the key; older versions have a hidden check box before the text.
  const input = page.locator('.quick-input-widget input[type=text]').first();
  await until('the palette is open', async () => {
    await page.keyboard.press('F1');
    return input.waitFor({ timeout: 5000 }).then(
      () => true,
      () => false,
    );
  });
  await page.keyboard.type(title);
  await page.locator('.quick-input-list').getByText(title).first().waitFor();
  await page.keyboard.press('Enter');
}

/**
 * Chooses in a quick pick by typing. A pick that is still on its way takes the place of the list that was open
 * before, with an empty box: what was typed too early is typed again.
 */
export async function choose(page: Page, typed: string, row = typed): Promise<void> {
  const input = page.locator('.quick-input-widget input[type=text]').first();
  const wanted = page.locator('.quick-input-list .monaco-list-row.focused', { hasText: row });
  await until(`“${row}” can be chosen`, async () => {
    await input.fill(typed, { timeout: 5000 }).catch(() => undefined);
    return wanted.waitFor({ timeout: 3000 }).then(
      () => true,
      () => false,
    );
  });
  await page.keyboard.press('Enter');
}

export async function showOrderView(page: Page): Promise<void> {
  const tab = page.locator('.activitybar').getByRole('tab', { name: 'Driver Teardown' });
  await tab.waitFor();
  if ((await tab.getAttribute('aria-selected')) !== 'true') await tab.click();
}

/** A row of the Teardown Order view, by a part of its text. */
export function orderRow(page: Page, text: string): Locator {
  return page.locator('.pane-body .monaco-list-row', { hasText: text }).first();
}

/**
 * Scrolls the order view until a row is there: the list draws those in sight only.
 * @returns the row
 */
export async function inSight(page: Page, row: Locator): Promise<Locator> {
  const list = page.locator('.pane-body .tree-explorer-viewlet-tree-view .monaco-list').first();
  let last: string | undefined;
  // From the top on; at the end, or where nothing moves, from there again. A busy machine has no time for small steps.
  let goesUp = true;
  let still = 0;
  await until(`the row is in sight: ${row}`, async () => {
    if (await row.isVisible()) return true;
    if (!(await list.isVisible())) return false;
    const texts = (await list.locator('.monaco-list-row').allTextContents()).join();
    // A turn of the wheel takes a moment: one look that shows the same is not the end.
    still = texts === last ? still + 1 : 0;
    goesUp ||= still >= 3;
    await list.hover({ position: { x: 4, y: 4 }, timeout: 2000 }).catch(() => undefined);
    await page.mouse.wheel(0, goesUp ? -1_000_000 : 400);
    if (goesUp) still = 0;
    last = texts;
    goesUp = false;
    return false;
  });
  return row;
}

/**
 * Waits until the extension has done what it was told before: a command that it answers in the status bar comes
 * after all of that.
 */
export async function untilExtensionIsIdle(page: Page): Promise<void> {
  await runCommand(page, 'Driver Teardown: Copy Teardown Order as Markdown');
  await page.locator('.statusbar', { hasText: 'The teardown order was copied' }).waitFor();
}
