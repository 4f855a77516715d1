/** The shortest way from a function down to a place that is looked for, by calls that can mean one function. */
import type { Pass } from '../pass.ts';
import type { CallSite, FunctionRef } from '../program/program.ts';
import type { Way } from './ways.ts';

const maximumDepth = 3;

/**
 * Looks through a function and what it calls, a few calls deep; nothing behind drm_dev_enter() counts.
 * @param find the place in one function
 */
export function firstWayTo(
  pass: Pass,
  start: FunctionRef,
  find: (fn: FunctionRef) => CallSite | undefined,
): Way | undefined {
  let wave: { readonly fn: FunctionRef; readonly way: Way }[] = [{ fn: start, way: [] }];
  const seen = new Set([start]);
  for (let depth = 0; depth <= maximumDepth; depth++) {
    const next: typeof wave = [];
    for (const { fn, way } of wave) {
      const flow = pass.catalog.flows.of(fn.facts);
      const here = find(fn);
      if (here && !flow.isGuarded(here.call)) return [...way, here];
      for (const call of fn.facts.calls) {
        const [target, other] = pass.graph.targetsOf(fn, call);
        if (!target || other || seen.has(target) || flow.isGuarded(call)) continue;
        seen.add(target);
        next.push({ fn: target, way: [...way, { caller: fn, call }] });
      }
    }
    wave = next;
  }
  return undefined;
}
