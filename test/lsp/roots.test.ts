/**
 * Several projects in one server: two or three workspace roots, and a configuration in the driver's
 * own folder. All of them start at the same moment, as when an editor restores a window.
 */
import assert from 'node:assert/strict';
import type { DocumentDiagnosticReport } from 'vscode-languageserver-protocol/node';
import { findAssets } from '../../server/src/host/assets.ts';
import { loadRuntime } from '../../server/src/host/runtime.ts';
import { faulty, inKernelTree, TemporaryFolder, toyDriver } from '../cli/support.ts';
import { Client, modern } from './client.ts';

/** A race is shown by repetition; a longer run asks for more of it. */
const starts = Number(process.env.DRIVER_TEARDOWN_STARTS ?? 3);

const toy = 'drivers/gpu/drm/toy';
const trees = ['one', 'two', 'three'];
const configuration = '.driver-teardown.json';

/** Trees side by side below one folder. */
function treesOf(count: number): Record<string, string | Buffer> {
  return Object.fromEntries(
    trees
      .slice(0, count)
      .flatMap((tree) =>
        Object.entries(inKernelTree(toyDriver)).map(([name, text]) => [`${tree}/${name}`, text]),
      ),
  );
}

describe('host: one runtime', () => {
  it('is started once, whoever asks at the same moment, and by nobody with other files', async () => {
    const files = findAssets(import.meta.dirname);
    const all = await Promise.all([1, 2, 3].map(() => loadRuntime(files)));
    for (const one of all) assert.equal(one, all[0]);
    await assert.rejects(loadRuntime({ ...files, grammar: 'other.wasm' }), /another grammar/);
  });
});

describe('lsp: several projects at once', () => {
  let folder: TemporaryFolder;
  beforeEach(() => {
    folder = new TemporaryFolder();
  });
  afterEach(() => folder.remove());

  /** Starts a server on `roots`, opens all documents at once and asks for all their diagnostics. */
  const findingsOf = async (
    roots: readonly string[],
    documents: readonly string[],
  ): Promise<readonly number[]> => {
    const client = new Client(folder);
    const died = client.exited.then((code) => {
      throw new Error(`the server ended with ${code}`);
    });
    died.catch(() => {});
    const work = async (): Promise<readonly number[]> => {
      await client.start(modern, undefined, roots);
      const uris = documents.map((name) => client.uri(name));
      await Promise.all(uris.map((uri) => client.open(uri, faulty)));
      const reports = await Promise.all(
        uris.map((uri) =>
          client.request<DocumentDiagnosticReport>('textDocument/diagnostic', {
            textDocument: { uri },
          }),
        ),
      );
      return reports.map((report) => (report.kind === 'full' ? report.items.length : -1));
    };
    try {
      return await Promise.race([work(), died]);
    } finally {
      client.kill();
      await client.exited;
    }
  };

  const repeat = async (roots: readonly string[], documents: readonly string[]): Promise<void> => {
    const bad: string[] = [];
    for (let i = 0; i < starts; i++) {
      const found = await findingsOf(roots, documents).catch((error: unknown) => String(error));
      if (typeof found === 'string' || found.some((count) => count !== 1)) bad.push(String(found));
    }
    assert.deepEqual(bad, [], `${bad.length} of ${starts} starts`);
  };

  for (const count of [2, 3]) {
    it(`finds the same in each of ${count} roots, whenever it starts`, async function () {
      this.timeout(20_000 + starts * 4000);
      folder.write(treesOf(count));
      const roots = trees.slice(0, count);
      await repeat(
        roots,
        roots.map((root) => `${root}/${toy}/toy_ring.c`),
      );
    });
  }

  it("finds the same with a configuration in one driver's folder", async function () {
    this.timeout(20_000 + starts * 4000);
    folder.write({
      ...treesOf(1),
      ...Object.fromEntries(
        Object.entries(toyDriver).map(([name, text]) => [
          `one/drivers/gpu/drm/other/${name}`,
          text,
        ]),
      ),
      [`one/${toy}/${configuration}`]: '{}',
    });
    await repeat(['one'], [`one/${toy}/toy_ring.c`, 'one/drivers/gpu/drm/other/toy_ring.c']);
  });
});
