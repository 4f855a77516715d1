/** The timelines of what stands on an error way. */
import type { Pass } from '../pass.ts';
import type { CallSite, FunctionRef } from '../program/program.ts';
import type { Timeline } from '../result.ts';
import { bindingsOf } from './bindings.ts';

/**
 * What runs only when probe fails happens on that timeline alone, whatever goes wrong there; what only the way out
 * runs does not happen on it.
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
  const bindings = bindingsOf(pass);
  const starts = bindings.flatMap((binding) => binding.starts);
  const isRunBy = (fns: readonly FunctionRef[]) =>
    sites.some(({ caller }) => pass.graph.isReachedFrom(caller, fns));
  if (failing.length === 0) {
    const isWayOut = isRunBy(bindings.flatMap(({ ends }) => ends)) && !isRunBy(starts);
    return isWayOut ? others.filter((one) => one !== 'probe-fail') : others;
  }
  return failing.some(({ caller }) => pass.graph.isReachedFrom(caller, starts))
    ? ['probe-fail']
    : others;
}
