/**
 * Where the pointer that a driver keeps for its device (`dev_set_drvdata()`) is read and cleared on a way
 * out, through helpers and through what the kernel calls back, and of which device each time.
 */
import type { DeviceCall, DriverData } from '../catalog.ts';
import type { Value } from '../facts/types.ts';
import type { Pass, Question } from '../pass.ts';
import { type MemberKey, memberKey, originOf, pathIn } from '../program/objects.ts';
import type { FunctionRef } from '../program/program.ts';
import { directWays } from './ends.ts';
import type { Way } from './ways.ts';

/** A device as the start of a way knows it: one of its parameters, or what a member points to. */
export type DeviceName = { readonly param: number } | { readonly key: MemberKey };

export interface DataAccess {
  readonly does: 'get' | 'set' | 'clear';
  readonly device: DeviceName;
  /** From the function that was asked about down to the call, that call last. */
  readonly way: Way;
}

/** What running a function does to such pointers. */
export function dataAccesses(pass: Pass, fn: FunctionRef): readonly DataAccess[] {
  return pass.ask(accesses, fn);
}

const accesses: Question<FunctionRef, readonly DataAccess[]> = {
  answer: (pass, fn) => find(pass, fn, new Set()),
};

function find(pass: Pass, fn: FunctionRef, above: ReadonlySet<FunctionRef>): DataAccess[] {
  const { driverData, deviceCalls } = pass.catalog.data;
  const touching = new Map(
    driverData.filter(({ does }) => does !== 'same').map((one) => [one.name, one]),
  );
  const running = new Map(deviceCalls.map((one) => [one.name, one]));
  const leads = pass.graph.waysTo([...touching.keys(), ...running.keys()]);
  if (above.has(fn) || !leads.has(fn)) return [];
  const inside = new Set([...above, fn]);
  const down = directWays(pass, fn, leads);
  return [...down.functions()].flatMap((caller) =>
    caller.facts.calls.flatMap((call): DataAccess[] => {
      const api = touching.get(call.callee);
      const runs = running.get(call.callee);
      if (!api && !runs) return [];
      const way = [...down.to(caller), { caller, call }];
      if (runs) return calledBack(pass, runs, way, inside);
      const device = api && deviceOf(pass, way, call.args[api.device]?.value);
      return api && device ? [{ does: deedOf(api, call.args), device, way }] : [];
    }),
  );
}

function deedOf({ does, value }: DriverData, args: readonly { readonly value: Value }[]) {
  const stored = value === undefined ? undefined : args[value]?.value;
  const nothing =
    (stored?.kind === 'path' && stored.root === 'NULL') ||
    (stored?.kind === 'literal' && stored.text === 'NULL');
  return does === 'get' ? 'get' : nothing ? 'clear' : 'set';
}

/** What the members of the driver's tables do that a kernel function runs. */
function calledBack(
  pass: Pass,
  { struct, members, parameter, argument }: DeviceCall,
  way: Way,
  above: ReadonlySet<FunctionRef>,
): DataAccess[] {
  const given = deviceOf(pass, way, way.at(-1)?.call.args[argument]?.value);
  return pass.tableFunctions
    .filter(({ table, entry }) => table.struct === struct && members.includes(entry.member))
    .flatMap(({ fn }) => find(pass, fn, above))
    .flatMap(({ does, device, way: inner }): DataAccess[] => {
      const known = 'key' in device ? device : device.param === parameter ? given : undefined;
      return known ? [{ does, device: known, way: [...way, ...inner] }] : [];
    });
}

/** Which device an argument of the last call of a way is. */
export function deviceOf(pass: Pass, way: Way, value: Value | undefined): DeviceName | undefined {
  let at = value;
  for (const [i, { caller, call }] of [...way.entries()].reverse()) {
    const found = at && nameIn(pass, caller, at, call.start);
    if (!found || 'key' in found || i === 0) return found;
    const above = way[i - 1]?.call;
    // A kernel function that calls back hands on what it likes.
    if (above?.args.length !== caller.facts.params.length) return undefined;
    at = above.args[found.param]?.value;
  }
  return undefined;
}

const maximumCasts = 6;

/** The device that an expression is inside a function. */
export function nameIn(
  pass: Pass,
  fn: FunctionRef,
  value: Value,
  before: number,
): DeviceName | undefined {
  const same = new Map(
    pass.catalog.data.driverData
      .filter(({ does }) => does === 'same')
      .map((one) => [one.name, one]),
  );
  let at: Value = value;
  for (let i = 0; i < maximumCasts; i++) {
    const { path, param, call } =
      at.kind === 'call'
        ? { path: undefined, param: -1, call: fn.facts.calls[at.call] ?? null }
        : originIn(fn, at, before);
    const cast = call && same.get(call.callee);
    if (call && cast) {
      at = call.args[cast.device]?.value ?? at;
      continue;
    }
    if (!path) return undefined;
    // `&pdev->dev` and `&pdev->dev.kobj` are the device, `drm->dev` is one that it points to.
    if (param >= 0 && (path.steps.length === 0 || (path.steps.length <= 2 && path.address === 1)))
      return { param };
    const written = pathIn(at);
    const key =
      written && path.steps.length > 0 ? memberKey(pass.program, fn, written, before) : undefined;
    return key && key.tag !== '' ? { key } : undefined;
  }
  return undefined;
}

function originIn(fn: FunctionRef, value: Value, before: number) {
  const path = pathIn(value);
  return path ? originOf(fn, path, before) : { path: undefined, param: -1, call: null };
}
