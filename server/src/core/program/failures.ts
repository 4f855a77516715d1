/** What a function does when one of its steps fails: the branch that tests the result, and the labels it jumps to. */
import type { CallFact, Context, FunctionFacts, PathValue } from '../facts/types.ts';
import { holderOf, keeperOf, mentionOf } from './results.ts';

/** How a failure leaves the function, with the calls that run on the way. */
export interface Failure {
  readonly call: CallFact;
  readonly cleanup: readonly CallFact[];
}

/** How the failure of `call` leaves `fn`; undefined when its result is dropped or tested for something else. */
export function failureOf(fn: FunctionFacts, call: CallFact): Failure | undefined {
  if (call.use === 'returned') return { call, cleanup: [] };
  const branch = branchOf(fn, call);
  if (branch)
    return leaves(fn, branch) && !forgives(fn, call, branch)
      ? { call, cleanup: cleanupOf(fn, branch) }
      : undefined;
  const holder = call.use === 'assigned' ? holderOf(fn, call)?.target : undefined;
  const last = fn.returnsOf[fn.returnsOf.length - 1];
  // `err = f(); return err;`
  if (
    holder !== undefined &&
    last?.context === -1 &&
    last.value?.kind === 'path' &&
    last.value.root === holder.root &&
    !writesLater(fn, call, holder, last.start)
  ) {
    return { call, cleanup: fn.calls.filter((other) => other.start > call.end) };
  }
  return undefined;
}

/**
 * The steps after `call` whose failure leaves the function with an error. A call that a branch returns
 * or tests without keeping its answer may as well report an earlier error or ask a question: it counts
 * when `isStep` knows it.
 */
export function failuresAfter(
  fn: FunctionFacts,
  call: CallFact,
  isStep: (call: CallFact) => boolean,
): Failure[] {
  if (call.use === 'returned') return [];
  const own = failureOf(fn, call);
  return fn.calls.flatMap((other) => {
    if (other.start <= call.end || own?.cleanup.includes(other) || !canFollow(fn, call, other))
      return [];
    if (/^[A-Z0-9_]+$/.test(other.callee)) return [];
    const plain = other.use === 'assigned' || (other.use === 'returned' && other.context === -1);
    return plain || isStep(other) ? (failureOf(fn, other) ?? []) : [];
  });
}

/** Whether control that passed `call` can reach `other`: no branch around `call` has left before, and they are no alternatives. */
function canFollow(fn: FunctionFacts, call: CallFact, other: CallFact): boolean {
  for (let at = call.context; at >= 0; at = fn.contexts[at]?.parent ?? -1) {
    const around = fn.contexts[at];
    if (!around || inside(other.start, around)) break;
    if (around.exits) return false;
    const otherwise = fn.contexts.find(
      (context) =>
        context.kind === 'else' &&
        context.parent === around.parent &&
        context.text === around.text &&
        context.start >= around.end,
    );
    if (otherwise && inside(other.start, otherwise)) return false;
  }
  return true;
}

/** The exiting branch that tests the result. */
function branchOf(fn: FunctionFacts, call: CallFact): Context | undefined {
  if (call.use === 'tested') {
    return fn.contexts.find(
      (context) =>
        context.kind === 'if' &&
        context.start >= call.end &&
        context.start - call.end < 40 &&
        context.text.includes(`${call.callee}(`),
    );
  }
  const kept = keeperOf(fn, call)?.target;
  if (!kept) return undefined;
  const mention = mentionOf(kept);
  const branch = fn.contexts.find(
    (context) => context.kind === 'if' && context.start > call.end && mention.test(context.text),
  );
  return branch && !writesLater(fn, call, kept, branch.start) ? branch : undefined;
}

function writesLater(fn: FunctionFacts, call: CallFact, kept: PathValue, before: number): boolean {
  return fn.assigns.some(
    ({ target, start }) =>
      target.root === kept.root &&
      target.steps.join() === kept.steps.join() &&
      start > call.end &&
      start < before,
  );
}

/** Whether a branch leaves with an error: a jump, or a value that is neither nothing nor zero. */
function leaves(fn: FunctionFacts, branch: Context): boolean {
  if (!branch.exits) return false;
  if (jumpsIn(fn, branch).length > 0) return true;
  return fn.returnsOf.some(
    (one) =>
      inside(one.start, branch) &&
      one.value !== null &&
      !(one.value.kind === 'literal' && /^(0|true)$/.test(one.value.text)),
  );
}

/** Whether the branch sets the error back to zero: the failure is lived with. */
function forgives(fn: FunctionFacts, call: CallFact, branch: Context): boolean {
  const holder = holderOf(fn, call)?.target.root;
  return fn.assigns.some(
    (assign) =>
      inside(assign.start, branch) &&
      assign.target.root === holder &&
      assign.value.kind === 'literal' &&
      assign.value.text === '0',
  );
}

function cleanupOf(fn: FunctionFacts, branch: Context): CallFact[] {
  const labels = fn.labels.filter((label) =>
    jumpsIn(fn, branch).some((jump) => jump.label === label.name),
  );
  const from = Math.min(...labels.map((label) => label.start));
  return fn.calls.filter((call) => inside(call.start, branch) || call.start > from);
}

function jumpsIn(fn: FunctionFacts, branch: Context) {
  return fn.gotos.filter((jump) => inside(jump.start, branch));
}

function inside(at: number, { start, end }: Context): boolean {
  return at >= start && at < end;
}
