/** Tells whether a C text was cut off in the middle, as a failed download or a full disk leaves it. */

/** What is said of such a file. */
export const cutOffProblem = 'cut off: the text ends inside a block or comment, skipped';

const tokens =
  /\/\*[\s\S]*?(?:\*\/|(?![\s\S]))|\/\/[^\n]*|"(?:\\[\s\S]|[^"\\\n])*"|'(?:\\[\s\S]|[^'\\\n])*'|[{}]|^[ \t]*#[^\n]*/gm;

/**
 * Braces alone do not tell, because the branches of an `#if` may each open one. So the last line must
 * also look wrong: a whole C file ends at column 0 with a closing token or a directive.
 */
export function isCutOff(text: string): boolean {
  const end = text.trimEnd();
  if (end === '') return false;
  const open = end.lastIndexOf('/*') > end.lastIndexOf('*/');
  const last = end.slice(Math.max(end.lastIndexOf('\n'), end.lastIndexOf('\r')) + 1);
  const endsWell = /^(?:#|\/\/|\*\/|\}|\);?$)/.test(last);
  if (endsWell && !open) return false;
  let depth = 0;
  for (const [token] of text.matchAll(tokens)) {
    if (token === '{') depth++;
    else if (token === '}') depth--;
    else if (token.startsWith('/*') && !token.endsWith('*/')) return true;
  }
  return depth > 0 && !endsWell;
}
