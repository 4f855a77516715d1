/** Static functions and tables of a file that an edit left without a use. */
import type { Span, TextEdit } from '../../text.ts';
import { linesToDelete } from '../text/lines.ts';
import type { Outline } from '../text/outline.ts';
import { isPlainName } from '../text/tokens.ts';

/** Deletes one that was used before, with its prototypes and the comment above it. */
export function unusedItems(before: Outline, after: Outline): TextEdit[] {
  const used = usedNames(after);
  for (const item of after.items) {
    if (
      (item.kind !== 'function' && item.kind !== 'variable') ||
      !item.isStatic ||
      item.name === ''
    )
      continue;
    const head = after.text.slice(item.start, item.body?.start ?? item.end);
    if (/\binline\b|__maybe_unused|__used/.test(head)) continue;
    if (used.has(item.name) || !usedNames(before).has(item.name)) continue;
    const prototypes = after.items.filter(
      (other) => other.kind === 'prototype' && other.name === item.name,
    );
    return [item, ...prototypes].map((one) => ({
      ...linesToDelete(after.text, withComment(after.text, one)),
      newText: '',
    }));
  }
  return [];
}

/**
 * The names that are used outside of what declares them: members and tags are left out, words of a directive
 * counted.
 */
function usedNames({ tokens, items }: Outline): ReadonlySet<string> {
  const used = new Set<string>();
  let at = 0;
  tokens.forEach((token, i) => {
    // Items follow each other.
    while (at < items.length && (items[at]?.end ?? 0) <= token.start) at++;
    const item = items[at];
    const own = item && token.start >= item.start ? item.name : undefined;
    const words = token.kind === 'directive' ? (token.text.match(/\w+/g) ?? []) : [token.text];
    if (token.kind !== 'directive' && !isPlainName(tokens, i)) return;
    for (const word of words) if (word !== own) used.add(word);
  });
  return used;
}

function withComment(text: string, span: Span): Span {
  const above = text.slice(0, span.start).trimEnd();
  const between = text.slice(above.length, span.start);
  if (!above.endsWith('*/') || between.split('\n').length > 2) return span;
  const start = above.lastIndexOf('/*');
  return text.slice(text.lastIndexOf('\n', start - 1) + 1, start).trim() === ''
    ? { start, end: span.end }
    : span;
}
