/**
 * Prints how well the sources of a kernel tree parse: `npm run parse-report -- TREE`.
 *
 * Counted are the .c files of drivers/gpu/drm and drivers/accel that name drmm_ or devm_: functions
 * that hold a managed call, how many of those an ERROR or MISSING node touches, and how many managed
 * calls of the text the facts have seen. The calls of the text are counted by a scan that shares
 * nothing with the parser: words that begin with drmm_ or devm_ and are followed by `(`, outside of
 * comments, strings and directives.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { buildCatalog, type CatalogData } from '../server/src/core/catalog.ts';
import { factsOf } from '../server/src/core/syntax/parse.ts';
import { catalogFiles, findAssets } from '../server/src/host/assets.ts';
import { loadRuntime } from '../server/src/host/runtime.ts';

const tree = process.argv[2];
if (!tree) {
  console.error('usage: npm run parse-report -- TREE [FOLDER…]');
  process.exit(2);
}
const folders =
  process.argv.slice(3).length > 0 ? process.argv.slice(3) : ['drivers/gpu/drm', 'drivers/accel'];
const verbose = process.env['VERBOSE'] === '1';

/** Offsets of managed calls in the text itself. */
function callsInText(text: string): number[] {
  const bare = text.replace(
    /\/\*[^]*?\*\/|\/\/[^\n]*|"(?:\\[^]|[^"\\\n])*"|^[ \t]*#(?:\\\r?\n|[^\n])*/gm,
    (part) => part.replace(/[^\n]/g, ' '),
  );
  return [...bare.matchAll(/\b(?:drmm|devm)_\w+(?=\s*\()/g)].map((match) => match.index);
}

const assets = findAssets(import.meta.dirname);
const parts = catalogFiles(assets).map(
  (file) => JSON.parse(readFileSync(file, 'utf8')) as Partial<CatalogData>,
);
const words = process.env['MASK']
  ? JSON.parse(readFileSync(process.env['MASK'], 'utf8'))
  : buildCatalog(parts).data.macros;
const c = (await loadRuntime(assets)).newCParser(words);
const total = { files: 0, functions: 0, touched: 0, calls: 0, seen: 0 };
const listed: string[] = [];
for (const folder of folders) {
  const names = readdirSync(join(tree, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.c'))
    .sort();
  for (const name of names) {
    const path = join(tree, folder, name);
    const text = readFileSync(path, 'utf8');
    if (!/\b(?:drmm|devm)_/.test(text)) continue;
    const facts = factsOf(c, relative(tree, path), text);
    const wanted = callsInText(text);
    const inside = new Set<number>();
    total.files++;
    for (const { start, end, facts: body } of facts.functions) {
      for (const call of body.calls) inside.add(start + call.nameStart);
      if (!wanted.some((at) => at >= start + body.body.start && at < end)) continue;
      total.functions++;
      if (body.errors > 0) {
        total.touched++;
        listed.push(`${facts.path}:${lineOf(text, start)} ${body.name}: touched by a parse error`);
      }
    }
    for (const at of wanted) {
      // A definition's own name is followed by a parenthesis, too, but lies outside of any body.
      const body = facts.functions.find((f) => at >= f.start && at < f.end);
      if (body && at === body.start + body.facts.nameStart) continue;
      if (
        !body &&
        /^[ \t\w*]*$/.test(text.slice(text.lastIndexOf('\n', at) + 1, at)) &&
        text[at - 1] !== '\t'
      )
        continue;
      total.calls++;
      if (inside.has(at)) total.seen++;
      else
        listed.push(
          `${facts.path}:${lineOf(text, at)} call not seen: ${text.slice(at, at + 40).split('\n')[0]}`,
        );
    }
  }
}
function lineOf(text: string, at: number): number {
  return text.slice(0, at).split('\n').length;
}
for (const line of verbose ? listed : listed.slice(0, 20)) console.log(line);
console.log(`${total.files} files name a managed API`);
console.log(
  `${total.functions} functions hold a managed call, ${total.touched} touched by a parse error`,
);
console.log(`${total.calls} managed calls in the text, ${total.seen} seen`);
