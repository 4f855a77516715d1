/** What stands at the file level of a C text: functions, prototypes, variables. */
import type { Span } from '../../text.ts';
import { afterGroup, type Token, tokensOf } from './tokens.ts';

export interface Item extends Span {
  readonly kind: 'function' | 'prototype' | 'variable' | 'other';
  readonly name: string;
  readonly isStatic: boolean;
  /** A function's body with its braces. */
  readonly body: Span | null;
}

/** A text with its tokens and items, read once. */
export interface Outline {
  readonly text: string;
  readonly tokens: readonly Token[];
  readonly items: readonly Item[];
}

export function outlineOf(text: string): Outline {
  const tokens = tokensOf(text);
  const items: Item[] = [];
  for (let i = 0; i < tokens.length; ) {
    if (tokens[i]?.kind === 'directive' || tokens[i]?.text === ';') {
      i++;
      continue;
    }
    const end = endOfItem(tokens, i);
    items.push(itemOf(tokens.slice(i, end)));
    i = end;
  }
  return { text, tokens, items };
}

/** The index after an item: past its semicolon, or past the body of a function. */
function endOfItem(tokens: readonly Token[], from: number): number {
  let valued = false;
  let called = false;
  for (let i = from; i < tokens.length; ) {
    const token = tokens[i];
    if (token?.kind === 'directive') {
      i++;
      continue;
    }
    if (token?.text === ';') return i + 1;
    if (token?.text === '=') valued = true;
    if (token?.text === '{' && called && !valued) return afterGroup(tokens, i);
    if (token?.text === '(') called = true;
    i = token && '([{'.includes(token.text) ? afterGroup(tokens, i) : i + 1;
  }
  return tokens.length;
}

function itemOf(tokens: readonly Token[]): Item {
  const start = tokens[0]?.start ?? 0;
  const end = tokens[tokens.length - 1]?.end ?? start;
  const tops = topLevel(tokens);
  const isStatic = tops.some((i) => tokens[i]?.text === 'static');
  const base = { isStatic, body: null, start, end };
  const equals = tops.find((i) => tokens[i]?.text === '=');
  if (equals !== undefined) return { ...base, kind: 'variable', name: wordBefore(tokens, equals) };
  const open = tops.find((i) => tokens[i]?.text === '(') ?? tokens.length;
  const brace = tops.find((i) => i > open && tokens[i]?.text === '{');
  const name = calledName(tokens.slice(0, brace ?? tokens.length));
  if (name === '' || tokens[0]?.text === 'typedef') return { ...base, kind: 'other', name: '' };
  if (brace === undefined) return { ...base, kind: 'prototype', name };
  return { ...base, kind: 'function', name, body: { start: tokens[brace]?.start ?? start, end } };
}

/** The indexes of the tokens outside of any bracket, brackets that open a group included. */
function topLevel(tokens: readonly Token[]): number[] {
  const out: number[] = [];
  for (let i = 0; i < tokens.length; ) {
    out.push(i);
    const token = tokens[i];
    i = token?.kind === 'punctuation' && '([{'.includes(token.text) ? afterGroup(tokens, i) : i + 1;
  }
  return out;
}

/** The word before the parameters: the first one that is no attribute, else the last. */
function calledName(tokens: readonly Token[]): string {
  let name = '';
  for (let i = 1; i < tokens.length; i++) {
    const word = tokens[i - 1];
    if (tokens[i]?.text !== '(') continue;
    if (word?.kind === 'word') name = word.text;
    if (name !== '' && !name.startsWith('__')) return name;
    i = afterGroup(tokens, i) - 1;
  }
  return name;
}

function wordBefore(tokens: readonly Token[], index: number): string {
  for (let i = index - 1; i >= 0; i--) {
    if (tokens[i]?.text === ']') while (i > 0 && tokens[i]?.text !== '[') i--;
    else if (tokens[i]?.kind === 'word') return tokens[i]?.text ?? '';
  }
  return '';
}
