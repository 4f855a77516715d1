/** Ends of what has not begun: the calls that take that amiss, and where what they end begins. */
import type { Unbegun } from '../catalog.ts';
import type { Pass } from '../pass.ts';
import { holdersOfResult, onlyHolds } from '../program/holders.ts';
import { type MemberKey, sameMember } from '../program/objects.ts';
import type { CallSite, FunctionRef } from '../program/program.ts';
import { keysOf } from '../program/stops.ts';
import { directWays } from './ends.ts';
import type { Way } from './ways.ts';

/** Something that is ended too early. */
export interface EarlyEnd {
  readonly key: MemberKey;
  readonly ender: Unbegun;
  /** From the action or the error way down to the call that ends it. */
  readonly end: Way;
  /** From probe down to the call that begins it. */
  readonly begin: Way;
}

/** The one member that a call ends. */
export function keyOf(
  { program }: Pass,
  { caller, call }: CallSite,
  { object }: Unbegun,
): MemberKey | undefined {
  const [key, other] = keysOf(program, caller, call, object);
  return key && !other && key.tag !== '' ? key : undefined;
}

/** What a function ends each time that it runs and cannot end before it has begun, by the member that holds it. */
export function endsOf(pass: Pass, target: FunctionRef): Omit<EarlyEnd, 'begin'>[] {
  const enders = new Map(pass.catalog.data.unbegun.map((one) => [one.name, one]));
  const leads = pass.graph.waysTo(enders.keys());
  if (!leads.has(target)) return [];
  const down = directWays(pass, target, leads);
  const found: Omit<EarlyEnd, 'begin'>[] = [];
  for (const caller of down.functions()) {
    for (const call of caller.facts.calls) {
      const ender = enders.get(call.callee);
      const end = [...down.to(caller), { caller, call }];
      if (!ender || !end.every((site) => isAlways(pass, site))) continue;
      const key = keyOf(pass, { caller, call }, ender);
      if (key) found.push({ key, ender, end });
    }
  }
  return found;
}

function isAlways({ catalog }: Pass, { caller, call }: CallSite): boolean {
  return catalog.flows.of(caller.facts).isAlways(call);
}

/** The ways down to what begins an object; none where something else may be in the member before. */
export function beginsOf(
  pass: Pass,
  start: FunctionRef,
  { key, ender }: Pick<EarlyEnd, 'key' | 'ender'>,
): Way[] {
  const { program, catalog } = pass;
  const begins =
    ender.begins ?? catalog.data.takes.filter(({ releases }) => releases.includes(ender.name));
  const sites = begins.flatMap(({ name, object }) =>
    program.callsOf(name).flatMap((site) => {
      const keys =
        object === 'return'
          ? holdersOfResult(program, site.caller, site.call)
          : keysOf(program, site.caller, site.call, object.argument);
      return keys.some((one) => sameMember(one, key)) ? [{ ...site, object }] : [];
    }),
  );
  const made = new Set(sites.filter(({ object }) => object === 'return').map(({ call }) => call));
  if (made.size > 0 && !onlyHolds(program, key, made)) return [];
  return sites.flatMap((site) => {
    const way = wayDown(pass, start, site);
    return way ? [way] : [];
  });
}

/** The calls from where a driver begins down to one. */
export function wayDown(pass: Pass, start: FunctionRef, site: CallSite): Way | undefined {
  const way = pass.graph.wayDownTo(start, site.caller);
  return way && [...way, { caller: site.caller, call: site.call }];
}
