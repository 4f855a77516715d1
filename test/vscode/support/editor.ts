/** What a user does and sees in the workbench, in the words of the tests. */
import type { Locator, Page } from 'playwright-core';

const patience = 60_000;

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
  const deadline = Date.now() + 10_000;
  while ((await cursorLine(page)) !== line) {
    if (Date.now() > deadline) {
      throw new Error(`the cursor is in line ${await cursorLine(page)}, not ${line}`);
    }
    await page.waitForTimeout(100);
  }
}

/**
 * Opens the quick fix menu at the cursor and waits until it shows a title. The first request after
 * the start can come back empty, so it is asked again. What a fix does beside its purpose follows its title.
 */
export async function openQuickFixMenu(page: Page, title: string): Promise<Locator> {
  const entry = page.locator('.action-widget').getByText(title).first();
  for (let tries = 1; ; tries++) {
    await page.keyboard.press('Control+.');
    try {
      await entry.waitFor({ timeout: 3000 });
      return entry;
    } catch (error) {
      if (tries === 5) throw error;
      await page.keyboard.press('Escape');
    }
  }
}

export async function runCommand(page: Page, title: string): Promise<void> {
  await page.keyboard.press('F1');
  await page.locator('.quick-input-widget input').first().waitFor();
  await page.keyboard.type(title);
  await page.locator('.quick-input-list').getByText(title).first().waitFor();
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
