/**
 * The `#if`s around the place that is being read. Each branch starts from the state before its `#if`;
 * behind the `#endif` counts the branch that left most braces open, since what is swallowed is found
 * again at the next `{` in column 0, and what is closed too early is not.
 */

import { Char, classOf, directiveEnd, lineCommentEnd } from '../syntax/characters.ts';
import type { IndexBuilder, Row } from './builder.ts';
import { type ConditionKind, conditionKinds } from './file-index.ts';
import type { Head } from './head.ts';

/** A function whose body is open; one with several heads is several of these. */
export interface OpenFunction extends Row {
  flags: number;
  end: number;
  /** Its number, once a closing brace was seen. */
  row: number;
  gaps: Gap[];
}

/** A range that is blanked before the function is parsed alone. */
export interface Gap {
  readonly start: number;
  end: number;
}

/** What the brace at depth 1 belongs to. */
export type Block = 'none' | 'function' | 'struct' | 'list' | 'argument' | 'other';

/** Where the reader stands. */
export interface State {
  depth: number;
  block: Block;
  open: readonly OpenFunction[];
  head: Head;
}

/** One of several heads that share a body. */
export interface Variant {
  /** Its tokens come behind so many that all share. */
  readonly from: number;
  readonly tokens: Head;
  readonly alternative: number;
}

export interface Conditional {
  /** Where `#if` stands, and where its line ends. */
  readonly start: number;
  readonly lineEnd: number;
  /** One branch is always taken: to whoever parses a function there is no conditional. */
  constant: boolean;
  readonly saved: State;
  /** The head that `saved` was copied from, to see whether a branch goes on with it. */
  readonly headSerial: number;
  /** Guards a header against being read twice: no alternative. */
  readonly guard: boolean;
  /** Every further branch is dead, since one before it is always taken. */
  taken: boolean;
  /** The current branch is left out. */
  dead: boolean;
  deepest: State | null;
  readonly variants: Variant[];
  readonly opened: OpenFunction[];
  branch: number;
  kind: ConditionKind;
  conditionStart: number;
  conditionEnd: number;
  group: number;
  /** The current branch's number as an alternative, -1 until something stands in it. */
  row: number;
}

/** Makes the rows of the branches that something stands in. */
export class Alternatives {
  readonly stack: Conditional[] = [];
  private groups = 0;
  private readonly builder: IndexBuilder;

  constructor(builder: IndexBuilder) {
    this.builder = builder;
  }

  /** The innermost branch here, -1 outside of all. */
  current(): number {
    const { stack } = this;
    let at = stack.length - 1;
    while (at >= 0 && stack[at]!.row < 0) at--;
    let row = stack[at]?.row ?? -1;
    for (at++; at < stack.length; at++) {
      const one = stack[at]!;
      if (!one.guard) one.row = this.rowIn(row, one);
      row = one.row < 0 ? row : one.row;
    }
    return row;
  }

  private rowIn(parent: number, one: Conditional): number {
    if (one.group < 0) one.group = this.groups++;
    const { group, branch, conditionStart, conditionEnd } = one;
    const kind = conditionKinds.indexOf(one.kind);
    return this.builder.alternative([parent, group, branch, kind, conditionStart, conditionEnd]);
  }
}

/** Always true, always false, or unknown, as `1`, `0` and `null`. */
export function constantCondition(text: string, start: number, end: number): 0 | 1 | null {
  if (end - start > 40) return null;
  const condition = text
    .slice(start, end)
    .replace(/\/\*[^]*?\*\/|\/\/.*/g, '')
    .trim();
  return condition === '0' ? 0 : condition === '1' ? 1 : null;
}

/** Whether `#ifndef NAME` is followed by `#define NAME` at once. */
export function isGuard(text: string, start: number, end: number): boolean {
  const name = text.slice(start, end).trim();
  const next = /^\s*#\s*define\s+(\w+)/.exec(text.slice(end, end + 200));
  return next?.[1] === name;
}

/** From inside a dead branch to the directive that ends it, or to the text's end. */
export function skipBranch(text: string, at: number): number {
  let level = 0;
  let fresh = true;
  for (let i = at; i < text.length; i++) {
    const code = text.charCodeAt(i);
    const kind = classOf(code);
    if (kind === Char.line) fresh = true;
    else if (code === 47 && text.charCodeAt(i + 1) === 42) {
      const end = text.indexOf('*/', i + 2);
      if (end < 0) return text.length;
      i = end + 1;
    } else if (code === 47 && text.charCodeAt(i + 1) === 47) {
      i = lineCommentEnd(text, i) - 1;
    } else if (code === 35 && fresh) {
      const word = /^#[ \t]*(if|el|endif)/.exec(text.slice(i, i + 24))?.[1];
      if (word === 'if') level++;
      else if (word !== undefined && level === 0) return i;
      else if (word === 'endif') level--;
      i = directiveEnd(text, i) - 1;
      fresh = false;
    } else if (kind !== Char.space) fresh = false;
  }
  return text.length;
}
