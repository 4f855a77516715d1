/** The timelines of what stands on an error way. */
import type { Pass } from '../pass.ts';
import type { CallSite } from '../program/program.ts';
import type { Timeline } from '../result.ts';
import { bindingsOf } from './bindings.ts';

/**
 * What runs only when probe fails happens on that timeline alone, whatever goes wrong there.
 * @param sites the calls that lead to it, or some of them
 * @param others the timelines of the same on any other way
 */
export function timelinesOf(
  pass: Pass,
  sites: readonly CallSite[],
  others: readonly Timeline[],
): readonly Timeline[] {
  const failing = sites.filter(({ caller, call }) =>
    pass.catalog.flows.of(caller.facts).isOnFailure(call),
  );
  if (failing.length === 0) return others;
  const starts = bindingsOf(pass).flatMap((binding) => binding.starts);
  return failing.some(({ caller }) => pass.graph.isReachedFrom(caller, starts))
    ? ['probe-fail']
    : others;
}
