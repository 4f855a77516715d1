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
import { programs as all, options, packedCatalog, packedPage } from './lib/bundles.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const dist = join(root, 'dist');
const require = createRequire(import.meta.url);
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const minify = process.argv.includes('--minify');
const programs = all.filter(isWanted);

/** What a package leaves out of a file. */
const packing = { '.json': packedCatalog, '.md': packedPage };

function isWanted({ name }) {
  const asked = process.argv.slice(2).filter((word) => !word.startsWith('-'));
  return asked.length === 0 || asked.includes(name);
}

function copyData() {
  cpSync(join(root, 'grammars/tree-sitter-c.wasm'), join(dist, 'tree-sitter-c.wasm'));
  cpSync(
    require.resolve('web-tree-sitter/web-tree-sitter.wasm'),
    join(dist, 'web-tree-sitter.wasm'),
  );
  copyKind('server/catalog', 'catalog', '.json');
  copyKind('server/src/core/rules', 'rules', '.md');
  copyKind('server/stress', 'stress', '.sh');
  copyKind('server/stress', 'stress', '.c');
}

function copyKind(from, to, extension) {
  mkdirSync(join(dist, to), { recursive: true });
  for (const name of readdirSync(join(root, from)).filter(
    (file) => file.endsWith(extension) && !file.endsWith('.schema.json'),
  )) {
    const [source, target] = [join(root, from, name), join(dist, to, name)];
    const packed = minify ? packing[extension] : undefined;
    if (packed) writeFileSync(target, packed(readFileSync(source, 'utf8')));
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
  for (const program of programs) await (await context(options(program, minify))).watch();
  console.log('watching; Ctrl-C ends it');
} else {
  await Promise.all(programs.map((program) => build(options(program, minify))));
  const names = programs.map(({ name, page, web }) =>
    page ? `${name}.{js,css}` : web === 'worker' ? `${name}.js` : `${name}.cjs`,
  );
  console.log(`built dist/{${names.join(',')}}, version ${version}`);
}
