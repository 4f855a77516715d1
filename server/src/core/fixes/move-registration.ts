/** A registration moved below what its action uses, so that it runs first. */

import type { CallFact } from '../facts/types.ts';
import type { Pass } from '../pass.ts';
import type { FunctionRef } from '../program/program.ts';
import type { Fix } from '../result.ts';
import { EditSet } from './edits.ts';
import { putAfter } from './insert.ts';
import { offered, told } from './offer.ts';
import { type Code, codeOf, statementOf } from './sources.ts';
import { linesToDelete } from './text/lines.ts';
import type { Placed, Statement } from './text/statements.ts';

/** A call in its function. */
interface Site {
  readonly fn: FunctionRef;
  readonly call: CallFact;
}

/**
 * @param early the registration
 * @param taken where what its action uses is taken
 */
export function moveRegistration(pass: Pass, early: Site, taken: Site, title: string): Fix[] {
  const id = 'move-registration';
  const edits = new EditSet();
  const reason = move(pass, early, taken, edits);
  if (reason !== undefined) return [told(id, title, reason)];
  return [
    offered(id, title, edits, {
      notice:
        'what is registered between the two places is released after it then, and no more before it',
    }),
  ];
}

/** @returns why it cannot be done, undefined when the edits are in */
function move(pass: Pass, early: Site, taken: Site, edits: EditSet): string | undefined {
  const { fn } = early;
  if (taken.fn !== fn)
    return `\`${fn.name}\` registers it and \`${taken.fn.name}\` takes what it uses`;
  const code = codeOf(pass, fn);
  const from = code && statementOf(code, early.call);
  const to = code && statementOf(code, taken.call);
  if (!code || !from || !to) return `\`${fn.name}\` could not be read`;
  if (fn.facts.labels.length > 0) return `\`${fn.name}\` unwinds by goto: choose the label`;
  const head = outermost(from);
  const place = outermost(to);
  if (head.list !== place.list || head.parent !== null || head.index >= place.index)
    return 'the two do not stand in one list of statements';
  const last = checkAfter(code, head);
  const below = checkAfter(code, place);
  const span = { start: head.statement.start, end: last.end };
  if (below === place.statement && place.statement.word !== 'if')
    return `what ${taken.call.callee}() answers is not checked right after it`;
  const { text } = code;
  edits.put(fn.file.path, linesToDelete(text, span), '');
  const lines = text
    .slice(span.start, span.end)
    .split('\n')
    .map((line) => line.replace(/^\t/, ''));
  putAfter({ fn, text, statement: below, placed: place }, ['', ...lines], edits);
  return undefined;
}

/** The statement of the body that holds a placed one as its condition. */
function outermost(placed: Placed): Placed {
  return placed.parent && placed.parent.statement.kind === 'control'
    ? outermost(placed.parent)
    : placed;
}

/** The check of a call's result that follows it, else the statement itself. */
function checkAfter({ text }: Code, { statement, list, index }: Placed): Statement {
  const next = list[index + 1];
  const holder = /^([\w>.[\]-]+)\s*=[^=]/.exec(text.slice(statement.start, statement.end))?.[1];
  if (next?.word !== 'if' || holder === undefined || !next.head) return statement;
  const checks = text.slice(next.head.start, next.head.end).includes(holder);
  return checks && /\breturn\b[^;]*;\s*\}?$/.test(text.slice(next.start, next.end))
    ? next
    : statement;
}
