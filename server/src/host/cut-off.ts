/** Tells whether a C text was cut off in the middle, as a failed download or a full disk leaves it. */

/** What is said of such a file. */
export const cutOffProblem = 'cut off: the text ends inside a block or comment, skipped';

const tokens =
  /\/\*[\s\S]*?(?:\*\/|(?![\s\S]))|\/\/[^\n]*|"(?:\\[\s\S]|[^"\\\n])*"|'(?:\\[\s\S]|[^'\\\n])*'|[{}]|^[ \t]*#[^\n]*/gm;

/**
 * Braces alone do not tell, because macros may hold some. So the last line must
 * also look wrong: a whole C file ends at column 0 with a closing token or a directive.
 */
export function isCutOff(text: string): boolean {
  const end = text.trimEnd();
  if (end === '') return false;
  const open = end.lastIndexOf('/*') > end.lastIndexOf('*/');
  const last = end.slice(Math.max(end.lastIndexOf('\n'), end.lastIndexOf('\r')) + 1);
  const endsWell = /^(?:#|\/\/|\*\/|\}|\);?$)/.test(last);
  if (endsWell && !open) return false;
  const braces = new Braces();
  for (const [token] of text.matchAll(tokens)) {
    if (token.startsWith('/*') && !token.endsWith('*/')) return true;
    braces.read(token);
  }
  return braces.open > 0 && !endsWell;
}

/**
 * How many are open, where each branch of an `#if` may open the one that is closed below all of them: its first one
 * counts.
 */
class Braces {
  open = 0;
  private directives = 0;
  /** How many `#if`s lie around the branch that does not count. */
  private aside: number | undefined;

  read(token: string): void {
    const [, directive] = /^[ \t]*#[ \t]*(if|el|endif)/.exec(token) ?? [];
    if (directive === 'if') this.directives++;
    else if (directive === 'el') this.aside ??= this.directives;
    else if (directive === 'endif') {
      if (this.aside === this.directives) this.aside = undefined;
      this.directives--;
    }
    if (this.aside !== undefined) return;
    if (token === '{') this.open++;
    else if (token === '}') this.open--;
  }
}
