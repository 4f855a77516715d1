/** Finds the head of a function above its brace, in a text whose brackets do not match. */
import { isWordStart } from '../syntax/lexis.ts';

const longestHead = 40;

/**
 * Where the head begins whose `{` stands in column 0 at `brace`, -1 when what is above looks like
 * none: lines up to one that starts with a word in column 0, and further up while a line holds only
 * words, as a type or an attribute on a line of its own does.
 */
export function headBefore(text: string, brace: number): number {
  let found = -1;
  let end = brace - 1;
  let closes = false;
  for (let lines = 0; lines < longestHead && end >= 0; lines++) {
    const start = text.lastIndexOf('\n', end - 1) + 1;
    const line = text
      .slice(start, end)
      .replace(/\/\*.*?\*\/|\/\/.*/g, '')
      .trimEnd();
    if (line === '' || /[;{}:]$|^#|\*\/$/.test(line)) break;
    if (lines === 0 && !line.includes(')')) return -1;
    if (found >= 0 && !/^[A-Za-z_][\w \t]*(?:\([^()]*\))?[ \t*]*$/.test(line)) break;
    closes ||= line.includes('(');
    if (isWordStart(line.charCodeAt(0))) found = start;
    else if (!/^[\s(*]/.test(line)) break;
    if (line.startsWith('static')) break;
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
