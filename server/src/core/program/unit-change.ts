/** What an update of a unit changed, as the names under which it is looked up. */
import type { ItemText, SourceFile } from '../facts/source-file.ts';
import { Column, Flag } from '../index/file-index.ts';
import type { FunctionRef } from './function-ref.ts';
import type { Joined } from './listed.ts';

/** What an update of a unit changed, as the names under which it is looked up. */
export interface Change {
  /** Functions that came, went, moved among the others, or changed between static and not. */
  readonly names: Set<string>;
  /** Numbers of the words under which something of changed functions is listed, or was. */
  readonly listed: Readonly<Record<Joined, Set<number>>>;
  /** Of the words that a function mentions, and that it has before a `(`: those that came or went. */
  readonly mentioned: Set<number>;
  readonly called: Set<number>;
  /** One of them calls something through an expression. */
  indirect: boolean;
  readonly structs: Set<string>;
  readonly prototypes: Set<string>;
  tables: boolean;
  macros: boolean;
}

export function noChange(): Change {
  return {
    names: new Set(),
    listed: { calls: new Set(), through: new Set(), stores: new Set(), handed: new Set() },
    mentioned: new Set(),
    called: new Set(),
    indirect: false,
    structs: new Set(),
    prototypes: new Set(),
    tables: false,
    macros: false,
  };
}

/** A function as one text of its file has it. */
interface FunctionText {
  readonly source: SourceFile;
  readonly item: number;
  readonly body: ItemText;
}

export function textOf({ file, item, body }: FunctionRef): FunctionText {
  return { source: file.source, item, body };
}

/** What is looked up by name of a function: by the same marks as where it is looked for (`JoinedIndex`). */
function addListed({ source: { index }, item, body }: FunctionText, change: Change): void {
  const { listed } = change;
  const { stored, calledMembers, values, callsVariable } = body.bodyWords;
  const callsThrough = (index.cell(item, Column.flags) & Flag.callsThrough) !== 0;
  for (const word of index.calls(item)) listed.calls.add(word);
  if (callsThrough) for (const word of calledMembers) listed.through.add(word);
  for (const word of stored) listed.stores.add(word);
  for (const word of values) listed.handed.add(word);
  change.indirect ||= callsThrough || callsVariable;
}

/** A function comes, goes, or moves among the others. */
export function addAll(text: FunctionText, change: Change): void {
  addListed(text, change);
  const { index } = text.source;
  for (const word of index.mentions(text.item)) change.mentioned.add(word);
  for (const word of index.calls(text.item)) change.called.add(word);
}

/** A function has another text: its calls are others, but most of its words are the same. */
export function addDifference(before: FunctionText, after: FunctionText, change: Change): void {
  addListed(before, change);
  addListed(after, change);
  const [had, has] = [before.source.index, after.source.index];
  addEither(had.mentions(before.item), has.mentions(after.item), change.mentioned);
  addEither(had.calls(before.item), has.calls(after.item), change.called);
}

/** Adds what stands in one of two sorted lists alone. */
function addEither(a: Int32Array, b: Int32Array, to: Set<number>): void {
  for (let i = 0, k = 0; i < a.length || k < b.length; ) {
    const one = a[i] ?? Number.POSITIVE_INFINITY;
    const other = b[k] ?? Number.POSITIVE_INFINITY;
    if (one !== other) to.add(Math.min(one, other));
    if (one <= other) i++;
    if (other <= one) k++;
  }
}
