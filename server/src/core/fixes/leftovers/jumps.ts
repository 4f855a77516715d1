/** Labels that nothing jumps to any more, and jumps that only lead to a return. */
import type { TextEdit } from '../../text.ts';
import { linesToDelete } from '../text/lines.ts';
import type { Item, Outline } from '../text/outline.ts';
import { type Placed, type Statement, statementAt, statementsOf } from '../text/statements.ts';
import { tokensOf } from '../text/tokens.ts';

/** The first thing that can be made simpler. */
export function jumpEdits(
  before: Outline,
  old: Item | undefined,
  after: Outline,
  now: Item,
): TextEdit[] {
  if (!old?.body || !now.body) return [];
  const was = statementsOf(before.text, old.body);
  const list = statementsOf(after.text, now.body);
  for (const [i, label] of list.entries()) {
    if (label.kind !== 'label' || label.word === 'case' || label.word === 'default') continue;
    const jumps = jumpsTo(after.text, list, label.word);
    if (jumps.length === 0) {
      if (jumpsTo(before.text, was, label.word).length === 0) continue;
      return withoutLabel(after.text, list, i);
    }
    const target = list.slice(i + 1).find((one) => one.kind !== 'label');
    const stays = target !== undefined && target.word !== 'return';
    if (endsAt(before.text, was, label.word) || stays) {
      const named = namedForWhatIsGone(before.text, was, after.text, list, label.word);
      const name = named ? freshLabel(list, was) : undefined;
      if (name === undefined) continue;
      return [
        { start: label.start, end: label.start + label.word.length, newText: name },
        ...jumps.map(({ statement }) => ({
          start: statement.start,
          end: statement.end,
          newText: `goto ${name};`,
        })),
      ];
    }
    const answer = target ? after.text.slice(target.start, target.end) : 'return;';
    return jumps.flatMap((jump) => replaced(after.text, jump, answer));
  }
  return [];
}

/** Whether a label bears the name of a call that stood below it and does not any more. */
function namedForWhatIsGone(
  before: string,
  was: readonly Statement[],
  after: string,
  now: readonly Statement[],
  label: string,
): boolean {
  const words = label.split('_').filter((word) => !/^(err|error|fail|out|exit|do)?$/.test(word));
  const isFor = (text: string, list: readonly Statement[]): boolean =>
    stepsAt(list, label)
      .flatMap((one) => tokensOf(text, one.start, one.end))
      .some(({ kind, text: name }) => {
        const callee = new Set(name.split('_'));
        return kind === 'word' && name !== label && words.every((word) => callee.has(word));
      });
  return words.length > 1 && isFor(before, was) && !isFor(after, now);
}

/** The statements between a label and the next one. */
function stepsAt(list: readonly Statement[], name: string): readonly Statement[] {
  const at = list.findIndex((one) => one.kind === 'label' && one.word === name);
  if (at < 0) return [];
  const rest = list.slice(at + 1);
  const next = rest.findIndex((one) => one.kind === 'label');
  return next < 0 ? rest : rest.slice(0, next);
}

function freshLabel(...lists: readonly (readonly Statement[])[]): string | undefined {
  const taken = new Set(
    lists.flatMap((list) => list.filter(({ kind }) => kind === 'label').map(({ word }) => word)),
  );
  return ['err', 'err_out', 'fail'].find((name) => !taken.has(name));
}

/** Whether the label led straight to a return already: then that is how the author wants it. */
function endsAt(text: string, list: readonly Statement[], name: string): boolean {
  const i = list.findIndex((one) => one.kind === 'label' && one.word === name);
  const target = i < 0 ? undefined : list.slice(i + 1).find((one) => one.kind !== 'label');
  return i >= 0 && (target === undefined || /^return\b/.test(text.slice(target.start, target.end)));
}

/** Deletes a label, and what nothing reaches without it. */
function withoutLabel(text: string, list: readonly Statement[], index: number): TextEdit[] {
  const label = list[index];
  const previous = list[index - 1];
  if (!label) return [];
  const leaves = previous?.word === 'return' || previous?.word === 'goto';
  const next = list.findIndex((one, i) => i > index && one.kind === 'label');
  const dead = leaves ? list.slice(index, next < 0 ? list.length : next) : [label];
  const last = dead[dead.length - 1] ?? label;
  return [{ ...linesToDelete(text, { start: label.start, end: last.end }), newText: '' }];
}

function jumpsTo(text: string, list: readonly Statement[], label: string): Placed[] {
  const found: Placed[] = [];
  const walk = (statements: readonly Statement[]): void => {
    for (const one of statements) {
      if (
        one.word === 'goto' &&
        new RegExp(`^goto\\s+${label}\\s*;$`).test(text.slice(one.start, one.end))
      ) {
        const placed = statementAt(list, one.start);
        if (placed) found.push(placed);
      }
      walk(one.body);
      if (one.otherwise) walk([one.otherwise]);
    }
  };
  walk(list);
  return found;
}

/** The answer in place of a jump; `{ err = f(x); goto out; }` becomes `return f(x);`. */
function replaced(text: string, jump: Placed, answer: string): TextEdit[] {
  const { statement, list, index, parent } = jump;
  const pointer = /^return\s+ERR_PTR\((\w+)\);$/.exec(answer)?.[1];
  const value = pointer ?? /^return\s+(\w+);$/.exec(answer)?.[1];
  const given = list[index - 1];
  const assigned =
    value !== undefined && given
      ? new RegExp(`^${value}\\s*=\\s*([^=][^]*);$`).exec(text.slice(given.start, given.end))?.[1]
      : undefined;
  if (assigned === undefined || !given || !parent)
    return [{ start: statement.start, end: statement.end, newText: answer }];
  const cast = /^PTR_ERR\((.*)\)$/.exec(assigned)?.[1];
  if (pointer !== undefined && cast === undefined)
    return [{ start: statement.start, end: statement.end, newText: answer }];
  const shorter = pointer === undefined ? `return ${assigned};` : `return ERR_CAST(${cast ?? ''});`;
  const block = parent.statement;
  const alone =
    list.length === 2 && block.kind === 'block' && parent.parent?.statement.otherwise === null;
  return alone && !/\/\*|\/\//.test(text.slice(block.start, block.end))
    ? [
        {
          start: lineBreakBefore(text, block.start),
          end: block.end,
          newText: `${inner(text, given.start)}${shorter}`,
        },
      ]
    : [{ start: given.start, end: statement.end, newText: shorter }];
}

function lineBreakBefore(text: string, brace: number): number {
  return text.slice(0, brace).trimEnd().length;
}

function inner(text: string, at: number): string {
  return `\n${text.slice(text.lastIndexOf('\n', at - 1) + 1, at)}`;
}
