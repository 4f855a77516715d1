/**
 * Reads a file's text once and says what it holds (`FileIndex`): no tree, no copy of the text, and
 * an answer for any text. What it keeps is bracket depth, the tokens of the present head at file
 * scope, and the `#if`s around.
 *
 * A text that is being typed in has braces that do not close. In C as it is written no `{` stands in
 * column 0 inside of a body, so one there ends what is open, and its head is looked for above it.
 */
import { IndexBuilder, Mentions } from './builder.ts';
import {
  Char,
  charClasses,
  directiveEnd,
  skipNumber,
  stringEnd,
  trimmedEnd,
} from './characters.ts';
import {
  Alternatives,
  type Block,
  type Conditional,
  constantCondition,
  isGuard,
  type OpenFunction,
  type State,
  skipBranch,
  type Variant,
} from './conditionals.ts';
import { type ConditionKind, type FileIndex, Flag, type ItemKind, kinds } from './file-index.ts';
import { type Described, Head, Token } from './head.ts';
import { headBefore, isControlHead } from './resync.ts';
import { externWord, hashFactor, inlineWord, staticWord, WordClass, type Words } from './words.ts';

/** @param words shared by all files of a process; what it holds only grows */
export function skim(text: string, words: Words): FileIndex {
  return new Skimmer(text, words).run();
}

class Skimmer {
  private readonly text: string;
  private readonly words: Words;
  private readonly builder: IndexBuilder;
  private readonly mentions: Mentions;
  /** Of the macro that is being read, which may stand inside of a function. */
  private readonly macroMentions: Mentions;
  private readonly alternatives: Alternatives;
  private depth = 0;
  private block: Block = 'none';
  private open: readonly OpenFunction[] = [];
  private head = new Head();
  /** Counts heads, so that one can be told from the next in the same object. */
  private headSerial = 0;
  private variants: { list: readonly Variant[]; end: number; start: number; close: number } | null =
    null;
  /** `extern "C" {` that are open. */
  private linkage = 0;

  constructor(text: string, words: Words) {
    this.text = text;
    this.words = words;
    this.builder = new IndexBuilder(text.length);
    this.mentions = new Mentions(words);
    this.macroMentions = new Mentions(words);
    this.alternatives = new Alternatives(this.builder);
  }

  run(): FileIndex {
    const { text, words, mentions } = this;
    const { firstName } = words;
    const length = text.length;
    let previous = 0;
    let word = -1;
    for (let i = 0; i < length; ) {
      const code = text.charCodeAt(i);
      const kind = code < 128 ? charClasses[code]! : Char.other;
      if (kind === Char.space || kind === Char.line) {
        i++;
        continue;
      }
      if (kind === Char.letter) {
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
        if (this.depth === 0) this.headWord(id, i, end);
        if (id >= firstName) mentions.add(id);
        // A member's name is no function's: `ops->init(x)`.
        word = previous === 46 || (previous === 62 && text.charCodeAt(i - 2) === 45) ? -2 : id;
        previous = 97;
        i = end;
        continue;
      }
      if (code === 47) {
        const next = text.charCodeAt(i + 1);
        if (next === 42 || next === 47) {
          const end = next === 42 ? text.indexOf('*/', i + 2) : text.indexOf('\n', i + 2);
          if (end < 0) break;
          i = end + (next === 42 ? 2 : 1);
          continue;
        }
      }
      if (kind === Char.digit) {
        const end = skipNumber(text, i);
        if (this.depth === 0) this.head.push(Token.number, i, end, -1);
        previous = 48;
        i = end;
        continue;
      }
      if (kind === Char.quote) {
        const end = stringEnd(text, i);
        if (this.depth === 0) this.head.push(Token.string, i, end, -1);
        previous = 34;
        i = end;
        continue;
      }
      if (code === 35 && this.isLineStart(i)) {
        i = this.directive(i);
        continue;
      }
      if (code === 123) {
        if (this.depth === 0 || (i > 0 && text.charCodeAt(i - 1) === 10)) {
          const again = this.openBrace(i, previous);
          if (again >= 0) {
            i = again;
            previous = 59;
            continue;
          }
        } else this.depth++;
      } else if (code === 125) this.closeBrace(i);
      else if (this.depth > 0) {
        if (code === 40) {
          if (previous === 97) {
            if (word >= firstName) mentions.addCall(word);
            else if (word === -2) mentions.through = true;
          } else if (previous === 93 || previous === 41) mentions.through = true;
        }
      } else this.punctuation(code, i);
      previous = code;
      i++;
    }
    this.finish();
    return this.builder.index();
  }

  private isLineStart(at: number): boolean {
    const { text } = this;
    for (let i = at - 1; i >= 0; i--) {
      const code = text.charCodeAt(i);
      if (code === 10) return true;
      if (code === 47 && text.charCodeAt(i - 1) === 42) {
        const open = text.lastIndexOf('/*', i - 2);
        if (open < 0) return false;
        i = open;
      } else if (code !== 32 && code !== 9 && code !== 13 && code !== 12) return false;
    }
    return true;
  }

  private newHead(): void {
    this.head.reset();
    this.headSerial++;
    this.variants = null;
    this.mentions.reset();
  }

  private headWord(id: number, start: number, end: number): void {
    const { head } = this;
    const kind = this.words.classOf(id);
    if (
      head.length > 2 &&
      head.opened.length === 0 &&
      kind !== WordClass.attribute &&
      kind !== WordClass.gnuAttribute &&
      kind !== WordClass.assembler &&
      head.isCall(kind === WordClass.storage)
    )
      this.endCall(head.ends[head.length - 1]!);
    head.push(kind, start, end, id);
  }

  private punctuation(code: number, at: number): void {
    const { head } = this;
    if (code === 59 && (head.opened.length === 0 || this.isCutOff(at))) {
      this.endDeclaration(at + 1);
      return;
    }
    if (code === 44 && head.opened.length === 0 && head.hasEquals) {
      this.endDeclarator(at);
      return;
    }
    head.push(code, at, at + 1, -1);
  }

  /** A `;` in parentheses, after which a line begins as only declarations do. */
  private isCutOff(at: number): boolean {
    const { text } = this;
    let i = at + 1;
    if (text.charCodeAt(i) === 13) i++;
    if (text.charCodeAt(i) !== 10) return false;
    while (text.charCodeAt(i) === 10 || text.charCodeAt(i) === 13) i++;
    const code = text.charCodeAt(i);
    return code < 128 && charClasses[code] === Char.letter;
  }

  // Braces.

  /** @returns where to read on when the brace shows that what is open is broken, else -1 */
  private openBrace(at: number, previous: number): number {
    const { text, head } = this;
    const column0 = at === 0 || text.charCodeAt(at - 1) === 10;
    if (column0 && (previous === 41 || previous === 59 || this.depth > 0)) {
      const begin =
        this.depth > 0 || head.opened.length > 0 || head.hasEquals ? headBefore(text, at) : -1;
      const opened = this.depth > 0 ? this.openedAt() : (head.starts[0] ?? 0);
      if (begin > opened && !isControlHead(text, begin)) {
        this.breakOff(begin);
        return begin;
      }
    }
    if (this.depth > 0) {
      this.depth++;
      return -1;
    }
    if (head.opened.length > 0) {
      this.block = 'argument';
      this.depth = 1;
      return -1;
    }
    const described = head.describe();
    const opens = head.opens(described);
    if (opens === 'linkage') {
      this.linkage++;
      this.newHead();
      return -1;
    }
    this.block = opens;
    this.depth = 1;
    if (opens === 'function') this.open = this.openFunctions(described, at);
    else head.push(Token.block, at, at + 1, -1);
    return -1;
  }

  private openedAt(): number {
    return this.open[0]?.bodyStart ?? this.head.starts[0] ?? 0;
  }

  /** Ends what is open, since something else begins at `at`. */
  private breakOff(at: number): void {
    const end = trimmedEnd(this.text, 0, at);
    if (this.block === 'function') this.endFunctions(end, Flag.unclosed);
    else if (this.head.length > 0) {
      const described = this.head.describe();
      this.addItem('other', described, end, Flag.unclosed);
    }
    this.depth = 0;
    this.block = 'none';
    this.open = [];
    this.newHead();
    for (const one of this.alternatives.stack) {
      one.saved.depth = 0;
      one.saved.block = 'none';
      one.saved.open = [];
      one.saved.head = new Head();
      one.deepest = null;
    }
  }

  private openFunctions(described: Described, at: number): readonly OpenFunction[] {
    const { head, variants } = this;
    if (!variants) return [this.openFunction(head, described, at, this.alternatives.current())];
    const made = variants.list.flatMap((one) => {
      const own = head.range(0, one.from);
      own.append(one.tokens, 0, one.tokens.length);
      own.append(head, variants.end, head.length);
      const what = own.describe();
      const inside = what.name >= one.from && what.name < one.from + one.tokens.length;
      if (!inside || own.opens(what) !== 'function') return [];
      const fn = this.openFunction(own, what, at, one.alternative);
      const last = one.tokens.ends[one.tokens.length - 1] ?? 0;
      fn.flags |= Flag.split;
      fn.gaps.push({ start: variants.start, end: one.tokens.starts[0] ?? 0 });
      fn.gaps.push({ start: last, end: variants.close });
      return [fn];
    });
    return made.length > 1
      ? made
      : [this.openFunction(head, described, at, this.alternatives.current())];
  }

  private openFunction(head: Head, what: Described, at: number, alternative: number): OpenFunction {
    return {
      name: head.words[what.name] ?? -1,
      nameStart: head.starts[what.name] ?? -1,
      start: head.starts[what.first] ?? at,
      headEnd: head.ends[head.length - 1] ?? at,
      bodyStart: at,
      alternative,
      flags: this.flagsOf(head),
      row: -1,
      gaps: [],
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

  private closeBrace(at: number): void {
    if (this.depth === 0) {
      if (this.linkage > 0) this.linkage--;
      this.newHead();
      return;
    }
    if (--this.depth > 0) return;
    const { block, head } = this;
    this.block = 'none';
    if (block === 'function') {
      this.endFunctions(at + 1, 0);
      this.newHead();
    } else if (block === 'struct') {
      head.ends[head.length - 1] = at + 1;
      this.endStruct(at + 1);
    } else if (block === 'list') head.ends[head.length - 1] = at + 1;
    else if (block === 'other') {
      this.addItem('other', head.describe(), at + 1, 0);
      this.newHead();
    }
  }

  // Items.

  private endFunctions(end: number, flags: number): void {
    const { builder, mentions } = this;
    const through = mentions.through ? Flag.callsThrough : 0;
    let first = -1;
    for (const fn of this.open) {
      fn.flags |= flags | through;
      if (fn.row >= 0) {
        builder.extend(fn.row, end, fn.flags, mentions);
        continue;
      }
      if (first < 0) {
        fn.row = builder.add(
          {
            ...fn,
            kind: kinds.indexOf('function'),
            end,
            extra: -1,
          },
          mentions,
        );
        first = fn.row;
      } else {
        fn.row = builder.add(
          { ...fn, kind: kinds.indexOf('function'), end, extra: -1 },
          none(this.words),
        );
        builder.shareWords(fn.row, first);
      }
      for (const gap of fn.gaps) builder.gap(fn.row, gap.start, gap.end);
    }
    this.open = [];
  }

  private addItem(
    kind: ItemKind,
    what: Described,
    end: number,
    flags: number,
    calls: Int32Array | null = null,
    first = what.first,
  ): void {
    const { head } = this;
    const body = head.kinds.indexOf(Token.block);
    const at = body >= 0 && body < head.length ? body : -1;
    this.builder.add(
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
        alternative: this.alternatives.current(),
      },
      this.mentions,
      calls ?? empty,
    );
  }

  private endStruct(end: number): void {
    const { head } = this;
    const what = head.describe();
    const tag = this.tagBefore(head.length - 1);
    if (tag < 0) return;
    this.addItem('struct', { ...what, name: tag, tag }, end, 0, null, what.struct);
  }

  /** The tag that stands before the brace: behind `struct`, or before a base type. */
  private tagBefore(block: number): number {
    const { kinds: tokens } = this.head;
    let tag = -1;
    for (let i = block - 1; i >= 0 && tokens[i] !== WordClass.tag; i--)
      if (tokens[i] === 58) tag = -1;
      else if (tokens[i] === WordClass.plain && tag < 0) tag = i;
    return tag;
  }

  /** A macro's use ends, with or without a semicolon. */
  private endCall(end: number): void {
    const { head } = this;
    const group = head.kinds.indexOf(40);
    const words: number[] = [];
    for (let i = group + 1; i < head.length; i++)
      if (head.words[i]! >= this.words.firstName) words.push(head.words[i]!);
    const what = head.describe();
    this.addItem('call', { ...what, name: group - 1, first: 0 }, end, 0, Int32Array.from(words));
    this.newHead();
  }

  private endDeclaration(end: number): void {
    const { head } = this;
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
    this.newHead();
  }

  /** `struct x { … };`: said already. */
  private isStructOnly(): boolean {
    const { head } = this;
    return head.kinds[head.length - 1] === Token.block && this.tagBefore(head.length - 1) >= 0;
  }

  private endVariable(what: Described, end: number): void {
    const { head } = this;
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
  private endDeclarator(at: number): void {
    const { head } = this;
    const what = head.describe();
    this.endVariable(what, at);
    this.mentions.reset();
    const keep = head.range(0, Math.max(0, what.name));
    head.reset();
    head.append(keep, 0, keep.length);
    for (let i = 0; i < head.length; i++) head.starts[i] = at + 1;
  }

  // Directives.

  private directive(at: number): number {
    const { text } = this;
    let i = at + 1;
    while (text.charCodeAt(i) === 32 || text.charCodeAt(i) === 9) i++;
    let end = i;
    while (end < text.length && isLetter(text.charCodeAt(end))) end++;
    if (end - i === 6 && text.startsWith('define', i)) return this.define(at, end);
    const name = text.slice(i, end);
    const close = directiveEnd(text, end);
    switch (name) {
      case 'include':
        this.include(at, end, close);
        return close;
      case 'if':
      case 'ifdef':
      case 'ifndef':
        return this.openConditional(name, at, end, close);
      case 'elif':
      case 'elifdef':
      case 'elifndef':
      case 'else':
        return this.nextBranch(name === 'else' ? 'else' : 'elif', at, end, close);
      case 'endif':
        this.closeConditional(at, close);
        return close;
      default:
        return close;
    }
  }

  private include(at: number, from: number, end: number): void {
    const { text } = this;
    let start = from;
    while (start < end && (text.charCodeAt(start) === 32 || text.charCodeAt(start) === 9)) start++;
    const system = text.charCodeAt(start) === 60;
    if (!system && text.charCodeAt(start) !== 34) return;
    const close = text.indexOf(system ? '>' : '"', start + 1);
    if (close < 0 || close > end) return;
    const path = text.slice(start + 1, close);
    this.macroMentions.reset();
    this.builder.add(
      {
        kind: kinds.indexOf('include'),
        flags: system ? Flag.system : 0,
        name: isAscii(path) ? this.words.id(path) : -1,
        nameStart: start + 1,
        start: at,
        end: close + 1,
        bodyStart: -1,
        headEnd: close,
        extra: -1,
        alternative: this.alternatives.current(),
      },
      this.macroMentions,
    );
  }

  private define(at: number, from: number): number {
    const { text } = this;
    const length = text.length;
    let start = from;
    while (text.charCodeAt(start) === 32 || text.charCodeAt(start) === 9) start++;
    let nameEnd = start;
    while (nameEnd < length && isLetter(text.charCodeAt(nameEnd))) nameEnd++;
    const parameters = text.charCodeAt(nameEnd) === 40;
    if (!parameters) {
      const skipped = this.bareNumber(nameEnd);
      if (skipped >= 0) return skipped;
    }
    const end = directiveEnd(text, nameEnd);
    if (nameEnd === start) return end;
    const { macroMentions, words } = this;
    macroMentions.reset();
    const name = words.id(text.slice(start, nameEnd));
    let headEnd = nameEnd;
    if (parameters) {
      const close = text.indexOf(')', nameEnd);
      headEnd = close < 0 || close >= end ? end : close + 1;
    }
    this.wordsIn(headEnd, end);
    let body = headEnd;
    while (body < end && (text.charCodeAt(body) === 32 || text.charCodeAt(body) === 9)) body++;
    this.builder.add(
      {
        kind: kinds.indexOf('macro'),
        flags: (parameters ? Flag.parameters : 0) | (macroMentions.through ? Flag.callsThrough : 0),
        name,
        nameStart: start,
        start: at,
        end,
        bodyStart: body,
        headEnd,
        extra: parameters ? nameEnd : -1,
        alternative: this.alternatives.current(),
      },
      macroMentions,
    );
    return end;
  }

  /**
   * `#define NAME 0x1f` tells nobody anything, and registers are defined by the hundred megabytes.
   * @returns the line's end, or -1 when the value is anything else
   */
  private bareNumber(at: number): number {
    const { text } = this;
    let i = at;
    while (text.charCodeAt(i) === 32 || text.charCodeAt(i) === 9) i++;
    const first = text.charCodeAt(i);
    if (!(first >= 48 && first <= 57)) return -1;
    i = skipNumber(text, i);
    while (text.charCodeAt(i) === 32 || text.charCodeAt(i) === 9) i++;
    const code = text.charCodeAt(i);
    return code === 10 || code === 13 || i >= text.length ? i : -1;
  }

  /** The words of a macro's value. */
  private wordsIn(from: number, to: number): void {
    const { text, words, macroMentions: mentions } = this;
    let previous = 0;
    let word = -1;
    for (let i = from; i < to; ) {
      const code = text.charCodeAt(i);
      const kind = code < 128 ? charClasses[code]! : Char.other;
      if (kind === Char.space || kind === Char.line || code === 92) i++;
      else if (kind === Char.letter) {
        let hash = Math.imul(code, hashFactor);
        let end = i + 1;
        for (; end < to; end++) {
          const next = text.charCodeAt(end);
          if (next >= 128) break;
          const nextKind = charClasses[next]!;
          if (nextKind !== Char.letter && nextKind !== Char.digit) break;
          hash = Math.imul(hash ^ next, hashFactor);
        }
        const id = words.at(text, i, end, hash);
        if (id >= words.firstName) mentions.add(id);
        word = previous === 46 || (previous === 62 && text.charCodeAt(i - 2) === 45) ? -2 : id;
        previous = 97;
        i = end;
      } else if (kind === Char.digit) {
        i = skipNumber(text, i);
        previous = 48;
      } else if (kind === Char.quote) {
        i = stringEnd(text, i);
        previous = 34;
      } else if (code === 47 && text.charCodeAt(i + 1) === 42) {
        const end = text.indexOf('*/', i + 2);
        i = end < 0 ? to : end + 2;
      } else if (code === 47 && text.charCodeAt(i + 1) === 47) i = to;
      else {
        if (code === 40) {
          if (previous === 97) {
            if (word >= words.firstName) mentions.addCall(word);
            else if (word === -2) mentions.through = true;
          } else if (previous === 93 || previous === 41) mentions.through = true;
        }
        previous = code;
        i++;
      }
    }
  }

  private state(): State {
    return { depth: this.depth, block: this.block, open: this.open, head: this.head.copy() };
  }

  private restore(state: State): void {
    this.depth = state.depth;
    this.block = state.block;
    this.open = state.open;
    this.head = state.head.copy();
  }

  private openConditional(kind: ConditionKind, at: number, from: number, end: number): number {
    const { text, alternatives } = this;
    const constant = kind === 'if' ? constantCondition(text, from, end) : null;
    const one: Conditional = {
      start: at,
      saved: this.state(),
      headSerial: this.headSerial,
      guard:
        kind === 'ifndef' &&
        this.builder.count === 0 &&
        alternatives.stack.length === 0 &&
        isGuard(text, from, end),
      taken: constant === 1,
      dead: constant === 0,
      deepest: null,
      variants: [],
      opened: [],
      branch: 0,
      kind,
      conditionStart: trimmedStart(text, from, end),
      conditionEnd: trimmedEnd(text, from, end),
      group: -1,
      row: -1,
    };
    alternatives.stack.push(one);
    return one.dead ? skipBranch(text, end) : end;
  }

  private nextBranch(kind: ConditionKind, at: number, from: number, end: number): number {
    const one = this.alternatives.stack[this.alternatives.stack.length - 1];
    if (!one) return end;
    this.leaveBranch(one, at);
    this.restore(one.saved);
    one.branch++;
    one.kind = kind;
    one.conditionStart = trimmedStart(this.text, from, end);
    one.conditionEnd = trimmedEnd(this.text, from, end);
    one.row = -1;
    one.dead = one.taken;
    return one.dead ? skipBranch(this.text, end) : end;
  }

  /** Keeps what the branch that ends here has left open. */
  private leaveBranch(one: Conditional, at: number): void {
    if (one.dead) return;
    const { saved } = one;
    if (this.depth > 0 && saved.depth === 0 && this.block === 'function') {
      for (const fn of this.open) {
        if (one.opened.includes(fn)) continue;
        fn.gaps.push({ start: at, end: at });
        one.opened.push(fn);
      }
    } else if (this.depth === 0 && saved.depth === 0 && this.head.level === 0) {
      const from = one.headSerial === this.headSerial ? saved.head.length : 0;
      if (this.head.length > from && saved.head.level === 0)
        one.variants.push({
          from,
          tokens: this.head.range(from, this.head.length),
          alternative: this.alternatives.current(),
        });
    }
    if (!one.deepest || this.depth > one.deepest.depth) one.deepest = this.state();
  }

  private closeConditional(at: number, end: number): void {
    const one = this.alternatives.stack[this.alternatives.stack.length - 1];
    if (!one) return;
    this.leaveBranch(one, at);
    this.alternatives.stack.pop();
    // The last branch counts unless another left more braces open, or it is dead.
    if (one.deepest && (one.dead || one.deepest.depth > this.depth)) this.restore(one.deepest);
    if (one.opened.length > 0 && this.depth > 0) {
      this.open = one.opened;
      const split = one.opened.length > 1;
      for (const fn of one.opened) {
        if (split) fn.flags |= Flag.split;
        const gap = fn.gaps[fn.gaps.length - 1];
        if (gap) gap.end = end;
        if (!split) fn.gaps.pop();
      }
    }
    if (one.variants.length > 1 && this.depth === 0 && this.head.length > 0)
      this.variants = {
        list: one.variants,
        end: this.head.length,
        start: one.start,
        close: end,
      };
  }

  private finish(): void {
    const end = trimmedEnd(this.text, 0, this.text.length);
    if (this.block === 'function' && this.depth > 0) this.endFunctions(end, Flag.unclosed);
    else if (this.head.length > 0) {
      if (this.depth === 0 && this.head.isCall(true)) this.endCall(end);
      else this.addItem('other', this.head.describe(), end, Flag.unclosed);
    }
  }
}

const empty = new Int32Array(0);

function none(words: Words): Mentions {
  return new Mentions(words);
}

function isLetter(code: number): boolean {
  return code < 128 && charClasses[code]! >= Char.digit && charClasses[code]! <= Char.letter;
}

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 127) return false;
  return true;
}

function trimmedStart(text: string, start: number, end: number): number {
  let i = start;
  while (i < end && (text.charCodeAt(i) === 32 || text.charCodeAt(i) === 9)) i++;
  return i;
}
