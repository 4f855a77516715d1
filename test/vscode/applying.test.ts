/** What a fix does when it is chosen: it is applied. The preview is for those who ask for it. */
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { placeholderReason } from '../../server/src/core/facts/suppressions.ts';
import { faulty, toyDriver } from '../cli/support.ts';
import { skip } from '../skip.ts';
import { editorLine, openQuickFixMenu, squiggles, untilEditorShows } from './support/editor.ts';
import { oneSession } from './support/session.ts';
import { Lacking, screenshot, startWorkbench, type Workbench } from './support/workbench.ts';

const registration = 'drmm_add_action_or_reset(&toy->drm, toy_ring_fini, ring)';
const converted = 'devm_add_action_or_reset(toy->drm.dev, toy_ring_fini, ring)';
const fix = 'Split `toy_ring_fini`: memory stays drmm';
/** It is split, and somebody has to look: the callback frees memory too. */
const unsafe = faulty.replace(
  'ttm_bo_unpin(ring->bo);',
  'ttm_bo_unpin(ring->bo);\n\tkfree(ring->name);',
);

describe('applying in the workbench', function () {
  this.timeout(400_000);
  oneSession(this);
  let workbench: Workbench;
  let page: Page;

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
    for (const [name, text] of Object.entries({ ...toyDriver, 'toy_ring.c': unsafe }))
      writeFileSync(join(folder, name), text);
    const file = join(folder, 'toy_ring.c');
    await page.goto(workbench.url(workbench.sample, { file, line: 21 }));
    await untilEditorShows(page, registration);
    await squiggles(page).first().waitFor();
  });

  after(() => workbench?.close());

  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await screenshot(page, 'applying-failure');
  });

  const toast = (): Locator => page.locator('.notification-toast', { hasText: 'To look at' });

  async function undo(): Promise<void> {
    await editorLine(page, 'int toy_ring_init(').click();
    await page.keyboard.press('Control+z');
    await editorLine(page, registration).waitFor();
    await squiggles(page).first().waitFor();
  }

  it('applies a fix with something to know at once, and says it then', async () => {
    await editorLine(page, registration).click();
    await (await openQuickFixMenu(page, fix)).click();
    await editorLine(page, converted).waitFor();
    assert.equal(await page.getByText('Refactor Preview').count(), 0);
    await toast().getByText('toy_ring_sw_fini runs after toy_ring_fini now').waitFor();
    await screenshot(page, 'applying-1-applied');
    await page.keyboard.press('Escape');
    await undo();
  });

  it('shows the preview when asked, with boxes that are ticked, and Apply applies', async () => {
    await editorLine(page, registration).click();
    await (await openQuickFixMenu(page, 'Preview a fix…')).click();
    const choice = page.locator('.quick-input-list').getByText(fix).first();
    const panel = page.locator('.bulk-edit-panel, .refactor-preview').first();
    await Promise.race([choice.waitFor(), panel.waitFor()]);
    if (await choice.isVisible()) await choice.click();
    await panel.waitFor();
    const boxes = panel.locator('[aria-checked]');
    await boxes.first().waitFor();
    await screenshot(page, 'applying-2-preview');
    const ticked = await boxes.evaluateAll((all) =>
      all.map((one) => one.getAttribute('aria-checked') === 'true'),
    );
    assert.ok(ticked.length > 0 && ticked.every(Boolean), JSON.stringify(ticked));
    await editorLine(page, registration).waitFor();
    await page.getByRole('button', { name: 'Apply' }).first().click();
    await page.locator('.tabs-container').getByText('toy_ring.c').first().click();
    await editorLine(page, converted).waitFor();
    await screenshot(page, 'applying-3-previewed');
    await undo();
  });

  it('selects what is to be said in a comment that ignores, and takes it for no reason', async () => {
    await editorLine(page, registration).click();
    await (await openQuickFixMenu(page, 'Ignore `drmm-releases-pinned-bo` here')).click();
    await editorLine(page, `-- ${placeholderReason} */`).waitFor();
    await page.locator('.squiggly-warning').first().waitFor();
    await page
      .locator('.statusbar-item', { hasText: `${placeholderReason.length} selected` })
      .waitFor();
    await screenshot(page, 'applying-4-placeholder');
    await page.keyboard.type('the ring lives as long as its module');
    await editorLine(page, '-- the ring lives as long as its module */').waitFor();
    await squiggles(page).first().waitFor({ state: 'detached' });
    await screenshot(page, 'applying-5-reason');
  });
});
