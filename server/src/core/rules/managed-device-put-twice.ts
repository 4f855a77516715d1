/** A reference to a drm_device that devm drops at unbind, dropped by hand as well. */

import { callWords } from '../chains.ts';
import { deleteLastCall } from '../fixes/delete-call.ts';
import { editCall } from '../fixes/edit-call.ts';
import { EditSet } from '../fixes/edits.ts';
import { offered } from '../fixes/offer.ts';
import { withoutOwnNames } from '../own-names.ts';
import { placeInside } from '../places.ts';
import type { TableFunction } from '../program/entries.ts';
import { type FreeSite, freesOf } from '../program/frees.ts';
import type { MemoryOrigin } from '../program/memory.ts';
import { reachedByRoles } from '../program/phases.ts';
import type { FunctionRef } from '../program/program.ts';
import type { ChainLink, Confidence, Fix, Severity, Timeline } from '../result.ts';
import type { Pass, Rule, RuleFinding } from './rule.ts';

type Phases = ReadonlyMap<FunctionRef, TableFunction>;

export const managedDevicePutTwice: Rule = {
  id: 'managed-device-put-twice',
  summary: 'the reference of a devm-managed drm_device is dropped by hand, and again at unbind',
  defaultSeverity: 'error',
  run(pass) {
    const { program, catalog } = pass;
    const makers = catalog.data.managed
      .filter((api) => api.role === 'device-alloc')
      .map((api) => api.name);
    const devices = program
      .callsOfAny(makers)
      .flatMap(({ caller, call }) => pass.memory.originAt(caller, call) ?? []);
    if (devices.length === 0) return [];
    // A module with a device of each kind shows which is meant only where the way to it is known.
    const only = catalog.data.milestones.every(
      (one) => one.role !== 'dev-alloc' || program.callsOf(one.name).length === 0,
    );
    const leaving = reachedByRoles(
      program,
      pass.tableFunctions,
      new Set(['probe', 'remove', 'bind', 'unbind'] as const),
    );
    const puts = new Map(
      catalog.data.milestones.flatMap((one) =>
        one.role === 'dev-put' ? [[one.name, one.object ?? 0] as const] : [],
      ),
    );
    const frees = new Map(
      catalog.data.memory.flatMap((one) => one.releases.map((name) => [name, 0] as const)),
    );
    return [
      ...freesOf(program, puts).sites.flatMap((site) => judge(pass, site, devices, leaving, only)),
      ...freesOf(program, frees).sites.flatMap((site) =>
        judge(pass, site, devices, leaving, false),
      ),
    ];
  },
};

function judge(
  pass: Pass,
  site: FreeSite,
  devices: readonly MemoryOrigin[],
  leaving: Phases,
  only: boolean,
): RuleFinding[] {
  const entry = leaving.get(site.fn);
  if (!entry) return [];
  const { origins, complete } = pass.memory.of(site.fn, site.object.value);
  const proven =
    complete &&
    origins.length > 0 &&
    origins.every((one) => devices.some((device) => device.call === one.call));
  if (!proven && !(only && isDevice(pass, site))) return [];
  if (balanced(pass, site, leaving)) return [];
  const [device] = proven ? origins : devices;
  if (!device) return [];
  const severity: Severity = 'error';
  const confidence: Confidence = proven ? 'certain' : 'likely';
  const put = site.calls.at(-1)?.call.callee ?? '';
  const object = site.object.text.trim();
  const atProbe = entry.role === 'probe' || entry.role === 'bind';
  const timelines: Timeline[] = atProbe ? ['probe-fail'] : ['unbind', 'unplug-open'];
  const chain: ChainLink[] = [
    {
      role: 'allocation',
      place: placeInside(device.fn, device.call),
      function: device.fn.name,
      message: `${device.call.callee}() registers the put of its reference with devm`,
    },
    ...site.calls.map(
      ({ caller, call }, i): ChainLink => ({
        role: i === site.calls.length - 1 ? 'release' : 'call',
        place: placeInside(caller, call),
        function: caller.name,
        message:
          i === site.calls.length - 1
            ? `${call.callee}() drops it by hand, ${atProbe ? 'when probe fails' : 'on the way out'}`
            : callWords(call),
      }),
    ),
  ];
  return [
    {
      severity,
      confidence,
      place: placeInside(site.fn, site.call),
      function: site.fn.name,
      message: `${put}() ends \`${object}\` by hand, but ${device.call.callee}() drops that reference again at unbind`,
      timelines,
      chain,
      identity: [put, withoutOwnNames(site.fn, object)],
      fixes: () => fixesOf(pass, site, atProbe),
    },
  ];
}

/** A put that is also what takes the device from user space leaves that half behind. */
function fixesOf(pass: Pass, { fn, call, calls }: FreeSite, atProbe: boolean): Fix[] {
  const milestones = calls.map((site) => pass.catalog.milestones.get(site.call.callee));
  const remainder = milestones.find((one) => one?.remainder !== undefined)?.remainder;
  const off = fn.facts.calls.some(
    (other) =>
      other.end <= call.start &&
      ['unregister', 'unplug'].includes(pass.catalog.milestones.get(other.callee)?.role ?? ''),
  );
  if (atProbe || off || remainder === undefined || calls.length > 1)
    return deleteLastCall(pass, calls, 'devm drops the reference');
  const edits = new EditSet();
  editCall(pass, fn, call, remainder, new Map(), edits);
  return [
    offered('unregister-only', `Call ${remainder}() instead of ${call.callee}()`, edits, {
      notice: 'devm drops the reference',
    }),
  ];
}

/** Whether the argument is a drm_device, by its type. */
function isDevice(pass: Pass, { fn, object }: FreeSite): boolean {
  if (object.value.kind !== 'path') return false;
  const { value } = object;
  if (value.address !== 1 && value.steps.length === 0)
    return pass.program.typeOfRoot(fn, value.root)?.name === 'drm_device';
  return pass.program.memberOf(fn, value)?.type?.name === 'drm_device';
}

/** A reference that the module takes by hand, in the same function or on the way in, pairs with the put. */
function balanced(pass: Pass, site: FreeSite, leaving: Phases): boolean {
  const gets = pass.catalog.data.milestones
    .filter((one) => one.role === 'dev-get')
    .flatMap((one) => pass.program.callsOf(one.name));
  return gets.some(({ caller }) => caller === site.fn || leaving.has(caller));
}
