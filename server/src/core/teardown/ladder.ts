/** Probe fails after a step: the call that can fail next, and what the error ways of the callers do. */
import type { Flows } from '../facts/flow/flow.ts';
import type { CallFact } from '../facts/types.ts';
import type { FunctionRef } from '../program/program.ts';
import type { Frame, Visit } from '../program/run-through.ts';

/** What runs in one function on the way out of a failed probe. */
export interface Rung {
  readonly frame: Frame;
  /** The call that fails, or that leads to it. */
  readonly failing: CallFact;
  readonly calls: readonly CallFact[];
  /** The function below in which something failed before; none for the first. */
  readonly from: FunctionRef | undefined;
}

/** The step that can fail next after a call, here or in the functions above. */
export function failingAfter(
  flows: Flows,
  { frame, call }: Pick<Visit, 'frame' | 'call'>,
): { readonly frame: Frame; readonly call: CallFact } | undefined {
  // Up to there nobody hears of it.
  const unheard = unheardIn(flows, frame);
  let after = unheard?.call ?? call;
  for (let at: Frame | null = unheard ? unheard.parent : frame; at; at = at.parent) {
    const failing = flows.of(at.fn.facts).nextFailing(after);
    if (failing) return { frame: at, call: failing };
    if (!at.call) return undefined;
    after = at.call;
  }
  return undefined;
}

/** Whether what a function answers comes to the entry: a caller that drops it goes on as if nothing had failed. */
export function isHeard(flows: Flows, frame: Frame): boolean {
  return unheardIn(flows, frame) === undefined;
}

/** The outermost function on the way whose answer is dropped. */
export function unheardIn(flows: Flows, frame: Frame): Frame | undefined {
  let found: Frame | undefined;
  for (let at: Frame = frame; at.parent && at.call; at = at.parent)
    if (flows.of(at.parent.fn.facts).fateOf(at.call) === 'dropped') found = at;
  return found;
}

/** The error ways from a call that fails. */
export function rungsFrom(flows: Flows, frame: Frame, failing: CallFact): Rung[] {
  const out: Rung[] = [];
  let call: CallFact | null = failing;
  let from: FunctionRef | undefined;
  for (let at: Frame | null = frame; at && call; at = at.parent) {
    out.push({ frame: at, failing: call, calls: flows.of(at.fn.facts).whenFailed(call), from });
    call = at.call;
    from = at.fn;
  }
  return out;
}
