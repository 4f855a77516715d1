/** Comments that ask for what an edit has done. */
import type { TextEdit } from '../../text.ts';

const asks =
  /^[ \t]*\/\*+\s*(?:XXX|TODO|FIXME)\b[^\n]*\b(?:managed|devm|drmm)\b[^\n]*\*\/[ \t]*\n(?=([^\n]*)\n)/gim;

/** Deletes one such comment where the line below it is not the one that stood there. */
export function staleComments(text: string, before: string): TextEdit[] {
  const was = new Set(Array.from(before.matchAll(asks), (match) => match[0] + (match[1] ?? '')));
  return Array.from(text.matchAll(asks)).flatMap((match) =>
    was.has(match[0] + (match[1] ?? ''))
      ? []
      : [{ start: match.index, end: match.index + match[0].length, newText: '' }],
  );
}
