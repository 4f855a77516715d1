/** While a module is read, and when that was given up: the status and the view say so. */
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { skip } from '../skip.ts';
import { bigModule } from '../support/big-module.ts';
import {
  inSight,
  orderRow,
  runCommand,
  showOrderView,
  squiggles,
  until,
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

const registration = 'drmm_add_action_or_reset(&toy->drm, toy_ring_fini, ring)';

describe('reading a module in the workbench', function () {
  this.timeout(400_000);
  oneSession(this);
  let workbench: Workbench;
  let page: Page;
  let file: string;

  before(async function () {
    this.timeout(600_000);
    try {
      workbench = await startWorkbench({ install: true });
    } catch (error) {
      if (error instanceof Lacking) skip(this, error.message);
      throw error;
    }
    page = workbench.page;
    const folder = join(workbench.sample, 'toy');
    mkdirSync(folder);
    for (const [name, text] of Object.entries(bigModule(300, 400)))
      writeFileSync(join(folder, name), text);
    file = join(folder, 'toy_ring.c');
  });

  after(() => workbench?.close());

  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await screenshot(page, 'reading-failure');
  });

  const message = (): Locator =>
    page.locator('.pane-body .tree-explorer-viewlet-tree-view .message').first();
  const progress = (): Locator => page.locator('.statusbar-item', { hasText: /^\s*Reading toy/ });

  /** What the language status says when the pointer is on it. */
  async function languageStatus(): Promise<string> {
    await page
      .locator('#status\\.editor\\.language\\.status, [id="status.languageStatus"]')
      .hover();
    const hover = page.locator('.hover-language-status', { hasText: /Reading|Teardown|toy/ });
    await hover.first().waitFor();
    return (await hover.allTextContents()).join(' ');
  }

  async function untilStatus(pattern: RegExp): Promise<string> {
    let text = '';
    await until(`the status says ${pattern}`, async () => {
      text = await languageStatus();
      // What a hover says is made when it opens.
      if (!pattern.test(text)) await page.mouse.move(700, 300);
      return pattern.test(text);
    });
    return text;
  }

  it('says what is being read and since when, and no count, before the first answer', async () => {
    await page.goto(workbench.url(workbench.sample, { file, line: 21 }));
    await untilEditorShows(page, registration);
    await showOrderView(page);
    await progress().waitFor();
    // However fast the machine, the server is not done before the test has looked.
    signalServers(workbench, 'SIGSTOP');
    await message()
      .getByText(/^Reading toy: .*\d+ s$/)
      .waitFor();
    const text = await untilStatus(/Reading toy: .*\d+ s/);
    assert.doesNotMatch(text, /\d+ (error|warning)|no findings(?! are known yet)/);
    await screenshot(page, 'reading-1-first');
  });

  it('is given up from its progress; nothing is claimed then, and it can be read after all', async () => {
    await progress().click();
    await page.getByRole('button', { name: 'Cancel' }).click();
    // What the extension does after it shows that it has heard of it, and sent it on.
    await runCommand(page, 'Driver Teardown: Open the Page of a Rule');
    await page.locator('.quick-input-list', { hasText: 'action-before-setup' }).waitFor();
    await page.keyboard.press('Escape');
    signalServers(workbench, 'SIGCONT');
    const welcome = page.locator('.pane-body', { hasText: 'Reading the module was cancelled' });
    await welcome.first().waitFor();
    await untilStatus(/toy was not read/);
    await screenshot(page, 'reading-2-given-up');
    assert.equal(await squiggles(page).count(), 0);
    await page.mouse.move(700, 300);
    await welcome.getByRole('button', { name: 'Read the Module' }).first().click();
    await welcome.first().waitFor({ state: 'hidden' });
  });

  it('counts the same in Problems, view and status when it is read', async () => {
    await squiggles(page).first().waitFor();
    await inSight(page, orderRow(page, 'toy_ring_fini(ring)'));
    const status = await untilStatus(/1 error/);
    assert.match(status, /1 error\s*in toy_ring\.c; module toy: 1 error/);
    const title = page.locator('.pane-header .description', { hasText: 'toy · 1 error' });
    // VS Code hides it while the view is alone in its container.
    await title.first().waitFor({ state: 'attached' });
    const problems = page.locator('.statusbar-item[aria-label*="Errors: 1"]');
    await problems.first().waitFor();
    await screenshot(page, 'reading-3-read');
  });
});
