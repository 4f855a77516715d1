/** `#include` and `#define` as items. */

import {
  Char,
  charClasses,
  directiveEnd,
  isWordCode,
  lineCommentEnd,
  skipNumber,
  stringEnd,
} from '../syntax/characters.ts';
import { Mentions } from './builder.ts';
import { Flag, kinds } from './file-index.ts';
import type { Reading } from './reading.ts';
import { hashFactor } from './words.ts';

export class Directives {
  private readonly reading: Reading;
  /** Of the macro that is being read, which may stand inside of a function. */
  private readonly macroMentions: Mentions;

  constructor(reading: Reading) {
    this.reading = reading;
    this.macroMentions = new Mentions(reading.words);
  }

  include(at: number, from: number, end: number): void {
    const { text } = this.reading;
    let start = from;
    while (start < end && (text.charCodeAt(start) === 32 || text.charCodeAt(start) === 9)) start++;
    const system = text.charCodeAt(start) === 60;
    if (!system && text.charCodeAt(start) !== 34) return;
    const close = text.indexOf(system ? '>' : '"', start + 1);
    if (close < 0 || close > end) return;
    const path = text.slice(start + 1, close);
    this.macroMentions.reset();
    this.reading.builder.add(
      {
        kind: kinds.indexOf('include'),
        flags: system ? Flag.system : 0,
        name: isAscii(path) ? this.reading.words.id(path) : -1,
        nameStart: start + 1,
        start: at,
        end: close + 1,
        bodyStart: -1,
        headEnd: close,
        extra: -1,
        alternative: this.reading.alternatives.current(),
      },
      this.macroMentions,
    );
  }

  define(at: number, from: number): number {
    const { text } = this.reading;
    const length = text.length;
    let start = from;
    while (text.charCodeAt(start) === 32 || text.charCodeAt(start) === 9) start++;
    let nameEnd = start;
    while (nameEnd < length && isWordCode(text.charCodeAt(nameEnd))) nameEnd++;
    const parameters = text.charCodeAt(nameEnd) === 40;
    if (!parameters) {
      const skipped = this.bareNumber(nameEnd);
      if (skipped >= 0) return skipped;
    }
    const end = directiveEnd(text, nameEnd);
    if (nameEnd === start) return end;
    const { words } = this.reading;
    const { macroMentions } = this;
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
    this.reading.builder.add(
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
        alternative: this.reading.alternatives.current(),
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
    const { text } = this.reading;
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
    const { text, words } = this.reading;
    const { macroMentions: mentions } = this;
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
      } else if (code === 47 && text.charCodeAt(i + 1) === 47) i = lineCommentEnd(text, i);
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
}

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 127) return false;
  return true;
}
