/**
 * Moves what package.json says to users into package.nls.json, where translations stand beside it, and
 * leaves a key behind. `--check` only says what is still to be moved, or has no German. Rules are described in English
 * everywhere, as findings are.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Contribution, translatable } from './lib/nls-places.ts';

const root = join(import.meta.dirname, '..');
const file = (name: string): string => join(root, name);
const read = (name: string): Record<string, unknown> =>
  existsSync(file(name))
    ? (JSON.parse(readFileSync(file(name), 'utf8')) as Record<string, unknown>)
    : {};

const manifest = read('package.json');
const english = read('package.nls.json');
const used = new Set<string>();
const plain: Contribution[] = [];

for (const place of translatable(manifest)) {
  const key = /^%(.+)%$/.exec(place.text)?.[1];
  used.add(key ?? place.key);
  if (key === undefined) plain.push(place);
}

const problems = [
  ...plain.map(({ key }) => `${key} is not in package.nls.json: npm run nls`),
  ...[...used]
    .filter((key) => !(key in read('package.nls.de.json')))
    .map((key) => `${key} has no German`),
  ...Object.keys(read('package.nls.de.json'))
    .filter((key) => !used.has(key))
    .map((key) => `${key} has German and is used no more`),
];

if (process.argv.includes('--check')) {
  for (const problem of problems) console.error(problem);
  if (problems.length > 0) process.exitCode = 1;
} else {
  for (const { key, text, replace } of plain) {
    english[key] = text;
    replace(`%${key}%`);
  }
  const kept = Object.keys(english)
    .filter((key) => used.has(key))
    .sort();
  const write = (name: string, value: unknown): void =>
    writeFileSync(file(name), `${JSON.stringify(value, null, 2)}\n`);
  write('package.json', manifest);
  write('package.nls.json', Object.fromEntries(kept.map((key) => [key, english[key]])));
  for (const key of kept)
    if (!(key in read('package.nls.de.json'))) console.log(`no German: ${key}`);
}
