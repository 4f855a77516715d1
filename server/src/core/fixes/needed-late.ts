/** Why what an action ends must not end at unbind: code that runs later still works on it. */

import { isMember } from '../catalog.ts';
import type { Pass, Question } from '../pass.ts';
import type { LateUse } from '../program/late-users.ts';
import { lateUsersOf, membersHandedIn } from '../program/late-users.ts';
import { type MemberKey, memberKey, pathIn } from '../program/objects.ts';
import type { FunctionRef } from '../program/program.ts';
import type { Registration } from '../program/registrations.ts';
import { type Stop, stopsOf } from '../program/stops.ts';
import { workersIn } from '../program/workers.ts';
import { sameSet } from '../queries/same.ts';
import { bindingsOf } from '../teardown/bindings.ts';
import { takenLater } from './taken-later.ts';

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
 * Who else works on what the action stops, and is not known to be over by unbind: open files, and
 * what interrupts and workers run. Enough for a fix not to be safe, too little to refuse it.
 */
export function reachedLate(pass: Pass, { target }: Registration): string | undefined {
  if (!target) return undefined;
  const stops = stopsOf(pass, target);
  const held = stops.map(({ keys }) => keys.filter((key) => !isBound(pass, key)));
  const use = runningUse(pass, target, held.flat());
  if (use !== undefined) return `${use}: see that nothing runs that after unbind`;
  const given = handedTo(pass, target, held.flat());
  if (given !== undefined) return `${given}: see that nothing follows that after unbind`;
  const unnamed = stops.find((_, i) => held[i]?.length === 0);
  return unnamed && unnamed.way.length > 0
    ? `who else takes what ${unnamed.way.at(-1)?.call.callee ?? 'it'}() gives back is not seen: see that nothing takes it after unbind`
    : undefined;
}

/** A call that lets another object keep what the action ends: a connector its adapter. */
function handedTo(
  pass: Pass,
  target: FunctionRef,
  ended: readonly MemberKey[],
): string | undefined {
  if (ended.length === 0) return undefined;
  const { catalog } = pass;
  const own = pass.graph.reachedFrom([target]);
  const mentioned = ended.map((key) => pass.program.mentioningMember(lastName(key)));
  for (const fn of pass.program.functions) {
    if (own.has(fn) || !mentioned.some((some) => some.has(fn))) continue;
    const found = membersHandedIn(pass, fn).find(
      ({ key, call }) =>
        ended.some((one) => isSameKey(one, key)) &&
        !catalog.takes.has(call.callee) &&
        !catalog.milestones.has(call.callee) &&
        catalog.managed.get(call.callee)?.role !== 'add-action' &&
        call.args.some(({ value }) => {
          const path = pathIn(value);
          return path?.address === 1 && path.steps.at(-1) === key.member.split('.').at(-1);
        }) &&
        call.args.filter(({ value }) => pathIn(value) !== undefined).length > 1,
    );
    if (found) return `\`${fn.name}\` gives it to ${found.call.callee || 'a call'}()`;
  }
  return undefined;
}

/** The same for what is not there any more once the action has run: a reference dropped, a queue destroyed. */
export function usedWhenGone(pass: Pass, { target }: Registration): string | undefined {
  // BOs and mappings that are pinned for the device have to go at unbind, whoever may want them later.
  if (!target || pass.effects.releasesOf(target).length > 0) return undefined;
  const later = takenLater(pass, target, pass.graph.reachedFrom(runningOf(pass)));
  if (later !== undefined) return later;
  const keys = [...pass.graph.reachedFrom([target])].flatMap((fn) => putIn(pass, fn));
  const use = runningUse(pass, target, keys);
  return use && `${use}, and what \`${target.name}\` gives back can be gone then`;
}

function runningUse(
  pass: Pass,
  target: FunctionRef,
  ended: readonly MemberKey[],
): string | undefined {
  if (ended.length === 0) return undefined;
  const own = pass.graph.reachedFrom([target]);
  const starts = pass.ask(runningRoots, null);
  const mentioned = ended.map((key) => pass.program.mentioningMember(lastName(key)));
  for (const fn of pass.program.functions) {
    if (own.has(fn) || !mentioned.some((some) => some.has(fn))) continue;
    const use = membersHandedIn(pass, fn).find(({ key }) =>
      ended.some((one) => isSameKey(one, key)),
    );
    if (use && pass.graph.isReachedFrom(fn, starts))
      return `\`${fn.name}\` works on it too, in ${use.call.callee === '' ? 'a call' : `${use.call.callee}()`}`;
  }
  return undefined;
}

/** The members that hold what a function drops its reference to, or destroys. */
function putIn(pass: Pass, fn: FunctionRef): MemberKey[] {
  const words = new Set(
    pass.catalog.data.callWords.filter(({ role }) => role === 'drops').map(({ word }) => word),
  );
  return fn.facts.calls.flatMap((call) => {
    const path = pathIn(call.args[0]?.value ?? { kind: 'literal', text: '' });
    const ends = call.callee.split('_').some((word) => words.has(word));
    const key = ends && path ? memberKey(pass.program, fn, path, call.start) : undefined;
    return key && !isBound(pass, key) ? [key] : [];
  });
}

/** The device itself, which everything names: a use of it says nothing. */
function isBound({ catalog }: Pass, key: MemberKey): boolean {
  return isMember(catalog, key, 'parent-device');
}

function isSameKey(a: MemberKey, b: MemberKey): boolean {
  return lastName(a) === lastName(b) && (a.tag === '' || b.tag === '' || a.tag === b.tag);
}

function lastName({ member }: MemberKey): string {
  return member.split('.').at(-1) ?? member;
}

/** What tables name but for the way in and out, and the handlers of workers. Files of debugfs are gone by then. */
const runningRoots: Question<null, ReadonlySet<FunctionRef>> = {
  answer: (pass) => new Set(runningOf(pass)),
  equal: sameSet,
};

function runningOf(pass: Pass): FunctionRef[] {
  const bound = new Set(bindingsOf(pass).flatMap(({ starts, ends }) => [...starts, ...ends]));
  const nodes = pass.tableFunctions.filter(({ role }) => role === 'node-file');
  const gone = new Set([...bound, ...nodes.map(({ fn }) => fn)]);
  const named = pass.program
    .tables()
    .flatMap(({ file, table }) =>
      table.entries.flatMap(({ value }) => pass.program.resolve(value, file) ?? []),
    );
  const tables = named.filter((fn) => !gone.has(fn));
  return [...tables, ...workersIn(pass).all.map(({ handler }) => handler)];
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
  const stops = stopsOf(pass, target).filter((stop) => endsObject(pass, stop));
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
