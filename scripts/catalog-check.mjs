#!/usr/bin/env node
/**
 * Holds server/catalog/*.json against kernel trees: node scripts/catalog-check.mjs [--catalog FOLDER] [TREE...]
 * Without a tree: those under ~/.cache/driver-teardown/kernel. One line for each entry that disagrees with
 * what a tree has, and one for each managed function and each pair of take and give-back that its headers
 * offer to drivers and the catalogue neither knows nor leaves out on purpose (left-out.json); exit 1 when
 * there is any. What a tree does not hold (include/sound, include/xen, ...) is not checked in it.
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkEntry, KEYS } from './lib/catalog-entry.mjs';
import { missingIn } from './lib/catalog-missing.mjs';
import { Tree } from './lib/kernel-tree.mjs';

function defaultTrees() {
  const cache = path.join(os.homedir(), '.cache/driver-teardown/kernel');
  if (!fs.existsSync(cache)) return [];
  return fs
    .readdirSync(cache)
    .map((name) => path.join(cache, name))
    .filter((root) => fs.existsSync(path.join(root, '.complete')));
}

/** Every file of the catalogue, as data. */
function readCatalog(folder) {
  return fs
    .readdirSync(folder)
    .filter((name) => name.endsWith('.json') && name !== 'catalog.schema.json')
    .sort()
    .map((file) => ({ file, data: JSON.parse(fs.readFileSync(path.join(folder, file), 'utf8')) }));
}

/** The names that entries of any kind have, with those that they give back by. */
function namesIn(files) {
  const names = new Set();
  for (const { data } of files) {
    for (const [key, list] of Object.entries(data)) {
      if (!Array.isArray(list) || key === 'leftOut' || key === 'logNames') continue;
      for (const entry of list) {
        for (const name of [entry.name, ...(entry.releases ?? [])]) if (name) names.add(name);
        for (const name of Object.keys({ ...entry.inits, ...entry.cleanups })) names.add(name);
      }
    }
  }
  return names;
}

const args = process.argv.slice(2);
const given = args[0] === '--catalog' ? args.splice(0, 2)[1] : undefined;
const files = readCatalog(given ?? fileURLToPath(new URL('../server/catalog/', import.meta.url)));
const entries = files.flatMap(({ file, data }) =>
  KEYS.flatMap((key) => (data[key] ?? []).map((entry) => ({ file, key, entry }))),
);
for (const { key, entry } of entries) {
  entry.twin = entries.filter((o) => o.key === key && o.entry.name === entry.name).length > 1;
}
const known = namesIn(files);
const leftOut = files.flatMap(({ data }) => data.leftOut ?? []);

const roots = args.length > 0 ? args : defaultTrees();
if (roots.length === 0) {
  console.error('no kernel tree: give one, or run scripts/fetch-kernel.sh');
  process.exit(2);
}
let checked = 0;
let disagree = 0;
let missing = 0;
for (const name of leftOut.flatMap((one) => one.names ?? [])) {
  if (!known.has(name)) continue;
  console.log(`left-out.json: ${name}: an entry has it`);
  disagree++;
}
for (const root of roots) {
  const tree = new Tree(root);
  for (const { file, key, entry } of entries) {
    if (!tree.holds(entry.source.split(':')[0])) continue;
    checked++;
    let wrong = false;
    const name = entry.name ?? entry.struct ?? entry.header ?? entry.headers;
    checkEntry(tree, key, entry, (what) => {
      wrong = true;
      console.log(`${tree.version} ${file}: ${name}: ${what}`);
    });
    if (wrong) disagree++;
  }
  for (const { file, line, names, summary } of missingIn(tree, known, leftOut)) {
    missing++;
    const what = names.length > 1 ? `${names[0]} / ${names.slice(1).join(', ')}` : names[0];
    console.log(
      `${tree.version} ${file}:${line}: no entry: ${what}${summary ? ` - ${summary}` : ''}`,
    );
  }
}
console.log(
  `${checked} entries checked, ${disagree} disagree; ${missing} of the headers have no entry`,
);
process.exit(disagree + missing > 0 ? 1 : 0);
