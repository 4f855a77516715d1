/** The rules of the layout (docs/architecture.md), held over every source file. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';

const root = join(import.meta.dirname, '../..');
const sources = ['client/src', 'server/src'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name)),
);

/** Folder, to what it may import besides itself. */
const allowed: readonly (readonly [string, readonly string[]])[] = [
  ['server/src/core', ['web-tree-sitter']],
  ['server/src/host', ['server/src/core', 'web-tree-sitter', 'node:', 'ajv', 'vscode-uri', 'diff']],
  ['server/src/web/node', ['server/src/web', 'buffer']],
  [
    'server/src/web',
    [
      'server/src/lsp',
      'server/src/host',
      'vscode-languageserver',
      'vscode-uri',
      'driver-teardown:data',
    ],
  ],
  ['server/src/program.ts', ['server/src/cli', 'server/src/lsp']],
  [
    'server/src/cli',
    ['server/src/core', 'server/src/host', 'server/src/mcp', 'node:', 'sarif', 'diff'],
  ],
  ['server/src/mcp', ['@modelcontextprotocol/sdk']],
  [
    'server/src/lsp',
    [
      'server/src/core',
      'server/src/host',
      'node:',
      'vscode-languageserver',
      'vscode-uri',
      'vscode-jsonrpc',
    ],
  ],
  [
    'client/src',
    [
      'server/src/lsp/protocol.ts',
      'server/src/mcp/tools.ts',
      'node:',
      // What is said, in the language of the window: client/src/say.ts.
      '#say',
      'vscode',
      'vscode-languageclient',
    ],
  ],
];

/** The folders of the core, each above those before it. */
const layers = [
  'syntax',
  'index',
  'facts',
  'queries',
  'program',
  'teardown',
  'hazards',
  'fixes',
  'rules',
];

function imports(file: string): { readonly name: string; readonly typeOnly: boolean }[] {
  const text = readFileSync(join(root, file), 'utf8');
  return [...text.matchAll(/^(import|export)( type)?[^;'"]*?from '([^']+)'/gm)].map((match) => ({
    name: (match[3] ?? '').startsWith('.')
      ? normalize(relative(root, join(root, dirname(file), match[3] ?? '')))
      : (match[3] ?? ''),
    typeOnly: match[2] !== undefined,
  }));
}

describe('architecture', () => {
  it('imports point one way', () => {
    const wrong: string[] = [];
    for (const file of sources) {
      const [folder, others] = allowed.find(
        ([name]) => file === name || file.startsWith(`${name}/`),
      ) ?? ['', []];
      for (const { name } of imports(file)) {
        if (name.startsWith(`${folder}/`) || others.some((other) => name.startsWith(other)))
          continue;
        wrong.push(`${file} imports ${name}`);
      }
    }
    assert.deepEqual(wrong, []);
  });

  it('inside the core no arrow runs back up', () => {
    const core = 'server/src/core/';
    const folderOf = (file: string): string => {
      const [first = '', second] = file.slice(core.length).split('/');
      return second === undefined ? '' : first;
    };
    const wrong = sources
      .filter((file) => file.startsWith(core))
      .flatMap((file) =>
        imports(file)
          .filter(({ name }) => name.startsWith(core))
          .map(({ name }) => [folderOf(file), folderOf(name), file, name] as const)
          .filter(([from, to]) => {
            const [a, b] = [layers.indexOf(from), layers.indexOf(to)];
            return a >= 0 && b >= 0 && b > a;
          })
          .map(([, , one, other]) => `${one} imports ${other}`),
      );
    assert.deepEqual(wrong, []);
  });

  it('one file asks the file system; the rest gets answers that cannot throw', () => {
    // What comes with the program may be read by name: without it there is nothing to go on with.
    const own = ['disk.ts', 'assets.ts', 'runtime.ts'].map((name) => `server/src/host/${name}`);
    const wrong = sources
      .filter((file) => file.startsWith('server/') && !own.includes(file))
      .filter((file) =>
        imports(file).some((one) => /^(?:node:)?fs(?:\/|$)/.test(one.name) && !one.typeOnly),
      );
    assert.deepEqual(wrong, []);
  });

  it('one file runs other programs', () => {
    const wrong = sources.filter(
      (file) =>
        file !== 'server/src/host/git-run.ts' &&
        // It starts our own command line, by the path of the extension.
        file !== 'client/src/features/model-tools.ts' &&
        imports(file).some((one) => one.name.endsWith('child_process')),
    );
    assert.deepEqual(wrong, []);
  });

  it('the client takes only types from the server, and the words of its requests and tools', () => {
    const wrong = sources
      .filter((file) => file.startsWith('client/'))
      .flatMap((file) =>
        imports(file)
          .filter(
            (one) =>
              one.name.startsWith('server/') &&
              !one.typeOnly &&
              !/(?:protocol|mcp\/tools)\.ts$/.test(one.name),
          )
          .map((one) => `${file} imports ${one.name}`),
      );
    assert.deepEqual(wrong, []);
  });

  it('there are no default exports and no `any`', () => {
    const wrong = sources.filter((file) =>
      /^export default|: any\b|\bas any\b|<any>|@ts-ignore|@ts-nocheck/m.test(
        readFileSync(join(root, file), 'utf8'),
      ),
    );
    assert.deepEqual(wrong, []);
  });

  it('the core names no kernel function in code', () => {
    const known = new Set<string>();
    for (const name of readdirSync(join(root, 'server/catalog'))) {
      if (!name.endsWith('.json') || name.endsWith('.schema.json')) continue;
      const data = JSON.parse(readFileSync(join(root, 'server/catalog', name), 'utf8')) as Record<
        string,
        { readonly name?: string }[]
      >;
      // Commands, scenarios of a stress kit and what it finds are no functions.
      for (const [key, list] of Object.entries(data))
        if (Array.isArray(list) && !/^(?:reproducers|stress|leftovers)$/.test(key))
          for (const entry of list) if (entry.name) known.add(entry.name);
    }
    // A kernel macro's name that is a finding's confidence, too.
    known.delete('likely');
    const wrong: string[] = [];
    for (const file of sources.filter((name) => name.startsWith('server/src/core/'))) {
      // Comments may explain; strings may not decide.
      const code = readFileSync(join(root, file), 'utf8').replace(/\/\*[^]*?\*\/|\/\/[^\n]*/g, '');
      for (const [, word = ''] of code.matchAll(/'([a-z_][a-z0-9_]*)'/g))
        if (known.has(word)) wrong.push(`${file}: '${word}'`);
    }
    assert.deepEqual(wrong, []);
  });
});
