/** Which of two calls comes first on the way out, each told by the calls that lead down to it. */
import type { Catalog } from '../catalog.ts';
import type { CallSite } from '../program/program.ts';

/** The calls from where the way out begins down to a call, that call last. */
export type Way = readonly CallSite[];

/** Whether `then` can run after `first` has: they part in the function that runs both. */
export function canComeAfter(catalog: Catalog, first: Way, then: Way): boolean {
  const parting = partingOf(first, then);
  if (!parting) return false;
  const [a, b] = parting;
  return a.call !== b.call && catalog.flows.of(a.caller.facts).canFollow(a.call, b.call);
}

/** Whether `first` has run whenever `then` runs; what either does further down is not asked. */
export function comesBefore(catalog: Catalog, first: Way, then: Way): boolean {
  const parting = partingOf(first, then);
  if (!parting) return false;
  const [a, b] = parting;
  return a.call !== b.call && catalog.flows.of(a.caller.facts).dominates(a.call, b.call);
}

function partingOf(first: Way, then: Way): readonly [CallSite, CallSite] | undefined {
  for (const [i, a] of first.entries()) {
    const b = then[i];
    if (!b || a.caller !== b.caller) return undefined;
    if (a.call !== b.call) return [a, b];
  }
  return undefined;
}
