/** Plain text for a changelog. */

/** The width that kernel maintainers ask for. */
export const changelogWidth = 75;

/**
 * Breaks a paragraph into lines at its spaces; a longer word stays whole.
 * @param indent stands before every line but the first
 */
export function wrap(text: string, first = '', indent = first): string {
  const lines: string[] = [];
  let line = first;
  let empty = true;
  for (const word of text.split(/\s+/).filter((one) => one !== '')) {
    if (!empty && line.length + 1 + word.length > changelogWidth) {
      lines.push(line);
      line = indent;
      empty = true;
    }
    line += empty ? word : ` ${word}`;
    empty = false;
  }
  return [...lines, line].join('\n');
}

/** A message of ours as a sentence of a changelog: names stand without backticks there. */
export function sentence(message: string): string {
  const plain = message.replaceAll('`', '').trim();
  const isWord = !message.trim().startsWith('`') && /^[a-z]+ /.test(plain);
  const capital = isWord ? plain.charAt(0).toUpperCase() + plain.slice(1) : plain;
  return /[.!?]$/.test(capital) ? capital : `${capital}.`;
}
