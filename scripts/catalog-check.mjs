#!/usr/bin/env node
/**
 * Checks server/catalog/*.json against kernel trees: node scripts/catalog-check.mjs [TREE...]
 * Without a tree: those under ~/.cache/driver-teardown/kernel. One line per disagreement; exit 1 when
 * there is any. What a tree does not hold (include/sound, include/xen, ...) is not checked in it.
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const CATALOG = fileURLToPath(new URL('../server/catalog/', import.meta.url));
/** Trees whose lines the catalogue gives, newest first: the line is that of the first where it holds. */
const LINES_FROM = ['7.3', '6.12'];

const older = (a, b) => {
  const [x, y] = [a, b].map((version) => version.split('.').map(Number));
  return (x[0] - y[0] || x[1] - y[1]) < 0;
};
const holdsIn = (entry, version) =>
  !(entry.since && older(version, entry.since)) && !(entry.until && !older(version, entry.until));

/** Blanks comments, strings and line ends that a macro escapes, without moving anything. */
function blank(text) {
  const spaces = (match) => match.replace(/[^\n]/g, ' ');
  return text
    .replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*|"(?:\\.|[^"\\\n])*"/g, spaces)
    .replace(/\\(?=\n)/g, ' ');
}

function closing(text, open) {
  const pairs = { '(': 1, '{': 1, '[': 1, ')': -1, '}': -1, ']': -1 };
  for (let depth = 0, i = open; i < text.length; i++) {
    depth += pairs[text[i]] ?? 0;
    if (depth === 0) return i;
  }
  return -1;
}

/** The arguments between `open` and its closing bracket, split at top-level commas. */
function split(text, open) {
  const end = closing(text, open);
  if (end < 0) return undefined;
  const parts = [''];
  let depth = 0;
  for (const c of text.slice(open + 1, end)) {
    if ('([{'.includes(c)) depth++;
    if (')]}'.includes(c)) depth--;
    if (c === ',' && depth === 0) parts.push('');
    else parts[parts.length - 1] += c;
  }
  const trimmed = parts.map((part) => part.trim());
  return trimmed.length === 1 && (trimmed[0] === '' || trimmed[0] === 'void') ? [] : trimmed;
}

class Tree {
  #texts = new Map();

  constructor(root) {
    this.root = root;
    const makefile = fs.readFileSync(path.join(root, 'Makefile'), 'utf8');
    const number = (name) => new RegExp(`^${name} *= *(\\d+)`, 'm').exec(makefile)?.[1];
    this.version = `${number('VERSION')}.${number('PATCHLEVEL')}`;
  }

  text(file) {
    if (!this.#texts.has(file)) {
      const full = path.join(this.root, file);
      this.#texts.set(file, fs.existsSync(full) ? blank(fs.readFileSync(full, 'utf8')) : undefined);
    }
    return this.#texts.get(file);
  }

  /** Whether the tree was unpacked with the folder that the file lies in (two levels). */
  holds(file) {
    return fs.existsSync(path.join(this.root, ...file.split('/').slice(0, 2)));
  }

  /** Files to look in when the source file does not have it: headers move. */
  neighbours(file) {
    const roots = file.startsWith('include/')
      ? ['include/drm', 'include/linux']
      : [path.posix.dirname(file)];
    const out = [];
    const walk = (dir, deep) => {
      const full = path.join(this.root, dir);
      if (!fs.existsSync(full)) return;
      for (const entry of fs.readdirSync(full, { withFileTypes: true })) {
        if (entry.isDirectory() && deep) walk(`${dir}/${entry.name}`, true);
        else if (entry.name.endsWith('.h')) out.push(`${dir}/${entry.name}`);
      }
    };
    for (const root of roots) walk(root, true);
    if (file.startsWith('include/')) walk('drivers/gpu/drm', false);
    return out;
  }
}

/** Where a function or macro is declared or defined in a file: parameters and line of each. */
function declarations(text, name) {
  const found = [];
  const line = (at) => text.slice(0, at).split('\n').length;
  for (const match of text.matchAll(new RegExp(`\\b${name}\\b`, 'g'))) {
    const before = text.slice(text.lastIndexOf('\n', match.index) + 1, match.index);
    const after = match.index + name.length;
    const define = /^[ \t]*#[ \t]*define[ \t]+$/.test(before);
    if (define && text[after] !== '(') {
      const alias = /^[ \t]+(\w+)[ \t]*\n/.exec(text.slice(after, after + 200));
      found.push({ line: line(match.index), alias: alias?.[1] });
      continue;
    }
    const open = /^\s*\(/.exec(text.slice(after, after + 80));
    if (!open) continue;
    const at = after + open[0].length - 1;
    const parameters = split(text, at);
    if (!parameters) continue;
    if (define) {
      found.push({ line: line(match.index), parameters, macro: true });
      continue;
    }
    // A declaration starts a line (a call is indented) and has a type before its name.
    const type =
      before.trim() || (/([\w*)])\s*\n[ \t]*$/.exec(text.slice(0, match.index)) ?? [''])[0];
    const indented = /^\s/.test(before) && !(before.trim() === '' && type.trim() === '*');
    if (indented || !type.trim() || /[=;,]$/.test(type.trim())) continue;
    found.push({ line: line(match.index), parameters });
  }
  return found;
}

function lookUp(tree, name, file) {
  const own = tree.text(file);
  const here = own === undefined ? [] : declarations(own, name);
  if (here.length > 0) return { found: here, moved: false };
  for (const other of tree.neighbours(file)) {
    const text = tree.text(other);
    if (!text?.includes(name)) continue;
    const there = declarations(text, name);
    if (there.length > 0) return { found: there, moved: other };
  }
  return { found: [], moved: false };
}

function indexes(entry) {
  const out = [];
  for (const key of ['device', 'callback', 'data', 'object', 'argument', 'handler']) {
    if (typeof entry[key] === 'number') out.push([key, entry[key]]);
  }
  if (typeof entry.object === 'object') out.push(['object', entry.object.argument]);
  if (entry.placement) out.push(['placement', entry.placement.argument]);
  return out;
}

function checkFunction(tree, entry, say) {
  const [file, line] = entry.source.split(':');
  const { found, moved } = lookUp(tree, entry.name, file);
  if (!holdsIn(entry, tree.version)) {
    // Another entry may hold here with other arguments, and a name that does not tell its scope may
    // have become managed; else the name must be gone from that header.
    const became = entry.scope && !/^_*(devm|drmm|pcim)_/.test(entry.name);
    if (found.length > 0 && !moved && !entry.twin && !became)
      say(`is there, though the entry does not hold`);
    return;
  }
  if (found.length === 0) return say(`not found in ${file} nor beside it`);
  const counted = found.filter((one) => one.parameters);
  for (const one of found.filter((each) => each.alias)) {
    counted.push(...lookUp(tree, one.alias, file).found.filter((each) => each.parameters));
  }
  for (const [key, index] of indexes(entry)) {
    const fits = counted.some(
      ({ parameters }) => index < parameters.filter((each) => each !== '...').length,
    );
    if (!fits) say(`${key} ${index} is beyond its parameters`);
  }
  // The owner's type, where the declaration spells it out.
  if (entry.owner) {
    const typed = counted.filter(({ parameters, macro }) => !macro && parameters[entry.device]);
    const type = new RegExp(`struct ${entry.owner} \\*`);
    if (typed.length > 0 && !typed.some(({ parameters }) => type.test(parameters[entry.device]))) {
      say(`argument ${entry.device} is not a struct ${entry.owner} *`);
    }
  }
  if (entry.returns === 'void' || entry.returns === 'error') {
    const text = tree.text(moved || file).split('\n');
    const heads = found.map((one) => `${text[one.line - 2] ?? ''} ${text[one.line - 1]}`);
    const isVoid = found.every(
      (one, i) => !one.macro && new RegExp(`\\bvoid\\s+${entry.name}\\b`).test(heads[i]),
    );
    if (!found.some((one) => one.macro || one.alias) && isVoid !== (entry.returns === 'void')) {
      say(`returns ${isVoid ? 'void' : 'a value'}`);
    }
  }
  if (line && tree.version === LINES_FROM.find((version) => holdsIn(entry, version))) {
    if (moved) say(`is in ${moved}, not in ${file}`);
    else if (!found.some((one) => one.line === Number(line))) {
      say(`is at line ${found.map((one) => one.line).join(', ')}, not ${line}`);
    }
  }
  if (entry.placement) checkFlags(tree, entry, file, say);
}

/** Flags are defined in the driver's folder, or in the headers for user space. */
function checkFlags(tree, entry, file, say) {
  const uapi = path.join(tree.root, 'include/uapi/drm');
  const files = [
    ...tree.neighbours(file),
    ...(file.startsWith('include/') ? [] : tree.neighbours('include/drm/x.h')),
    ...fs.readdirSync(uapi).map((name) => `include/uapi/drm/${name}`),
  ];
  const missing = new Set(Object.keys(entry.placement.flags));
  for (const each of files) {
    if (missing.size === 0) return;
    const text = tree.text(each) ?? '';
    for (const flag of missing) {
      if (text.includes(flag) && new RegExp(`\\b${flag}\\b`).test(text)) missing.delete(flag);
    }
  }
  // A newer tree may have more flags than an older one: only the newest must have them all.
  if (tree.version !== LINES_FROM.find((version) => holdsIn(entry, version))) return;
  for (const flag of missing) say(`flag ${flag} not found`);
}

function checkStruct(tree, entry, members, say) {
  if (!holdsIn(entry, tree.version)) return;
  const [file, line] = entry.source.split(':');
  const text = tree.text(file);
  const match = text && new RegExp(`^struct ${entry.struct} \\{`, 'm').exec(text);
  if (!match) return say(`struct not found in ${file}`);
  const open = match.index + match[0].length - 1;
  const body = text.slice(open, closing(text, open));
  const newest = LINES_FROM.find((version) => holdsIn(entry, version));
  // An older tree may have fewer members.
  for (const member of tree.version === newest ? members : []) {
    const head = member.split('.')[0];
    if (!new RegExp(`\\b${head}\\s*(\\)\\s*\\(|;)`).test(body)) say(`has no member ${head}`);
  }
  const at = text.slice(0, match.index).split('\n').length;
  if (line && tree.version === newest && at !== Number(line)) say(`is at line ${at}, not ${line}`);
}

/** The name stands at the line of 6.12, where the names were read; other versions may differ. */
function checkLogName(tree, entry, say) {
  if (tree.version !== '6.12' || !holdsIn(entry, tree.version)) return;
  const [file, line] = entry.source.split(':');
  const text =
    fs.readFileSync(path.join(tree.root, file), 'utf8').split('\n')[Number(line) - 1] ?? '';
  if (!text.includes(entry.name)) say(`is not at ${file}:${line}`);
}

/** The header is there, and so is the folder, where the tree was unpacked with it. */
function checkLibrary(tree, entry, say) {
  if (!holdsIn(entry, tree.version)) return;
  const there = (file) => fs.existsSync(path.join(tree.root, file));
  if (!entry.source.startsWith(`include/${entry.headers}`)) say('its source is another header');
  if (there('arch')) {
    for (const file of [entry.source, entry.folder]) if (!there(file)) say(`${file} not found`);
  }
}

/** The page's source includes the header's kernel-doc, or that of the file which defines its functions. */
function checkPage(tree, entry, say) {
  const [file, line] = entry.source.split(':');
  if (!line || tree.version !== LINES_FROM.find((version) => holdsIn(entry, version))) return;
  const full = path.join(tree.root, file);
  if (!fs.existsSync(full)) return say(`${file} not found`);
  const text = fs.readFileSync(full, 'utf8').split('\n')[Number(line) - 1] ?? '';
  const name = path.posix.basename(entry.header, '.h');
  if (!text.includes('kernel-doc::') || !text.includes(`/${name}.`))
    say(`${file}:${line} does not include the documentation of ${entry.header}`);
}

/** A Kconfig file defines the options that the entry names. */
function checkReproducer(tree, entry, say) {
  const full = path.join(tree.root, entry.source);
  if (!holdsIn(entry, tree.version) || !entry.source.includes('Kconfig') || !fs.existsSync(full))
    return;
  const text = fs.readFileSync(full, 'utf8');
  for (const [, option] of entry.name.matchAll(/CONFIG_(\w+)/g)) {
    if (!new RegExp(`^(?:menu)?config ${option}$`, 'm').test(text))
      say(`${option} is not in ${entry.source}`);
  }
}

/** The struct, and each function that initialises or cleans one up, in the newest tree where it holds. */
function checkKms(tree, entry, say) {
  checkStruct(tree, entry, [], say);
  if (tree.version !== LINES_FROM.find((version) => holdsIn(entry, version))) return;
  const [file] = entry.source.split(':');
  for (const [name, index] of Object.entries({ ...entry.inits, ...entry.cleanups })) {
    if (name.includes('->')) continue;
    const counted = lookUp(tree, name, file).found.filter((one) => one.parameters);
    if (counted.length === 0) say(`${name} not found`);
    else if (!counted.some(({ parameters }) => index < parameters.length))
      say(`${name}: argument ${index} is beyond its parameters`);
  }
  for (const twin of Object.values(entry.managed ?? {}).flatMap(({ alloc, init }) => [alloc, init]))
    if (twin !== undefined && lookUp(tree, twin, file).found.length === 0) say(`${twin} not found`);
}

function defaultTrees() {
  const cache = path.join(os.homedir(), '.cache/driver-teardown/kernel');
  if (!fs.existsSync(cache)) return [];
  return fs
    .readdirSync(cache)
    .map((name) => path.join(cache, name))
    .filter((root) => fs.existsSync(path.join(root, '.complete')));
}

const FUNCTIONS = [
  'managed',
  'acquires',
  'releases',
  'guards',
  'memory',
  'casts',
  'takes',
  'deviceReleases',
  'milestones',
  'dispatches',
  'managedHelpers',
  'devresGroups',
  'unbindSteps',
  'exports',
  'errorHelpers',
  'sections',
];
const KEYS = [...FUNCTIONS, 'logNames', 'libraries', 'pages', 'reproducers', 'ops', 'kms'];
const entries = [];
for (const name of fs.readdirSync(CATALOG).sort()) {
  if (!name.endsWith('.json') || name === 'catalog.schema.json') continue;
  const data = JSON.parse(fs.readFileSync(path.join(CATALOG, name), 'utf8'));
  for (const key of KEYS) {
    for (const entry of data[key] ?? []) entries.push({ file: name, key, entry });
  }
}
for (const { key, entry } of entries) {
  entry.twin = entries.filter((o) => o.key === key && o.entry.name === entry.name).length > 1;
}

const roots = process.argv.length > 2 ? process.argv.slice(2) : defaultTrees();
if (roots.length === 0) {
  console.error('no kernel tree: give one, or run scripts/fetch-kernel.sh');
  process.exit(2);
}
let checked = 0;
let disagree = 0;
for (const root of roots) {
  const tree = new Tree(root);
  for (const { file, key, entry } of entries) {
    if (!tree.holds(entry.source.split(':')[0])) continue;
    checked++;
    let wrong = false;
    const say = (what) => {
      wrong = true;
      console.log(
        `${tree.version} ${file}: ${entry.name ?? entry.struct ?? entry.header ?? entry.headers}: ${what}`,
      );
    };
    if (key === 'ops') checkStruct(tree, entry, Object.keys(entry.members), say);
    else if (key === 'pages') checkPage(tree, entry, say);
    else if (key === 'reproducers') checkReproducer(tree, entry, say);
    else if (key === 'logNames') checkLogName(tree, entry, say);
    else if (key === 'libraries') checkLibrary(tree, entry, say);
    else if (key === 'kms') checkKms(tree, entry, say);
    else checkFunction(tree, entry, say);
    if (wrong) disagree++;
  }
}
console.log(`${checked} entries checked, ${disagree} disagree`);
process.exit(disagree > 0 ? 1 : 0);
