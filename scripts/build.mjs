/**
 * Bundles the extension, the server and the CLI into dist/ and puts the data that they read at run
 * time beside them. `--watch` rebuilds on change; `--minify` is what the package uses; names of
 * programs build those alone.
 */
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, context } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const dist = join(root, 'dist');
const require = createRequire(import.meta.url);
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const minify = process.argv.includes('--minify');

/** Output name, source, and the first line of the output where it needs one. */
const programs = [
  { name: 'extension', source: 'client/src/extension.ts' },
  { name: 'server', source: 'server/src/lsp/main.ts' },
  { name: 'cli', source: 'server/src/program.ts', banner: '#!/usr/bin/env node\n' },
  { name: 'mcp', source: 'server/src/mcp/main.ts' },
  { name: 'lifetimes', source: 'client/src/webview/lifetimes.ts', page: true },
].filter(isWanted);

function isWanted({ name }) {
  const asked = process.argv.slice(2).filter((word) => !word.startsWith('-'));
  return asked.length === 0 || asked.includes(name);
}

/** The bundles are CommonJS, which has no import.meta.url: this gives the sources theirs. */
const importMetaUrl = 'const importMetaUrl = require("node:url").pathToFileURL(__filename).href;';

/** A page's script and its style of the same name run in a browser's window, not in node. */
function pageOptions({ name, source }) {
  const style = source.replace(/\.ts$/, '.css');
  return {
    entryPoints: [source, style].map((file) => ({ in: join(root, file), out: name })),
    outdir: dist,
    bundle: true,
    platform: 'browser',
    format: 'iife',
    target: 'es2022',
    sourcemap: minify ? false : 'linked',
    minify,
    logLevel: 'warning',
  };
}

/**
 * The protocol's package brings a JSON schema engine for what a client is asked to fill in. Nobody is
 * asked anything here, so the half of the bundle that it would be is left out.
 */
const withoutSchemaEngine = {
  name: 'without-schema-engine',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]validation[\\/]ajv-provider\.js$/ }, () => ({
      contents: `export class AjvJsonSchemaValidator {
        getValidator() { throw new Error('no schema is checked here'); }
      }`,
    }));
  },
};

function options({ name, source, banner = '', page = false }) {
  if (page) return pageOptions({ name, source });
  return {
    entryPoints: [join(root, source)],
    outfile: join(dist, `${name}.cjs`),
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    external: ['vscode'],
    plugins: name === 'mcp' ? [withoutSchemaEngine] : [],
    // Bundled to CommonJS, web-tree-sitter's ES module build dies for want of import.meta.url.
    alias: { 'web-tree-sitter': require.resolve('web-tree-sitter') },
    define: {
      'import.meta.url': 'importMetaUrl',
      'import.meta.dirname': '__dirname',
      'process.env.DRIVER_TEARDOWN_VERSION': JSON.stringify(version),
    },
    banner: { js: `${banner}${importMetaUrl}` },
    sourcemap: minify ? false : 'linked',
    minify,
    logLevel: 'warning',
  };
}

function copyData() {
  cpSync(join(root, 'grammars/tree-sitter-c.wasm'), join(dist, 'tree-sitter-c.wasm'));
  cpSync(
    require.resolve('web-tree-sitter/web-tree-sitter.wasm'),
    join(dist, 'web-tree-sitter.wasm'),
  );
  copyKind('server/catalog', 'catalog', '.json');
  copyKind('server/src/core/rules', 'rules', '.md');
}

function copyKind(from, to, extension) {
  mkdirSync(join(dist, to), { recursive: true });
  for (const name of readdirSync(join(root, from)).filter(
    (file) => file.endsWith(extension) && !file.endsWith('.schema.json'),
  )) {
    const [source, target] = [join(root, from, name), join(dist, to, name)];
    if (minify && extension === '.json')
      writeFileSync(target, JSON.stringify(JSON.parse(readFileSync(source, 'utf8'))));
    else cpSync(source, target);
  }
}

/** Files are replaced, not deleted first: a server that runs from dist/ goes on reading its data. */
function removeStale() {
  const kept = new Set(programs.flatMap(({ name }) => [`${name}.cjs`, `${name}.cjs.map`]));
  for (const name of existsSync(dist) ? readdirSync(dist) : []) {
    const stale = /\.cjs$/.test(name)
      ? !kept.has(name)
      : /\.(cjs|js|css)\.map$/.test(name) && (minify || (/\.cjs\./.test(name) && !kept.has(name)));
    if (stale && programs.length > 2) rmSync(join(dist, name));
  }
}

removeStale();
copyData();
if (process.argv.includes('--watch')) {
  for (const program of programs) await (await context(options(program))).watch();
  console.log('watching; Ctrl-C ends it');
} else {
  await Promise.all(programs.map((program) => build(options(program))));
  const names = programs.map(({ name, page }) => (page ? `${name}.{js,css}` : `${name}.cjs`));
  console.log(`built dist/{${names.join(',')}}, version ${version}`);
}
