/** What is given back by hand though a managed call gives it back as well, as the catalogue's doubles pair them. */
import type { Double, ManagedApi } from '../catalog.ts';
import { positive, zero } from '../facts/flow/known.ts';
import type { CallFact } from '../facts/types.ts';
import type { Pass } from '../pass.ts';
import { type FreeSite, freesOf } from '../program/frees.ts';
import { type HeldResource, heldResource } from '../program/managed-objects.ts';
import { type MemberKey, memberKeys, pathIn } from '../program/objects.ts';
import type { FunctionRef } from '../program/program.ts';
import { keysOf, shareMember } from '../program/stops.ts';

export interface DoubleEnd {
  /** Where it is given back by hand. */
  readonly site: FreeSite;
  /** The managed call that has it. */
  readonly held: HeldResource;
}

/** Each call that gives back by hand what devres gives back again. */
export function doubleEnds(pass: Pass): DoubleEnd[] {
  return pass.catalog.data.doubles.flatMap((double) => {
    if (!double.of.some((name) => pass.program.callsOf(name).length > 0)) return [];
    const { sites } = freesOf(pass.program, new Map([[double.name, double.object]]));
    return sites.flatMap((site): DoubleEnd[] => {
      const held = heldAt(pass, double, site);
      return held && !isTakenElsewhere(pass, double, site) ? [{ site, held }] : [];
    });
  });
}

function heldAt(pass: Pass, { taken, of }: Double, site: FreeSite): HeldResource | undefined {
  if (taken !== 'return') return registeredFor(pass, taken.argument, of, site);
  const held = heldResource(pass, site.fn, site.object.value, site.call.start);
  return held && of.includes(held.api.name) && isHeldAt(pass, held, site) ? held : undefined;
}

/** The managed call that was handed the same member. */
function registeredFor(
  pass: Pass,
  argument: number,
  names: readonly string[],
  site: FreeSite,
): HeldResource | undefined {
  const wanted = keysAt(pass, site);
  for (const name of names) {
    const api: ManagedApi | undefined = pass.catalog.managed.get(name);
    if (!api) continue;
    const found = pass.program
      .callsOf(name)
      .filter((one) => holds(pass, one, argument, wanted))
      .map(({ caller, call }): HeldResource => ({ api, fn: caller, call, only: true }))
      .find((one) => isHeldAt(pass, one, site));
    if (found) return found;
  }
  return undefined;
}

function holds(
  pass: Pass,
  { caller, call }: { readonly caller: FunctionRef; readonly call: CallFact },
  argument: number,
  wanted: readonly MemberKey[],
): boolean {
  const keys = keysOf(pass.program, caller, call, argument).filter(({ tag }) => tag !== '');
  return shareMember(keys, wanted);
}

function keysAt({ program }: Pass, { fn, call, object }: FreeSite): readonly MemberKey[] {
  const path = pathIn(object.value);
  return path ? memberKeys(program, fn, path, call.start).filter(({ tag }) => tag !== '') : [];
}

/** Whether devres can have it there: where only the failure of the managed call itself leads, it has nothing. */
function isHeldAt({ catalog }: Pass, { api, fn, call }: HeldResource, site: FreeSite): boolean {
  const flow = catalog.flows.of(fn.facts);
  // Of what a loop takes, an earlier turn may have taken one.
  if (site.fn !== fn || flow.loopOf(call) || !flow.whenFailed(call).includes(site.call))
    return true;
  const answer = api.returns === 'error' ? zero : positive;
  return flow.whileHeld({ call, answer }, new Map()).calls.has(site.call);
}

/** Whether what is given back may have been taken by somebody else than devres. */
function isTakenElsewhere(pass: Pass, double: Double, site: FreeSite): boolean {
  return isTakenByHand(pass, double.name, site) || isTakenOnceMore(pass, double, site);
}

/** Something takes one more, which devres knows nothing of; what failed to has taken none. */
function isTakenOnceMore({ program, catalog }: Pass, { unless = [] }: Double, site: FreeSite) {
  return program.callsOfAny(unless).some(({ caller, call }) => {
    if (caller !== site.fn) return true;
    const flow = catalog.flows.of(caller.facts);
    return flow.canFollow(call, site.call) && !flow.whenFailed(call).includes(site.call);
  });
}

/** Something in the module takes the same by hand as well: what is given back may be that. */
function isTakenByHand(pass: Pass, release: string, site: FreeSite): boolean {
  const wanted = keysAt(pass, site);
  return pass.catalog.data.takes.some(
    ({ name, object, releases }) =>
      object !== 'return' &&
      releases.includes(release) &&
      pass.program.callsOf(name).some((one) => holds(pass, one, object.argument, wanted)),
  );
}
