/** Tokens of a function's body: comments and directives are stepped over, dead branches too. */
import {
  Char,
  charClasses,
  directiveEnd,
  lineCommentEnd,
  skipNumber,
  stringEnd,
} from '../syntax/characters.ts';
import { constantCondition, skipBranch } from './conditionals.ts';
import { hashFactor, hashOf, type Words } from './words.ts';

export const Lexeme = {
  end: 0,
  word: 1,
  number: 2,
  string: 3,
  /** `.` or `->`. */
  member: 4,
  openParen: 5,
  closeParen: 6,
  openBracket: 7,
  closeBracket: 8,
  openBrace: 9,
  closeBrace: 10,
  comma: 11,
  semicolon: 12,
  colon: 13,
  question: 14,
  operator: 15,
  /** `++` or `--`: before or behind a value. */
  suffix: 16,
  /** `struct`, `sizeof`, `const`, `int`: what is no name, and is not called. */
  typeWord: 17,
  if: 20,
  for: 21,
  while: 22,
  do: 23,
  switch: 24,
  return: 25,
  goto: 26,
  else: 27,
  case: 28,
} as const;

const statementWords: readonly (readonly [string, number])[] = [
  ['if', Lexeme.if],
  ['for', Lexeme.for],
  ['while', Lexeme.while],
  ['do', Lexeme.do],
  ['switch', Lexeme.switch],
  ['return', Lexeme.return],
  ['goto', Lexeme.goto],
  ['else', Lexeme.else],
  ['case', Lexeme.case],
  ['default', Lexeme.case],
  ...(
    'struct union enum const volatile static extern register auto inline sizeof typeof __typeof__ ' +
    'void char short int long float double signed unsigned bool _Bool __attribute__ asm __asm__ ' +
    'asm_volatile break continue _Alignof __alignof__ __extension__'
  )
    .split(' ')
    .map((word): [string, number] => [word, Lexeme.typeWord]),
];

/** Keywords by hash: most names are told from them by one look into an array. */
const size = 1024;
const keywordHashes: Int32Array = new Int32Array(size);
const keywordKinds: Uint8Array = new Uint8Array(size);
const keywordTexts: readonly string[] = (() => {
  const texts = new Array<string>(size).fill('');
  for (const [word, kind] of statementWords) {
    const hash = hashOf(word);
    let at = hash & (size - 1);
    while (keywordKinds[at] !== 0) at = (at + 1) & (size - 1);
    keywordHashes[at] = hash;
    keywordKinds[at] = kind;
    texts[at] = word;
  }
  return texts;
})();

/** Punctuation of one character. */
const marks: Uint8Array = (() => {
  const out = new Uint8Array(128).fill(Lexeme.operator);
  const pairs: readonly (readonly [string, number])[] = [
    ['(', Lexeme.openParen],
    [')', Lexeme.closeParen],
    ['[', Lexeme.openBracket],
    [']', Lexeme.closeBracket],
    ['{', Lexeme.openBrace],
    ['}', Lexeme.closeBrace],
    [',', Lexeme.comma],
    [';', Lexeme.semicolon],
    [':', Lexeme.colon],
    ['?', Lexeme.question],
  ];
  for (const [mark, kind] of pairs) out[mark.charCodeAt(0)] = kind;
  return out;
})();

export class BodyLexer {
  kind = 0;
  start = 0;
  end = 0;
  /** Where the token before ends. */
  lastEnd = 0;
  private text = '';
  private limit = 0;
  private readonly words: Words;
  private hash = 0;

  constructor(words: Words) {
    this.words = words;
  }

  /** Starts anew, before the first token at `start`. */
  begin(text: string, start: number, end: number): void {
    this.text = text;
    this.limit = end;
    this.end = start;
    this.lastEnd = start;
  }

  /** The number of the present word. */
  word(): number {
    return this.words.at(this.text, this.start, this.end, this.hash);
  }

  isAttribute(word: number): boolean {
    return word < this.words.firstName;
  }

  next(): void {
    const { text, limit } = this;
    this.lastEnd = this.end;
    let i = this.end;
    for (; i < limit; ) {
      const code = text.charCodeAt(i);
      const kind = code < 128 ? charClasses[code]! : Char.other;
      if (kind === Char.space || kind === Char.line || code === 92) {
        i++;
        continue;
      }
      this.start = i;
      if (kind === Char.letter) {
        let hash = Math.imul(code, hashFactor);
        let end = i + 1;
        for (; end < limit; end++) {
          const next = text.charCodeAt(end);
          if (next >= 128) break;
          const nextKind = charClasses[next]!;
          if (nextKind !== Char.letter && nextKind !== Char.digit) break;
          hash = Math.imul(hash ^ next, hashFactor);
        }
        this.hash = hash;
        this.end = end;
        this.kind = this.wordKind(hash);
        return;
      }
      if (kind === Char.digit) {
        this.end = skipNumber(text, i);
        this.kind = Lexeme.number;
        return;
      }
      if (kind === Char.quote) {
        this.end = stringEnd(text, i);
        this.kind = Lexeme.string;
        return;
      }
      const next = text.charCodeAt(i + 1);
      if (code === 47 && (next === 42 || next === 47)) {
        i = next === 42 ? text.indexOf('*/', i + 2) + 2 : lineCommentEnd(text, i);
        if (i < 2) i = limit;
        continue;
      }
      if (code === 35) {
        i = this.directive(i);
        continue;
      }
      this.mark(code, next, i);
      return;
    }
    this.start = limit;
    this.end = limit;
    this.kind = Lexeme.end;
  }

  private mark(code: number, next: number, at: number): void {
    let length = 1;
    let kind: number = code < 128 ? marks[code]! : Lexeme.operator;
    if (code === 46) {
      // `...` is a range.
      if (next === 46) length = 3;
      else kind = Lexeme.member;
    } else if (code === 45 && next === 62) {
      kind = Lexeme.member;
      length = 2;
    } else if ((code === 43 || code === 45) && next === code) {
      kind = Lexeme.suffix;
      length = 2;
    }
    this.kind = kind;
    this.end = at + length;
  }

  private wordKind(hash: number): number {
    for (let at = hash & (size - 1); keywordKinds[at] !== 0; at = (at + 1) & (size - 1))
      if (keywordHashes[at] === hash && this.text.startsWith(keywordTexts[at]!, this.start))
        return keywordKinds[at]!;
    return Lexeme.word;
  }

  private directive(at: number): number {
    const { text } = this;
    const end = directiveEnd(text, at);
    const condition = /^#[ \t]*if[ \t]+(.*)$/.exec(text.slice(at, Math.min(end, at + 60)));
    const dead =
      condition !== null &&
      constantCondition(condition[1] ?? '', 0, condition[1]?.length ?? 0) === 0;
    return dead ? skipBranch(text, end) : end;
  }

  /** The present word is followed by `(`. */
  isCalled(): boolean {
    return this.text.charCodeAt(this.blankEnd(this.end)) === 40;
  }

  /** The present word is followed by one `:`. */
  isLabel(): boolean {
    const at = this.blankEnd(this.end);
    return this.text.charCodeAt(at) === 58 && this.text.charCodeAt(at + 1) !== 58;
  }

  /** The present operator is `*` alone, as in `*p = 1`. */
  isStar(): boolean {
    const { text, start } = this;
    return text.charCodeAt(start) === 42 && text.charCodeAt(start + 1) !== 61;
  }

  private blankEnd(at: number): number {
    const { text } = this;
    let i = at;
    while (i < this.limit) {
      const code = text.charCodeAt(i);
      if (code !== 32 && code !== 9 && code !== 10 && code !== 13) break;
      i++;
    }
    return i;
  }

  /** The parentheses that open here hold a type: words and stars only, and no star in front. */
  isCast(): boolean {
    const { text } = this;
    let words = 0;
    let typed = false;
    for (let i = this.end; i < this.limit; i++) {
      const code = text.charCodeAt(i);
      const kind = code < 128 ? charClasses[code]! : Char.other;
      if (kind === Char.letter) {
        words++;
        while (i + 1 < this.limit && isPart(text.charCodeAt(i + 1))) i++;
      } else if (code === 42 && words > 0) typed = true;
      else if (code === 41) return words > 1 || typed || (words === 1 && this.isBeforeValue(i + 1));
      else if (kind !== Char.space && kind !== Char.line) return false;
    }
    return false;
  }

  /** `(*name)(` behind a type: a pointer to a function is declared. */
  isDeclarator(): boolean {
    const { text } = this;
    let i = this.blankEnd(this.end);
    if (text.charCodeAt(i) !== 42) return false;
    i = this.blankEnd(i + 1);
    const from = i;
    while (isPart(text.charCodeAt(i))) i++;
    if (i === from) return false;
    if (text.charCodeAt(i) === 91) i = text.indexOf(']', i) + 1;
    return text.charCodeAt(i) === 41 && text.charCodeAt(this.blankEnd(i + 1)) === 40;
  }

  /** `(u32)x` and `(u32)(x)`: a cast, where a name in parentheses has an operator behind it. */
  private isBeforeValue(at: number): boolean {
    const code = this.text.charCodeAt(this.blankEnd(at));
    return (
      isPart(code) || code === 40 || code === 126 || code === 33 || code === 34 || code === 123
    );
  }
}

function isPart(code: number): boolean {
  return code < 128 && charClasses[code]! >= Char.digit && charClasses[code]! <= Char.letter;
}
