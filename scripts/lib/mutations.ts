/**
 * One-line changes of TypeScript that a test should notice. Lines are read, not parsed: a site that makes no
 * program is dropped by whoever runs it.
 */

export type MutationKind =
  | 'negated condition'
  | 'swapped comparison'
  | 'swapped and, or'
  | 'removed statement'
  | 'changed constant'
  | 'dropped early return';

export interface Mutation {
  readonly kind: MutationKind;
  /** Zero-based. */
  readonly line: number;
  readonly before: string;
  readonly after: string;
}

const comparisons: Readonly<Record<string, string>> = {
  '===': '!==',
  '!==': '===',
  '<': '<=',
  '>': '>=',
  '<=': '<',
  '>=': '>',
};

/** Lines that only say what types there are, or where something comes from: a change there changes no run. */
const declares =
  /^\s*(?:import|export (?:type|interface)|type|interface|readonly|private readonly|\|)\b.*(?:[;{]|from)|^\s*\| /;

/** All changes of a text, in its order. */
export function mutationsOf(text: string): Mutation[] {
  const out: Mutation[] = [];
  const lines = text.split('\n');
  let comment = false;
  let types = false;
  for (const [line, before] of lines.entries()) {
    if (/^\s*\/\*/.test(before)) comment = true;
    if (/^(?:export )?(?:interface|type)\b/.test(before)) types = true;
    const skip = comment || types || /^\s*\/\//.test(before) || declares.test(before);
    if (before.includes('*/')) comment = false;
    if (/^\S.*;$|^\}/.test(before)) types = false;
    if (skip) continue;
    for (const [kind, after] of changesOf(before)) out.push({ kind, line, before, after });
  }
  return out;
}

function changesOf(line: string): (readonly [MutationKind, string])[] {
  const out: (readonly [MutationKind, string])[] = [];
  const at = (index: number, length: number, text: string): string =>
    `${line.slice(0, index)}${text}${line.slice(index + length)}`;
  const condition = /\bif \(/.exec(line);
  const end = condition ? closing(line, condition.index + 3) : -1;
  if (condition && end > 0) {
    const inner = line.slice(condition.index + 4, end);
    out.push(['negated condition', at(condition.index + 4, inner.length, `!(${inner})`)]);
    const rest = line.slice(end + 1);
    if (/^ (?:return|continue|break)\b[^;]*;$/.test(rest) && !/\belse\b/.test(line))
      out.push(['dropped early return', line.slice(0, condition.index).trimEnd()]);
  }
  for (const match of line.matchAll(/ (===|!==|<=|>=|<|>) /g)) {
    const [, operator = ''] = match;
    if (isCode(line, match.index))
      out.push([
        'swapped comparison',
        at(match.index + 1, operator.length, comparisons[operator] ?? operator),
      ]);
  }
  for (const match of line.matchAll(/&&|\|\|/g))
    if (isCode(line, match.index))
      out.push(['swapped and, or', at(match.index, 2, match[0] === '&&' ? '||' : '&&')]);
  for (const match of line.matchAll(/(?<![\w.'$])(?:\d+|true|false)(?![\w.'])/g))
    if (isCode(line, match.index))
      out.push(['changed constant', at(match.index, match[0].length, otherConstant(match[0]))]);
  if (
    /^\s+(?:this\.|[\w.?#[\]]+(?:\(|\s(?:[-+|]?=)\s|\+\+;)).*;$/.test(line) &&
    !/^\s+(?:return|throw|const|let|case|super)\b/.test(line)
  )
    out.push(['removed statement', '']);
  return out;
}

function otherConstant(text: string): string {
  if (text === 'true') return 'false';
  return text === 'false' ? 'true' : String(Number(text) + 1);
}

/** Where the bracket that opens at `open` closes; -1 when it does not on this line. */
function closing(line: string, open: number): number {
  let depth = 0;
  for (let i = open; i < line.length; i++) {
    if (!isCode(line, i)) continue;
    if (line[i] === '(') depth++;
    else if (line[i] === ')' && --depth === 0) return i;
  }
  return -1;
}

/** Whether a place is outside of strings, templates, comments and what looks like a regular expression. */
function isCode(line: string, index: number): boolean {
  let quote = '';
  for (let i = 0; i < index; i++) {
    const char = line[i] ?? '';
    if (char === '\\') i++;
    else if (quote !== '') quote = char === quote ? '' : quote;
    else if (char === "'" || char === '"' || char === '`') quote = char;
    else if (char === '/' && line[i + 1] === '/') return false;
    else if (char === '/' && /[(=,:!]\s*$/.test(line.slice(0, i))) quote = '/';
  }
  return quote === '';
}

/** A generator of numbers from 0 to 1 that gives the same ones for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
