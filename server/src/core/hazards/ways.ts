/** Which of two calls comes first on the way out, each told by the calls that lead down to it. */
import type { Pass } from '../pass.ts';
import type { CallSite, FunctionRef } from '../program/program.ts';
import { type Given, givenTo } from '../program/run-through.ts';

/** The calls from where the way out begins down to a call, that call last. */
export type Way = readonly CallSite[];

/** Whether the constants that the calls of a way hand over leave it open: `free(x, false)` does not unmap. */
export function isOpen({ catalog, graph }: Pass, way: Way): boolean {
  let given: Given = new Map();
  return way.every(({ caller, call }, i) => {
    const { flows } = catalog;
    if (given.size > 0 && !flows.of(caller.facts).given(given).calls.has(call)) return false;
    const next = way[i + 1]?.caller;
    given =
      next && graph.targetsOf(caller, call).includes(next)
        ? givenTo(flows, { fn: caller, given }, call, next)
        : new Map();
    return true;
  });
}

/** Whether a way is the only one where it goes over a pointer: what else that can mean has to lead there, too. */
export function isMeant(pass: Pass, way: Way, ways: { has(fn: FunctionRef): boolean }): boolean {
  return way.every(({ caller, call }, i) => {
    if (i === way.length - 1) return true;
    const targets = pass.graph.targetsOf(caller, call);
    return targets.length === 1 || targets.every((target) => ways.has(target));
  });
}

/** Whether `then` can run after `first` has: they part in the function that runs both. */
export function canComeAfter(pass: Pass, first: Way, then: Way): boolean {
  const parting = partingOf(first, then);
  if (!parting) return turnsBetween(pass, first, then) > 0;
  const [a, b] = parting;
  return a.call !== b.call && pass.catalog.flows.of(a.caller.facts).canFollow(a.call, b.call);
}

/** Whether `first` has run whenever `then` runs; what either does further down is not asked. */
export function comesBefore(pass: Pass, first: Way, then: Way): boolean {
  const parting = partingOf(first, then);
  if (!parting) return turnsBetween(pass, first, then) > 0;
  const [a, b] = parting;
  return a.call !== b.call && pass.catalog.flows.of(a.caller.facts).dominates(a.call, b.call);
}

function partingOf(first: Way, then: Way): readonly [CallSite, CallSite] | undefined {
  for (const [i, a] of first.entries()) {
    const b = then[i];
    if (!b || a.caller !== b.caller) return undefined;
    if (a.call !== b.call) return [a, b];
  }
  return undefined;
}

/**
 * How many turns after the first the second runs, where both are steps of one table that a loop goes through:
 * `for (i = 0; i < ARRAY_SIZE(steps); i++) steps[i](x)`; 0 where they are not.
 */
function turnsBetween({ catalog, graph }: Pass, first: Way, then: Way): number {
  const at = first.findIndex(({ caller }, i) => then[i]?.caller !== caller);
  const [shared, one, other] = [first[at - 1], first[at]?.caller, then[at]?.caller];
  if (!shared || !one || !other) return 0;
  const { caller, call } = shared;
  const loop = catalog.flows.of(caller.facts).loopOf(call);
  if (!loop || graph.tableOf(caller, call) === undefined) return 0;
  const steps = graph.targetsOf(caller, call);
  const turns = steps.indexOf(other) - steps.indexOf(one);
  return loop.counts === 'down' ? -turns : turns;
}
