/**
 * `npm run parse-report -- TREE [FOLDER…]`: how well the sources of a kernel tree are read, over the .c
 * files of drivers/gpu/drm and drivers/accel.
 *
 * - functions that the index has, against those that Universal Ctags finds, where it is installed;
 * - how many of them have facts that no ERROR or MISSING node touches: each that holds a managed call and
 *   has not is named, then the others;
 * - managed calls of the text that the facts have seen. They are counted by a scan that shares nothing
 *   with index and parser: words that begin with drmm_ or devm_ and are followed by `(`, outside of
 *   comments, strings and directives.
 *
 * `VERBOSE=1` lists everything; else the first 25 of each list. `MASK=FILE` takes other words to mask.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildCatalog, type CatalogData } from '../server/src/core/catalog.ts';
import { itemReader } from '../server/src/core/facts/parse.ts';
import { type Reading, SourceFile } from '../server/src/core/facts/source-file.ts';
import { Column } from '../server/src/core/index/file-index.ts';
import { Words } from '../server/src/core/index/words.ts';
import { catalogFiles, findAssets } from '../server/src/host/assets.ts';
import { loadRuntime } from '../server/src/host/runtime.ts';
import { functionsByCtags } from './lib/ctags.ts';

const [tree = '', ...given] = process.argv.slice(2);
if (tree === '') {
  console.error('usage: npm run parse-report -- TREE [FOLDER…]');
  process.exit(2);
}
const folders = given.length > 0 ? given : ['drivers/gpu/drm', 'drivers/accel'];
const verbose = process.env['VERBOSE'] === '1';

/** Offsets of managed calls in the text itself. */
function callsInText(text: string): number[] {
  const bare = text.replace(
    /\/\*[^]*?\*\/|\/\/[^\n]*|"(?:\\[^]|[^"\\\n])*"|^[ \t]*#(?:\\\r?\n|[^\n])*/gm,
    (part) => part.replace(/[^\n]/g, ' '),
  );
  return [...bare.matchAll(/\b(?:drmm|devm)_\w+(?=\s*\()/g)].map((match) => match.index);
}

function lineOf(text: string, at: number): number {
  return text.slice(0, at).split('\n').length;
}

function list(title: string, lines: readonly string[]): void {
  console.log(`${title}: ${lines.length}`);
  for (const line of verbose ? lines : lines.slice(0, 25)) console.log(`  ${line}`);
}

function share(part: number, whole: number): string {
  return `${part} of ${whole} (${whole === 0 ? '–' : ((100 * part) / whole).toFixed(3)} %)`;
}

const assets = findAssets(import.meta.dirname);
const parts = catalogFiles(assets).map(
  (file) => JSON.parse(readFileSync(file, 'utf8')) as Partial<CatalogData>,
);
const words = process.env['MASK']
  ? JSON.parse(readFileSync(process.env['MASK'], 'utf8'))
  : buildCatalog(parts).data.macros;
const reading: Reading = {
  words: new Words(words.attributes),
  unread: new Set(),
  readItem: itemReader((await loadRuntime(assets)).newCParser(words)),
};

const paths = folders.flatMap((folder) =>
  readdirSync(join(tree, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.c'))
    .map((name) => join(folder, name))
    .sort(),
);
const count = { functions: 0, clean: 0, managed: 0, managedClean: 0, calls: 0, seen: 0 };
const indexed = new Set<string>();
const managed: string[] = [];
const others: string[] = [];
const unseen: string[] = [];

for (const path of paths) {
  const text = readFileSync(join(tree, path), 'utf8');
  const file = new SourceFile(reading, path, text);
  const wanted = callsInText(text);
  const inside = new Set<number>();
  const heads = new Set<number>();
  for (const fn of file.functions) {
    const { facts, name, start, end } = fn;
    indexed.add(`${path}\t${name}`);
    for (const call of facts.calls) inside.add(start + call.nameStart);
    // A definition's own name is followed by a parenthesis, too.
    heads.add(file.index.cell(fn.item, Column.nameStart));
    const isManaged = wanted.some(
      (at) => at >= file.index.cell(fn.item, Column.bodyStart) && at < end,
    );
    count.functions++;
    if (isManaged) count.managed++;
    if (facts.errors === 0) {
      count.clean++;
      if (isManaged) count.managedClean++;
    } else (isManaged ? managed : others).push(`${path}:${lineOf(text, start)} ${name}`);
  }
  const prototypes = file.prototypes.map(({ item }) => file.index.cell(item, Column.nameStart));
  for (const at of wanted) {
    if (heads.has(at) || prototypes.includes(at)) continue;
    count.calls++;
    if (inside.has(at)) count.seen++;
    else unseen.push(`${path}:${lineOf(text, at)} ${text.slice(at, at + 40).split('\n')[0]}`);
  }
}

const tags = functionsByCtags(tree, paths);
if (typeof tags === 'string') console.log(tags);
else {
  const lost = tags.filter(({ path, name }) => !indexed.has(`${path}\t${name}`));
  console.log(
    `functions that Universal Ctags finds and the index has: ${share(tags.length - lost.length, tags.length)}`,
  );
  list(
    'not in the index',
    lost.map(({ path, line, name }) => `${path}:${line} ${name}`),
  );
}
console.log(`functions with facts free of parse errors: ${share(count.clean, count.functions)}`);
console.log(`of those that hold a managed call: ${share(count.managedClean, count.managed)}`);
list('touched by a parse error, and hold a managed call', managed);
list('touched by a parse error', others);
console.log(`managed calls of the text that were seen: ${share(count.seen, count.calls)}`);
list('not seen', unseen);
