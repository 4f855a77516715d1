/** Takes out a call that stands as a statement of its own. */

import type { CallFact } from '../facts/types.ts';
import type { Pass } from '../pass.ts';
import { lateUsersOf } from '../program/late-users.ts';
import type { CallSite, FunctionRef } from '../program/program.ts';
import type { Fix } from '../result.ts';
import type { Span } from '../text.ts';
import { EditSet } from './edits.ts';
import { offered, told } from './offer.ts';
import { codeOf, statementOf } from './sources.ts';
import { linesToDelete } from './text/lines.ts';

/**
 * The fix `delete-call`.
 * @param why the call is not needed, for the notice
 * @param others calls that have to go with it
 */
export function deleteCall(
  pass: Pass,
  fn: FunctionRef,
  call: CallFact,
  why: string,
  others: readonly CallSite[] = [],
): Fix {
  const id = 'delete-call';
  const title = call.callee === '' ? 'Delete the call' : `Delete the call of ${call.callee}()`;
  const edits = new EditSet();
  const reason = deleteStatement(pass, { caller: fn, call }, edits);
  if (reason !== undefined) return told(id, title, reason);
  for (const site of others) {
    const kept = deleteStatement(pass, site, edits);
    if (kept !== undefined)
      return told(id, title, `\`${site.caller.name}\` makes the call, too, and ${kept}`);
  }
  return offered(id, title, edits, { notice: why });
}

/** The same for several calls at once; those that cannot go stay. */
export function deleteCalls(pass: Pass, calls: readonly CallSite[], why: string): Fix | undefined {
  const edits = new EditSet();
  const gone = calls.filter((site) => deleteStatement(pass, site, edits) === undefined);
  if (gone.length < 2) return undefined;
  return offered(
    'delete-calls',
    `Delete the ${gone.length} calls of this kind in \`${gone[0]?.caller.name ?? ''}\``,
    edits,
    { notice: why },
  );
}

/**
 * Deletes the statement that a call is.
 * @returns why it cannot be deleted, undefined when the edit is in
 */
export function deleteStatement(
  pass: Pass,
  { caller, call }: CallSite,
  edits: EditSet,
): string | undefined {
  if (call.use !== 'ignored') return 'its result is used';
  const code = codeOf(pass, caller);
  const placed = code && statementOf(code, call);
  if (!code || !placed) return `\`${caller.name}\` could not be read`;
  const { statement, parent } = placed;
  if (statement.kind !== 'plain') return 'it is part of another statement';
  if (!parent || parent.statement.kind === 'block') {
    edits.put(caller.file.path, linesToDelete(code.text, withComment(code.text, statement)), '');
    return undefined;
  }
  const { word, head, otherwise } = parent.statement;
  const tested = head ? code.text.slice(head.start + 1, head.end) : '(';
  if (
    word !== 'if' ||
    otherwise ||
    tested.includes('(') ||
    parent.parent?.statement.kind === 'control'
  )
    return 'it is all that a condition controls: delete both';
  edits.put(caller.file.path, linesToDelete(code.text, parent.statement), '');
  return undefined;
}

/** A statement with the comment above it, where that is of nothing else: an empty line or a brace follows. */
function withComment(text: string, { start, end }: Span): Span {
  const after = /^[ \t]*\n[ \t]*(\n|\})/.test(text.slice(end));
  const line = text.lastIndexOf('\n', start - 1) + 1;
  const above = /\n([ \t]*\/\*(?:(?!\*\/)[^])*\*\/[ \t]*\n)$/.exec(text.slice(0, line));
  const comment = after && text.slice(line, start).trim() === '' ? above?.[1] : undefined;
  return comment === undefined
    ? { start, end }
    : { start: line - comment.length + (/^[ \t]*/.exec(comment)?.[0].length ?? 0), end };
}

/** The same where the call may only lead to the one that is too much, through a function with other uses. */
export function deleteLastCall(pass: Pass, calls: readonly CallSite[], why: string): Fix[] {
  const [first, second] = calls;
  if (!first) return [];
  const object = lateUsersOf(pass)
    .rootsBut(undefined)
    .find(({ isObject, fn }) => isObject && fn === first.caller);
  if (object)
    return [
      told(
        'delete-call',
        `Delete the call of ${calls.at(-1)?.call.callee ?? ''}()`,
        `\`${first.caller.name}\`, ${object.what}, runs when the object is cleaned up: its memory may be gone by then, object and memory have to be converted together`,
      ),
    ];
  if (!second) return [deleteCall(pass, first.caller, first.call, why)];
  return [
    told(
      'delete-call',
      `Delete the call of ${calls.at(-1)?.call.callee ?? ''}()`,
      `\`${second.caller.name}\` makes the call, for its other callers too`,
    ),
  ];
}
