/** Probe fails after a step: the call that can fail next, and what the error ways of the callers do. */
import type { Flow, Flows } from '../facts/flow/flow.ts';
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
  let after = call;
  for (let at: Frame | null = frame; at; at = at.parent) {
    const failing = nextFailing(flows.of(at.fn.facts), after);
    if (failing) return { frame: at, call: failing };
    if (!at.call) return undefined;
    after = at.call;
  }
  return undefined;
}

function nextFailing(flow: Flow, after: CallFact): CallFact | undefined {
  return flow.facts.calls.find(
    (other) =>
      other.start > after.end &&
      flow.canFollow(after, other) &&
      !flow.isOnFailure(other) &&
      flow.failureOf(other) !== undefined,
  );
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
