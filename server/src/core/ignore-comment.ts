/** Offers the comment that silences one finding, where the C still compiles and the comment is about it. */

import { placeholderReason, suppressionsIn } from './facts/suppressions.ts';
import type { FunctionDef } from './facts/types.ts';
import type { Finding, Fix } from './result.ts';
import { suppressionWithoutReason } from './rules/suppression-without-reason.ts';
import { unusedSuppression } from './rules/unused-suppression.ts';
import { skipBlank, skipComment, skipDirective, skipString } from './syntax/lexis.ts';
import type { Span, TextEdit } from './text.ts';

/** No comment silences these: they are about comments. */
const aboutComments: readonly string[] = [suppressionWithoutReason.id, unusedSuppression.id];

/**
 * The fix `ignore` for a finding.
 * @param text of the finding's file, and `functions` of that text
 * @returns undefined when no comment can silence it
 */
export function ignoreFix(
  { rule, place }: Finding,
  text: string,
  functions: readonly FunctionDef[],
): Fix | undefined {
  if (aboutComments.includes(rule)) return undefined;
  const comment = `/* driver-teardown: ignore ${rule} -- ${placeholderReason} */`;
  const edit = [
    ...linesAbove(text, place, functions).map((at) => above(text, at, comment)),
    atLineEnd(text, place, comment),
  ].find((one) => silences(one, rule, place, text, functions));
  if (edit === undefined) return undefined;
  return {
    id: 'ignore',
    title: `Ignore \`${rule}\` here, with a reason`,
    safety: 'safe',
    preferred: false,
    edits: [{ file: place.file, edits: [edit] }],
    placeholder: placeholderReason,
    creates: [],
  };
}

/** Where a line of its own may go, best first: above the function's head, the whole statement, the finding's line. */
function linesAbove(text: string, place: Span, functions: readonly FunctionDef[]): number[] {
  const fn = functions.find((one) => one.start <= place.start && place.start < one.end);
  const inHead = fn !== undefined && place.start < fn.start + fn.facts.body.start;
  const start = inHead
    ? fn.start
    : statementStart(text, fn === undefined ? 0 : fn.start + fn.facts.body.start, place.start);
  const own = lineStart(text, place.start);
  const head = lineStart(text, start);
  // Behind `}` or another statement its line is not the statement's own.
  return text.slice(head, start).trim() === '' ? [head, own] : [own];
}

/** Where the statement around `at` begins; labels and an `else` that stand on lines of their own are not part of it. */
function statementStart(text: string, from: number, at: number): number {
  let boundary = from;
  let level = 0;
  let ownLine = from === 0;
  for (let i = from; i < at; ) {
    const code = text.charCodeAt(i);
    const next = text.charCodeAt(i + 1);
    if (code === 47 && (next === 42 || next === 47)) i = skipComment(text, i);
    else if (code === 34 || code === 39) i = skipString(text, i);
    else if (code === 35 && ownLine) {
      i = skipDirective(text, i);
      boundary = i;
      level = 0;
    } else {
      if (code === 10) ownLine = true;
      else if (code > 32) ownLine = false;
      if (code === 40) level++;
      else if (code === 41) level--;
      else if (level <= 0 && (code === 59 || code === 123 || code === 125)) boundary = i + 1;
      i++;
    }
  }
  let start = skipBlank(text, boundary);
  for (;;) {
    const prefix = /^(?:(?:case\b[^:;{}\n]*|\w+)\s*:(?!:)|else)[ \t]*\r?\n/.exec(
      text.slice(start, at),
    );
    if (prefix === null) return Math.min(start, at);
    start = skipBlank(text, start + prefix[0].length);
  }
}

function above(text: string, line: number, comment: string): TextEdit {
  const indent = /^[ \t]*/.exec(text.slice(line))?.[0] ?? '';
  return { start: line, end: line, newText: `${indent}${comment}${lineBreak(text, line)}` };
}

/** For what shares its line with the end of something else: `} else if (…)`. */
function atLineEnd(text: string, { start }: Span, comment: string): TextEdit {
  const end = text.indexOf('\n', start);
  const line = text.slice(0, end < 0 ? text.length : end).trimEnd().length;
  return { start: line, end: line, newText: ` ${comment}` };
}

function lineStart(text: string, at: number): number {
  return text.lastIndexOf('\n', at - 1) + 1;
}

function lineBreak(text: string, line: number): string {
  const end = text.indexOf('\n', line);
  return end > 0 && text[end - 1] === '\r' ? '\r\n' : '\n';
}

/** Reads the edited text as the analysis will: the new comment must be about the finding. */
function silences(
  edit: TextEdit,
  rule: string,
  place: Span,
  text: string,
  functions: readonly FunctionDef[],
): boolean {
  const { start: at, newText } = edit;
  if (text[at - 1] === '\\' || /\\\r?\n$/.test(text.slice(Math.max(0, at - 3), at))) return false;
  const edited = text.slice(0, at) + newText + text.slice(at);
  const by = newText.length;
  const moved = functions.map((fn) => ({
    ...fn,
    start: fn.start >= at ? fn.start + by : fn.start,
    end: fn.end > at ? fn.end + by : fn.end,
  }));
  const shift = place.start >= at ? by : 0;
  return suppressionsIn(edited, moved).some(
    ({ start, rules, covers }) =>
      start >= at &&
      start < at + by &&
      rules.includes(rule) &&
      place.start + shift < covers.end &&
      place.end + shift > covers.start,
  );
}
