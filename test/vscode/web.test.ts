/** The extension in the browser's own extension host, which is a worker: no node, no disk. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { livingProcesses } from '../../scripts/lib/processes.mjs';
import { interestingLine } from '../../scripts/lib/vscode-host.mjs';
import { skip } from '../skip.ts';
import { editorLine, squiggles } from './support/editor.ts';
import { oneSession } from './support/session.ts';
import { Lacking, screenshot, startWorkbench, type Workbench } from './support/workbench.ts';

const registration = 'drmm_add_action_or_reset(&sdev->drm, sample_migrate_fini, m)';

describe('the extension in the browser’s extension host', function () {
  this.timeout(500_000);
  oneSession(this);
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
    await page.keyboard.press('F8');
    const widget = page.locator('.marker-widget');
    await widget.waitFor();
    const text = (await widget.textContent()) ?? '';
    assert.match(text, /sample_migrate_fini/);
    assert.match(text, /sample_bo\.c/, 'the chain leads into the other file');
    await screenshot(page, 'web-message');
  });

  it('starts no server on the machine: it is a worker of the page', () => {
    const commands = livingProcesses(workbench.server.tree).map((id) =>
      readFileSync(`/proc/${id}/cmdline`, 'utf8'),
    );
    assert.ok(commands.length > 0);
    assert.deepEqual(
      commands.filter((command) => /driver-teardown.*[/\\]dist[/\\]/.test(command)),
      [],
    );
  });
});
