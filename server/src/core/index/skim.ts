/**
 * Reads a file's text once and says what it holds (`FileIndex`): no tree, no copy of the text, and
 * an answer for any text. What it keeps is bracket depth, the tokens of the present head at file
 * scope, and the `#if`s around.
 *
 * A text that is being typed in has braces that do not close. In C as it is written neither `{` nor
 * `static` stands in column 0 inside of a body (looked for in 327,000 functions of Linux 7.3), so that
 * `static` there ends what is open, and so does `{`, whose head is looked for above it.
 */

import {
  Char,
  charClasses,
  directiveEnd,
  isWordCode,
  lineCommentEnd,
  skipNumber,
  stringEnd,
  trimmedEnd,
} from '../syntax/characters.ts';
import { Branches } from './branches.ts';
import { IndexBuilder } from './builder.ts';
import { Declarations } from './declarations.ts';
import { Directives } from './directives.ts';
import { type FileIndex, Flag } from './file-index.ts';
import { Token } from './head.ts';
import { Reading } from './reading.ts';
import { headBefore, isControlHead } from './resync.ts';
import { hashFactor, staticWord, WordClass, type Words } from './words.ts';

/** Decoding leaves it in the text, so that it can be written back. */
const byteOrderMark = 0xfeff;

/** @param words shared by all files of a process; what it holds only grows */
export function skim(text: string, words: Words): FileIndex {
  return new Skimmer(text, words).run();
}

class Skimmer {
  private readonly reading: Reading;
  private readonly declarations: Declarations;
  private readonly branches: Branches;
  private readonly directives: Directives;
  /** `extern "C" {` that are open. */
  private linkage = 0;

  constructor(text: string, words: Words) {
    this.reading = new Reading(text, words, new IndexBuilder(text.length));
    this.declarations = new Declarations(this.reading);
    this.branches = new Branches(this.reading);
    this.directives = new Directives(this.reading);
  }

  run(): FileIndex {
    const { reading } = this;
    const { text, words, mentions } = reading;
    const { firstName } = words;
    const length = text.length;
    let previous = 0;
    let word = -1;
    for (let i = text.charCodeAt(0) === byteOrderMark ? 1 : 0; i < length; ) {
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
        if (reading.depth === 0) this.headWord(id, i, end);
        else if (id === staticWord && this.isBreak(i)) {
          this.breakOff(i);
          this.headWord(id, i, end);
        }
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
          const end = next === 42 ? text.indexOf('*/', i + 2) : lineCommentEnd(text, i);
          if (end < 0) break;
          i = next === 42 ? end + 2 : end;
          continue;
        }
      }
      if (kind === Char.digit) {
        const end = skipNumber(text, i);
        if (reading.depth === 0) reading.head.push(Token.number, i, end, -1);
        previous = 48;
        i = end;
        continue;
      }
      if (kind === Char.quote) {
        const end = stringEnd(text, i);
        if (reading.depth === 0) reading.head.push(Token.string, i, end, -1);
        previous = 34;
        i = end;
        continue;
      }
      if (code === 35 && this.isLineStart(i)) {
        i = this.directive(i);
        continue;
      }
      if (code === 123) {
        if (reading.depth === 0 || (i > 0 && text.charCodeAt(i - 1) === 10)) {
          const again = this.openBrace(i, previous);
          if (again >= 0) {
            i = again;
            previous = 59;
            continue;
          }
        } else reading.depth++;
      } else if (code === 125) this.closeBrace(i);
      else if (reading.depth > 0) {
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
    return reading.builder.index();
  }

  /** `static` in column 0 begins a definition: what is open before it is broken. */
  private isBreak(at: number): boolean {
    return (
      at > 0 && this.reading.text.charCodeAt(at - 1) === 10 && this.reading.block !== 'argument'
    );
  }

  private isLineStart(at: number): boolean {
    const { text } = this.reading;
    for (let i = at - 1; i >= 0; i--) {
      const code = text.charCodeAt(i);
      if (code === 10) return true;
      if (code === 47 && text.charCodeAt(i - 1) === 42) {
        const open = text.lastIndexOf('/*', i - 2);
        if (open < 0) return false;
        i = open;
      } else if (code !== 32 && code !== 9 && code !== 13 && code !== 12 && code !== byteOrderMark)
        return false;
    }
    return true;
  }

  private headWord(id: number, start: number, end: number): void {
    const { head } = this.reading;
    const kind = this.reading.words.classOf(id);
    if (
      head.length > 2 &&
      head.opened.length === 0 &&
      kind !== WordClass.attribute &&
      kind !== WordClass.gnuAttribute &&
      kind !== WordClass.assembler &&
      head.isCall(kind === WordClass.storage)
    )
      this.declarations.endCall(head.ends[head.length - 1]!);
    head.push(kind, start, end, id);
  }

  private punctuation(code: number, at: number): void {
    const { head } = this.reading;
    if (code === 59 && (head.opened.length === 0 || this.isCutOff(at))) {
      this.declarations.endDeclaration(at + 1);
      return;
    }
    if (code === 44 && head.opened.length === 0 && head.hasEquals) {
      this.declarations.endDeclarator(at);
      return;
    }
    head.push(code, at, at + 1, -1);
  }

  /** A `;` in parentheses, after which a line begins as only declarations do. */
  private isCutOff(at: number): boolean {
    const { text } = this.reading;
    let i = at + 1;
    if (text.charCodeAt(i) === 13) i++;
    if (text.charCodeAt(i) !== 10) return false;
    while (text.charCodeAt(i) === 10 || text.charCodeAt(i) === 13) i++;
    const code = text.charCodeAt(i);
    return code < 128 && charClasses[code] === Char.letter;
  }

  /** @returns where to read on when the brace shows that what is open is broken, else -1 */
  private openBrace(at: number, previous: number): number {
    const { text, head } = this.reading;
    const column0 = at === 0 || text.charCodeAt(at - 1) === 10;
    if (column0 && (previous === 41 || previous === 59 || this.reading.depth > 0)) {
      const begin =
        this.reading.depth > 0 || head.opened.length > 0 || head.hasEquals
          ? headBefore(text, at)
          : -1;
      const opened = this.reading.depth > 0 ? this.openedAt() : (head.starts[0] ?? 0);
      if (begin > opened && !isControlHead(text, begin)) {
        this.breakOff(begin);
        return begin;
      }
    }
    if (this.reading.depth > 0) {
      this.reading.depth++;
      return -1;
    }
    if (head.opened.length > 0) {
      this.reading.block = 'argument';
      this.reading.depth = 1;
      return -1;
    }
    const described = head.describe();
    const opens = head.opens(described);
    if (opens === 'linkage') {
      this.linkage++;
      this.reading.newHead();
      return -1;
    }
    this.reading.block = opens;
    this.reading.depth = 1;
    if (opens === 'function') this.reading.open = this.declarations.openFunctions(described, at);
    else head.push(Token.block, at, at + 1, -1);
    return -1;
  }

  private openedAt(): number {
    return this.reading.open[0]?.bodyStart ?? this.reading.head.starts[0] ?? 0;
  }

  /** Ends what is open, since something else begins at `at`. */
  private breakOff(at: number): void {
    const end = trimmedEnd(this.reading.text, 0, at);
    if (this.reading.block === 'function') this.declarations.endFunctions(end, Flag.unclosed);
    else if (this.reading.head.length > 0) {
      this.reading.head.cutAt(at);
      this.declarations.addItem('other', this.reading.head.describe(), end, Flag.unclosed);
    }
    this.reading.depth = 0;
    this.reading.block = 'none';
    this.reading.open = [];
    this.reading.newHead();
    for (const one of this.reading.alternatives.stack) {
      one.saved.depth = 0;
      one.saved.block = 'none';
      one.saved.open = [];
      one.saved.head = this.reading.noHead;
      one.deepest = null;
    }
  }

  private closeBrace(at: number): void {
    if (this.reading.depth === 0) {
      if (this.linkage > 0) this.linkage--;
      this.reading.newHead();
      return;
    }
    if (--this.reading.depth > 0) return;
    const { block, head } = this.reading;
    this.reading.block = 'none';
    if (block === 'function') {
      this.declarations.endFunctions(at + 1, 0);
      this.reading.newHead();
    } else if (block === 'struct') {
      head.ends[head.length - 1] = at + 1;
      this.declarations.endStruct(at + 1);
    } else if (block === 'list') head.ends[head.length - 1] = at + 1;
    else if (block === 'other') {
      this.declarations.addItem('other', head.describe(), at + 1, 0);
      this.reading.newHead();
    }
  }

  private directive(at: number): number {
    const { text } = this.reading;
    let i = at + 1;
    while (text.charCodeAt(i) === 32 || text.charCodeAt(i) === 9) i++;
    let end = i;
    while (end < text.length && isWordCode(text.charCodeAt(end))) end++;
    if (end - i === 6 && text.startsWith('define', i)) return this.directives.define(at, end);
    const name = text.slice(i, end);
    const close = directiveEnd(text, end);
    switch (name) {
      case 'include':
        this.directives.include(at, end, close);
        return close;
      case 'if':
      case 'ifdef':
      case 'ifndef':
        return this.branches.openConditional(name, at, end, close);
      case 'elif':
      case 'elifdef':
      case 'elifndef':
      case 'else':
        return this.branches.nextBranch(name === 'else' ? 'else' : 'elif', at, end, close);
      case 'endif':
        this.branches.closeConditional(at, close);
        return close;
      default:
        return close;
    }
  }

  private finish(): void {
    const end = trimmedEnd(this.reading.text, 0, this.reading.text.length);
    if (this.reading.block === 'function' && this.reading.depth > 0)
      this.declarations.endFunctions(end, Flag.unclosed);
    else if (this.reading.head.length > 0) {
      if (this.reading.depth === 0 && this.reading.head.isCall(true))
        this.declarations.endCall(end);
      else this.declarations.addItem('other', this.reading.head.describe(), end, Flag.unclosed);
    }
  }
}
