/**
 * Writes THIRD-PARTY-NOTICES.md: every package that is in one of the bundles, with its version, and the licence
 * that it comes under. `--check` only says whether it is up to date.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundledPackages } from './lib/bundled-packages.ts';

const root = join(import.meta.dirname, '..');
const file = join(root, 'THIRD-PARTY-NOTICES.md');

/** Why each is there: a package that is bundled and not named here is a mistake. */
const reasons: Readonly<Record<string, string>> = {
  '@modelcontextprotocol/sdk': 'the protocol of assistants',
  'base64-js': 'bytes in a browser (buffer)',
  'balanced-match': 'patterns of the language client (minimatch)',
  'brace-expansion': 'patterns of the language client (minimatch)',
  buffer: 'bytes in a browser, where node’s are missing',
  diff: 'unified diffs',
  ieee754: 'bytes in a browser (buffer)',
  minimatch: 'patterns of the language client',
  'path-browserify': 'paths in a browser, where node’s are missing',
  semver: 'the language client asks for the version of VS Code',
  'tree-sitter-c': 'the grammar of C, as wasm',
  'vscode-jsonrpc': 'messages of the language server protocol',
  'vscode-languageclient': 'the client in VS Code',
  'vscode-languageserver': 'the language server',
  'vscode-languageserver-protocol': 'the language server protocol',
  'vscode-languageserver-textdocument': 'documents that are edited',
  'vscode-languageserver-types': 'the language server protocol',
  'vscode-uri': 'URIs as VS Code writes them',
  'web-tree-sitter': 'the parser',
  zod: 'the protocol of assistants checks its messages with it',
  'zod-to-json-schema': 'the protocol of assistants',
};

function licenceOf(folder: string): string {
  const name = readdirSync(folder).find((one) => /^licen[cs]e(?:\.\w+)?$/i.test(one));
  if (name !== undefined) return readFileSync(join(folder, name), 'utf8').replace(/\r/g, '').trim();
  const { license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    readonly license?: string;
  };
  return `It comes without the text of its licence; its package.json says: ${license ?? 'nothing'}.`;
}

const nameOf = (folder: string): string => folder.replace(/^.*node_modules\//, '');
const packages = [...(await bundledPackages()), 'node_modules/tree-sitter-c'].sort();
const unexplained = packages.map(nameOf).filter((name) => reasons[name] === undefined);
const idle = Object.keys(reasons).filter((name) => !packages.some((one) => nameOf(one) === name));
if (unexplained.length + idle.length > 0) {
  console.error(`bundled, and scripts/notices.ts says not why: ${unexplained.join(', ')}`);
  console.error(`explained, and not bundled: ${idle.join(', ')}`);
  process.exit(1);
}
const parts = packages.map((path) => {
  const [folder, name] = [join(root, path), nameOf(path)];
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    readonly version: string;
  };
  return `## ${name} ${version}\n\nWhy: ${reasons[name]}.\n\n\`\`\`\n${licenceOf(folder)}\n\`\`\`\n`;
});
const text = `# Third-party notices

These packages are in the programs that Driver Teardown consists of; \`package-lock.json\` pins each. \`npm run notices\` writes this page from
what the bundles hold. What is only used to build and to test is not among them.

${parts.join('\n')}`;

if (process.argv.includes('--check')) {
  if (!existsSync(file) || readFileSync(file, 'utf8') !== text) {
    console.error('THIRD-PARTY-NOTICES.md is out of date: npm run notices');
    process.exitCode = 1;
  }
} else writeFileSync(file, text);
