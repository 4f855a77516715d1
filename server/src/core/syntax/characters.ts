/** What a UTF-16 code unit is to the scanner, by table. */

export const Char = { other: 0, space: 1, line: 2, digit: 3, letter: 4, quote: 5 } as const;

/** The classes of ASCII; everything beyond is `other`. */
export const charClasses: Uint8Array = (() => {
  const out = new Uint8Array(128);
  for (let code = 0; code < 128; code++) {
    if (code === 10) out[code] = Char.line;
    else if (code === 32 || (code >= 9 && code <= 13)) out[code] = Char.space;
    else if (code >= 48 && code <= 57) out[code] = Char.digit;
    else if ((code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95)
      out[code] = Char.letter;
    else if (code === 34 || code === 39) out[code] = Char.quote;
  }
  return out;
})();

export function classOf(code: number): number {
  return code < 128 ? charClasses[code]! : Char.other;
}

/** Whether a code unit can stand in a word. */
export function isWordCode(code: number): boolean {
  return code < 128 && charClasses[code]! >= Char.digit && charClasses[code]! <= Char.letter;
}

/** A text of the same length with nothing but its line ends. */
export function blanked(text: string): string {
  return text.replace(/[^\r\n]/g, ' ');
}

/** The offset behind the blanks of a line that start at `start`. */
export function blankEnd(text: string, start: number, end: number): number {
  let i = start;
  while (i < end && (text.charCodeAt(i) === 32 || text.charCodeAt(i) === 9)) i++;
  return i;
}

/** The offset after the number at `at`: `0x1fULL`, `1.5e-3f` but for the part behind a sign. */
export function skipNumber(text: string, at: number): number {
  let i = at + 1;
  for (; i < text.length; i++) {
    const code = text.charCodeAt(i);
    const kind = classOf(code);
    if (kind !== Char.digit && kind !== Char.letter && code !== 46) break;
  }
  return i;
}

/** The offset of the line end that closes the directive at `at`; strings and comments are read over. */
export function directiveEnd(text: string, at: number): number {
  for (let i = at; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 92) i += text.charCodeAt(i + 1) === 13 ? 2 : 1;
    else if (code === 10) return text.charCodeAt(i - 1) === 13 ? i - 1 : i;
    else if (code === 47) {
      const next = text.charCodeAt(i + 1);
      if (next === 42) {
        const end = text.indexOf('*/', i + 2);
        if (end < 0) return text.length;
        i = end + 1;
      } else if (next === 47) i = lineCommentEnd(text, i) - 1;
    } else if (code === 34 || code === 39) i = stringEnd(text, i) - 1;
  }
  return text.length;
}

/** The offset after the literal at `at`; the end of its line closes an unfinished one. */
export function stringEnd(text: string, at: number): number {
  const quote = text.charCodeAt(at);
  for (let i = at + 1; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === quote) return i + 1;
    if (code === 92) i += text.charCodeAt(i + 1) === 13 ? 2 : 1;
    else if (code === 10) return i;
  }
  return text.length;
}

/** The offset before the blanks that end at `end`. */
export function trimmedEnd(text: string, start: number, end: number): number {
  let i = end;
  while (i > start) {
    const kind = classOf(text.charCodeAt(i - 1));
    if (kind !== Char.space && kind !== Char.line) break;
    i--;
  }
  return i;
}

/** The line end that closes the `//` at `at`; a backslash before it lets the comment go on. */
export function lineCommentEnd(text: string, at: number): number {
  for (let i = at; ; ) {
    const end = text.indexOf('\n', i);
    if (end < 0) return text.length;
    const last = text.charCodeAt(end - 1) === 13 ? end - 1 : end;
    if (text.charCodeAt(last - 1) !== 92) return last;
    i = end + 1;
  }
}
