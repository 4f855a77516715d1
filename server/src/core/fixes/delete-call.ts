/** Takes out a call that stands as a statement of its own. */
import { spanInside } from '../places.ts';
import type { CallFact } from '../facts/types.ts';
import type { CallSite, FunctionRef } from '../program/program.ts';
import type { Fix } from '../result.ts';
import type { Span } from '../text.ts';
import { EditSet } from './edits.ts';

/**
 * The fix `delete-call`.
 * @param why the call is not needed, for the notice
 */
export function deleteCall(fn: FunctionRef, call: CallFact, why: string): Fix {
  const base = { id: 'delete-call', title: call.callee === '' ? 'Delete the call' : `Delete the call of ${call.callee}()`, creates: [] };
  const manual = (reason: string): Fix => ({ ...base, safety: 'manual', preferred: false, edits: [], reason });
  if (call.use !== 'ignored') return manual('its result is used');
  if (fn.facts.contexts[call.context]?.start === call.start) return manual('it is all that a condition controls: delete both');
  const edits = new EditSet();
  edits.put(fn.file.path, statement(fn, call), '');
  return { ...base, safety: 'unsafe', preferred: true, edits: edits.list(), notice: why };
}

/** The same where the call may only lead to the one that is too much, through a function with other uses. */
export function deleteLastCall(calls: readonly CallSite[], why: string): Fix[] {
  const [first, second] = calls;
  if (!first) return [];
  if (!second) return [deleteCall(first.caller, first.call, why)];
  return [{
    id: 'delete-call', title: `Delete the call of ${calls.at(-1)?.call.callee ?? ''}()`, safety: 'manual', preferred: false, edits: [], creates: [],
    reason: `\`${second.caller.facts.name}\` makes the call, for its other callers too`,
  }];
}

/** The statement's whole line where it has one to itself; else the call, which leaves its semicolon. */
function statement(fn: FunctionRef, call: CallFact): Span {
  const { start, end } = spanInside(fn, call);
  const { lineStarts } = fn.file;
  const first = lineStarts.filter((at) => at <= start).at(-1) ?? 0;
  // The semicolon and the line's end follow.
  const next = lineStarts.find((at) => at >= end);
  const inside = (at: number) => fn.def.start + at >= first && fn.def.start + at < start;
  const { calls, assigns, labels, contexts } = fn.facts;
  const shared = [...calls, ...assigns, ...contexts].some((other) => inside(other.start) || (inside(other.end) && other.end < call.start));
  const last = ![...calls, ...assigns, ...fn.facts.returnsOf, ...fn.facts.gotos].some((other) => other.start > call.start);
  if (next !== end + 2 || shared || labels.some((label) => inside(label.start)) || (last && labels.length > 0)) return { start, end };
  return { start: first, end: next };
}
