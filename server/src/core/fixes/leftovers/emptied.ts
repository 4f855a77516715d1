/** Functions that an edit left with nothing to do: they go with their calls and their places in tables. */
import type { TextEdit } from '../../text.ts';
import { linesToDelete } from '../text/lines.ts';
import type { Item, Outline } from '../text/outline.ts';
import { statementAt, statementsOf } from '../text/statements.ts';
import { mentions, type Token } from '../text/tokens.ts';

/** By the name of a struct: its members that may be missing from a table. */
export type OptionalMembers = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * Takes out all uses of a static function that does nothing any more; the function itself has no use
 * then. Nothing where one of its uses has to stay.
 */
export function emptiedEdits(
  before: Outline,
  after: Outline,
  old: Item | undefined,
  now: Item,
  optional: OptionalMembers,
): TextEdit[] {
  if (!now.isStatic || !isEmpty(after, now) || !old || isEmpty(before, old)) return [];
  if (!/\bvoid\b/.test(after.text.slice(now.start, now.body?.start))) return [];
  const own = after.items.filter((item) => item.name === now.name && item.kind !== 'other');
  const uses = mentions(after.tokens, now.name).filter(
    (token) => !own.some((item) => token.start >= item.start && token.end <= item.end),
  );
  const edits = uses.map((use) => withoutUse(after, use, optional));
  return edits.every((edit) => edit !== undefined) ? edits : [];
}

/** Whether a body holds nothing but declarations. */
function isEmpty({ text }: Outline, { body }: Item): boolean {
  return body !== null && statementsOf(text, body).every((one) => one.kind === 'declaration');
}

function withoutUse(outline: Outline, use: Token, optional: OptionalMembers): TextEdit | undefined {
  const { text, items } = outline;
  const item = items.find((one) => use.start >= one.start && use.end <= one.end);
  if (item?.kind === 'variable') return withoutEntry(outline, item, use, optional);
  if (item?.kind !== 'function' || !item.body) return undefined;
  const placed = statementAt(statementsOf(text, item.body), use.start);
  const isCall =
    placed?.statement.kind === 'plain' &&
    placed.statement.start === use.start &&
    /^\w+\s*\([^()]*(?:\([^()]*\)[^()]*)*\)\s*;$/.test(
      text.slice(placed.statement.start, placed.statement.end),
    );
  if (!placed || !isCall || placed.parent?.statement.kind === 'control') return undefined;
  return { ...linesToDelete(text, placed.statement), newText: '' };
}

/** `.member = name,` where the struct can do without. */
function withoutEntry(
  { text }: Outline,
  item: Item,
  use: Token,
  optional: OptionalMembers,
): TextEdit | undefined {
  const struct = /\bstruct\s+(\w+)/.exec(text.slice(item.start, use.start))?.[1] ?? '';
  const line = text.lastIndexOf('\n', use.start) + 1;
  const [entry, member = ''] = /^[ \t]*\.(\w+)\s*=\s*$/.exec(text.slice(line, use.start)) ?? [];
  const comma = /^[ \t]*,/.exec(text.slice(use.end))?.[0].length ?? 0;
  if (entry === undefined || !optional.get(struct)?.has(member)) return undefined;
  return { ...linesToDelete(text, { start: line, end: use.end + comma }), newText: '' };
}
