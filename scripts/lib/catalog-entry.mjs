/** Whether what an entry of the catalogue says agrees with a kernel tree that has it. */
import fs from 'node:fs';
import path from 'node:path';
import { closing, lookUp } from './kernel-tree.mjs';

/** Trees whose lines the catalogue gives, newest first: the line is that of the first where it holds. */
const LINES_FROM = ['7.3', '6.12', '6.1'];

const older = (a, b) => {
  const [x, y] = [a, b].map((version) => version.split('.').map(Number));
  return (x[0] - y[0] || x[1] - y[1]) < 0;
};
const holdsIn = (entry, version) =>
  !(entry.since && older(version, entry.since)) && !(entry.until && !older(version, entry.until));

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
      ({ parameters, macro }) =>
        index < parameters.filter((each) => each !== '...').length ||
        (macro && parameters[0] === '...'),
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
export const KEYS = [...FUNCTIONS, 'logNames', 'libraries', 'pages', 'reproducers', 'ops', 'kms'];

/** What disagrees with the tree in one entry of one kind, told to `say`. */
export function checkEntry(tree, key, entry, say) {
  if (key === 'ops') checkStruct(tree, entry, Object.keys(entry.members), say);
  else if (key === 'pages') checkPage(tree, entry, say);
  else if (key === 'reproducers') checkReproducer(tree, entry, say);
  else if (key === 'logNames') checkLogName(tree, entry, say);
  else if (key === 'libraries') checkLibrary(tree, entry, say);
  else if (key === 'kms') checkKms(tree, entry, say);
  else checkFunction(tree, entry, say);
}
