/** C source as tokens: what a rewrite has to see of a text that facts do not keep. */
import type { Span } from '../../text.ts';

export type TokenKind = 'word' | 'literal' | 'punctuation' | 'directive';

export interface Token extends Span {
  readonly kind: TokenKind;
  readonly text: string;
}

const blank = /(?:\s+|\/\*[^]*?(?:\*\/|$)|\/\/[^\n]*)+/y;
const directive = /#(?:\\\r?\n|\/\*[^]*?\*\/|[^\n])*/y;
const word = /[A-Za-z_]\w*/y;
const literal = /"(?:\\[^]|[^"\\\n])*"?|'(?:\\[^]|[^'\\\n])*'?|\.?\d[\w.]*/y;
const punctuation = /->|[^]/y;

/** The tokens of a range; comments and spaces are left out, a directive with its continuation is one. */
export function tokensOf(text: string, from = 0, to = text.length): Token[] {
  const out: Token[] = [];
  let at = from;
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    return pattern.exec(text)?.[0];
  };
  while (at < to) {
    const skipped = take(blank);
    if (skipped !== undefined) {
      at += skipped.length;
      continue;
    }
    const kind = kindAt(text, at);
    const found =
      take(
        kind === 'directive'
          ? directive
          : kind === 'word'
            ? word
            : kind === 'literal'
              ? literal
              : punctuation,
      ) ??
      text[at] ??
      '';
    out.push({ kind, text: found, start: at, end: at + found.length });
    at += found.length;
  }
  return out;
}

function kindAt(text: string, at: number): TokenKind {
  const char = text[at] ?? '';
  if (/[A-Za-z_]/.test(char)) return 'word';
  if (/["'\d]/.test(char) || (char === '.' && /\d/.test(text[at + 1] ?? ''))) return 'literal';
  return char === '#' && /(?:^|\n)[ \t]*$/.test(text.slice(Math.max(0, at - 40), at))
    ? 'directive'
    : 'punctuation';
}

/** The tokens that name a variable or function: members and tags are left out, words of a directive counted. */
export function mentions(tokens: readonly Token[], name: string): Token[] {
  const whole = new RegExp(`\\b${name}\\b`);
  return tokens.filter((token, i) =>
    token.kind === 'directive'
      ? token.text.includes(name) && whole.test(token.text)
      : token.text === name && isPlainName(tokens, i),
  );
}

/** Whether a token is a word that names neither a member nor a tag. */
export function isPlainName(tokens: readonly Token[], index: number): boolean {
  if (tokens[index]?.kind !== 'word') return false;
  const before = tokens[index - 1]?.text;
  return (
    before !== '.' &&
    before !== '->' &&
    before !== 'struct' &&
    before !== 'union' &&
    before !== 'enum'
  );
}

const closers: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

/** The index after the bracket that closes the one at `open`. */
export function afterGroup(tokens: readonly Token[], open: number): number {
  const waiting: string[] = [];
  for (let i = open; i < tokens.length; i++) {
    const text = tokens[i]?.text ?? '';
    const closer = tokens[i]?.kind === 'punctuation' ? closers[text] : undefined;
    if (closer !== undefined) waiting.push(closer);
    else if (tokens[i]?.kind === 'punctuation' && text === waiting[waiting.length - 1]) {
      waiting.pop();
      if (waiting.length === 0) return i + 1;
    }
  }
  return tokens.length;
}
