/**
 * The pointer that a driver keeps for its device is cleared on the way out, and a later step reads it and
 * follows it: a component's unbind, a devm action, a helper further down.
 */
import { isMember } from '../catalog.ts';
import type { Condition, Value } from '../facts/types.ts';
import type { Pass } from '../pass.ts';
import { type LateRoot, lateUsersOf } from '../program/late-users.ts';
import { type MemberKey, originOf, pathIn } from '../program/objects.ts';
import type { CallSite, FunctionRef } from '../program/program.ts';
import type { Registration } from '../program/registrations.ts';
import { type ClosedBinding, firstWith, waysToDrmDevice } from '../teardown/bindings.ts';
import { type DataAccess, type DeviceName, dataAccesses, nameIn } from './driver-data.ts';
import { canComeAfter, comesBefore, type Way } from './ways.ts';

export interface ClearedData {
  /** The devm action that reads, where it is no step of the way out itself. */
  readonly action: Registration | undefined;
  /** The calls that clear and read it, and the ways down to them. */
  readonly clears: CallSite;
  readonly clear: Way;
  readonly reads: CallSite;
  readonly read: Way;
  /** Both happen each time, in this order. */
  readonly always: boolean;
}

/** What one driver's way out clears and reads afterwards, once for each function that reads. */
export function clearedData(pass: Pass, binding: ClosedBinding): ClearedData[] {
  const { end } = binding;
  const own = dataAccesses(pass, end.fn).filter((one) => isOwn(pass, binding, end.fn, one.device));
  const cleared = own.filter(({ does }) => does === 'clear');
  if (cleared.length === 0 || own.some(({ does }) => does === 'set')) return [];
  const told = new Map<FunctionRef, ClearedData>();
  const note = (clear: DataAccess, read: DataAccess, action: Registration | undefined) => {
    const [clears, reads] = [clear.way.at(-1), read.way.at(-1)];
    if (!clears || !reads || told.has(reads.caller) || !isFollowed(pass, read.way)) return;
    const sure = action !== undefined || comesBefore(pass, clear.way, read.way);
    const steps = [...clear.way, ...read.way];
    const always =
      sure && steps.every(({ caller, call }) => pass.catalog.flows.of(caller.facts).isAlways(call));
    told.set(reads.caller, { action, clears, clear: clear.way, reads, read: read.way, always });
  };
  for (const clear of cleared) {
    for (const read of own)
      if (read.does === 'get' && canComeAfter(pass, clear.way, read.way))
        note(clear, read, undefined);
    for (const action of actionsOf(pass, binding))
      for (const read of action.target ? dataAccesses(pass, action.target) : [])
        if (read.does === 'get' && isGiven(pass, binding, action, read.device))
          note(clear, read, action);
  }
  return [...told.values()];
}

/** The devm actions of the way in: they run after the way out, on the device's list or in the group of its bind. */
function actionsOf(pass: Pass, { starts }: ClosedBinding): Registration[] {
  return pass.registrations.filter(
    ({ api, target, fn }) =>
      api.scope === 'bound' && target && pass.graph.isReachedFrom(fn, starts),
  );
}

function isGiven(
  pass: Pass,
  binding: ClosedBinding,
  { fn, call, data }: Registration,
  device: DeviceName,
): boolean {
  const name = 'key' in device ? device : data && nameIn(pass, fn, data.value, call.start);
  return name !== undefined && isOwn(pass, binding, fn, name);
}

/** Whether a name means the device that the driver is bound to. */
function isOwn(pass: Pass, binding: ClosedBinding, fn: FunctionRef, name: DeviceName): boolean {
  return 'key' in name
    ? holdsOwn(pass, binding, name.key)
    : name.param === 0 && (fn === binding.end.fn || binding.starts.includes(fn));
}

/** Whether a member is only ever given the device that a start of the driver gets. */
function holdsOwn(pass: Pass, { starts }: ClosedBinding, key: MemberKey): boolean {
  if (isMember(pass.catalog, key, 'parent-device'))
    return firstWith(waysToDrmDevice(pass), starts) !== undefined;
  const stores = pass.program
    .storesTo(key.member.split('.').at(-1) ?? '')
    .filter(({ fn, assign }) => pass.program.memberOf(fn, assign.target)?.tag === key.tag);
  return (
    stores.length > 0 &&
    stores.every(({ fn, assign }) => isFromStart(pass, starts, fn, assign.value, assign.start))
  );
}

const maximumRise = 4;

function isFromStart(
  pass: Pass,
  starts: readonly FunctionRef[],
  fn: FunctionRef,
  value: Value,
  before: number,
  rise = maximumRise,
): boolean {
  const name = nameIn(pass, fn, value, before);
  if (!name || 'key' in name) return false;
  if (starts.includes(fn)) return name.param === 0;
  const callers = rise > 0 ? pass.program.callersOf(fn) : [];
  return (
    callers.length > 0 &&
    callers.every(({ caller, call }) => {
      const argument = call.args[name.param];
      return (
        argument !== undefined &&
        isFromStart(pass, starts, caller, argument.value, call.start, rise - 1)
      );
    })
  );
}

/**
 * Whether what the last call of a way answers is followed without a look whether there is any, here or by
 * the caller that it is handed back to. To free nothing does no harm, and who asks for the pointer first
 * has thought of it.
 */
function isFollowed(pass: Pass, way: Way): boolean {
  const site = way.at(-1);
  if (!site) return false;
  const { caller, call } = site;
  const { facts } = caller;
  const index = facts.assigned.numberOf(call);
  const isResult = (value: Value, at: number): boolean => {
    if (value.kind === 'call') return value.call === index;
    const path = pathIn(value);
    return path !== undefined && originOf(caller, path, at).call === call;
  };
  if (
    facts.contexts.some(({ test, start }) => test && asks(test, (value) => isResult(value, start)))
  )
    return false;
  if (facts.returnsOf.some(({ value, start }) => value !== null && isResult(value, start)))
    return isFollowed(pass, way.slice(0, -1));
  const frees = pass.catalog.data.memory.flatMap(({ releases }) => releases);
  return (
    facts.calls.some(
      (user) =>
        user !== call &&
        !frees.includes(user.callee) &&
        user.args.some(({ value }) => isResult(value, user.start)),
    ) ||
    facts.assigns.some(({ value, target, start }) => {
      const path = pathIn(value);
      const read = path !== undefined && path.steps.length > 0 && isResult(value, start);
      const written =
        target.steps.length > 0 && originOf(caller, { ...target, address: 0 }, start).call === call;
      return read || written;
    })
  );
}

function asks(test: Condition, is: (value: Value) => boolean): boolean {
  switch (test.kind) {
    case 'is':
      return is(test.value);
    case 'compare':
      return is(test.left) || is(test.right);
    case 'not':
      return asks(test.of, is);
    default:
      return test.of.some((one) => asks(one, is));
  }
}

/** What reads the pointer when the driver core has cleared it: after unbind. */
export interface LateRead {
  readonly root: LateRoot;
  readonly read: Way;
  readonly reads: CallSite;
}

/** The code of open files and of the last put that reads the pointer of the bound device, one for each reader. */
export function lateReads(pass: Pass, binding: ClosedBinding): LateRead[] {
  const told = new Set<FunctionRef>();
  return lateUsersOf(pass)
    .rootsBut(undefined)
    .flatMap((root) =>
      dataAccesses(pass, root.fn).flatMap(({ does, device, way }): LateRead[] => {
        const reads = way.at(-1);
        if (does !== 'get' || !('key' in device) || !reads || told.has(reads.caller)) return [];
        if (!holdsOwn(pass, binding, device.key) || !isFollowed(pass, way)) return [];
        told.add(reads.caller);
        return [{ root, read: way, reads }];
      }),
    );
}
