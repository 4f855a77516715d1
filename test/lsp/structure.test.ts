/** What changes in the tree while a module is read: the answer is of the tree as it is then. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import type { DocumentDiagnosticReport } from 'vscode-languageserver-protocol/node';
import { findAssets } from '../../server/src/host/assets.ts';
import { emptyConfiguration } from '../../server/src/host/configuration.ts';
import { openProject } from '../../server/src/host/open.ts';
import { rootOf } from '../../server/src/host/root.ts';
import { faulty, TemporaryFolder, toyDriver } from '../cli/support.ts';
import { Client, modern } from './client.ts';

describe('lsp: a tree that changes, or is odd', () => {
  let folder: TemporaryFolder;
  beforeEach(() => {
    folder = new TemporaryFolder().write(toyDriver);
  });
  afterEach(() => folder.remove());

  it('a Makefile that changes during an analysis makes it nobody’s answer', async () => {
    const { project } = openProject({
      assets: findAssets(import.meta.dirname),
      root: rootOf(folder.path),
      configuration: emptyConfiguration,
    });
    const [module] = project.modulesOf('toy_ring.c');
    assert.ok(module);
    const pending = project.analyse(module);
    folder.write({ Makefile: 'obj-m += toy.o\ntoy-y := toy_ring.o\n' });
    project.invalidate(['Makefile'], true);
    assert.equal(project.isCurrent(await pending), false);
    const [now] = project.modulesOf('toy_ring.c');
    assert.deepEqual(now?.sources, ['toy_ring.c']);
    assert.ok(now);
    assert.equal(project.isCurrent(await project.analyse(now)), true);
  });

  it('what a table names and the module has not is logged, once', async () => {
    const lost = `${faulty}
static void toy_remove(struct platform_device *pdev);
static struct platform_driver toy_driver = { .remove = toy_remove };
`;
    const client = new Client(folder);
    await client.start(modern);
    const uri = client.uri('toy_ring.c');
    await client.open(uri, lost);
    for (let i = 0; i < 2; i++)
      await client.request<DocumentDiagnosticReport>('textDocument/diagnostic', {
        textDocument: { uri },
      });
    const said = client.logged.filter((line) => line.includes('names `toy_remove`'));
    assert.equal(said.length, 1, client.logged.join('\n'));
    client.kill();
  });

  it('entries that cannot be read are logged, once, and the rest is analysed', async () => {
    symlinkSync('loop.c', folder.file('loop.c'));
    execFileSync('mkfifo', [folder.file('pipe.c'), folder.file('.driver-teardown.json')]);
    folder.write({ Makefile: `${String(toyDriver.Makefile).trimEnd()} loop.o pipe.o\n` });
    mkdirSync(folder.file('Kbuild'));
    const client = new Client(folder);
    await client.start(modern);
    const uri = client.uri('toy_ring.c');
    await client.open(uri, faulty);
    for (const _ of [1, 2]) {
      const report = await client.request<DocumentDiagnosticReport>('textDocument/diagnostic', {
        textDocument: { uri },
      });
      assert.equal(report.kind === 'full' ? report.items.length : -1, 1);
      await client.change(uri, 2, [{ text: `${faulty}\n` }]);
    }
    const logged = client.logged.map((line) => line.replace(`${folder.path}/`, '')).sort();
    assert.deepEqual(logged, [
      '.driver-teardown.json: not a regular file, skipped; .driver-teardown.json is not used',
      'Kbuild: is a folder',
      'loop.c: too many symbolic links',
      'pipe.c: not a regular file, skipped',
    ]);
    await client.stop();
  });

  it('an included Makefile of any name is watched, and its change counts', async () => {
    folder.write({ Makefile: 'include rules.inc\n', 'rules.inc': 'obj-m += other.o\n' });
    const client = new Client(folder);
    const watched: string[] = [];
    client.connection.onRequest('client/registerCapability', (params: RegistrationParams) => {
      for (const { registerOptions } of params.registrations)
        for (const { globPattern } of registerOptions?.watchers ?? []) watched.push(globPattern);
      return null;
    });
    await client.start({
      ...modern,
      workspace: { ...modern.workspace, didChangeWatchedFiles: { dynamicRegistration: true } },
    });
    const uri = client.uri('toy_ring.c');
    await client.open(uri, faulty);
    const pull = () =>
      client.request<DocumentDiagnosticReport>('textDocument/diagnostic', {
        textDocument: { uri },
      });
    await pull();
    await pull();
    assert.ok(watched.includes('**/rules.inc'), watched.join());
    const before = client.statuses.length;
    folder.write({ 'rules.inc': 'obj-m += toy.o\ntoy-y := toy_drv.o toy_ring.o\n' });
    await client.connection.sendNotification('workspace/didChangeWatchedFiles', {
      changes: [{ uri: client.uri('rules.inc'), type: 2 }],
    });
    await pull();
    assert.ok(client.statuses.slice(before).every(({ module }) => module !== 'other'));
    await client.stop();
  });

  it('a pipe as baseline is not waited for', async () => {
    execFileSync('mkfifo', [folder.file('.driver-teardown-baseline.json')]);
    const client = new Client(folder);
    await client.start(modern);
    const uri = client.uri('toy_ring.c');
    await client.open(uri, faulty);
    const report = await client.request<DocumentDiagnosticReport>('textDocument/diagnostic', {
      textDocument: { uri },
    });
    assert.equal(report.kind === 'full' ? report.items.length : -1, 1);
    await client.stop();
  });
});

interface RegistrationParams {
  readonly registrations: readonly {
    readonly registerOptions?: { readonly watchers?: readonly { readonly globPattern: string }[] };
  }[];
}
