/** From heads to items: what a declaration is when its `;` or closing brace is seen. */
import { Mentions } from './builder.ts';
import type { OpenFunction } from './conditionals.ts';
import { Flag, type ItemKind, kinds } from './file-index.ts';
import { type Described, type Head, Token } from './head.ts';
import type { Reading } from './reading.ts';
import { externWord, inlineWord, staticWord, WordClass } from './words.ts';

export class Declarations {
  private readonly reading: Reading;

  constructor(reading: Reading) {
    this.reading = reading;
  }

  openFunctions(described: Described, at: number): readonly OpenFunction[] {
    const { head, variants } = this.reading;
    if (!variants)
      return [this.openFunction(head, described, at, this.reading.alternatives.current())];
    const made = variants.list.flatMap((one) => {
      const own = head.range(0, one.from);
      own.append(one.tokens, 0, one.tokens.length);
      own.append(head, variants.end, head.length);
      const what = own.describe();
      if (own.opens(what) !== 'function') return [];
      const fn = this.openFunction(own, what, at, one.alternative);
      const last = one.tokens.ends[one.tokens.length - 1] ?? 0;
      fn.flags |= Flag.split;
      // Of an earlier `#if` of the head the directives are no part of it either.
      fn.gaps = fn.gaps.filter((gap) => gap.end <= variants.start || gap.start >= variants.close);
      fn.gaps.push({ start: variants.start, end: one.tokens.starts[0] ?? 0 });
      fn.gaps.push({ start: last, end: variants.close });
      return [fn];
    });
    return made.length > 1
      ? made
      : [this.openFunction(head, described, at, this.reading.alternatives.current())];
  }

  private openFunction(head: Head, what: Described, at: number, alternative: number): OpenFunction {
    return {
      kind: 0,
      name: head.words[what.name] ?? -1,
      nameStart: head.starts[what.name] ?? -1,
      start: head.starts[what.first] ?? at,
      end: at,
      extra: -1,
      headEnd: head.ends[head.length - 1] ?? at,
      bodyStart: at,
      alternative,
      flags: this.flagsOf(head) | (this.reading.headGaps.length > 0 ? Flag.split : 0),
      row: -1,
      gaps: [...this.reading.headGaps],
    };
  }

  private flagsOf(head: Head): number {
    let flags = 0;
    for (let i = 0; i < head.length; i++) {
      if (head.kinds[i] !== WordClass.storage) continue;
      const word = head.words[i];
      if (word === staticWord) flags |= Flag.static;
      else if (word === externWord) flags |= Flag.extern;
      else if (word === inlineWord) flags |= Flag.inline;
    }
    return flags;
  }

  endFunctions(end: number, flags: number): void {
    const { builder, mentions } = this.reading;
    const through = mentions.through ? Flag.callsThrough : 0;
    let first = -1;
    for (const fn of this.reading.open) {
      fn.flags |= flags | through;
      if (fn.row >= 0) {
        builder.extend(fn.row, end, fn.flags, mentions);
        continue;
      }
      fn.end = end;
      if (first < 0) first = fn.row = builder.add(fn, mentions);
      else {
        fn.row = builder.add(fn, new Mentions(this.reading.words));
        builder.shareWords(fn.row, first);
      }
      for (const gap of fn.gaps) builder.gap(fn.row, gap.start, gap.end);
    }
    this.reading.open = [];
  }

  addItem(
    kind: ItemKind,
    what: Described,
    end: number,
    flags: number,
    calls: Int32Array | null = null,
    first = what.first,
  ): void {
    const { head } = this.reading;
    const body = head.kinds.indexOf(Token.block);
    const at = body >= 0 && body < head.length ? body : -1;
    this.reading.builder.add(
      {
        kind: kinds.indexOf(kind),
        flags: this.flagsOf(head) | flags,
        name: head.words[what.name] ?? -1,
        nameStart: head.starts[what.name] ?? -1,
        start: head.starts[first] ?? end,
        end,
        bodyStart: head.starts[at] ?? -1,
        headEnd: head.ends[at < 0 ? head.length - 1 : at - 1] ?? end,
        extra: head.words[what.tag] ?? -1,
        alternative: this.reading.alternatives.current(),
      },
      this.reading.mentions,
      calls ?? empty,
    );
  }

  endStruct(end: number): void {
    const { head } = this.reading;
    const what = head.describe();
    const tag = this.tagBefore(head.length - 1);
    if (tag < 0) return;
    this.addItem('struct', { ...what, name: tag, tag }, end, 0, null, what.struct);
  }

  /** The tag that stands before the brace: behind `struct`, or before a base type. */
  private tagBefore(block: number): number {
    const { kinds: tokens } = this.reading.head;
    let tag = -1;
    for (let i = block - 1; i >= 0 && tokens[i] !== WordClass.tag; i--)
      if (tokens[i] === 58) tag = -1;
      else if (tokens[i] === WordClass.plain && tag < 0) tag = i;
    return tag;
  }

  /** A macro's use ends, with or without a semicolon. */
  endCall(end: number): void {
    const { head } = this.reading;
    const group = head.kinds.indexOf(40);
    const words: number[] = [];
    for (let i = group + 1; i < head.length; i++)
      if (head.words[i]! >= this.reading.words.firstName) words.push(head.words[i]!);
    const what = head.describe();
    this.addItem('call', { ...what, name: group - 1, first: 0 }, end, 0, Int32Array.from(words));
    this.reading.newHead();
  }

  endDeclaration(end: number): void {
    const { head } = this.reading;
    if (head.length === 0) return;
    head.opened.length = 0;
    if (head.isCall(true)) {
      this.endCall(end);
      return;
    }
    const what = head.describe();
    if (!head.hasEquals && head.isOldStyle(what)) {
      head.push(59, end - 1, end, -1);
      return;
    }
    if (what.typedef) this.addItem('typedef', what, end, 0);
    else if (head.hasEquals) this.endVariable(what, end);
    else if (what.callable && what.typed) this.addItem('prototype', what, end, 0);
    else if (!this.isStructOnly()) this.endVariable(what, end);
    this.reading.newHead();
  }

  /** `struct x { … };`: said already. */
  private isStructOnly(): boolean {
    const { head } = this.reading;
    const last = head.lastToken();
    return head.kinds[last] === Token.block && this.tagBefore(last) >= 0;
  }

  private endVariable(what: Described, end: number): void {
    const { head } = this.reading;
    let { name, tag } = what;
    if (what.callable && what.params >= 0) {
      // `DEFINE_PER_CPU(struct x, name) = { … }`: what is declared stands last.
      const from = what.params + 1;
      const to = head.match[what.params]!;
      for (let i = from; i < to; i++) {
        if (head.kinds[i] !== WordClass.plain) continue;
        if (head.kinds[i - 1] === WordClass.tag) tag = i;
        name = i;
      }
    }
    const listed = head.hasEquals && head.kinds[head.length - 1] === Token.block;
    const external = (this.flagsOf(head) & Flag.extern) !== 0;
    const table =
      listed || (!external && !what.callable && name >= 0 && (what.array || what.struct >= 0));
    this.addItem(table ? 'table' : 'other', { ...what, name, tag }, end, 0);
  }

  /** `a = { … }, b = { … };`: the type stands for the next declarator, too. */
  endDeclarator(at: number): void {
    const { head } = this.reading;
    const what = head.describe();
    this.endVariable(what, at);
    this.reading.mentions.reset();
    const keep = head.range(0, what.name > longestType ? 0 : Math.max(0, what.name));
    head.reset();
    head.append(keep, 0, keep.length);
    for (let i = 0; i < head.length; i++) head.starts[i] = at + 1;
  }
}

/** So many tokens a type has at most, where it stands for several declarators. */
const longestType = 32;

const empty = new Int32Array(0);
