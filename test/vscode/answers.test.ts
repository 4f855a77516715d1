/** "Ask About the Order" as people use it: a question, its page, a name on it that leads to the code. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { skip } from '../skip.ts';
import {
  choose,
  editorLine,
  inSight,
  orderRow,
  runCommand,
  showOrderView,
  until,
  untilEditorShows,
} from './support/editor.ts';
import { oneSession } from './support/session.ts';
import { Lacking, screenshot, startWorkbench, type Workbench } from './support/workbench.ts';

describe('a question about the order in a workbench', function () {
  this.timeout(600_000);
  oneSession(this);
  let workbench: Workbench;

  before(async function () {
    try {
      workbench = await startWorkbench({ install: true });
    } catch (error) {
      if (error instanceof Lacking) skip(this, error.message);
      throw error;
    }
    const { page, sample, url } = workbench;
    await page.goto(url(sample, { file: join(sample, 'sample_gpu/sample_migrate.c'), line: 1 }));
    await untilEditorShows(page, '/*');
    await showOrderView(page);
    await inSight(page, orderRow(page, 'sample_migrate_fini(m)'));
  });

  after(() => workbench?.close());

  const tab = () =>
    workbench.page.frameLocator('iframe.webview.ready').frameLocator('#active-frame');

  async function answered(question: RegExp, picture: string): Promise<string> {
    await tab().locator('h1', { hasText: question }).waitFor();
    await screenshot(workbench.page, picture);
    return (await tab().locator('.answer').textContent()) ?? '';
  }

  it('is asked of a row: what ends before it', async () => {
    const { page } = workbench;
    const row = await inSight(page, orderRow(page, 'sample_migrate_fini(m)'));
    await row.click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Ask About the Order' }).first().click();
    const answer = await answered(
      /^What ends before sample_migrate_fini\(m\)\?$/,
      'answers-1-before',
    );
    assert.match(answer, /^sample_migrate_fini\(m\) is step \d+ of \d+\. Before it: \d+ in /);
  });

  it('is chosen from a list, where functions that fail are listed too', async () => {
    const { page } = workbench;
    await runCommand(page, 'Driver Teardown: Ask About the Order');
    await choose(page, 'Which buffer objects end after their IOMMU group?');
    const late = await answered(/^Which buffer objects/, 'answers-2-late');
    assert.match(late, /^\d+ of \d+ buffer objects: /);
    await tab().getByRole('button', { name: 'Ask Something Else' }).click();
    await choose(page, 'What does a failing … leave?');
    await choose(page, 'sample');
    assert.match(await answered(/^What does a failing sample/, 'answers-3-failing'), /\d+ places/);
    await runCommand(page, 'Driver Teardown: Ask About the Order');
    await choose(page, 'What still runs after remove()?');
    assert.match(
      await answered(/^What still runs/, 'answers-4-running'),
      /^\d+ of \d+ functions that run by themselves/,
    );
  });

  it('leads to the code', async () => {
    const { page } = workbench;
    await runCommand(page, 'Driver Teardown: Ask About the Order');
    await choose(page, 'Which buffer objects end after their IOMMU group?');
    await tab().locator('h1', { hasText: 'Which buffer objects' }).waitFor();
    await tab().locator('section.main a.link').first().click();
    await editorLine(page, '_add_action').waitFor();
    await until(
      'the code has the keyboard',
      async () => (await page.locator('.tab.active').textContent())?.includes('.c') === true,
    );
  });
});
