/** `#if` … `#endif` as ranges of text, for masking. */
import type { Span } from '../text.ts';
import { isSpace, skipComment, skipDirective, skipString } from './lexis.ts';

/** The text between two directives; `directive` is where the line that opens it starts. */
export interface Branch extends Span {
  readonly directive: number;
}

export interface Conditional {
  readonly branches: readonly Branch[];
  /** The lines of `#if`, `#elif`, `#else` and `#endif` of this level. */
  readonly directives: readonly Span[];
}

/** One that has been begun. */
interface Open {
  readonly at: number;
  readonly branches: Branch[];
  readonly directives: Span[];
  /** Where the present branch is opened, and where its text begins. */
  opened: number;
  body: number;
}

/** A conditional with the number of those around it. */
export interface Placed extends Conditional {
  readonly level: number;
}

/** All conditionals of a text by where they start, found in one pass; one without `#endif` reaches the text's end. */
export function conditionalsIn(text: string): ReadonlyMap<number, Placed> {
  const found = new Map<number, Placed>();
  const stack: Open[] = [];
  const close = (one: Open): void => {
    found.set(one.at, { branches: one.branches, directives: one.directives, level: stack.length });
  };
  const pattern = /^[ \t]*#[ \t]*(if|ifdef|ifndef|elif|else|endif)\b/gm;
  for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
    const start = match.index + match[0].indexOf('#');
    const end = skipDirective(text, start);
    const word = match[1] ?? '';
    pattern.lastIndex = end;
    if (word.startsWith('if')) {
      const directives = [{ start, end }];
      stack.push({ at: start, branches: [], directives, opened: start, body: end });
      continue;
    }
    const top = stack[stack.length - 1];
    if (!top) continue;
    top.branches.push({ directive: top.opened, start: top.body, end: start });
    top.directives.push({ start, end });
    top.opened = start;
    top.body = end;
    if (word === 'endif') {
      stack.pop();
      close(top);
    }
  }
  for (let top = stack.pop(); top; top = stack.pop()) {
    top.branches.push({ directive: top.opened, start: top.body, end: text.length });
    close(top);
  }
  return found;
}

/**
 * Whether a branch holds whole statements (or, in a list, whole items): brackets balance, and it
 * neither begins nor ends in the middle of something.
 */
export function isWhole(text: string, branch: Span, list: boolean): boolean {
  let level = 0;
  let first = -1;
  let last = 0;
  for (let i = branch.start; i < branch.end; i++) {
    const code = text.charCodeAt(i);
    if (isSpace(code)) continue;
    if (code === 47 && (text.charCodeAt(i + 1) === 42 || text.charCodeAt(i + 1) === 47)) {
      i = skipComment(text, i) - 1;
      continue;
    }
    if (code === 35) {
      i = skipDirective(text, i) - 1;
      continue;
    }
    if (first < 0) first = i;
    last = code;
    if (code === 34 || code === 39) {
      i = skipString(text, i) - 1;
      continue;
    }
    if (code === 40 || code === 91 || code === 123) level++;
    else if (code === 41 || code === 93 || code === 125) level--;
    if (level < 0) return false;
  }
  if (first < 0) return true;
  if (level !== 0) return false;
  if (list) return last === 44 || last === 125;
  const opening = text.slice(first, first + 5);
  return (
    (last === 59 || last === 125 || last === 58) &&
    !/^(else\b|&&|\|\||[?:,.+\-*/%<>=)])/.test(opening)
  );
}
