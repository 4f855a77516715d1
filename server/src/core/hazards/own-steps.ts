/**
 * What a way out has given back and one of its own later steps works on: it frees the buffer and stops the engine
 * that reads it then, releases the channel and moves over it what is left.
 */
import type { Pass } from '../pass.ts';
import type { CallSite, FunctionRef } from '../program/program.ts';
import { touchesIn } from '../program/touches.ts';
import { type Use, usesIn } from '../program/uses.ts';
import { type End, endersOf, endsIn } from './ends.ts';
import { isFlagged } from './flagged.ts';
import { isOpen, type Way } from './ways.ts';

/** One end with the first use that follows it. */
export interface UsedLater {
  readonly ended: End;
  /** The call that ends it, or leads there, beside what comes later. */
  readonly parting: CallSite;
  /** The calls from the start of the way out down to the use, which is the last. */
  readonly use: Way;
  readonly always: boolean;
}

/** What `out` ends each time and still works on, each once. */
export function usedByOwnSteps(pass: Pass, out: FunctionRef): UsedLater[] {
  return endsIn(pass, out).flatMap((ended) => {
    if (ended.kind !== 'ended' || !ended.always || ended.struct !== undefined) return [];
    if (pass.program.membersOfType(ended.key.tag) > 1 || isRepeated(pass, ended.way)) return [];
    const found = usedAfter(pass, out, ended);
    return found ? [found] : [];
  });
}

/** In a loop each turn has an object of its own. */
function isRepeated({ catalog }: Pass, way: Way): boolean {
  return way.some(({ caller, call }) => catalog.flows.of(caller.facts).loopOf(call) !== undefined);
}

/** From the function that ends it up to the way out: what each does after the call that led there. */
function usedAfter(pass: Pass, out: FunctionRef, ended: End): UsedLater | undefined {
  for (const [i, site] of [...ended.way.entries()].reverse()) {
    const above = ended.way.slice(0, i);
    for (const use of usesAfter(pass, site, ended)) {
      const way = [...above, ...use.way];
      if (!isOpen(pass, way) || isFlagged(pass, way, out, ended.way)) continue;
      return { ended, parting: site, use: way, always: !use.conditional };
    }
  }
  return undefined;
}

function usesAfter(pass: Pass, { caller, call: end }: CallSite, { key }: End): Use[] {
  const flow = pass.catalog.flows.of(caller.facts);
  const wanted = new Map([[key.member.split('.').at(-1) ?? '', [key]]]);
  const enders = endersOf(pass);
  const own = new Set(touchesIn(pass, caller).map(({ at }) => at));
  const isLater = (call: CallSite['call']) => call.start > end.end && flow.dominates(end, call);
  const here = usesIn(pass, caller, {
    wanted,
    counts: (call) => own.has(call) && isLater(call) && !enders.has(call.callee),
  });
  const below = caller.facts.calls.flatMap((call) => {
    const [target, other] = pass.graph.targetsOf(caller, call);
    if (!target || other || !isLater(call) || flow.isGuarded(call)) return [];
    const conditional = !flow.isAlways(call);
    return usesIn(pass, target, { wanted, counts: ({ callee }) => !enders.has(callee) }).map(
      (use): Use => ({
        ...use,
        way: [{ caller, call }, ...use.way],
        conditional: use.conditional || conditional,
      }),
    );
  });
  return [...here, ...below];
}
