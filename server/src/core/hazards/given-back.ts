/**
 * Whether what a way in has taken is given back anywhere: by remove(), an action, a destructor, a table's
 * function, another module. What only the error way of probe undoes stays when the driver is unbound.
 */
import type { Pass } from '../pass.ts';
import type { CallSite, FunctionRef } from '../program/program.ts';

/** Which functions count as a start of what runs later. */
export type IsRunner = (fn: FunctionRef) => boolean;

/** Whether one of the calls can run otherwise than on the error way of another function. */
export function isGivenBack(pass: Pass, sites: readonly CallSite[], isRunner: IsRunner): boolean {
  const runs = ({ caller, call }: CallSite) =>
    !pass.catalog.flows.of(caller.facts).isOnFailure(call);
  const seen = new Set(sites.filter(runs).map(({ caller }) => caller));
  // A set hands out what is added while it is walked.
  for (const fn of seen) {
    if (isRunner(fn)) return true;
    for (const site of pass.graph.callersOf(fn)) if (runs(site)) seen.add(site.caller);
  }
  return false;
}

/** Whether something that the module does not call itself runs a function: a table, the kernel, another module. */
export function isRunFromOutside(pass: Pass, fn: FunctionRef): boolean {
  return (
    (fn.isStatic ? pass.graph.callersOf(fn).length === 0 : !pass.program.isNamedNowhere(fn)) ||
    pass.program.isForeign(fn) ||
    pass.program.handingsOfFunction(fn).length > 0 ||
    pass.tableFunctions.some((one) => one.fn === fn) ||
    pass.registrations.some(({ target }) => target === fn)
  );
}
