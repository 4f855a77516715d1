/**
 * `npm run index-report -- TREE [FOLDER…]`: how fast the index reads a tree and how well.
 *
 * - speed and memory over the .c and .h files of the folders (drivers/gpu/drm);
 * - function names against Universal Ctags over the .c files, each one that is missing with its line;
 * - function spans against tree-sitter on every SAMPLEth file (40), functions without parse errors.
 * - outlines of all bodies, their speed, and against tree-sitter on the same files.
 *
 * `ONLY=outlines` leaves out the second and the third. `VERBOSE=1` lists everything; else the first 25 of each list.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildCatalog, type CatalogData } from '../server/src/core/catalog.ts';
import { factsOf } from '../server/src/core/facts/parse.ts';
import { Column, type FileIndex, Flag, kinds } from '../server/src/core/index/file-index.ts';
import { OutlineReader } from '../server/src/core/index/outline.ts';
import { skim } from '../server/src/core/index/skim.ts';
import { Words } from '../server/src/core/index/words.ts';
import { catalogFiles, findAssets } from '../server/src/host/assets.ts';
import { loadRuntime } from '../server/src/host/runtime.ts';
import { Differences, outlineNodes, treeNodes } from '../test/support/outline-oracle.ts';
import { functionsByCtags } from './lib/ctags.ts';

const [tree, ...given] = process.argv.slice(2);
if (!tree) {
  console.error('usage: npm run index-report -- TREE [FOLDER…]');
  process.exit(2);
}
const folders = given.length > 0 ? given : ['drivers/gpu/drm'];
const verbose = process.env['VERBOSE'] === '1';
const sample = Number(process.env['SAMPLE'] ?? 40);

const paths = folders
  .flatMap((folder) =>
    readdirSync(join(tree, folder), { recursive: true, encoding: 'utf8' }).map((name) =>
      join(folder, name),
    ),
  )
  .filter((path) => /\.[ch]$/.test(path))
  .sort();
const assets = findAssets(import.meta.dirname);
const catalog = buildCatalog(
  catalogFiles(assets).map(
    (file) => JSON.parse(readFileSync(file, 'utf8')) as Partial<CatalogData>,
  ),
);
const words = new Words(catalog.data.macros.attributes);
const indexes = new Map<string, FileIndex>();

function list(title: string, lines: readonly string[]): void {
  console.log(`${title}: ${lines.length}`);
  for (const line of verbose ? lines : lines.slice(0, 25)) console.log(`  ${line}`);
}

/** Reads and skims file by file, so that no more than one text is held; only the skim is timed. */
function measure(): void {
  const times = { '.c': 0, '.h': 0 };
  const bytes = { '.c': 0, '.h': 0 };
  let held = 0;
  const counts = new Array<number>(kinds.length).fill(0);
  let mentions = 0;
  for (const path of paths) {
    const buffer = readFileSync(join(tree ?? '', path));
    const text = buffer.toString('utf8');
    const from = performance.now();
    const index = skim(text, words);
    const kind = path.endsWith('.c') ? '.c' : '.h';
    times[kind] += performance.now() - from;
    bytes[kind] += buffer.length;
    indexes.set(path, index);
    for (const i of index.items()) counts[index.cell(i, Column.kind)]!++;
    mentions += index.data.words.length;
    for (const part of Object.values(index.data)) held += part.byteLength;
  }
  for (const kind of ['.c', '.h'] as const)
    console.log(
      `${kind}: ${(bytes[kind] / 1e6).toFixed(1)} MB in ${(times[kind] / 1000).toFixed(2)} s, ` +
        `${(bytes[kind] / 1000 / times[kind]).toFixed(0)} MB/s`,
    );
  console.log(
    `${paths.length} files, ${counts.reduce((a, b) => a + b)} items (${counts.map((n, i) => `${kinds[i]} ${n}`).join(', ')})`,
  );
  console.log(
    `${words.size} words, ${mentions} mentions and calls; ${(held / 1e6).toFixed(1)} MB of indexes, ` +
      `${(words.bytes / 1e6).toFixed(1)} MB of words`,
  );
}

function againstCtags(): void {
  const sources = paths.filter((path) => path.endsWith('.c'));
  const tags = functionsByCtags(tree ?? '', sources);
  if (typeof tags === 'string') {
    console.log(tags);
    return;
  }
  const missing: string[] = [];
  const macros: string[] = [];
  const own = new Map<string, Set<string>>();
  for (const path of sources) {
    const index = indexes.get(path)!;
    own.set(
      path,
      new Set([...index.items('function')].map((i) => words.of(index.cell(i, Column.name)))),
    );
  }
  for (const { name, line: at, path } of tags) {
    if (own.get(path)?.has(name)) continue;
    const index = indexes.get(path)!;
    const calls = [...index.items('call')].map((i) => words.of(index.cell(i, Column.name)));
    (calls.includes(name) ? macros : missing).push(
      `${path}:${at} ${name}: ${(readFileSync(join(tree ?? '', path), 'utf8').split('\n')[at - 1] ?? '').slice(0, 90)}`,
    );
  }
  const theirs = new Set(tags.map(({ path, name }) => `${path}\t${name}`));
  const extra: string[] = [];
  for (const [path, found] of own)
    for (const name of found) if (!theirs.has(`${path}\t${name}`)) extra.push(`${path} ${name}`);
  console.log(
    `ctags: ${tags.length} functions, ${(100 * (1 - (missing.length + macros.length) / tags.length)).toFixed(3)} % are in the index`,
  );
  list(
    'missing because ctags takes a macro without semicolon for the name of what follows',
    macros,
  );
  list('missing', missing);
  list('only in the index', extra);
}

async function againstTree(): Promise<void> {
  const c = (await loadRuntime(assets)).newCParser(catalog.data.macros);
  const differing: string[] = [];
  const extra: string[] = [];
  let equal = 0;
  for (const [at, path] of paths.filter((one) => one.endsWith('.c')).entries()) {
    if (at % sample !== 0) continue;
    const text = readFileSync(join(tree ?? '', path), 'utf8');
    const index = indexes.get(path)!;
    const known = new Map<string, number[]>();
    for (const i of index.items('function')) {
      const name = words.of(index.cell(i, Column.name));
      known.set(name, [...(known.get(name) ?? []), i]);
    }
    const facts = factsOf(c, text);
    for (const { start, end, facts: fn } of facts.functions) {
      if (fn.errors > 0) continue;
      const rows = known.get(fn.name) ?? [];
      const same = rows.find(
        (i) => index.cell(i, Column.start) === start && index.cell(i, Column.end) === end,
      );
      if (same !== undefined) equal++;
      else {
        const mine = rows.map(
          (i) =>
            `${index.cell(i, Column.start) - start}..${index.cell(i, Column.end) - end}${index.cell(i, Column.flags) & Flag.split ? ' split' : ''}`,
        );
        differing.push(
          `${path}:${text.slice(0, start).split('\n').length} ${fn.name}: ${mine.join(' ') || 'missing'} | ${text.slice(start, start + 60).replace(/\s+/g, ' ')}`,
        );
      }
    }
    const names = new Set(facts.functions.map((fn) => fn.facts.name));
    for (const name of known.keys()) if (!names.has(name)) extra.push(`${path} ${name}`);
  }
  console.log(`tree-sitter: ${equal} functions have equal starts and ends`);
  list('differing or missing (missing: in a dead branch, `#if 0`)', differing);
  list('not seen by tree-sitter', extra);
}

/** Outlines every function, for the speed, and compares those of the sample with their trees. */
async function outlines(): Promise<void> {
  const c = (await loadRuntime(assets)).newCParser(catalog.data.macros);
  const reader = new OutlineReader(words);
  let bytes = 0;
  let time = 0;
  let nodes = 0;
  const differences = new Differences();
  const differing: string[] = [];
  let compared = 0;
  let broken = 0;
  for (const [at, path] of paths.filter((one) => one.endsWith('.c')).entries()) {
    const text = readFileSync(join(tree ?? '', path), 'utf8');
    const index = indexes.get(path)!;
    const bodies = [...index.items('function')].map((i) => index.item(i));
    const from = performance.now();
    for (const { bodyStart, end } of bodies) {
      nodes += reader.read(text, bodyStart, end).count;
      bytes += end - bodyStart;
    }
    time += performance.now() - from;
    if (at % sample !== 0) continue;
    for (const { name, start, bodyStart, end, flags } of bodies) {
      if (flags & Flag.split) continue;
      const alone = text.slice(start, end);
      const wanted = treeNodes(c, alone);
      if (!wanted) {
        broken++;
        continue;
      }
      compared++;
      const found = outlineNodes(reader.read(text, bodyStart, end), start);
      for (const one of differences.add(wanted, found)) {
        const offset = Number(one.split(' ')[1]);
        const line = text.slice(0, start + offset).split('\n').length;
        differing.push(
          `${path}:${line} ${words.of(name)} ${one.split(' ')[0]}: ${alone.slice(offset, offset + 70).replace(/\s+/g, ' ')}`,
        );
      }
    }
  }
  console.log(
    `outlines: ${(bytes / 1e6).toFixed(1)} MB in ${(time / 1000).toFixed(2)} s, ${(bytes / 1000 / time).toFixed(0)} MB/s, ${nodes} nodes`,
  );
  const counts = (map: ReadonlyMap<string, number>): string =>
    [...map].map(([kind, n]) => `${kind} ${n}`).join(', ') || 'none';
  console.log(
    `${differences.agreed} nodes agree with tree-sitter on ${compared} functions (${broken} it cannot read left out)`,
  );
  console.log(`only in the tree: ${counts(differences.missing)}`);
  console.log(`only in the outline: ${counts(differences.extra)}`);
  list('differing', differing);
}

const only = process.env['ONLY'];
measure();
if (only !== 'outlines') {
  againstCtags();
  await againstTree();
}
await outlines();
