/** Whole lines, indentation and the kernel's way to break a call. */
import type { Span } from '../../text.ts';

const tab = 8;
const narrow = 80;
const wide = 100;

/** The space before the first character of the line that holds `at`. */
export function indentAt(text: string, at: number): string {
  const start = text.lastIndexOf('\n', at - 1) + 1;
  return /^[ \t]*/.exec(text.slice(start))?.[0] ?? '';
}

/** The column of an offset, with tabs of eight. */
export function columnAt(text: string, at: number): number {
  const start = text.lastIndexOf('\n', at - 1) + 1;
  return widthOf(text.slice(start, at));
}

function widthOf(text: string): number {
  let column = 0;
  for (const char of text) column = char === '\t' ? column + tab - (column % tab) : column + 1;
  return column;
}

/** Tabs, then spaces, up to a column. */
function padTo(column: number): string {
  return '\t'.repeat(Math.floor(column / tab)) + ' '.repeat(column % tab);
}

/** The lines of a statement where it has them to itself; else the range alone. */
export function wholeLines(text: string, { start, end }: Span): Span {
  const first = text.lastIndexOf('\n', start - 1) + 1;
  const newline = text.indexOf('\n', end);
  const last = newline < 0 ? text.length : newline + 1;
  const alone = text.slice(first, start).trim() === '' && text.slice(end, last).trim() === '';
  return alone ? { start: first, end: last } : { start, end };
}

/** Whole lines to delete, with one of two empty lines that would meet, or stand beside a brace. */
export function linesToDelete(text: string, span: Span): Span {
  const { start, end } = wholeLines(text, span);
  if (text[start - 1] !== '\n') return { start, end };
  const before = text.slice(text.lastIndexOf('\n', start - 2) + 1, start).trim();
  const next = text.indexOf('\n', end);
  const after = text.slice(end, next < 0 ? text.length : next).trim();
  if (after === '' && next >= 0 && (before === '' || before.endsWith('{')))
    return { start, end: next + 1 };
  if (before === '' && after === '}') return { start: text.lastIndexOf('\n', start - 2) + 1, end };
  return { start, end };
}

/**
 * `head(arguments)tail` on one line, or broken after commas and aligned to the parenthesis, as short
 * as the names allow.
 */
export function callText(
  indent: string,
  head: string,
  args: readonly string[],
  tail: string,
): string {
  const plain = args.map((arg) => arg.replace(/\s+/g, ' ').trim());
  const line = `${head}(${plain.join(', ')})${tail}`;
  if (widthOf(indent + line) <= narrow) return line;
  const column = widthOf(`${indent}${head}(`);
  const limit = plain.some((arg) => column + arg.length + 2 > narrow) ? wide : narrow;
  let out = `${head}(`;
  let at = column;
  args.forEach((arg, i) => {
    // An argument that fits on no line keeps the lines that it has.
    const lines =
      column + (plain[i]?.length ?? 0) + 2 > wide ? arg.trim().split(/\s*\n\s*/) : [plain[i] ?? ''];
    const end = i === args.length - 1 ? `)${tail}` : ',';
    const written = lines.join(`\n${padTo(column)}`) + end;
    const first = lines.length === 1 ? written.length : (lines[0]?.length ?? 0);
    const breaks = i > 0 && (lines.length > 1 || at + 1 + first > limit);
    out += breaks ? `\n${padTo(column)}${written}` : i > 0 ? ` ${written}` : written;
    if (lines.length > 1) at = column + (lines.at(-1)?.length ?? 0) + end.length;
    else at = breaks ? column + written.length : at + written.length + (i > 0 ? 1 : 0);
  });
  return out;
}

/** The text of a range whose first character moves by `delta` columns: lines aligned to it move too. */
export function shifted(text: string, span: Span, from: number, delta: number): string {
  const part = text.slice(span.start, span.end);
  if (delta === 0) return part;
  return part.replace(/\n([ \t]*)(?=\S)/g, (whole, space: string) => {
    const column = widthOf(space);
    return column < from ? whole : `\n${padTo(column + delta)}`;
  });
}
