/**
 * Servers that start with two or three roots, or with a configuration in one driver's folder, all documents opened and
 * asked for at once, as when an editor restores a window: each tells the same.
 */
import type { DocumentDiagnosticReport } from 'vscode-languageserver-protocol/node';
import { faulty, inKernelTree, TemporaryFolder, toyDriver } from '../../test/cli/support.ts';
import { Client, modern } from '../../test/lsp/client.ts';
import type { Kind } from './kind.ts';

const toy = 'drivers/gpu/drm/toy';
const trees = ['one', 'two', 'three'];

interface Way {
  readonly name: string;
  readonly roots: readonly string[];
  readonly documents: readonly string[];
}

const ways: readonly Way[] = [
  ...[2, 3].map((count): Way => {
    const roots = trees.slice(0, count);
    return {
      name: `with ${count} roots`,
      roots,
      documents: roots.map((root) => `${root}/${toy}/toy_ring.c`),
    };
  }),
  {
    name: "with a configuration in a driver's folder",
    roots: ['set'],
    documents: [`set/${toy}/toy_ring.c`, 'set/drivers/gpu/drm/other/toy_ring.c'],
  },
];

function folderOfAll(): TemporaryFolder {
  const folder = new TemporaryFolder();
  for (const tree of [...trees, 'set'])
    for (const [name, text] of Object.entries(inKernelTree(toyDriver)))
      folder.write({ [`${tree}/${name}`]: text });
  for (const [name, text] of Object.entries(toyDriver))
    folder.write({ [`set/drivers/gpu/drm/other/${name}`]: text });
  return folder.write({ [`set/${toy}/.driver-teardown.json`]: '{}' });
}

/** How many findings each document has; throws when the server ends. */
async function findingsOf(folder: TemporaryFolder, { roots, documents }: Way): Promise<string> {
  const client = new Client(folder);
  const died = client.exited.then((code) => {
    throw new Error(`the server ended with ${code}`);
  });
  died.catch(() => {});
  const work = async (): Promise<string> => {
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
    return reports.map((one) => (one.kind === 'full' ? one.items.length : one.kind)).join();
  };
  try {
    return await Promise.race([work(), died]);
  } finally {
    client.kill();
    await client.exited;
  }
}

export const starts: Kind = {
  name: 'starts',
  async run(until) {
    const folder = folderOfAll();
    const bad: string[] = [];
    const counts = new Map<string, number>();
    for (let i = 0; performance.now() < until; i++) {
      const way = ways[i % ways.length] as Way;
      const want = way.documents.map(() => 1).join();
      const found = await findingsOf(folder, way).catch((error: unknown) => String(error));
      if (found !== want) bad.push(`${way.name}: ${found}`);
      counts.set(way.name, (counts.get(way.name) ?? 0) + 1);
    }
    folder.remove();
    const all = [...counts.values()].reduce((sum, one) => sum + one, 0);
    return {
      done: `${all} servers started`,
      bad,
      figures: [...counts].map(([name, count]) => `${count} ${name}`).join(', '),
    };
  },
};
