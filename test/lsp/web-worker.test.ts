/** The server in a worker: no disk, no git, and files that the client brings. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CodeAction } from 'vscode-languageserver-protocol/node';
import { WorkerClient } from './worker.ts';

const sample = join(import.meta.dirname, '../../sample');
const at = 'vscode-vfs://github/me/linux%2Bdrm/sample';

/** The sample as a file system in memory would have it, by URI. */
function sampleFiles(): Map<string, string> {
  const names = readdirSync(sample, { recursive: true, withFileTypes: true });
  return new Map(
    names
      .filter((entry) => entry.isFile())
      .map(({ name, parentPath }): [string, string] => {
        const path = join(parentPath, name);
        return [`${at}${path.slice(sample.length)}`, readFileSync(path, 'utf8')];
      }),
  );
}

describe('lsp: the server in a worker of a browser', function () {
  this.timeout(60_000);
  let client: WorkerClient;
  afterEach(() => client?.end());

  const start = async (files: ReadonlyMap<string, string>): Promise<void> => {
    client = await WorkerClient.start(files, [at]);
  };
  const migrate = `${at}/sample_gpu/sample_migrate.c`;

  it('finds what is released too late, with evidence in other files, on a file system that is no disk', async () => {
    const files = sampleFiles();
    await start(files);
    await client.open(migrate, files.get(migrate) ?? '');
    const [found, ...more] = await client.diagnostics(migrate);
    assert.deepEqual(more, []);
    assert.equal(found?.code, 'drmm-releases-pinned-bo');
    assert.equal(
      found.codeDescription?.href,
      'https://example.org/extension/dist/rules/drmm-releases-pinned-bo.md',
    );
    const others = new Set(found.relatedInformation?.map(({ location }) => location.uri));
    assert.ok(others.has(`${at}/sample_gpu/sample_bo.c`), [...others].join('\n'));
    assert.deepEqual(client.logged, []);
  });

  it('asks for nothing outside of the folder that is open, and for nothing twice', async () => {
    const files = sampleFiles();
    await start(files);
    await client.open(migrate, files.get(migrate) ?? '');
    await client.diagnostics(migrate);
    const asked = client.asked.flatMap(({ folders, files: named }) => [...folders, ...named]);
    assert.deepEqual(
      asked.filter((uri) => !`${uri}/`.startsWith(`${at}/`)),
      [],
    );
    assert.equal(new Set(asked).size, asked.length, asked.join('\n'));
  });

  it('takes a file that changes, and one that comes', async () => {
    const files = sampleFiles();
    const bo = `${at}/sample_gpu/sample_bo.c`;
    const text = files.get(bo) ?? '';
    files.delete(bo);
    await start(files);
    await client.open(migrate, files.get(migrate) ?? '');
    assert.deepEqual(await client.diagnostics(migrate), []);
    files.set(bo, text);
    const tell = (uri: string, type: number) =>
      client.connection.sendNotification('workspace/didChangeWatchedFiles', {
        changes: [{ uri, type }],
      });
    await tell(bo, 1);
    assert.equal((await client.diagnostics(migrate)).length, 1);
    files.set(bo, text.replaceAll('TTM_PL_VRAM', 'TTM_PL_SYSTEM').replaceAll('pin', 'own'));
    await tell(bo, 2);
    assert.equal((await client.diagnostics(migrate)).length, 0);
  });

  it('offers the fix, tried on the module', async () => {
    const files = sampleFiles();
    await start(files);
    await client.open(migrate, files.get(migrate) ?? '');
    const [found] = await client.diagnostics(migrate);
    assert.ok(found);
    const actions = await client.connection.sendRequest<CodeAction[]>('textDocument/codeAction', {
      textDocument: { uri: migrate },
      range: found.range,
      context: { diagnostics: [found] },
    });
    const fix = actions.find(({ isPreferred }) => isPreferred === true) ?? actions[0];
    assert.match(fix?.title ?? '', /device-managed \(devm\)/);
  });
});
