/** Probe fails after a step: the call that can fail next, and what the error ways of the callers do. */
import type { CallFact, Context, FunctionFacts } from '../facts/types.ts';
import { failureOf } from '../program/failures.ts';
import { holderOf, keeperOf, mentionOf } from '../program/results.ts';
import { isOnFailure, isSuccess, ladderBelow, ladderOf } from './contexts.ts';
import type { Frame, Visit } from './walker.ts';

/** What runs in one function on the way out of a failed probe. */
export interface Rung {
  readonly frame: Frame;
  readonly calls: CallFact[];
}

/** The step that can fail next after a call, here or in the functions above. */
export function failingAfter({
  frame,
  call,
}: Pick<Visit, 'frame' | 'call'>): { readonly frame: Frame; readonly call: CallFact } | undefined {
  let after = call;
  for (let at: Frame | null = frame; at; at = at.parent) {
    const failing = nextFailing(at.fn.facts, after);
    if (failing) return { frame: at, call: failing };
    if (!at.call) return undefined;
    after = at.call;
  }
  return undefined;
}

function nextFailing(fn: FunctionFacts, after: CallFact): CallFact | undefined {
  return fn.calls.find(
    (other) =>
      other.start > after.end &&
      !isOnFailure(fn, other) &&
      (other.use === 'returned' || failureOf(fn, other) !== undefined),
  );
}

/** The error ways from a call that fails. */
export function rungsFrom(frame: Frame, failing: CallFact): Rung[] {
  const out: Rung[] = [];
  let call: CallFact | null = failing;
  for (let at: Frame | null = frame; at && call; at = at.parent) {
    out.push({ frame: at, calls: cleanupOf(at.fn.facts, call) });
    call = at.call;
  }
  return out;
}

/** The calls of the branch that tests a result, and those below the label that it jumps to. */
function cleanupOf(fn: FunctionFacts, call: CallFact): CallFact[] {
  if (call.use === 'returned') return [];
  const branch = branchAfter(fn, call);
  if (!branch) {
    const holder = holderOf(fn, call)?.target.root;
    const answer = fn.returnsOf.find(
      ({ start, value }) => start > call.end && value?.kind === 'path' && value.root === holder,
    );
    return answer ? straightTo(fn, call, answer.start, answer.context) : [];
  }
  const before = straightTo(fn, call, branch.start, branch.parent);
  if (branch.exits && isSuccess(fn, branch.text)) return [...before, ...ladderBelow(fn, branch)];
  return [...before, ...ladderOf(fn, branch).filter((one) => one !== call)];
}

/** The calls that run whether a call failed or not, before its result is looked at: `ret = take(); close(); return ret;`. */
function straightTo(fn: FunctionFacts, call: CallFact, end: number, context: number): CallFact[] {
  const around = new Set([-1]);
  for (let at = context; at >= 0; at = fn.contexts[at]?.parent ?? -1) around.add(at);
  return fn.calls.filter(
    (other) =>
      other.start > call.end &&
      other.end <= end &&
      other.use !== 'tested' &&
      around.has(other.context),
  );
}

function branchAfter(fn: FunctionFacts, call: CallFact): Context | undefined {
  const kept = keeperOf(fn, call)?.target;
  const mention = kept && mentionOf(kept);
  const tests = fn.contexts.filter(
    (context) => context.kind === 'if' && context.start > call.start,
  );
  const found = tests.find((context) =>
    call.use === 'tested' ? context.text.includes(call.callee) : mention?.test(context.text),
  );
  return found && !found.exits && isSuccess(fn, found.text) ? undefined : found;
}
