/** Tells whether a C text was cut off in the middle, as a failed download or a full disk leaves it. */

const tokens =
  /\/\*[\s\S]*?(?:\*\/|(?![\s\S]))|\/\/[^\n]*|"(?:\\[\s\S]|[^"\\\n])*"|'(?:\\[\s\S]|[^'\\\n])*'|[{}]|^[ \t]*#[^\n]*/gm;

/**
 * Braces alone do not tell, because the branches of an `#if` may each open one. So the last line must
 * also look wrong: a whole C file ends at column 0 with a closing token or a directive.
 */
export function isCutOff(text: string): boolean {
  const end = text.trimEnd();
  if (end === '') return false;
  let depth = 0;
  for (const [token] of text.matchAll(tokens)) {
    if (token === '{') depth++;
    else if (token === '}') depth--;
    else if (token.startsWith('/*') && !token.endsWith('*/')) return true;
  }
  if (depth <= 0) return false;
  const last = end.slice(Math.max(end.lastIndexOf('\n'), end.lastIndexOf('\r')) + 1);
  return !/^(?:#|\/\/|\*\/|\}|\);?$)/.test(last);
}
