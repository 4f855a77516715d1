/** The lexical level of C that masking needs: words, comments, strings, directives. */

export const keywords: ReadonlySet<string> = new Set([
  'if',
  'for',
  'while',
  'switch',
  'return',
  'sizeof',
  'case',
  'else',
  'do',
  'goto',
  'typeof',
  '__typeof__',
  '__typeof',
  '_Alignof',
  '__alignof__',
  'asm',
  '__asm__',
  'defined',
  'struct',
  'union',
  'enum',
  'const',
  'static',
  'extern',
]);

/** Words that the grammar reads as types, never as expressions. */
export const primitiveTypes: ReadonlySet<string> = new Set([
  'void',
  'char',
  'short',
  'int',
  'long',
  'float',
  'double',
  'signed',
  'unsigned',
  'bool',
  '_Bool',
  'size_t',
  'ssize_t',
  'intptr_t',
  'uintptr_t',
  'ptrdiff_t',
  'int8_t',
  'int16_t',
  'int32_t',
  'int64_t',
  'uint8_t',
  'uint16_t',
  'uint32_t',
  'uint64_t',
]);

export function isSpace(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13);
}

export function isWordStart(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95;
}

export function isWordPart(code: number): boolean {
  return isWordStart(code) || (code >= 48 && code <= 57);
}

/** The offset after the comment that starts at `at`. */
export function skipComment(text: string, at: number): number {
  if (text.charCodeAt(at + 1) === 42) {
    const end = text.indexOf('*/', at + 2);
    return end < 0 ? text.length : end + 2;
  }
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end;
}

/** The offset after the string or character literal at `at`; a line end closes an unfinished one. */
export function skipString(text: string, at: number): number {
  const quote = text.charCodeAt(at);
  for (let i = at + 1; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 92) i++;
    else if (code === quote) return i + 1;
    else if (code === 10) return i;
  }
  return text.length;
}

/** The offset of the line end that closes the directive at `at`, continuation lines included. */
export function skipDirective(text: string, at: number): number {
  for (let i = at; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 92 && text.charCodeAt(i + 1) === 13) i += 2;
    else if (code === 92) i++;
    else if (code === 10 || code === 13) return i;
    else if (code === 47 && text.charCodeAt(i + 1) === 42) i = skipComment(text, i) - 1;
  }
  return text.length;
}

/** The offset of the next character that is neither space nor comment. */
export function skipBlank(text: string, at: number): number {
  for (let i = at; i < text.length; ) {
    const code = text.charCodeAt(i);
    if (isSpace(code)) i++;
    else if (code === 47 && (text.charCodeAt(i + 1) === 42 || text.charCodeAt(i + 1) === 47))
      i = skipComment(text, i);
    else return i;
  }
  return text.length;
}
