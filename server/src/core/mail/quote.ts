/**
 * Names and texts that somebody else chose, in output that a terminal, a log or git reads. A file may
 * be called anything but `/` and NUL: unquoted it could colour the terminal, start a line of its own,
 * or give a command to the service that reads the log.
 */

/** Control characters, what turns the direction of text, and what breaks a line somewhere. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that do harm
const harmful = /[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

/** How git writes them in a quoted name; all others are octal bytes. */
const short: Readonly<Record<string, string>> = {
  '\x07': '\\a',
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\v': '\\v',
  '\f': '\\f',
  '\r': '\\r',
};

function octal(char: string): string {
  return [...new TextEncoder().encode(char)]
    .map((byte) => `\\${byte.toString(8).padStart(3, '0')}`)
    .join('');
}

/** A text on one line that shows what is harmful in it instead of doing it. */
export function printable(text: string): string {
  return text.replace(harmful, (char) => short[char] ?? octal(char));
}

/** A name as git quotes it, `"a\nb.c"`, where it holds what git quotes; others stand as they are. */
export function quotedForGit(name: string): string {
  if (printable(name) === name && !/["\\]/.test(name)) return name;
  return `"${printable(name.replace(/["\\]/g, '\\$&'))}"`;
}

/**
 * A name in a line for people and their tools. What a log service could take for a command
 * (`::error`, `##[error]`) is quoted too.
 */
export function quotedName(name: string): string {
  return /^\s|\s$|::|##\[/.test(name)
    ? `"${printable(name.replace(/["\\]/g, '\\$&'))}"`
    : quotedForGit(name);
}

/** A byte string that is no UTF-8, as git quotes it. */
export function quotedBytes(bytes: Uint8Array): string {
  const chars = Array.from(bytes, (byte) => {
    const char = String.fromCharCode(byte);
    return byte < 0x80 ? printable(char).replace(/^["\\]$/, '\\$&') : `\\${byte.toString(8)}`;
  });
  return `"${chars.join('')}"`;
}
