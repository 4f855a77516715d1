/** Inlay hints over stdio: what they say, where they stand, and when they come again. */
import assert from 'node:assert/strict';
import { CancellationTokenSource, type InlayHint } from 'vscode-languageserver-protocol/node';
import {
  type Annotated,
  annotatedDriver,
  annotating,
  driver,
  folderName,
  markupOf,
  ring,
} from './annotated.ts';
import { old } from './client.ts';

const everything = { start: { line: 0, character: 0 }, end: { line: 1000, character: 0 } };

describe('lsp inlay hints', () => {
  let at: Annotated;
  beforeEach(() => {
    at = annotatedDriver();
  });
  afterEach(() => {
    at.client.kill();
    at.folder.remove();
  });

  const hints = (uri: string, range = everything): Promise<InlayHint[]> =>
    at.client.request('textDocument/inlayHint', { textDocument: { uri }, range });
  const labels = async (uri: string): Promise<unknown[]> =>
    (await hints(uri)).map(({ label, position: { line } }) => [line, label]);
  const lineOf = (text: string, part: string): number =>
    text.slice(0, text.indexOf(part)).split('\n').length - 1;

  it('stand behind registrations and managed allocations that an entry reaches', async () => {
    await at.client.start(annotating);
    await at.client.open(at.ring, ring);
    await at.client.open(at.drv, driver);
    assert.deepEqual(await labels(at.ring), [
      [lineOf(ring, 'drmm_kzalloc'), 'last put 5/5'],
      [lineOf(ring, 'toy_ring_fini, ring)'), 'last put 4/5'],
    ]);
    // The wrapper's call is the registration; the API inside of it is not.
    assert.deepEqual(await labels(at.drv), [
      [lineOf(driver, 'devm_drm_dev_alloc('), 'unbind 3/5'],
      [lineOf(driver, 'toy_on_unbind(toy, toy_stop'), 'unbind 2/5'],
    ]);
    const [first] = await hints(at.ring);
    const line = ring.split('\n')[first?.position.line ?? 0] ?? '';
    assert.equal(first?.position.character, line.length, 'UTF-16 code units');
    assert.equal(first?.paddingLeft, true);
    const range = { start: { line: 15, character: 0 }, end: { line: 40, character: 0 } };
    assert.equal((await hints(at.ring, range)).length, 1);
  });

  it('tell in the tooltip of each timeline, of each entry and of the way', async () => {
    await at.client.start(annotating);
    await at.client.open(at.ring, ring);
    const [, second] = await hints(at.ring);
    const { kind, value: text } = markupOf(second?.tooltip);
    assert.equal(kind, 'markdown');
    assert.match(text, /^\*\*drmm\*\*/);
    assert.match(text, /Reached from 2 entries/);
    assert.match(text, /`toy_probe`: step 4 of 5, at the last put/);
    assert.match(text, /reached by `toy_probe` → `toy_ring_init`/);
    assert.match(text, /`toy_aux_probe`: step 2 of 3, at the last put/);
  });

  it('follow edits, also those of another file, with a refresh', async () => {
    const { client } = at;
    await client.start(annotating);
    await client.open(at.ring, ring);
    await client.open(at.drv, driver);
    assert.equal((await hints(at.ring)).length, 2);
    await client.change(at.ring, 2, [{ text: `\n${ring}` }]);
    assert.deepEqual((await labels(at.ring))[0], [
      lineOf(ring, 'drmm_kzalloc') + 1,
      'last put 5/5',
    ]);
    await client.request('textDocument/diagnostic', { textDocument: { uri: at.ring } });
    await new Promise((resolve) => setTimeout(resolve, 900));
    assert.equal(client.hintRefreshes, 0, 'the client has asked by itself');
    const without = driver.replaceAll('return toy_ring_init(toy, &toy->ring);', 'return 0;');
    await client.change(at.drv, 2, [{ text: without }]);
    await client.until(() => (client.hintRefreshes > 0 ? true : undefined), 'a refresh');
    assert.deepEqual(await labels(at.ring), []);
    assert.equal(client.hintRefreshes, 1);
  });

  it('are turned off and on by a setting', async () => {
    const { client } = at;
    await client.start(annotating, { inlayHints: { enabled: false } });
    await client.open(at.ring, ring);
    assert.deepEqual(await hints(at.ring), []);
    const before = client.hintRefreshes;
    await client.connection.sendNotification('workspace/didChangeConfiguration', {
      settings: { driverTeardown: { inlayHints: { enabled: true } } },
    });
    await client.until(() => (client.hintRefreshes > before ? true : undefined), 'a refresh');
    assert.equal((await hints(at.ring)).length, 2);
  });

  it('are plain text for clients that know no Markdown, and without refresh for old ones', async () => {
    const { client } = at;
    await client.start(old);
    await client.open(at.ring, ring);
    const [first] = await hints(at.ring);
    const { kind, value } = markupOf(first?.tooltip);
    assert.equal(kind, 'plaintext');
    assert.doesNotMatch(value, /[`*]/);
  });

  it('are none for files outside of a module, for other files and for none', async () => {
    const { client } = at;
    await client.start(annotating);
    const stray = client.uri(`${folderName}/stray.c`);
    const header = client.uri(`${folderName}/toy.h`);
    const notes = client.uri(`${folderName}/notes.txt`);
    await client.open(stray, 'int x = ;\n');
    await client.open(header, 'struct toy_device;\n');
    await client.open(notes, 'toy_ring_init\n');
    for (const uri of [stray, header, notes, client.uri('nowhere.c')])
      assert.deepEqual(await hints(uri), []);
  });

  it('answer a cancelled request as cancelled', async () => {
    const { client } = at;
    await client.start(annotating);
    await client.open(at.ring, ring);
    const source = new CancellationTokenSource();
    const asked = client.connection.sendRequest(
      'textDocument/inlayHint',
      { textDocument: { uri: at.ring }, range: everything },
      source.token,
    );
    source.cancel();
    await assert.rejects(asked, { code: -32800 });
  });
});
