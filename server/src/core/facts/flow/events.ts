/** What happens in each block of a function. */
import type { FunctionFacts } from '../types.ts';

/** A call or an assignment, by its place in the list of all. */
export interface Event {
  readonly end: number;
  readonly kind: 'call' | 'assign';
  readonly index: number;
}

/** Calls and assignments by block, in the order in which they run. */
export function eventsOf(fn: FunctionFacts): Event[][] {
  const out: Event[][] = fn.blocks.map(() => []);
  for (const [index, { block, end }] of fn.calls.entries())
    out[block]?.push({ end, kind: 'call', index });
  for (const [index, { block, end }] of fn.assigns.entries())
    out[block]?.push({ end, kind: 'assign', index });
  // A call ends with the assignment of its result, and runs before it: the sort is stable.
  for (const events of out) events.sort((a, b) => a.end - b.end);
  return out;
}
