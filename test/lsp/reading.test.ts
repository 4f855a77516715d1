/** While a module is read: what the client is told, what it is never told, and how it is given up. */
import assert from 'node:assert/strict';
import { type ClientCapabilities, ResponseError } from 'vscode-languageserver-protocol/node';
import { faulty, TemporaryFolder } from '../cli/support.ts';
import { bigModule } from '../support/big-module.ts';
import { Client, modern } from './client.ts';

const withProgress: ClientCapabilities = {
  ...modern,
  workspace: { ...modern.workspace, codeLens: { refreshSupport: true } },
  window: { workDoneProgress: true },
};
const options = { moduleStatus: true };

describe('lsp: reading a module', function () {
  this.timeout(120_000);
  let folder: TemporaryFolder;
  let client: Client;
  let uri: string;
  const start = async (files: number, functions: number): Promise<void> => {
    folder = new TemporaryFolder().write(bigModule(files, functions));
    client = new Client(folder);
    await client.start(withProgress, options);
    uri = client.uri('toy_ring.c');
  };
  afterEach(() => {
    client.kill();
    folder.remove();
  });

  const pull = (): Promise<{ readonly items: unknown[] }> =>
    client.request('textDocument/diagnostic', { textDocument: { uri } });
  const begun = () => client.progress.find(({ value }) => value.kind === 'begin');

  it('says what is read and how far it is, and then what was found in the whole module', async () => {
    await start(300, 400);
    await client.open(uri, faulty);
    assert.equal((await pull()).items.length, 1);
    const [file, first] = client.statuses;
    assert.deepEqual(file, { uri, module: 'toy_ring.c', state: 'reading' });
    assert.deepEqual(first, { uri, module: 'toy', state: 'reading' });
    const counted = client.statuses.filter(({ total }) => total !== undefined);
    assert.ok(counted.length > 0, JSON.stringify(client.statuses));
    for (const { state, done = 0, total = 0 } of counted)
      assert.ok(state === 'reading' && done <= total && total <= 310);
    const done = counted.map((one) => one.done ?? 0);
    assert.deepEqual(
      done,
      [...done].sort((a, b) => a - b),
      'never goes back',
    );
    const counts = { error: 1, warning: 0, info: 0, hint: 0 };
    assert.deepEqual(client.statuses.at(-1), {
      uri,
      module: 'toy',
      state: 'read',
      counts,
      files: 1,
      here: counts,
    });
    const { title, cancellable } = begun()?.value ?? {};
    assert.deepEqual([title, cancellable], ['Reading toy', true]);
    await client.until(
      () => client.progress.find(({ value }) => value.kind === 'end'),
      'the end of the progress',
    );
  });

  it('says nothing of progress when it is soon done, and follows edits in silence', async () => {
    await start(1, 1);
    const started = Date.now();
    await client.open(uri, faulty);
    await pull();
    // On a machine that is busy with something else even this takes long, and is shown.
    if (Date.now() - started < 800) assert.deepEqual(client.progress, []);
    const seen = client.statuses.map(({ state }) => state);
    assert.deepEqual([...new Set(seen)], ['reading', 'read']);
    assert.equal(seen.at(-1), 'read');
    await client.change(uri, 2, [{ text: `${faulty}\n` }]);
    await pull();
    await client.change(uri, 3, [{ text: faulty.replace('ttm_bo_unpin', 'toy_look_at') }]);
    assert.equal((await pull()).items.length, 0);
    const last = client.statuses.slice(seen.length).filter(({ state }) => state === 'read');
    assert.equal(last.at(-1)?.counts?.error, 0);
  });

  it('is given up by the user, then answers nobody with an empty list, and is read when asked for', async () => {
    await start(120, 200);
    await client.open(uri, faulty);
    const asked = pull().then(
      ({ items }) => items,
      (error: unknown) => error,
    );
    const { token } = await client.until(begun, 'progress', 60_000);
    await client.connection.sendNotification('window/workDoneProgress/cancel', { token });
    const refused = (answer: unknown): void => {
      assert.ok(answer instanceof ResponseError, JSON.stringify(answer));
      assert.deepEqual([answer.code, answer.data], [-32802, { retriggerRequest: false }]);
    };
    refused(await asked);
    // Nobody who asks begins it again: not the lenses, not a keystroke.
    await client.change(uri, 2, [{ text: `${faulty}\n` }]);
    for (const method of ['textDocument/diagnostic', 'textDocument/codeLens'])
      refused(await client.request(method, { textDocument: { uri } }).catch((e: unknown) => e));
    assert.equal(client.statuses.at(-1)?.state, 'given-up');
    await client.request('workspace/executeCommand', {
      command: 'driverTeardown.readModule',
      arguments: [uri],
    });
    await client.until(() => client.refreshes || undefined, 'a refresh');
    // The lenses were refused: the client would not ask for them again by itself.
    await client.until(() => client.lensRefreshes || undefined, 'a refresh of the lenses');
    assert.equal((await pull()).items.length, 1);
    assert.equal(client.statuses.at(-1)?.state, 'read');
  });

  it('forgets with the last document that it was given up', async () => {
    await start(120, 200);
    await client.open(uri, faulty);
    const asked = pull().catch(() => undefined);
    const { token } = await client.until(begun, 'progress', 60_000);
    await client.connection.sendNotification('window/workDoneProgress/cancel', { token });
    await asked;
    await client.close(uri);
    const told = client.statuses.length;
    await client.open(uri, faulty, 2);
    const last = (): string | undefined => client.statuses.slice(told).at(-1)?.state;
    await client.until(() => (last() === 'reading' ? true : undefined), 'another try');
  });
});
