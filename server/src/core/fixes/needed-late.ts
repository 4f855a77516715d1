/** Why what an action ends must not end at unbind: code that runs later still works on it. */

import type { Pass } from '../pass.ts';
import type { LateUse } from '../program/late-users.ts';
import { lateUsersOf } from '../program/late-users.ts';
import { type MemberKey, memberKey, pathIn } from '../program/objects.ts';
import type { FunctionRef } from '../program/program.ts';
import type { Registration } from '../program/registrations.ts';
import { type Stop, stopsIn } from '../program/stops.ts';

/** What an action ends. */
interface Ended {
  readonly keys: readonly MemberKey[];
  /** A register mapping is among it: who uses that is seldom to be seen by its name. */
  readonly unmapsRegisters: boolean;
}

/** @returns undefined when nothing is known that would need it after unbind */
export function neededLate(pass: Pass, registration: Registration): string | undefined {
  const { target } = registration;
  if (!target) return undefined;
  const ended = endedBy(pass, registration, target);
  const [use] = usesOf(pass, ended.keys, target);
  if (use) {
    const { root, site } = use;
    return `\`${root.fn.name}\`, ${root.what}, can run after unbind and still works on it, in ${site.call.callee === '' ? 'a call' : `${site.call.callee}()`}`;
  }
  const late = ended.unmapsRegisters ? reachesRegisters(pass, target) : undefined;
  return late && `\`${late.name}\` can run after unbind, and may access registers then`;
}

/**
 * The last close that needs what the action ends, certainly: then the action is late on purpose.
 */
export function neededByClose(pass: Pass, registration: Registration): LateUse | undefined {
  const { target } = registration;
  if (!target) return undefined;
  const { keys } = endedBy(pass, registration, target);
  return usesOf(pass, keys, target).find(({ root, certain }) => certain && root.when === 'close');
}

function usesOf(pass: Pass, keys: readonly MemberKey[], target: FunctionRef): readonly LateUse[] {
  return lateUsersOf(pass).of(keys, target);
}

/** The members that hold what a callback ends, its data's own among them. */
function endedBy(pass: Pass, registration: Registration, target: FunctionRef): Ended {
  const stops = stopsIn(pass.program, pass.catalog, pass.graph, target).filter((stop) =>
    endsObject(pass, stop),
  );
  // BOs and mappings that are pinned for the device have to go at unbind, whoever may want them later.
  const unnamed = stops.some(({ keys }) => keys.length === 0);
  const data = registration.data && pathIn(registration.data.value);
  const own =
    unnamed && data
      ? memberKey(pass.program, registration.fn, data, registration.call.start)
      : undefined;
  return {
    keys: [...stops.flatMap(({ keys }) => keys), ...(own ? [own] : [])],
    unmapsRegisters: stops.some(({ release }) => release.group === 'mmio'),
  };
}

/** Whether a release ends an object: to cancel or to flush one, or to drop a count of it, leaves it there. */
function endsObject(pass: Pass, { release, written }: Stop): boolean {
  return pass.catalog.data.takes.some(
    (take) =>
      take.releases.includes(release.name) &&
      (take.object === 'return' || written.trim().startsWith('&')),
  );
}

/** Late code that reaches registers, or calls something that cannot be seen. */
function reachesRegisters(pass: Pass, target: FunctionRef): FunctionRef | undefined {
  const ways = pass.graph.waysTo(
    pass.catalog.data.milestones
      .filter(({ role }) => role === 'mmio-access')
      .map(({ name }) => name),
  );
  return lateUsersOf(pass)
    .rootsBut(target)
    .map(({ fn }) => fn)
    .find(
      (fn) => ways.has(fn) || pass.graph.unresolvedIn(pass.graph.reachedFrom([fn])) !== undefined,
    );
}
