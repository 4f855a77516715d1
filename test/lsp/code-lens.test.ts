/** Code lenses over stdio: what they say, their command in either kind of editor, and refreshes. */
import assert from 'node:assert/strict';
import type { CodeLens } from 'vscode-languageserver-protocol/node';
import {
  type Annotated,
  annotatedDriver,
  annotating,
  driver,
  folderName,
  ring,
} from './annotated.ts';

describe('lsp code lenses', () => {
  let at: Annotated;
  beforeEach(() => {
    at = annotatedDriver();
  });
  afterEach(() => {
    at.client.kill();
    at.folder.remove();
  });

  const lenses = (uri: string): Promise<CodeLens[]> =>
    at.client.request('textDocument/codeLens', { textDocument: { uri } });
  const titles = async (uri: string): Promise<unknown[]> =>
    (await lenses(uri)).map(({ command, range }) => [range.start.line, command?.title]);
  const lineOf = (text: string, part: string): number =>
    text.slice(0, text.indexOf(part)).split('\n').length - 1;

  it('count what an entry takes and its hazards, and say when a callback runs', async () => {
    await at.client.start(annotating);
    await at.client.open(at.drv, driver);
    await at.client.open(at.ring, ring);
    assert.deepEqual(await titles(at.drv), [
      [lineOf(driver, 'toy_stop'), 'runs at unbind, 2 of 5'],
      [lineOf(driver, 'toy_probe('), '2 devm, 2 drmm, 1 hazard: show order'],
      [lineOf(driver, 'toy_aux_probe('), '0 devm, 2 drmm, 1 hazard: show order'],
    ]);
    assert.deepEqual(await titles(at.ring), [
      [lineOf(ring, 'toy_ring_fini'), 'runs at the last put, 4 of 5'],
    ]);
  });

  it('name the command of a client that has it', async () => {
    await at.client.start(annotating, { clientCommands: ['driverTeardown.showOrder'] });
    await at.client.open(at.drv, driver);
    const lens = (await lenses(at.drv))[1];
    assert.deepEqual(lens?.command?.command, 'driverTeardown.showOrder');
    assert.deepEqual(lens?.command?.arguments, [{ uri: at.drv, entry: 'toy_probe' }]);
    const { executeCommandProvider } = at.client.initialized?.capabilities ?? {};
    assert.ok(!executeCommandProvider?.commands.includes('driverTeardown.orderText'));
  });

  it('have a command of the server for all others, which shows the order as a message', async () => {
    await at.client.start(annotating);
    await at.client.open(at.drv, driver);
    const lens = (await lenses(at.drv))[1];
    const { executeCommandProvider } = at.client.initialized?.capabilities ?? {};
    assert.ok(executeCommandProvider?.commands.includes(lens?.command?.command ?? ''));
    const { command, arguments: args } = lens?.command ?? {};
    const text = await at.client.request('workspace/executeCommand', { command, arguments: args });
    assert.match(String(text), /^toy_probe, unbind:\n {3}1 {2}remove {4}toy_remove\n/);
    assert.match(String(text), /toy_probe, unplug with an open file:/);
    await at.client.until(() => at.client.shown.find((message) => message === text), 'the message');
    const params = { command, arguments: [{ uri: at.drv, entry: 'nothing' }] };
    assert.equal(await at.client.request('workspace/executeCommand', params), null);
  });

  it('are asked for again when an edit of another file changes them', async () => {
    const { client } = at;
    await client.start(annotating);
    await client.open(at.drv, driver);
    await client.open(at.ring, ring);
    assert.equal((await lenses(at.drv)).length, 3);
    const quiet = ring.replace('ttm_bo_unpin(ring->bo)', 'toy_look_at(ring->bo)');
    await client.change(at.ring, 2, [{ text: quiet }]);
    await client.until(() => (client.lensRefreshes > 0 ? true : undefined), 'a refresh');
    assert.equal((await titles(at.drv)).join().includes('hazard'), false);
    // A change that no lens shows asks for nothing.
    await client.change(at.ring, 3, [{ text: quiet.replace('toy_look_at', 'toy_watch') }]);
    await new Promise((resolve) => setTimeout(resolve, 1200));
    assert.equal(client.lensRefreshes, 1);
  });

  it('are none for files outside of a module and for documents that are not open', async () => {
    await at.client.start(annotating);
    const stray = at.client.uri(`${folderName}/stray.c`);
    await at.client.open(stray, 'static int toy_probe(void) { return 0; }\n');
    assert.deepEqual(await lenses(stray), []);
    assert.deepEqual(await lenses(at.drv), []);
  });
});
