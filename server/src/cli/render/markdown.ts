/** Texts of the engine, of logs and of files in Markdown, as themselves. */
import { printable } from '../../core/mail/quote.ts';

/** Text that marks nothing: a name with `_` or `*` stays what it is. */
export function markdownText(text: string): string {
  return printable(text).replace(/[\\`*_[\]<>#|~]/g, '\\$&');
}

/** Code in a line, also when it holds backticks. */
export function inlineCode(text: string): string {
  const shown = printable(text);
  const longest = Math.max(0, ...[...shown.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  const pad = longest > 0 ? ' ' : '';
  return `${fence}${pad}${shown}${pad}${fence}`;
}

/** A sentence in which backticks mark code, as the engine writes them. */
export function prose(text: string): string {
  return text
    .split(/(`[^`]*`)/)
    .map((part) => (/^`.+`$/s.test(part) ? inlineCode(part.slice(1, -1)) : markdownText(part)))
    .join('');
}
