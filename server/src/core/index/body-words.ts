/**
 * What the skim does not tell of a function: to which members it may store something, which names it
 * uses as values, whether it may call a variable. All err on the side of too much: whoever asks then
 * reads the body itself.
 */
import { Char, charClasses, skipNumber, stringEnd } from '../syntax/characters.ts';
import { hashFactor, WordClass, type Words } from './words.ts';

/** The lists are short and there are many of them: each is as long as it must be. */
export interface BodyWords {
  /** Members with `=`, or `[`, behind them. */
  readonly stored: readonly number[];
  /** Members that may be called, by what stands behind them. */
  readonly calledMembers: readonly number[];
  /** Words that are no members and have no `(` behind them. */
  readonly values: readonly number[];
  /** Something is called that looks declared in the same function, or `(*x)(`, or `x[i](`. */
  readonly callsVariable: boolean;
}

/** @param text a function's text, from its head to its closing brace */
export function bodyWords(text: string, words: Words): BodyWords {
  const stored = new Set<number>();
  const calledMembers = new Set<number>();
  const values = new Set<number>();
  const declared = new Set<number>();
  /** For each open parenthesis whether `*` stands behind it. */
  const groups: boolean[] = [];
  let lastGroup = false;
  let callsVariable = false;
  const called = new Set<number>();
  const { length } = text;
  const { firstName } = words;
  /** The last token: a character code, 97 for a word that can stand before a declared name. */
  let previous = 0;
  for (let i = 0; i < length; ) {
    const code = text.charCodeAt(i);
    const kind = code < 128 ? charClasses[code]! : Char.other;
    if (kind === Char.space || kind === Char.line) {
      i++;
    } else if (kind === Char.letter) {
      let hash = Math.imul(code, hashFactor);
      let end = i + 1;
      for (; end < length; end++) {
        const next = text.charCodeAt(end);
        if (next >= 128) break;
        const nextKind = charClasses[next]!;
        if (nextKind !== Char.letter && nextKind !== Char.digit) break;
        hash = Math.imul(hash ^ next, hashFactor);
      }
      const id = words.at(text, i, end, hash);
      let after = end;
      let next = text.charCodeAt(after);
      while (next === 32 || next === 10 || next === 9 || next === 13)
        next = text.charCodeAt(++after);
      if (id >= firstName) {
        const member = previous === 46 || previous === 62;
        if (member) {
          if (mayBeCalled(next)) calledMembers.add(id);
          if (next === 91 || isAssignment(next, text.charCodeAt(after + 1))) stored.add(id);
        } else if (next !== 40) values.add(id);
        if (next === 40 && previous !== 46 && previous !== 62) called.add(id);
        else if ((previous === 97 || previous === 42) && isDeclaratorEnd(next)) declared.add(id);
        else if (previous === 42 && next === 41) declared.add(id);
      }
      previous = words.classOf(id) === WordClass.control ? 32 : 97;
      i = end;
    } else if (kind === Char.digit) {
      i = skipNumber(text, i);
      previous = 48;
    } else if (kind === Char.quote) {
      i = stringEnd(text, i);
      previous = 34;
    } else if (code === 47 && text.charCodeAt(i + 1) === 42) {
      const end = text.indexOf('*/', i + 2);
      i = end < 0 ? length : end + 2;
    } else if (code === 47 && text.charCodeAt(i + 1) === 47) {
      const end = text.indexOf('\n', i);
      i = end < 0 ? length : end;
    } else {
      if (code === 40) {
        if (previous === 93 || (previous === 41 && lastGroup)) callsVariable = true;
        let at = i + 1;
        while (text.charCodeAt(at) === 32) at++;
        groups.push(text.charCodeAt(at) === 42);
      } else if (code === 41) lastGroup = groups.pop() ?? false;
      previous = code === 62 && text.charCodeAt(i - 1) !== 45 ? 60 : code;
      i++;
    }
  }
  for (const id of called) if (declared.has(id)) callsVariable = true;
  return {
    stored: listOf(stored),
    calledMembers: listOf(calledMembers),
    values: listOf(values),
    callsVariable,
  };
}

const none: readonly number[] = [];

function listOf(words: ReadonlySet<number>): readonly number[] {
  return words.size === 0 ? none : Array.from(words);
}

/** `(`, `[`, `)`; before a comment or a continued line anything may follow. */
function mayBeCalled(code: number): boolean {
  return code === 40 || code === 91 || code === 41 || code === 47 || code === 92;
}

function isDeclaratorEnd(code: number): boolean {
  return code === 61 || code === 59 || code === 44 || code === 41 || code === 91;
}

/** `=`, or `+=` and the like. */
function isAssignment(code: number, next: number): boolean {
  return code === 61 ? next !== 61 : next === 61 && isCompound(code);
}

function isCompound(code: number): boolean {
  return (
    code === 43 ||
    code === 45 ||
    code === 42 ||
    code === 47 ||
    code === 37 ||
    code === 38 ||
    code === 124 ||
    code === 94
  );
}
