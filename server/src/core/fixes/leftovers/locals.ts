/** Locals that an edit left without a use. */
import type { TextEdit } from '../../text.ts';
import { linesToDelete } from '../text/lines.ts';
import type { Item, Outline } from '../text/outline.ts';
import { type Statement, statementsOf } from '../text/statements.ts';
import { afterGroup, mentions, type Token } from '../text/tokens.ts';

/** One declared name with the text that declares it alone. */
interface Declarator {
  readonly name: string;
  /** Its first token, stars included, without the type. */
  readonly start: number;
  readonly end: number;
}

/** Deletes the declarations of locals that were used and are not any more. */
export function localEdits(
  before: Outline,
  old: Item | undefined,
  after: Outline,
  now: Item,
): TextEdit[] {
  const tokens = tokensIn(after, now);
  const was = tokensIn(before, old);
  const isUnused = (name: string) =>
    mentions(tokens, name).length === 1 && (!old || mentions(was, name).length !== 1);
  return declarations(after, now).flatMap((statement) => {
    const inside = tokens.filter(
      (token) => token.start >= statement.start && token.end <= statement.end,
    );
    const all = declaratorsOf(inside);
    const gone = all.filter((one) => isUnused(one.name));
    if (gone.length === 0) return [];
    if (gone.length === all.length)
      return [{ ...linesToDelete(after.text, statement), newText: '' }];
    return gone.flatMap((one) => {
      const i = all.indexOf(one);
      const next = all[i + 1];
      const previous = all[i - 1];
      if (previous && !gone.includes(previous))
        return [{ start: previous.end, end: one.end, newText: '' }];
      return next
        ? [{ start: one.start, end: next.start, newText: '' }]
        : [{ start: all[0]?.start ?? one.start, end: one.end, newText: '' }];
    });
  });
}

/** A local that is only written to now, and was read before: the compiler would say so. */
export function setOnly(
  before: Outline,
  old: Item | undefined,
  after: Outline,
  now: Item,
): string | undefined {
  const tokens = tokensIn(after, now);
  const was = tokensIn(before, old);
  const names = declarations(after, now).flatMap((statement) =>
    declaratorsOf(
      tokens.filter((token) => token.start >= statement.start && token.end <= statement.end),
    ),
  );
  return names.find(
    ({ name }) =>
      mentions(tokens, name).length > 1 && !isRead(tokens, name) && (!old || isRead(was, name)),
  )?.name;
}

function isRead(tokens: readonly Token[], name: string): boolean {
  const declared = mentions(tokens, name)[0];
  return mentions(tokens, name).some((token) => {
    if (token === declared) return false;
    const i = tokens.indexOf(token);
    const start = [';', '{', '}', ')', ':'].includes(tokens[i - 1]?.text ?? '');
    return !(start && tokens[i + 1]?.text === '=' && tokens[i + 2]?.text !== '=');
  });
}

function tokensIn(outline: Outline, item: Item | undefined): Token[] {
  return item
    ? outline.tokens.filter((token) => token.start >= item.start && token.end <= item.end)
    : [];
}

function declarations(outline: Outline, { body }: Item): Statement[] {
  const out: Statement[] = [];
  const walk = (list: readonly Statement[]): void => {
    for (const one of list) {
      if (one.kind === 'declaration') out.push(one);
      walk(one.body);
      if (one.otherwise) walk([one.otherwise]);
    }
  };
  if (body) walk(statementsOf(outline.text, body));
  return out;
}

/** The names of a declaration, split at its commas. */
function declaratorsOf(tokens: readonly Token[]): Declarator[] {
  const out: Declarator[] = [];
  let from = 0;
  const close = (to: number): void => {
    const part = tokens.slice(from, to);
    const value = part.findIndex((token) => token.text === '=' || token.text === '[');
    const name = (value < 0 ? part : part.slice(0, value)).findLastIndex(
      (token) => token.kind === 'word',
    );
    let first = name;
    while (first > 0 && part[first - 1]?.text === '*') first--;
    const last = part[part.length - 1];
    if (name >= 0 && last)
      out.push({ name: part[name]?.text ?? '', start: part[first]?.start ?? 0, end: last.end });
    from = to + 1;
  };
  for (let i = 0; i < tokens.length; ) {
    const text = tokens[i]?.text ?? '';
    if (text === ',' || text === ';') close(i);
    i = '([{'.includes(text) && text !== '' ? afterGroup(tokens, i) : i + 1;
  }
  return out;
}
