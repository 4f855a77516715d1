/** Finds the head of a function above its brace, in a text whose brackets do not match. */
import { isSpace, isWordStart } from '../syntax/lexis.ts';

const longestHead = 40;

/**
 * Where the head begins whose `{` stands in column 0 at `brace`, -1 when what is above looks like
 * none: lines up to one that starts with a word in column 0, and further up while lines do that end
 * in the middle of a declaration.
 */
export function headBefore(text: string, brace: number): number {
  let found = -1;
  let end = brace - 1;
  let closes = false;
  for (let lines = 0; lines < longestHead && end >= 0; lines++) {
    const start = text.lastIndexOf('\n', end - 1) + 1;
    let last = end;
    while (last > start && isSpace(text.charCodeAt(last - 1))) last--;
    if (last === start) break;
    const final = text.charCodeAt(last - 1);
    // `;`, `{`, `}`, `:` and the end of a comment end something else.
    const ends = final === 59 || final === 123 || final === 125 || final === 58;
    const comment = final === 47 && text.charCodeAt(last - 2) === 42;
    if (ends || comment || text.charCodeAt(start) === 35) break;
    if (lines === 0 && !text.slice(start, last).includes(')')) return -1;
    closes ||= text.slice(start, last).includes('(');
    const first = text.charCodeAt(start);
    if (isWordStart(first)) found = start;
    else if (found >= 0) break;
    else if (!isSpace(first) && first !== 40 && first !== 42) break;
    end = start - 1;
  }
  return closes ? found : -1;
}

/** The line begins with a word that begins a statement. */
export function isControlHead(text: string, start: number): boolean {
  return /^(?:if|for|while|switch|do|else|return|case|default|goto)\b/.test(
    text.slice(start, start + 10),
  );
}
