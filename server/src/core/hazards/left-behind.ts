/** What the way in of a driver takes by hand and no timeline that leaves gives back. */
import { isMember, type ManualTake } from '../catalog.ts';
import { conditionOf } from '../facts/flow/conditions.ts';
import { anything, positive, zero } from '../facts/flow/known.ts';
import type { CallFact } from '../facts/types.ts';
import type { Pass } from '../pass.ts';
import { isInTheWay } from '../program/after-failed-probe.ts';
import type { TableFunction } from '../program/entries.ts';
import { holdersOfResult } from '../program/holders.ts';
import {
  answerOfTake,
  isKept,
  isQuiet,
  isTaken,
  releaseSitesOf,
  takesIn,
} from '../program/pairs.ts';
import type { CallSite, FunctionRef } from '../program/program.ts';
import { type Binding, bindingsOf, firstWith, waysToDrmDevice } from '../teardown/bindings.ts';
import { callbackPairsOf } from '../teardown/callback-pairs.ts';
import { type DeviceName, deviceOf } from './driver-data.ts';
import { type IsRunner, isGivenBack, isRunFromOutside } from './given-back.ts';
import { moduleLoadsOf } from './module-exit.ts';
import type { Way } from './ways.ts';

/** One thing that stays. */
export interface Left {
  readonly take: Taken;
  /** From the probe down to the call that takes it. */
  readonly way: Way;
  readonly site: CallSite;
  /** Probe takes it each time that it goes well. */
  readonly always: boolean;
  /** The call that gives it back where probe fails, and nowhere else. */
  readonly undone: CallSite | undefined;
  /** Nobody but the driver sees that it was taken. */
  readonly quiet: boolean;
  /** The next probe cannot take the same. */
  readonly inTheWay: boolean;
  /** Nothing takes the driver's code away: its module cannot be unloaded. */
  readonly loaded: boolean;
}

/** What is taken: a pair of the catalogue, or the registration of a drm_device. */
export type Taken = Pick<
  ManualTake,
  | 'name'
  | 'group'
  | 'object'
  | 'releases'
  | 'perChild'
  | 'byList'
  | 'exclusive'
  | 'automatic'
  | 'through'
  | 'parents'
  | 'global'
  | 'folder'
>;

/** Everything that one driver leaves behind. */
export interface LeftBehind {
  readonly binding: Binding;
  readonly left: readonly Left[];
}

/** The drivers of the module that leave something behind. */
export function leftBehind(pass: Pass): LeftBehind[] {
  const takes = new Map<string, Taken>();
  for (const take of takesIn(pass.program, pass.catalog)) takes.set(take.name, take);
  for (const one of registersOf(pass)) takes.set(one.name, one);
  const leads = pass.graph.waysTo(takes.keys());
  const seen = new Set<CallFact>();
  return bindingsOf(pass).flatMap((binding) => {
    if (!firstWith(leads, binding.starts) || staysBound(pass, binding.start)) return [];
    const left = leftBy(pass, binding, takes, leads, seen);
    return left.length > 0 ? [{ binding, left }] : [];
  });
}

/**
 * What the first callback of a pair takes each time that it goes well, and nothing in the module gives back:
 * the second time it is taken again.
 */
export function leftByCallbacks(pass: Pass): LeftBehind[] {
  const takes = new Map(
    takesIn(pass.program, pass.catalog)
      .filter(({ group }) => !pass.catalog.takeGroups.get(group)?.counted)
      .map((take) => [take.name, take]),
  );
  const leads = pass.graph.waysTo(takes.keys());
  const seen = new Set<CallFact>();
  return callbackPairsOf(pass).flatMap((binding) => {
    if (!leads.has(binding.start.fn)) return [];
    const left = leftBy(pass, binding, takes, leads, seen).filter(({ always }) => always);
    return left.length > 0 ? [{ binding, left }] : [];
  });
}

/** Whether the unloading of the module alone comes to a call: a device that is unbound before is not helped. */
function isOfModule(pass: Pass, { ends }: Binding, { caller }: CallSite): boolean {
  const entries = moduleLoadsOf(pass).flatMap(({ init, exit }) => [init, exit]);
  return pass.graph.isReachedFrom(caller, entries) && !pass.graph.isReachedFrom(caller, ends);
}

/** drm_dev_register() as a pair with what takes the device from user space again. */
function registersOf({ catalog }: Pass): Taken[] {
  const { milestones } = catalog.data;
  const releases = milestones
    .filter(
      ({ role, remainder }) =>
        role === 'unregister' || role === 'unplug' || (role === 'dev-put' && remainder),
    )
    .map(({ name }) => name);
  return milestones
    .filter(({ role }) => role === 'register')
    .map(({ name, object = 0 }) => ({
      name,
      group: 'drm-device',
      object: { argument: object },
      releases,
    }));
}

function leftBy(
  pass: Pass,
  binding: Binding,
  takes: ReadonlyMap<string, Taken>,
  leads: { has(fn: FunctionRef): boolean },
  seen: Set<CallFact>,
): Left[] {
  const isRunner = runnersOf(pass, binding);
  const found: Left[] = [];
  const downs = binding.starts.map((start) => pass.graph.waysDown(start, undefined, leads));
  for (const [down, caller] of downs.flatMap((one) =>
    Array.from(one.functions(), (fn) => [one, fn] as const),
  )) {
    if (pass.program.isForeign(caller)) continue;
    const flow = pass.catalog.flows.of(caller.facts);
    for (const call of caller.facts.calls) {
      const take = takes.get(call.callee);
      if (!take || seen.has(call) || flow.isOnFailure(call)) continue;
      const site = { caller, call };
      const way = [...down.to(caller), site];
      if (!isHeldWhenBound(pass, take, way)) continue;
      const quiet = isQuiet(pass.catalog, take);
      // A reference that a driver with a way out keeps is a leak and no more.
      if ((quiet && binding.end) || !isOwn(pass, binding, take, way)) continue;
      const sites = releaseSitesOf(pass, take, site).filter(
        (one) => take.folder === undefined || !isOfModule(pass, binding, one),
      );
      const parents = pass.program.callsOfAny(take.parents ?? []);
      if (isGivenBack(pass, [...sites, ...parents], isRunner)) continue;
      seen.add(call);
      found.push({
        take,
        way,
        site,
        quiet,
        inTheWay: isInTheWay(pass, take, site),
        loaded: staysLoaded(pass, binding.start),
        always: way.every(
          (one) => conditionOf(pass.catalog.flows.of(one.caller.facts), one.call) === null,
        ),
        undone: sites.find((one) => pass.graph.isReachedFrom(one.caller, binding.starts)),
      });
    }
  }
  return found;
}

/** Whether the way in can end well with what was taken: a probe that always refuses binds nothing to unbind. */
function isHeldWhenBound({ catalog }: Pass, take: Taken, way: Way): boolean {
  const [site] = way.slice(-1);
  let answer = site ? answerOfTake(catalog, take, site) : anything;
  for (const { caller, call } of way.toReversed()) {
    const flow = catalog.flows.of(caller.facts);
    answer = flow.whileHeld({ call, answer }, new Map()).outcome.held;
  }
  return (answer & (zero | positive)) !== 0;
}

/**
 * Who can run after the way in. A driver with remove() may arrange it in any way; one without has its
 * actions, and what the last put of a drm_device runs that devm puts.
 */
function runnersOf(pass: Pass, { start, end, starts }: Binding): IsRunner {
  if (end) return (fn) => starts.includes(fn) || isRunFromOutside(pass, fn);
  const targets = new Set(pass.registrations.map(({ target }) => target));
  const goes = firstWith(waysToDrmDevice(pass, 'devm'), starts) !== undefined;
  const tables = goes
    ? pass.tableFunctions.filter(({ role }) => role === 'release' || role === 'last-put')
    : [];
  const exits = exitsOf(pass, start.file, start.table.name);
  return (fn) =>
    starts.includes(fn) ||
    targets.has(fn) ||
    exits.includes(fn) ||
    tables.some((table) => table.fn === fn);
}

/**
 * Whether the driver has to give a thing back itself: not what it keeps for the next probe, hands to a
 * struct of the kernel's, or hangs below a device that goes by itself.
 */
function isOwn(pass: Pass, { starts }: Binding, take: Taken, way: Way): boolean {
  const site = way.at(-1);
  if (!site || isKept(pass.catalog, site) || !isTaken(pass.program, take, site)) return false;
  const { caller, call } = site;
  if (take.object === 'return') {
    const held = holdersOfResult(pass.program, caller, call);
    return held.every(({ tag }) => tag === '' || pass.program.struct(tag) !== undefined);
  }
  if (!pass.catalog.takeGroups.get(take.group)?.onDevice) return true;
  const name = deviceOf(pass, way, call.args[take.object.argument]?.value);
  return name !== undefined && isBoundDevice(pass, starts, name);
}

function isBoundDevice(pass: Pass, starts: readonly FunctionRef[], name: DeviceName): boolean {
  return 'param' in name
    ? name.param === 0
    : isMember(pass.catalog, name.key, 'parent-device') &&
        firstWith(waysToDrmDevice(pass), starts) !== undefined;
}

/** A driver that user space cannot unbind, and that nothing takes away: built in, or never unregistered. */
function staysBound(pass: Pass, { file, table }: TableFunction): boolean {
  const { catalog, program } = pass;
  if (isRegisteredForGood(pass, file, table.name)) return true;
  const builtIn = catalog.data.builtIns.map(({ name }) => name);
  return (
    isFlagged(pass, file, table.name) &&
    program
      .usesIn(file)
      .some(({ macro, words }) => builtIn.includes(macro) && words.includes(table.name))
  );
}

/** Registered by a call, barred from unbinding, and never taken away. */
function isRegisteredForGood(pass: Pass, file: TableFunction['file'], table: string): boolean {
  return isBarred(pass, file, table) && exitsOf(pass, file, table).length === 0;
}

/** Whether a driver is registered by what has no way back in the module: an initcall, a macro for built-in ones. */
function staysLoaded({ catalog, program }: Pass, { file, table }: TableFunction): boolean {
  const { builtIns } = catalog.data;
  const byCall = builtIns.filter(
    ({ name, argument }) =>
      argument !== undefined &&
      program.callsOf(name).some((site) => namesTable(site, argument, table.name)),
  );
  const undone = byCall.flatMap((one) => one.undone ?? []);
  const names = new Set(builtIns.map(({ name }) => name));
  return (
    (byCall.length > 0 && program.callsOfAny(undone).length === 0) ||
    program.usesIn(file).some(({ macro, words }) => names.has(macro) && words.includes(table.name))
  );
}

/** Where a driver whose devices user space cannot unbind is taken away: the end of its module. */
function exitsOf(pass: Pass, file: TableFunction['file'], table: string): FunctionRef[] {
  if (!isBarred(pass, file, table)) return [];
  const undone = new Set(pass.catalog.data.builtIns.flatMap((one) => one.undone ?? []));
  return pass.program
    .callsOfAny(undone)
    .filter((site) => namesTable(site, 0, table))
    .map(({ caller }) => caller);
}

/** Whether what registers a driver bars user space from unbinding, or does so where its table says it. */
function isBarred(pass: Pass, file: TableFunction['file'], table: string): boolean {
  return pass.catalog.data.builtIns.some(
    ({ name, argument, flagged }) =>
      argument !== undefined &&
      pass.program.callsOf(name).some((site) => namesTable(site, argument, table)) &&
      (!flagged || isFlagged(pass, file, table)),
  );
}

/** Whether the table of a driver has the flag that bars user space from unbinding. */
function isFlagged({ catalog, program }: Pass, file: TableFunction['file'], table: string) {
  return catalog.data.knownMembers.some(
    ({ holds, member }) => holds === 'stays-bound' && program.tableMentions(file, table, member),
  );
}

function namesTable({ call }: CallSite, index: number, table: string): boolean {
  return call.args[index]?.text.replace(/^&\s*/, '').trim() === table;
}
