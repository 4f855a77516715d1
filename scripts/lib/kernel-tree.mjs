/** A kernel tree, or a part of one: its texts, and what its headers declare. */
import fs from 'node:fs';
import path from 'node:path';

/** Blanks comments, strings and line ends that a macro escapes, without moving anything. */
export function blank(text) {
  const spaces = (match) => match.replace(/[^\n]/g, ' ');
  return text
    .replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*|"(?:\\.|[^"\\\n])*"/g, spaces)
    .replace(/\\(?=\n)/g, ' ');
}

export function closing(text, open) {
  const pairs = { '(': 1, '{': 1, '[': 1, ')': -1, '}': -1, ']': -1 };
  for (let depth = 0, i = open; i < text.length; i++) {
    depth += pairs[text[i]] ?? 0;
    if (depth === 0) return i;
  }
  return -1;
}

/** The arguments between `open` and its closing bracket, split at top-level commas. */
export function split(text, open) {
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

export class Tree {
  #texts = new Map();
  #places = new Map();
  #near = new Map();

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

  /** The files of `files` that mention a name. */
  mentions(name, files) {
    for (const file of files) {
      if (this.#places.has(file)) continue;
      this.#places.set(file, new Set((this.text(file) ?? '').match(/\b[A-Za-z_]\w*\b/g)));
    }
    return files.filter((file) => this.#places.get(file)?.has(name));
  }

  /** The headers below a folder, as paths from the tree's root. */
  headers(dir, deep = true) {
    const full = path.join(this.root, dir);
    if (!fs.existsSync(full)) return [];
    return fs.readdirSync(full, { withFileTypes: true }).flatMap((entry) => {
      const name = `${dir}/${entry.name}`;
      if (entry.isDirectory()) return deep ? this.headers(name) : [];
      return entry.name.endsWith('.h') ? [name] : [];
    });
  }

  /** Whether the tree was unpacked with the folder that the file lies in (two levels). */
  holds(file) {
    return fs.existsSync(path.join(this.root, ...file.split('/').slice(0, 2)));
  }

  /** Files to look in when the source file does not have it: headers move. */
  neighbours(file) {
    const key = file.startsWith('include/') ? 'include' : path.posix.dirname(file);
    if (!this.#near.has(key)) this.#near.set(key, this.#neighboursOf(file));
    return this.#near.get(key);
  }

  #neighboursOf(file) {
    const roots = file.startsWith('include/')
      ? ['include/drm', 'include/linux']
      : [path.posix.dirname(file)];
    const near = roots.flatMap((root) => this.headers(root));
    return file.startsWith('include/')
      ? [...near, ...this.headers('drivers/gpu/drm', false)]
      : near;
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

export function lookUp(tree, name, file) {
  const own = tree.text(file);
  const here = own === undefined ? [] : declarations(own, name);
  if (here.length > 0) return { found: here, moved: false };
  for (const other of tree.mentions(name, tree.neighbours(file))) {
    const there = declarations(tree.text(other), name);
    if (there.length > 0) return { found: there, moved: other };
  }
  return { found: [], moved: false };
}
