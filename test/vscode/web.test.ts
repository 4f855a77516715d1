/** The extension in the browser's own extension host, which is a worker: no node, no disk. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { interestingLine } from '../../scripts/lib/vscode-host.mjs';
import { skip } from '../skip.ts';
import { editorLine, squiggles } from './support/editor.ts';
import { Lacking, screenshot, startWorkbench, type Workbench } from './support/workbench.ts';

const registration = 'drmm_add_action_or_reset(&sdev->drm, sample_migrate_fini, m)';

describe('the extension in the browser’s extension host', function () {
  this.timeout(500_000);
  this.bail(true);
  let workbench: Workbench;
  let page: Page;

  before(async function () {
    this.timeout(300_000);
    try {
      const settings = { 'remote.extensionKind': { 'driver-teardown.driver-teardown': ['web'] } };
      workbench = await startWorkbench({
        install: true,
        settings,
      });
    } catch (error) {
      if (error instanceof Lacking) skip(this, error.message);
      throw error;
    }
    page = workbench.page;
    page.setDefaultTimeout(240_000);
    page.setDefaultNavigationTimeout(240_000);
    page.on('console', (message) => {
      if (process.env.SHOW) console.log('   |', message.text().slice(0, 400));
    });
  });

  after(() => workbench?.close());

  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await screenshot(page, 'web-failure');
  });

  it('shows the squiggle of the sample, with evidence in another file', async () => {
    const file = join(workbench.sample, 'sample_gpu/sample_migrate.c');
    const line = interestingLine(file);
    await page.goto(workbench.url(workbench.sample, { file, line }));
    await editorLine(page, registration).waitFor();
    await squiggles(page).first().waitFor();
    assert.equal(await squiggles(page).count(), 1);
    await screenshot(page, 'web-squiggle');
  });
});
