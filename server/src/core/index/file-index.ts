/**
 * What a file holds, by name and place, with the words that each item mentions: read from the text
 * without a tree (`skim`), small enough to be kept for every file.
 *
 * All offsets are UTF-16 code units from the start of the file. Words are numbers of the `Words` that
 * the file was skimmed with.
 */

import { blanked } from '../syntax/characters.ts';
import { lineStartsOf, type Span } from '../text.ts';

export const kinds = [
  'function',
  'prototype',
  /** A struct, union or enum with a tag and a body. */
  'struct',
  /** A variable with an initialiser in braces, or one that is a struct or an array. */
  'table',
  'macro',
  'include',
  /** A macro's use at file scope, `EXPORT_SYMBOL(x)`. */
  'call',
  'typedef',
  'other',
] as const;

export type ItemKind = (typeof kinds)[number];

/** Bits of an item's flags. */
export const Flag = {
  static: 1,
  /** Something is called through a pointer or a member. */
  callsThrough: 2,
  /** Its braces do not close. */
  unclosed: 4,
  /** Other heads or branches lie between its head and its body: see `gaps`. */
  split: 8,
  /** `#include <…>`. */
  system: 16,
  /** A macro with parameters. */
  parameters: 32,
  extern: 64,
  inline: 128,
} as const;

/** One item as an object; offsets that do not apply are -1. */
export interface Item extends Span {
  readonly kind: ItemKind;
  /** A word's number, -1 for an item without name. */
  readonly name: number;
  readonly nameStart: number;
  /** Where `{` of the body or the list stands, or a macro's value begins. */
  readonly bodyStart: number;
  /** Where the head ends: after the last token before the body, a macro's parameters, a path. */
  readonly headEnd: number;
  /** A table's struct tag or the called macro's name, as a word's number; -1 when there is none. */
  readonly tag: number;
  /** Of a macro with parameters: where `(` stands. */
  readonly paramsStart: number;
  readonly flags: number;
  /** Index into the alternatives, -1 outside of every `#if`. */
  readonly alternative: number;
}

export type ConditionKind = 'if' | 'ifdef' | 'ifndef' | 'elif' | 'else';
export const conditionKinds: readonly ConditionKind[] = ['if', 'ifdef', 'ifndef', 'elif', 'else'];

/** One branch of an `#if`; the span is that of its condition's text. */
export interface Alternative extends Span {
  /** The branch around this `#if`, -1 for none. */
  readonly parent: number;
  /** The same for all branches of one `#if`. */
  readonly group: number;
  /** 0 for `#if`, counting up. */
  readonly branch: number;
  readonly kind: ConditionKind;
}

/** The columns of an item's row. */
export const Column = {
  kind: 0,
  flags: 1,
  name: 2,
  nameStart: 3,
  start: 4,
  end: 5,
  bodyStart: 6,
  headEnd: 7,
  extra: 8,
  alternative: 9,
  words: 10,
  calls: 11,
  wordsEnd: 12,
  callsEnd: 13,
} as const;
export const columns = 14;
export const alternativeColumns = 6;
export const gapColumns = 3;

/** The numbers of an index: plain data that can be stored and sent. */
export interface IndexData {
  /** `columns` numbers for each item, in order of their starts. */
  readonly items: Int32Array;
  /** Sorted sets of words, and the arguments of calls in order, one after the other. */
  readonly words: Int32Array;
  /** parent, group, branch, kind, start, end */
  readonly alternatives: Int32Array;
  /** item, start, end */
  readonly gaps: Int32Array;
}

export class FileIndex {
  readonly data: IndexData;
  private lines: readonly number[] | null = null;

  constructor(data: IndexData) {
    this.data = data;
  }

  /** The number of items; they are counted in order of their starts, an outer one before an inner. */
  get count(): number {
    return this.data.items.length / columns;
  }

  /** One column of an item without an object. */
  cell(item: number, column: number): number {
    return this.data.items[item * columns + column] ?? -1;
  }

  kind(item: number): ItemKind {
    return kinds[this.cell(item, Column.kind)] ?? 'other';
  }

  item(item: number): Item {
    const kind = this.kind(item);
    const extra = this.cell(item, Column.extra);
    return {
      kind,
      name: this.cell(item, Column.name),
      nameStart: this.cell(item, Column.nameStart),
      start: this.cell(item, Column.start),
      end: this.cell(item, Column.end),
      bodyStart: this.cell(item, Column.bodyStart),
      headEnd: this.cell(item, Column.headEnd),
      tag: kind === 'macro' ? -1 : extra,
      paramsStart: kind === 'macro' ? extra : -1,
      flags: this.cell(item, Column.flags),
      alternative: this.cell(item, Column.alternative),
    };
  }

  /** The items of a kind, or all. */
  *items(kind?: ItemKind): IterableIterator<number> {
    const wanted = kind === undefined ? -1 : kinds.indexOf(kind);
    for (let i = 0; i < this.count; i++)
      if (wanted < 0 || this.cell(i, Column.kind) === wanted) yield i;
  }

  /** The identifiers that an item names anywhere, its own name included: sorted, each once. */
  mentions(item: number): Int32Array {
    return this.data.words.subarray(
      this.cell(item, Column.words),
      this.cell(item, Column.wordsEnd),
    );
  }

  /**
   * Of a function or a macro: the names with `(` behind them, but for members; sorted, each once.
   * Of a call at file scope: the words of its arguments, in order.
   */
  calls(item: number): Int32Array {
    return this.data.words.subarray(
      this.cell(item, Column.calls),
      this.cell(item, Column.callsEnd),
    );
  }

  /** Whether an item names a word. */
  mentionsWord(item: number, word: number): boolean {
    return this.holds(word, this.cell(item, Column.words), this.cell(item, Column.wordsEnd));
  }

  /** Whether a function or a macro has the word before a `(`. */
  callsWord(item: number, word: number): boolean {
    return this.holds(word, this.cell(item, Column.calls), this.cell(item, Column.callsEnd));
  }

  private holds(word: number, start: number, end: number): boolean {
    const { words } = this.data;
    let low = start;
    let high = end - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const found = words[middle] ?? 0;
      if (found === word) return true;
      if (found < word) low = middle + 1;
      else high = middle - 1;
    }
    return false;
  }

  get alternativeCount(): number {
    return this.data.alternatives.length / alternativeColumns;
  }

  alternative(at: number): Alternative {
    const row = this.data.alternatives.subarray(at * alternativeColumns);
    const [parent = -1, group = 0, branch = 0, kind = 0, start = 0, end = 0] = row;
    return { parent, group, branch, kind: conditionKinds[kind] ?? 'if', start, end };
  }

  /** The branches that an item stands in, the outermost first. */
  alternativesOf(item: number): Alternative[] {
    const out: Alternative[] = [];
    for (let at = this.cell(item, Column.alternative); at >= 0; ) {
      const one = this.alternative(at);
      out.unshift(one);
      at = one.parent;
    }
    return out;
  }

  /** Ranges inside of an item that belong to another alternative of it. */
  gapsOf(item: number): Span[] {
    const { gaps } = this.data;
    const out: Span[] = [];
    for (let i = 0; i < gaps.length; i += gapColumns)
      if (gaps[i] === item) out.push({ start: gaps[i + 1] ?? 0, end: gaps[i + 2] ?? 0 });
    return out;
  }

  /**
   * An item's text as it can be parsed alone: as long as the item, what belongs to other
   * alternatives blanked.
   * @param text the text that was skimmed
   */
  textOf(item: number, text: string): string {
    const start = this.cell(item, Column.start);
    const whole = text.slice(start, this.cell(item, Column.end));
    if ((this.cell(item, Column.flags) & Flag.split) === 0) return whole;
    return this.gapsOf(item).reduce((made, gap) => {
      const from = Math.max(0, gap.start - start);
      const to = Math.max(from, Math.min(made.length, gap.end - start));
      return made.slice(0, from) + blanked(made.slice(from, to)) + made.slice(to);
    }, whole);
  }

  /** The offset of each line's first character, made when first asked for. */
  lineStarts(text: string): readonly number[] {
    this.lines ??= lineStartsOf(text);
    return this.lines;
  }
}
