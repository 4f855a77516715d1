/** What all files of a program have under a name: found by the words, and read off the facts. */
import { Column, Flag } from '../index/file-index.ts';
import type { FunctionRef } from './function-ref.ts';
import type { Joined, JoinedItem } from './listed.ts';
import type { MacroCalls } from './macro-calls.ts';
import type { Mentions } from './mentions.ts';
import type { Unit } from './unit.ts';

export class JoinedIndex {
  private readonly kind: Joined;
  private readonly mentions: Mentions;
  private readonly macros: () => MacroCalls;
  private readonly units: () => readonly Unit[];
  private readonly lists = new Map<string, readonly JoinedItem[Joined][]>();

  constructor(
    kind: Joined,
    mentions: Mentions,
    macros: () => MacroCalls,
    units: () => readonly Unit[],
  ) {
    this.kind = kind;
    this.mentions = mentions;
    this.macros = macros;
    this.units = units;
  }

  /** In the order of the files, and in source order in each. */
  get(name: string): readonly JoinedItem[Joined][] {
    const known = this.lists.get(name);
    if (known) return known;
    const list = this.read(name, this.candidates(name));
    this.lists.set(name, list);
    return list;
  }

  /** What some of the functions have under the name: the others are not read. */
  among(name: string, counts: (ref: FunctionRef) => boolean): readonly JoinedItem[Joined][] {
    return this.read(name, this.candidates(name).filter(counts));
  }

  private read(name: string, refs: readonly FunctionRef[]): readonly JoinedItem[Joined][] {
    const list: JoinedItem[Joined][] = [];
    for (const ref of refs)
      for (const [found, item] of ref.entries()[this.kind]) if (found === name) list.push(item);
    return list;
  }

  /** The functions that have the name before a `(`, or a macro that stands for it: without a parse. */
  callers(name: string): readonly FunctionRef[] {
    return this.candidates(name);
  }

  /** Other files. */
  reset(): void {
    this.lists.clear();
  }

  /** Something else may be under a name than before. */
  renew(name: string): void {
    this.lists.delete(name);
  }

  /** The functions that may have something under the name. */
  private candidates(name: string): readonly FunctionRef[] {
    if (name === '') return this.indirect();
    const words = this.units()[0]?.source.words;
    const id = words?.find(name) ?? -1;
    const direct = id < 0 ? [] : this.mentions.of(id);
    switch (this.kind) {
      case 'calls': {
        const callers = direct.filter((ref) => calls(ref, id));
        const macros = this.macros().leadingTo(name);
        if (macros.length === 0) return callers;
        const more = macros.flatMap((macro) => {
          const word = words?.find(macro) ?? -1;
          return word < 0 ? [] : this.mentions.of(word).filter((ref) => calls(ref, word));
        });
        return this.mentions.sorted([...new Set([...callers, ...more])]);
      }
      case 'through':
        return direct.filter(
          (ref) => hasFlag(ref, Flag.callsThrough) && ref.body.bodyWords.calledMembers.includes(id),
        );
      case 'stores':
        return direct.filter((ref) => ref.body.bodyWords.stored.includes(id));
      case 'handed':
        return direct.filter((ref) => ref.body.bodyWords.values.includes(id));
    }
  }

  /** Calls through an expression; through a variable, for `through`. */
  private indirect(): readonly FunctionRef[] {
    const all = this.units().flatMap((unit) => unit.functions);
    if (this.kind !== 'calls' && this.kind !== 'through') return [];
    const members = this.kind === 'calls';
    return all.filter(
      (ref) => (members && hasFlag(ref, Flag.callsThrough)) || ref.body.bodyWords.callsVariable,
    );
  }
}

function calls(ref: FunctionRef, word: number): boolean {
  return ref.file.source.index.callsWord(ref.item, word);
}

function hasFlag(ref: FunctionRef, flag: number): boolean {
  return (ref.file.source.index.cell(ref.item, Column.flags) & flag) !== 0;
}
