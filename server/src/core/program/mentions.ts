/** Who mentions a word: the functions of a program by the words that the index of their file lists. */
import { push } from '../push.ts';
import type { FunctionRef } from './function-ref.ts';
import type { Unit } from './unit.ts';

/** More changed files than this, and the whole is made anew. */
const maximumFresh = 32;

export class Mentions {
  private units: readonly Unit[] = [];
  private order = new Map<Unit, number>();
  /** For each word where its functions begin in `refs`. */
  private starts = new Int32Array(1);
  private refs = new Int32Array(0);
  private functions: FunctionRef[] = [];
  private made = false;
  /** Files that changed since, by word. */
  private fresh = new Map<Unit, Map<number, FunctionRef[]>>();

  /** Other files. */
  reset(units: readonly Unit[]): void {
    this.units = units;
    this.order = new Map(units.map((unit, i) => [unit, i]));
    this.made = false;
    this.fresh.clear();
  }

  /** A file has other functions, or other texts of them. */
  renew(unit: Unit): void {
    if (!this.made) return;
    if (this.fresh.size >= maximumFresh) this.made = false;
    else this.fresh.set(unit, wordsOf(unit));
  }

  /** The functions that mention a word, in the order of files and positions. */
  of(word: number): FunctionRef[] {
    if (!this.made) this.make();
    const out: FunctionRef[] = [];
    const { fresh } = this;
    if (word + 1 < this.starts.length) {
      const end = this.starts[word + 1] ?? 0;
      for (let i = this.starts[word] ?? 0; i < end; i++) {
        const ref = this.functions[this.refs[i] ?? -1];
        if (ref && !fresh.has(ref.file)) out.push(ref);
      }
    }
    if (fresh.size === 0) return out;
    const base = out.length;
    for (const words of fresh.values()) for (const ref of words.get(word) ?? []) out.push(ref);
    return out.length === base ? out : this.sorted(out);
  }

  /** In the order of files and positions. */
  sorted(refs: FunctionRef[]): FunctionRef[] {
    const place = (ref: FunctionRef) => this.order.get(ref.file) ?? 0;
    return refs.sort((a, b) => place(a) - place(b) || a.start - b.start);
  }

  /** By counting: each word's functions end up one after the other. */
  private make(): void {
    this.fresh.clear();
    this.functions = this.units.flatMap((unit) => unit.functions);
    const size = this.units[0]?.source.words.size ?? 0;
    const starts = new Int32Array(size + 1);
    for (const ref of this.functions)
      for (const word of ref.file.source.index.mentions(ref.item))
        starts[word + 1] = (starts[word + 1] ?? 0) + 1;
    for (let i = 0; i < size; i++) starts[i + 1] = (starts[i + 1] ?? 0) + (starts[i] ?? 0);
    const refs = new Int32Array(starts[size] ?? 0);
    const next = starts.slice();
    this.functions.forEach((ref, ordinal) => {
      for (const word of ref.file.source.index.mentions(ref.item)) {
        const at = next[word] ?? 0;
        refs[at] = ordinal;
        next[word] = at + 1;
      }
    });
    this.starts = starts;
    this.refs = refs;
    this.made = true;
  }
}

function wordsOf(unit: Unit): Map<number, FunctionRef[]> {
  const words = new Map<number, FunctionRef[]>();
  for (const ref of unit.functions) {
    for (const word of unit.source.index.mentions(ref.item)) {
      push(words, word, ref);
    }
  }
  return words;
}
