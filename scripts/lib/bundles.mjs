/** What is bundled into dist/, and how: for the build, and for tests that look into the bundles. */
import { readFileSync } from 'node:fs';
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

/** What esbuild is told of a program. */
export function options({ name, source, banner = '', page = false }, minify) {
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
