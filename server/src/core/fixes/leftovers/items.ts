/** Static functions and tables of a file that an edit left without a use. */
import type { Span, TextEdit } from '../../text.ts';
import { linesToDelete } from '../text/lines.ts';
import type { Item, Outline } from '../text/outline.ts';
import { mentions } from '../text/tokens.ts';

/** Deletes one that was used before, with its prototypes and the comment above it. */
export function unusedItems(before: Outline, after: Outline): TextEdit[] {
  for (const item of after.items) {
    if (
      (item.kind !== 'function' && item.kind !== 'variable') ||
      !item.isStatic ||
      item.name === ''
    )
      continue;
    const head = after.text.slice(item.start, item.body?.start ?? item.end);
    if (/\binline\b|__maybe_unused|__used/.test(head)) continue;
    if (usesOf(after, item.name) > 0 || usesOf(before, item.name) === 0) continue;
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

/** How often a name is used outside of what declares it. */
function usesOf({ tokens, items }: Outline, name: string): number {
  const own = items.filter((item: Item) => item.name === name);
  return mentions(tokens, name).filter(
    (token) => !own.some((item) => token.start >= item.start && token.end <= item.end),
  ).length;
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
