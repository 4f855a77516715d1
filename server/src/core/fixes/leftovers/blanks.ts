/** Empty lines that an edit left double, or beside a brace. */
import type { TextEdit } from '../../text.ts';
import type { Item, Outline } from '../text/outline.ts';

const surplus =
  /\n([ \t\r]*\n){2,}|\{[ \t\r]*\n([ \t\r]*\n)+|\n([ \t\r]*\n)+(?=[ \t]*\})|\*\/[ \t\r]*\n([ \t\r]*\n)+/g;

/** One empty line where there are more now than there were, below the same line. */
export function blankEdits(
  before: Outline,
  old: Item | undefined,
  after: Outline,
  now: Item,
): TextEdit[] {
  const was = countOf(old ? before.text.slice(old.start, old.end) : '');
  const text = after.text.slice(now.start, now.end);
  const out: TextEdit[] = [];
  for (const match of text.matchAll(surplus)) {
    const name = nameOf(text, match);
    const left = was.get(name) ?? 0;
    was.set(name, left - 1);
    if (left > 0) continue;
    const end = now.start + match.index + match[0].length;
    const opening = /^(\{|\*\/)[ \t\r]*\n/.exec(match[0])?.[0];
    const start = now.start + match.index + (opening?.length ?? 1);
    const keeps = opening === undefined && after.text.slice(end).trimStart()[0] !== '}' ? '\n' : '';
    out.push({ start, end, newText: keeps });
  }
  return out;
}

/** The empty lines with the line above them: they stand in many places that look alike. */
function nameOf(text: string, { 0: found, index }: RegExpExecArray): string {
  return text.slice(text.lastIndexOf('\n', index - 1) + 1, index) + found;
}

function countOf(text: string): Map<string, number> {
  const out = new Map<string, number>();
  for (const match of text.matchAll(surplus)) {
    const name = nameOf(text, match);
    out.set(name, (out.get(name) ?? 0) + 1);
  }
  return out;
}
