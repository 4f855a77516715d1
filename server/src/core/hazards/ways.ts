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
export function canComeAfter(pass: Ordering, first: Way, then: Way): boolean {
  const parting = partingOf(first, then);
  if (!parting) return false;
  const { a, b } = parting;
  return a.call === b.call
    ? isEarlierElement(pass, a, parting)
    : pass.catalog.flows.of(a.caller.facts).canFollow(a.call, b.call);
}

/** Whether `first` has run whenever `then` runs; what either does further down is not asked. */
export function comesBefore(pass: Ordering, first: Way, then: Way): boolean {
  const parting = partingOf(first, then);
  if (!parting) return false;
  const { a, b } = parting;
  return a.call === b.call
    ? isEarlierElement(pass, a, parting)
    : pass.catalog.flows.of(a.caller.facts).dominates(a.call, b.call);
}

/** What the order of two calls is read from. */
type Ordering = Pick<Pass, 'catalog' | 'graph'>;

interface Parting {
  readonly a: CallSite;
  readonly b: CallSite;
  /** Where both go by one call: the functions that each comes to then. */
  readonly into?: readonly [FunctionRef, FunctionRef];
}

/** Whether a loop over a table, `steps[i](x)`, comes to one function before the other. */
function isEarlierElement(
  { catalog, graph }: Ordering,
  { caller, call }: CallSite,
  { into }: Parting,
): boolean {
  if (!into || graph.tableOf(caller, call) === undefined) return false;
  const order = graph.targetsOf(caller, call);
  const [first, then] = into.map((fn) => order.indexOf(fn));
  if (first === undefined || then === undefined || first < 0 || then < 0) return false;
  const counts = catalog.flows.of(caller.facts).loopOf(call)?.counts;
  return counts === 'up' ? first < then : counts === 'down' && first > then;
}

function partingOf(first: Way, then: Way): Parting | undefined {
  for (const [i, a] of first.entries()) {
    const b = then[i];
    if (!b || a.caller !== b.caller) return undefined;
    if (a.call !== b.call) return { a, b };
    const [into, other] = [first[i + 1]?.caller, then[i + 1]?.caller];
    if (into && other && into !== other) return { a, b, into: [into, other] };
  }
  return undefined;
}
