/** What the headers of a kernel tree offer to drivers and the catalogue says nothing of. */
import fs from 'node:fs';
import path from 'node:path';
import { closing, split } from './kernel-tree.mjs';

/** Headers that no driver includes for what it takes: numbers of device trees and of user space. */
const NOT_FOR_DRIVERS = /^include\/(uapi|dt-bindings|generated|config)\//;
const MANAGED = /^_*(devm|drmm|pcim|dmam)_/;
/** The word of a name that takes, to those that give back in the name of its counterpart. */
const VERBS = {
  register: ['unregister', 'deregister'],
  enable: ['disable'],
  get: ['put'],
  alloc: ['free', 'put'],
  allocate: ['free'],
  add: ['del', 'remove', 'delete'],
  create: ['destroy', 'remove', 'free', 'delete'],
  request: ['free', 'release'],
  attach: ['detach'],
  acquire: ['release'],
  claim: ['release'],
  prepare: ['unprepare'],
  populate: ['depopulate'],
};
const HEAD =
  /^(?:[ \t]*#[ \t]*define[ \t]+(\w+)(?:\(|[ \t]+\w+[ \t]*$)|((?!return\b|else\b|typedef\b|goto\b)[A-Za-z_][\w \t*]*(?:\([\w, \t]*\)[\w \t*]*)?[ \t*\n])(\w+)[ \t]*\()/gm;

/**
 * The functions and macros that a header declares, by name; a call within a macro or an inline function
 * is indented and not one of them.
 * @returns {Map<string, {line: number, macro: boolean}>}
 */
export function declaredIn(text) {
  const found = new Map();
  for (const match of text.matchAll(HEAD)) {
    const name = match[1] ?? match[3];
    const at = match.index + match[0].lastIndexOf(name);
    if (!match[1]) {
      const open = match.index + match[0].length - 1;
      const end = closing(text, open);
      // A declaration ends, or has a body; what names no type before its arguments is another macro.
      if (end < 0 || !split(text, open)) continue;
      if (!/^\s*(?:__\w+\s*(?:\([^)]*\))?\s*)*[;{]/.test(text.slice(end + 1, end + 200))) continue;
    }
    if (found.has(name)) continue;
    found.set(name, { line: text.slice(0, at).split('\n').length, macro: match[1] !== undefined });
  }
  return found;
}

/** The names that can give back what `name` takes, by the words of both. */
export function counterparts(name) {
  const words = name.split('_');
  return words.flatMap((word, i) =>
    (Object.hasOwn(VERBS, word) ? VERBS[word] : []).map((verb) =>
      [...words.slice(0, i), verb, ...words.slice(i + 1)].join('_'),
    ),
  );
}

/** Whether a pattern of a header, in which `*` stands for anything, is meant. */
function fits(pattern, file) {
  const escaped = pattern.replace(/[.+]/g, '\\$&').replace(/\*/g, '.*');
  return new RegExp(`^${escaped}$`).test(file);
}

/** The first line of the kernel-doc that describes a function in a header. */
function summaryOf(tree, file, name) {
  const text = fs.readFileSync(path.join(tree.root, file), 'utf8');
  return new RegExp(`^ \\* ${name}(?:\\(\\))? +[-:] *(.+)$`, 'm').exec(text)?.[1].trim();
}

/**
 * Lists them, managed functions first: file, line, names and the first line of the kernel-doc.
 * @param tree what is read
 * @param known names that the catalogue's entries have, whatever they say of them
 * @param leftOut the catalogue's list of what it leaves out on purpose
 */
export function missingIn(tree, known, leftOut) {
  const names = new Set(leftOut.flatMap((one) => one.names ?? []));
  const headers = leftOut.flatMap((one) => one.headers ?? []);
  const managed = [];
  const pairs = [];
  for (const file of tree.headers('include')) {
    if (NOT_FOR_DRIVERS.test(file)) continue;
    const declared = declaredIn(tree.text(file));
    const unread = headers.some((pattern) => fits(pattern, file));
    for (const [name, { line, macro }] of declared) {
      if (known.has(name) || names.has(name)) continue;
      if (MANAGED.test(name)) managed.push({ file, line, names: [name] });
      else if (!unread && !macro) {
        const others = counterparts(name).filter((other) => declared.has(other));
        if (others.length > 0) pairs.push({ file, line, names: [name, ...others] });
      }
    }
  }
  return [...managed, ...pairs].map((one) => ({
    ...one,
    summary: summaryOf(tree, one.file, one.names[0]),
  }));
}
