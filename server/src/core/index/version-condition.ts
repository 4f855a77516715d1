/**
 * What the condition of an `#if` says for one kernel version: true, false, or not to be told. Anything
 * but the version and numbers may be anything, so each value is the range that it can lie in.
 */

import { Char, classOf, isWordCode, skipNumber } from '../syntax/characters.ts';
import type { FileIndex } from './file-index.ts';

/** A kernel version, and the words by which a source asks for it. */
export interface KernelVersion {
  /** The macros that stand for the version. */
  readonly codes: readonly string[];
  /** The macros that make a number of three, to compare with. */
  readonly makers: readonly string[];
  /** `6.12`, which is any of its stable releases, or `6.12.5`; undefined where it is not known. */
  readonly version: string | undefined;
}

/** What stands for the newest kernel where the version is not known. */
const newest = '255.255';

/** The kernel of a version, with the catalogue's words. */
export function kernelOf(
  words: { readonly versionCodes: readonly string[]; readonly versionMakers: readonly string[] },
  version: string | undefined,
): KernelVersion {
  return { codes: words.versionCodes, makers: words.versionMakers, version };
}

interface Range {
  readonly low: number;
  readonly high: number;
}

const anything: Range = { low: -Infinity, high: Infinity };
const truth: Range = { low: 0, high: 1 };
const yes: Range = { low: 1, high: 1 };
const no: Range = { low: 0, high: 0 };

/** Deeper parentheses are no condition that anybody wrote. */
const deepest = 40;

/** @returns `1` and `0` for what holds and what does not, null for what cannot be told */
export function conditionIn(condition: string, kernel: KernelVersion): 0 | 1 | null {
  const reader = new ConditionReader(tokensOf(condition), kernel);
  const value = reader.choice(0);
  return reader.isDone ? decided(value) : null;
}

/** Whether the newest kernel does not compile an item: a branch around it, or one before that, says so. */
export function isOutdated(
  index: FileIndex,
  item: number,
  text: string,
  kernel: KernelVersion,
): boolean {
  const now = { ...kernel, version: newest };
  const rows = Array.from({ length: index.alternativeCount }, (_, at) => index.alternative(at));
  return index.alternativesOf(item).some((own) =>
    rows.some(({ group, branch, kind, start, end }) => {
      const asks = kind === 'if' || kind === 'elif';
      if (!asks || group !== own.group || branch > own.branch) return false;
      return conditionIn(text.slice(start, end), now) === (branch === own.branch ? 0 : 1);
    }),
  );
}

/** The number that a maker makes: the last part has eight bits, and no more is compared. */
function numberOf(major: number, minor: number, patch: number): number {
  return major * 65536 + minor * 256 + Math.min(patch, 255);
}

function rangeOf(version: string): Range {
  const [major = 0, minor = 0, patch] = version.split('.').map(Number);
  return {
    low: numberOf(major, minor, patch ?? 0),
    high: numberOf(major, minor, patch ?? 255),
  };
}

function decided({ low, high }: Range): 0 | 1 | null {
  if (low > 0 || high < 0) return 1;
  return low === 0 && high === 0 ? 0 : null;
}

function not(value: Range): Range {
  const is = decided(value);
  return is === null ? truth : is === 1 ? no : yes;
}

function known(is: boolean, isNot: boolean): Range {
  return is ? yes : isNot ? no : truth;
}

function compare(operator: string, a: Range, b: Range): Range {
  switch (operator) {
    case '<':
      return known(a.high < b.low, a.low >= b.high);
    case '<=':
      return known(a.high <= b.low, a.low > b.high);
    case '>':
      return compare('<', b, a);
    case '>=':
      return compare('<=', b, a);
    default: {
      const one = a.low === a.high && b.low === b.high && a.low === b.low;
      const same = known(one, a.high < b.low || b.high < a.low);
      return operator === '==' ? same : not(same);
    }
  }
}

const comparisons = ['<', '<=', '>', '>=', '==', '!='];

class ConditionReader {
  private at = 0;
  private readonly tokens: readonly string[];
  private readonly kernel: KernelVersion;

  constructor(tokens: readonly string[], kernel: KernelVersion) {
    this.tokens = tokens;
    this.kernel = kernel;
  }

  get isDone(): boolean {
    return this.at === this.tokens.length;
  }

  private take(token: string): boolean {
    if (this.tokens[this.at] !== token) return false;
    this.at++;
    return true;
  }

  choice(depth: number): Range {
    let left = this.all(depth);
    while (this.take('||')) {
      const right = this.all(depth);
      const [a, b] = [decided(left), decided(right)];
      left = known(a === 1 || b === 1, a === 0 && b === 0);
    }
    return left;
  }

  private all(depth: number): Range {
    let left = this.comparison(depth);
    while (this.take('&&')) {
      const right = this.comparison(depth);
      const [a, b] = [decided(left), decided(right)];
      left = known(a === 1 && b === 1, a === 0 || b === 0);
    }
    return left;
  }

  private comparison(depth: number): Range {
    const left = this.unary(depth);
    const operator = this.tokens[this.at] ?? '';
    if (!comparisons.includes(operator)) return left;
    this.at++;
    return compare(operator, left, this.unary(depth));
  }

  private unary(depth: number): Range {
    if (depth > deepest) return anything;
    if (this.take('!')) return not(this.unary(depth + 1));
    if (this.take('(')) {
      const value = this.choice(depth + 1);
      return this.take(')') ? value : anything;
    }
    return this.atom();
  }

  private atom(): Range {
    const token = this.tokens[this.at] ?? '';
    const { codes, makers, version } = this.kernel;
    const code = token.charCodeAt(0);
    if (!isWordCode(code)) return anything;
    this.at++;
    if (classOf(code) === Char.digit) {
      const number = Number(token.replace(/[uUlL]+$/, ''));
      return Number.isNaN(number) ? anything : { low: number, high: number };
    }
    if (codes.includes(token)) return version === undefined ? anything : rangeOf(version);
    if (token === 'defined') {
      const [word = ''] = this.take('(') ? this.arguments() : [this.tokens[this.at++] ?? ''];
      // A kernel's source is compiled with its version defined.
      return codes.includes(word) ? yes : truth;
    }
    if (!this.take('(')) return anything;
    const parts = this.arguments();
    const [major, minor, patch] = parts.map(Number);
    if (!makers.includes(token) || parts.length !== 3) return anything;
    const made = numberOf(major ?? NaN, minor ?? NaN, patch ?? NaN);
    return Number.isNaN(made) ? anything : { low: made, high: made };
  }

  /** The arguments of a call as they are written, up to its parenthesis. */
  private arguments(): string[] {
    const parts: string[] = [];
    let part = '';
    for (let level = 0; this.at < this.tokens.length; this.at++) {
      const token = this.tokens[this.at] ?? '';
      if (token === ')' && level === 0) {
        this.at++;
        break;
      }
      if (token === '(') level++;
      if (token === ')') level--;
      if (token === ',' && level === 0) {
        parts.push(part);
        part = '';
      } else part += token;
    }
    return [...parts, part];
  }
}

/** Words, numbers and operators of a directive's line; comments and the joints of lines are none. */
function tokensOf(text: string): string[] {
  const out: string[] = [];
  for (let i = 0; i < text.length; ) {
    const code = text.charCodeAt(i);
    const kind = classOf(code);
    let end = i + 1;
    if (kind === Char.space || kind === Char.line || code === 92) {
      i++;
      continue;
    }
    if (code === 47 && text.charCodeAt(i + 1) === 42) {
      const close = text.indexOf('*/', i + 2);
      i = close < 0 ? text.length : close + 2;
      continue;
    }
    if (code === 47 && text.charCodeAt(i + 1) === 47) break;
    if (kind === Char.digit) end = skipNumber(text, i);
    else if (kind === Char.letter) while (isWordCode(text.charCodeAt(end))) end++;
    else if (['<=', '>=', '==', '!=', '&&', '||'].includes(text.slice(i, i + 2))) end = i + 2;
    out.push(text.slice(i, end));
    i = end;
  }
  return out;
}
