/** Comments that silence rules: `driver-teardown: ignore RULE, RULE -- reason`. */

import { isSpace, skipComment, skipDirective, skipString } from '../syntax/lexis.ts';
import type { Span } from '../text.ts';
import type { FunctionDef, Suppression } from './types.ts';

/** What a new comment says until somebody writes why: it is no reason, whoever left it there. */
export const placeholderReason = 'why this is right';

const word = 'driver-teardown:';
/** A rule's id ends before `--`, with or without a space. */
const directive =
  /driver-teardown:\s*ignore\b[ \t]*(\w+(?:-\w+)*(?:\s*,\s*\w+(?:-\w+)*)*)?[ \t]*(?:--[ \t]*([^\r\n]*))?/;

/** The suppressions of a file. Most files hold none: they cost one search. */
export function suppressionsIn(text: string, functions: readonly FunctionDef[]): Suppression[] {
  if (!text.includes(word)) return [];
  const comments = commentsIn(text);
  const behind = codeBehind(text, comments);
  return comments.flatMap((comment, i) => {
    const match = directive.exec(text.slice(comment.start, comment.end));
    if (!match) return [];
    const start = comment.start + match.index;
    const written = match[0].replace(/\s*\*\/\s*$/, '').trimEnd();
    const reason = (match[2] ?? '').replace(/\*\/.*$/, '').trim();
    return [
      {
        rules: match[1]?.split(',').map((id) => id.trim()) ?? [],
        reason: saysWhy(reason) ? reason : null,
        start,
        end: start + written.length,
        covers: covered(text, comment, behind[i] ?? comment.end, functions),
        removal: removalOf(text, comment, written),
      },
    ];
  });
}

/** Whether a reason has words of its own, and not those that it was offered with. */
function saysWhy(reason: string): boolean {
  const words = reason
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
  return words !== '' && words !== placeholderReason;
}

function commentsIn(text: string): Span[] {
  const out: Span[] = [];
  let lineStart = true;
  for (let i = 0; i < text.length; ) {
    const code = text.charCodeAt(i);
    const next = text.charCodeAt(i + 1);
    if (code === 47 && (next === 42 || next === 47)) {
      const end = skipComment(text, i);
      out.push({ start: i, end: text[end - 1] === '\r' ? end - 1 : end });
      i = end;
    } else if (code === 34 || code === 39) i = skipString(text, i);
    // A directive may hold a lone quote; its comments silence nothing.
    else if (code === 35 && lineStart) i = skipDirective(text, i);
    else {
      lineStart = code === 10 || (lineStart && isSpace(code));
      i++;
      continue;
    }
    lineStart = false;
  }
  return out;
}

/** Where the code goes on behind each comment, the last one first: many in a row are passed once. */
function codeBehind(text: string, comments: readonly Span[]): readonly number[] {
  const out: number[] = [];
  for (let i = comments.length - 1; i >= 0; i--) {
    const next = comments[i + 1];
    let at = comments[i]?.end ?? 0;
    while (at < text.length && isSpace(text.charCodeAt(at))) at++;
    out[i] = next?.start === at ? (out[i + 1] ?? at) : at;
  }
  return out;
}

/** On a line with code that line; alone above a function the whole of it, above a statement that. */
function covered(
  text: string,
  comment: Span,
  start: number,
  functions: readonly FunctionDef[],
): Span {
  const line = text.lastIndexOf('\n', comment.start - 1) + 1;
  if (text.slice(line, comment.start).trim() !== '') return { start: line, end: comment.end };
  const lineEnd = endOfLine(text, comment.end);
  if (text.slice(comment.end, lineEnd).trim() !== '') return { start: line, end: lineEnd };
  const following = functions[firstEndingBehind(functions, comment.start)];
  const next = following && following.start >= comment.end ? following : undefined;
  // Attributes before a function are no part of it.
  if (next && !/[;{}#]/.test(text.slice(start, next.start))) return { start, end: next.end };
  return { start, end: endOfStatement(text, start) };
}

/** The index of the first function that ends behind a place; functions stand in their order. */
function firstEndingBehind(functions: readonly FunctionDef[], at: number): number {
  let [low, high] = [0, functions.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((functions[middle]?.end ?? 0) <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The offset after the `;` or before the `{` that ends what starts at `at`. */
function endOfStatement(text: string, at: number): number {
  let level = 0;
  for (let i = at; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 47 && (text.charCodeAt(i + 1) === 42 || text.charCodeAt(i + 1) === 47))
      i = skipComment(text, i) - 1;
    else if (code === 34 || code === 39) i = skipString(text, i) - 1;
    else if (code === 40) level++;
    else if (code === 41) level--;
    else if (level <= 0 && (code === 59 || code === 123 || code === 125)) return i;
  }
  return text.length;
}

function endOfLine(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end;
}

/** What to delete to take the comment away: with its line when it stands alone; null when it says more. */
function removalOf(text: string, comment: Span, written: string): Span | null {
  const bare = text
    .slice(comment.start, comment.end)
    .replace(/^\/[/*]+|\*+\/$/g, '')
    .trim();
  if (bare !== written.trim()) return null;
  const line = text.lastIndexOf('\n', comment.start - 1) + 1;
  const end = endOfLine(text, comment.end);
  const before = text.slice(line, comment.start);
  if (before.trim() === '' && text.slice(comment.end, end).trim() === '')
    return { start: line, end: Math.min(end + 1, text.length) };
  return { start: comment.start - (before.length - before.trimEnd().length), end: comment.end };
}
