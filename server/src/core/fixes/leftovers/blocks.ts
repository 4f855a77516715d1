/** What an edit left of the blocks of a condition: one statement in braces, or none. */
import type { TextEdit } from '../../text.ts';
import { linesToDelete } from '../text/lines.ts';
import type { Item, Outline } from '../text/outline.ts';
import { type Statement, statementsOf } from '../text/statements.ts';

/** The first block that can be made simpler; those that were like that before stay as they are. */
export function blockEdits(
  before: Outline,
  old: Item | undefined,
  after: Outline,
  now: Item,
): TextEdit[] {
  if (!old?.body || !now.body) return [];
  const was = controls(statementsOf(before.text, old.body));
  for (const one of controls(statementsOf(after.text, now.body))) {
    const block = one.body[0];
    const head = headOf(after.text, one);
    if (one.word !== 'if' || one.otherwise || block?.kind !== 'block') continue;
    const count = block.body.length;
    const earlier = was.filter((other) => headOf(before.text, other) === head);
    if (count > 1 || !earlier.some((other) => (other.body[0]?.body.length ?? 0) > count)) continue;
    if (earlier.some((other) => (other.body[0]?.body.length ?? 0) <= count)) continue;
    const inside = after.text.slice(block.start, block.end);
    if (/\/\*|\/\//.test(inside)) continue;
    if (count === 0) {
      if (/\(/.test(head.slice(1))) continue;
      return [{ ...linesToDelete(after.text, one), newText: '' }];
    }
    const only = block.body[0];
    if (only?.kind !== 'plain') continue;
    const left = after.text.slice(only.start, only.end);
    // To ask whether a pointer is set before it is cleared was for what is gone.
    if (left === `${head.slice(1).replace(/\)$/, '').trim()} = NULL;`)
      return [{ start: one.start, end: one.end, newText: left }];
    return [
      {
        start: after.text.slice(0, block.start).trimEnd().length,
        end: block.start + 1,
        newText: '',
      },
      { start: only.end, end: block.end, newText: '' },
    ];
  }
  return [];
}

function headOf(text: string, { head }: Statement): string {
  return head ? text.slice(head.start, head.end).replace(/\s+/g, ' ') : '';
}

function controls(list: readonly Statement[]): Statement[] {
  return list.flatMap((one) => [
    ...(one.kind === 'control' ? [one] : []),
    ...controls(one.body),
    ...(one.otherwise ? controls([one.otherwise]) : []),
  ]);
}
