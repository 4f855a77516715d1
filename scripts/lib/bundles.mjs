/** What is bundled into dist/, and how: for the build, and for tests that look into the bundles. */
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const dist = join(root, 'dist');
const require = createRequire(import.meta.url);
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/** Output name, source, and the first line of the output where it needs one. */
export const programs = [
  { name: 'extension', source: 'client/src/extension.ts' },
  { name: 'server', source: 'server/src/lsp/main.ts' },
  { name: 'cli', source: 'server/src/program.ts', banner: '#!/usr/bin/env node\n' },
  { name: 'mcp', source: 'server/src/mcp/main.ts' },
  { name: 'lifetimes', source: 'client/src/webview/lifetimes.ts', page: true },
  { name: 'web-extension', source: 'client/src/extension-web.ts', web: 'extension' },
  { name: 'web-server', source: 'server/src/web/main.ts', web: 'worker' },
];

/** The bundles are CommonJS, which has no import.meta.url: this gives the sources theirs. */
const importMetaUrl = 'const importMetaUrl = require("node:url").pathToFileURL(__filename).href;';

/** A page's script and its style of the same name run in a browser's window, not in node. */
function pageOptions({ name, source }, minify) {
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

/** What a browser has instead of node's modules: those of server/src/web/node, and the path module of npm. */
const twins = new Map([
  ['node:path', require.resolve('path-browserify')],
  ...readdirSync(join(root, 'server/src/web/node')).map((file) => [
    `node:${file.replace(/\.ts$/, '').replace('fs-promises', 'fs/promises').replace('timers-promises', 'timers/promises').replace('child-process', 'child_process')}`,
    join(root, 'server/src/web/node', file),
  ]),
]);

/**
 * Lists whose entries need the header that they come from: a fix includes it, and a hover leads to its
 * documentation.
 */
const sourced = new Set(['deviceReleases', 'guards', 'managed', 'milestones', 'takes']);

/**
 * A file of the catalogue as a package has it: without notes and lines of headers, and where nothing asks for it
 * without the header that an entry comes from, which is for those who work on the catalogue. A file of nothing else
 * (left-out.json) is empty then. The tests of the engine run on the catalogue as it is packed.
 * @param {string} text the file, JSON
 */
export function packedCatalog(text) {
  const { leftOut: _, ...data } = JSON.parse(text);
  const lists = Object.entries(data).map(([list, entries]) => {
    const isLeftOut = (key) => key === 'note' || (key === 'source' && !sourced.has(list));
    const packed = JSON.stringify(entries, (key, value) =>
      isLeftOut(key) ? undefined : key === 'source' ? value.replace(/:\d+$/, '') : value,
    );
    return `${JSON.stringify(list)}:${packed}`;
  });
  return `{${lists.join(',')}}`;
}

/** As many of a page's cases with headings of their own are shown with their code in a package. */
const shownCases = new Map([
  ['## Example', 1],
  ['## Use instead', 0],
  ['## Silent on', 0],
]);

/**
 * A rule's page as a package holds it: the code that a fix leaves behind is for tests, and the later cases
 * keep their headings and words alone.
 * @param {string} text the page, with lines that end in \n
 */
export function packedPage(text) {
  let section = '';
  let cases = 0;
  let kept = true;
  let code = false;
  const lines = text.split('\n').filter((line) => {
    if (!code && line.startsWith('## ')) [section, cases] = [line, 0];
    if (!code && line.startsWith('### ')) cases++;
    if (!line.startsWith('```')) return !code || kept;
    if (!code)
      kept = !/ after=/.test(line) && cases <= (shownCases.get(section) ?? Number.MAX_VALUE);
    code = !code;
    return kept;
  });
  return lines.join('\n').replace(/\n{3,}/g, '\n\n');
}

/** The data that the other programs read beside themselves. */
function workerData() {
  const catalog = join(root, 'server/catalog');
  const names = readdirSync(catalog).filter((file) => /(?<!\.schema)\.json$/.test(file));
  const textOf = (name) => packedCatalog(readFileSync(join(catalog, name), 'utf8'));
  const rules = readdirSync(join(root, 'server/src/core/rules'));
  return {
    version,
    catalog: Object.fromEntries(names.sort().map((name) => [name, textOf(name)])),
    pages: rules.filter((name) => name.endsWith('.md')),
  };
}

const inBrowser = {
  name: 'in-browser',
  setup({ onResolve, onLoad, resolve }) {
    onResolve({ filter: /^node:/ }, ({ path }) => {
      const twin = twins.get(path);
      return twin === undefined
        ? { errors: [{ text: `there is no ${path} in a browser` }] }
        : { path: twin };
    });
    onResolve({ filter: /^vscode-language(?:client|server)\/node$/ }, (asked) =>
      resolve(asked.path.replace('/node', '/browser'), {
        kind: asked.kind,
        resolveDir: asked.resolveDir,
      }),
    );
    onResolve({ filter: /\/uris\.ts$/ }, () => ({ path: join(root, 'server/src/web/uris.ts') }));
    onResolve({ filter: /^driver-teardown:data$/ }, ({ path }) => ({ path, namespace: 'data' }));
    onLoad({ filter: /.*/, namespace: 'data' }, () => ({
      contents: JSON.stringify(workerData()),
      loader: 'json',
    }));
  },
};

/** An extension's half for the browser is CommonJS as the other is; its worker is a script. */
function webOptions({ name, source, web }, minify) {
  return {
    entryPoints: [join(root, source)],
    // package.json says `module`, and VS Code's worker runs none: `.cjs` tells it that this is none.
    outfile: join(dist, `${name}.${web === 'worker' ? 'js' : 'cjs'}`),
    bundle: true,
    platform: 'browser',
    format: web === 'worker' ? 'iife' : 'cjs',
    target: 'es2022',
    external: ['vscode', 'fs/promises', 'module'],
    plugins: [inBrowser],
    inject: [join(root, 'server/src/web/node/globals.ts')],
    define: { fetch: 'undefined', XMLHttpRequest: 'undefined' },
    sourcemap: minify ? false : 'linked',
    minify,
    logLevel: 'warning',
  };
}

/** What esbuild is told of a program. */
export function options({ name, source, banner = '', page = false, web }, minify) {
  if (web !== undefined) return webOptions({ name, source, web }, minify);
  if (page) return pageOptions({ name, source }, minify);
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
      // web-tree-sitter can load its wasm from the web; ours lies beside the bundle, and nothing is ever fetched.
      fetch: 'undefined',
      XMLHttpRequest: 'undefined',
    },
    banner: { js: `${banner}${importMetaUrl}` },
    sourcemap: minify ? false : 'linked',
    minify,
    logLevel: 'warning',
  };
}
