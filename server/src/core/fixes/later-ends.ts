/** What a function goes on to take apart after a call. */
import type { CallFact } from '../facts/types.ts';
import type { Pass } from '../pass.ts';
import type { CallSite, FunctionRef } from '../program/program.ts';
import { bindingsOf } from '../teardown/bindings.ts';

const maximumRise = 4;

/** The first call below another one that gives something back, by itself or in a function of the module. */
export function laterEnd(pass: Pass, { caller, call }: CallSite): CallFact | undefined {
  return caller.facts.calls.find((one) => one.start > call.end && endsSomething(pass, caller, one));
}

/** The same over all the ways out of a driver that lead to a call. */
export function laterEndOnWayOut(
  pass: Pass,
  site: CallSite,
  rise = maximumRise,
): CallFact | undefined {
  const here = laterEnd(pass, site);
  if (here || rise === 0) return here;
  const out = pass.graph.reachedFrom(bindingsOf(pass).flatMap(({ ends }) => [...ends]));
  for (const above of pass.program.callersOf(site.caller)) {
    const found = out.has(above.caller) ? laterEndOnWayOut(pass, above, rise - 1) : undefined;
    if (found) return found;
  }
  return undefined;
}

function endsSomething(pass: Pass, caller: FunctionRef, call: CallFact): boolean {
  return (
    isEnd(pass, call) ||
    pass.graph
      .targetsOf(caller, call)
      .some((target) =>
        [...pass.graph.reachedFrom([target])].some((fn) =>
          fn.facts.calls.some((one) => isEnd(pass, one)),
        ),
      )
  );
}

/** Whether a call gives something back, by the catalogue or by its name. */
export function isEnd({ catalog }: Pass, { callee }: CallFact): boolean {
  const words = new Set(callee.split('_'));
  return (
    catalog.deviceReleases.has(callee) ||
    catalog.releases.has(callee) ||
    catalog.data.callWords.some((one) => one.role === 'ends' && words.has(one.word))
  );
}
