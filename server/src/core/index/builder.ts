/** Collects the rows of an index and the sets of words that go with them. */
import { alternativeColumns, Column, columns, FileIndex, gapColumns } from './file-index.ts';
import type { Words } from './words.ts';

/** Numbers that are appended one by one. */
export class Numbers {
  data: Int32Array;
  length = 0;

  constructor(capacity: number) {
    this.data = new Int32Array(capacity);
  }

  push(value: number): void {
    if (this.length === this.data.length) this.reserve(1);
    this.data[this.length++] = value;
  }

  pushAll(values: Int32Array): void {
    this.reserve(values.length);
    this.data.set(values, this.length);
    this.length += values.length;
  }

  reserve(more: number): void {
    if (this.length + more <= this.data.length) return;
    const data = new Int32Array(2 * (this.length + more));
    data.set(this.data.subarray(0, this.length));
    this.data = data;
  }

  taken(): Int32Array {
    return this.data.slice(0, this.length);
  }
}

/** The words that one item mentions, and those it calls. */
export class Mentions {
  private readonly words: Words;
  private readonly all = new Numbers(256);
  private readonly called = new Numbers(64);
  private stamp: number;
  /** Something was called through an expression. */
  through = false;

  constructor(words: Words) {
    this.words = words;
    this.stamp = words.newStamp();
  }

  add(id: number): void {
    const { entries } = this.words;
    if (entries[2 * id + 1] === this.stamp) return;
    entries[2 * id + 1] = this.stamp;
    this.all.push(id);
  }

  addCall(id: number): void {
    this.called.push(id);
  }

  /** Appends the words so far as a sorted set. */
  writeTo(out: Numbers): void {
    writeSet(this.all, out);
  }

  writeCallsTo(out: Numbers): void {
    writeSet(this.called, out);
  }

  /** Takes back what was written before, for an item that ends twice. */
  addAll(words: Int32Array, calls: Int32Array): void {
    for (const id of words) this.add(id);
    this.called.pushAll(calls);
  }

  reset(): void {
    this.all.length = 0;
    this.called.length = 0;
    this.through = false;
    this.stamp = this.words.newStamp();
  }
}

/** Another collection may have taken a word's stamp meanwhile, so that it can be there twice. */
function writeSet(from: Numbers, out: Numbers): void {
  const { data, length } = from;
  sort(data, length);
  let last = -1;
  out.reserve(length);
  const to = out.data;
  let at = out.length;
  for (let i = 0; i < length; i++) {
    const value = data[i]!;
    if (value !== last) to[at++] = value;
    last = value;
  }
  out.length = at;
}

/** Shell's sort: sets are small, and a call of the built-in one costs more than sorting them. */
function sort(data: Int32Array, length: number): void {
  if (length > 2000) {
    data.subarray(0, length).sort();
    return;
  }
  let gap = 1;
  while (gap < length / 3) gap = 3 * gap + 1;
  for (; gap > 0; gap = (gap / 3) | 0)
    for (let i = gap; i < length; i++) {
      const value = data[i]!;
      let k = i;
      for (; k >= gap && data[k - gap]! > value; k -= gap) data[k] = data[k - gap]!;
      data[k] = value;
    }
}

/** What an item is, but for its words. */
export interface Row {
  readonly kind: number;
  readonly flags: number;
  readonly name: number;
  readonly nameStart: number;
  readonly start: number;
  readonly end: number;
  readonly bodyStart: number;
  readonly headEnd: number;
  readonly extra: number;
  readonly alternative: number;
}

export class IndexBuilder {
  private readonly items: Numbers;
  private readonly words: Numbers;
  private readonly alternatives = new Numbers(0);
  private readonly gaps = new Numbers(0);
  private lastStart = -1;
  private inOrder = true;
  count = 0;

  constructor(length: number) {
    this.items = new Numbers(columns * (8 + (length >> 8)));
    this.words = new Numbers(64 + (length >> 5));
  }

  /**
   * Appends an item with the words collected so far, which stay collected.
   * @param calls written in place of the collected calls: a call's arguments
   * @returns its number, by which it can be told more until the index is made
   */
  add(row: Row, mentions: Mentions, calls: Int32Array | null = null): number {
    const { items, words } = this;
    if (row.start < this.lastStart) this.inOrder = false;
    this.lastStart = row.start;
    items.reserve(columns);
    const at = items.length;
    items.length += columns;
    const data = items.data;
    data[at + Column.kind] = row.kind;
    data[at + Column.flags] = row.flags;
    data[at + Column.name] = row.name;
    data[at + Column.nameStart] = row.nameStart;
    data[at + Column.start] = row.start;
    data[at + Column.end] = row.end;
    data[at + Column.bodyStart] = row.bodyStart;
    data[at + Column.headEnd] = row.headEnd;
    data[at + Column.extra] = row.extra;
    data[at + Column.alternative] = row.alternative;
    data[at + Column.words] = words.length;
    mentions.writeTo(words);
    data[at + Column.wordsEnd] = words.length;
    data[at + Column.calls] = words.length;
    if (calls) words.pushAll(calls);
    else mentions.writeCallsTo(words);
    data[at + Column.callsEnd] = words.length;
    return this.count++;
  }

  /** Gives an item the words of an earlier one: two heads of one body. */
  shareWords(item: number, from: number): void {
    const { data } = this.items;
    for (const column of [Column.words, Column.wordsEnd, Column.calls, Column.callsEnd])
      data[item * columns + column] = data[from * columns + column]!;
  }

  /** Ends an item once more, further down, with the words collected since. */
  extend(item: number, end: number, flags: number, mentions: Mentions): void {
    const { items, words } = this;
    const row = items.data.subarray(item * columns, (item + 1) * columns);
    mentions.addAll(
      words.data.slice(row[Column.words], row[Column.wordsEnd]),
      words.data.slice(row[Column.calls], row[Column.callsEnd]),
    );
    row[Column.words] = words.length;
    mentions.writeTo(words);
    row[Column.wordsEnd] = words.length;
    row[Column.calls] = words.length;
    mentions.writeCallsTo(words);
    row[Column.callsEnd] = words.length;
    row[Column.end] = Math.max(end, row[Column.end] ?? 0);
    row[Column.flags] = (row[Column.flags] ?? 0) | flags;
  }

  gap(item: number, start: number, end: number): void {
    for (const value of [item, start, end]) this.gaps.push(value);
  }

  /** @returns the alternative's number */
  alternative(row: readonly number[]): number {
    for (const value of row) this.alternatives.push(value);
    return this.alternatives.length / alternativeColumns - 1;
  }

  index(): FileIndex {
    const gaps = this.gaps.taken();
    let items = this.items.taken();
    if (!this.inOrder) {
      const from = items;
      const start = (i: number): number => from[i * columns + Column.start]!;
      const end = (i: number): number => from[i * columns + Column.end]!;
      const order = Array.from({ length: this.count }, (_, i) => i).sort(
        (a, b) => start(a) - start(b) || end(b) - end(a) || a - b,
      );
      items = new Int32Array(from.length);
      const places = new Int32Array(this.count);
      order.forEach((old, i) => {
        items.set(from.subarray(old * columns, (old + 1) * columns), i * columns);
        places[old] = i;
      });
      for (let i = 0; i < gaps.length; i += gapColumns) gaps[i] = places[gaps[i]!]!;
    }
    return new FileIndex({
      items,
      words: this.words.taken(),
      alternatives: this.alternatives.taken(),
      gaps,
    });
  }
}
