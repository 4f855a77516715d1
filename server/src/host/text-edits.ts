/** The line-wise difference of two texts as edits. */
import { diffLines } from 'diff';
import type { TextEdit } from '../core/text.ts';

/** @returns edits into `before` that make it `after`; lines that both have are not touched */
export function editsBetween(before: string, after: string): TextEdit[] {
  const edits: TextEdit[] = [];
  let at = 0;
  let open: { start: number; end: number; newText: string } | undefined;
  for (const { value, added, removed } of diffLines(before, after)) {
    if (!added && !removed) {
      if (open) edits.push(open);
      open = undefined;
      at += value.length;
      continue;
    }
    open ??= { start: at, end: at, newText: '' };
    if (added) open.newText += value;
    else {
      at += value.length;
      open.end = at;
    }
  }
  if (open) edits.push(open);
  return edits;
}
