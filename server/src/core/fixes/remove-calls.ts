/** Calls that the way out of a driver lacks, put where it takes the drm_device from user space. */

import type { Milestone, MilestoneRole } from '../catalog.ts';
import type { CallFact } from '../facts/types.ts';
import type { Pass } from '../pass.ts';
import type { CallSite, FunctionRef } from '../program/program.ts';
import type { Fix } from '../result.ts';
import { firstWith, waysToRole } from '../teardown/bindings.ts';
import { editCall } from './edit-call.ts';
import { EditSet } from './edits.ts';
import { translated } from './expressions.ts';
import { declareInt, putAfter, putBefore, spotOf } from './insert.ts';
import { laterEnd } from './later-ends.ts';
import { offered, told } from './offer.ts';
import { codeOf } from './sources.ts';

const manual = (id: string, title: string, reason: string): Fix[] => [told(id, title, reason)];

const done = (id: string, title: string, edits: EditSet, notice: string): Fix[] => [
  offered(id, title, edits, { notice }),
];

/** Switches the display off once user space is out. */
export function shutDown(pass: Pass, ends: readonly FunctionRef[]): Fix[] {
  const api = shutdownOf(pass);
  const id = 'shut-down';
  const title = `Call ${api?.name ?? 'a shutdown helper'}() once the drm_device is unregistered`;
  const anchor = anchorOf(pass, ends, 'unregister', 'unplug');
  if (!anchor)
    return manual(id, title, 'where remove() takes the drm_device from user space was not found');
  if (!api)
    return manual(
      id,
      title,
      'the tables of this module do not show whether it is an atomic driver',
    );
  const firmware = pass.program.callsOfAny(
    pass.catalog.data.managed
      .filter(({ display }) => display === 'firmware')
      .map(({ name }) => name),
  )[0];
  if (firmware)
    return manual(
      id,
      title,
      `${firmware.call.callee}() takes the framebuffer of the firmware: there is nothing to switch off`,
    );
  const place = afterPoll(pass, ends) ?? anchor;
  const probing = callersBut(pass, place.caller, ends);
  if (probing)
    return manual(
      id,
      title,
      `\`${probing.name}\` calls \`${place.caller.name}\` too, perhaps before there are modes`,
    );
  const spot = spotOf(pass, place.caller, place.call);
  const drm = place.call.args[0]?.text.trim();
  if (!spot || drm === undefined)
    return manual(id, title, `\`${place.caller.name}\` could not be read`);
  const edits = new EditSet();
  putAfter(spot, [`${api.name}(${drm});`], edits);
  return done(
    id,
    title,
    edits,
    'what `remove` releases before that call has to be unused by the display that is switched off in it',
  );
}

/** A function that is none of the way out and calls one of it, where there may be no mode config yet. */
function callersBut(
  pass: Pass,
  fn: FunctionRef,
  ends: readonly FunctionRef[],
): FunctionRef | undefined {
  if (ends[0] === fn) return undefined;
  const out = pass.graph.reachedFrom(ends);
  const { managed } = pass.catalog.data;
  const names = new Set([
    ...managed.filter(({ kind }) => kind === 'mode-config').map(({ name }) => name),
    ...milestones(pass, 'mode-config-init').map(({ name }) => name),
  ]);
  const modes = pass.graph.waysTo([...names]);
  return pass.program.callersOf(fn).find(({ caller, call }) => {
    const flow = pass.catalog.flows.of(caller.facts);
    const made = caller.facts.calls.some(
      (one) =>
        flow.dominates(one, call) &&
        (names.has(one.callee) ||
          pass.graph.targetsOf(caller, one).some((target) => modes.has(target))),
    );
    return !out.has(caller) && !made;
  })?.caller;
}

/** The helper for the module's kind of mode setting: its tables tell. */
function shutdownOf(pass: Pass): Milestone | undefined {
  const members = new Set(
    [...pass.program.allTables()].flatMap(({ table }) =>
      table.entries.map((entry) => entry.member),
    ),
  );
  const all = milestones(pass, 'shutdown');
  return all.find(
    ({ members: prefix }) =>
      prefix === undefined || [...members].some((member) => member.startsWith(prefix)),
  );
}

/** After the poll worker has been stopped; in its function where that goes on to take mode setting apart. */
function afterPoll(pass: Pass, ends: readonly FunctionRef[]): CallSite | undefined {
  const ways = waysToRole(pass, 'poll-fini');
  const from = firstWith(ways, ends);
  const way = from ? ways.from(from) : [];
  const last = way[way.length - 1];
  const before = way[way.length - 2];
  if (!last) return undefined;
  const more = last.caller.facts.calls.some((call) => call.start > last.call.end);
  return before && !more && before.call.args[0]?.text === last.call.args[0]?.text ? before : last;
}

/**
 * Stops the poll worker before the drm_device is unregistered. A call in drm_driver.release stays: it serves
 * a failed probe, and does nothing the second time.
 */
export function stopPolling(pass: Pass, ends: readonly FunctionRef[]): Fix[] {
  const [api] = milestones(pass, 'poll-fini');
  const id = 'stop-polling';
  const title = `Call ${api?.name ?? 'poll_fini'}() before the drm_device is unregistered`;
  const anchor = anchorOf(pass, ends, 'unregister', 'unplug');
  const spot = anchor && spotOf(pass, anchor.caller, anchor.call);
  const drm = anchor?.call.args[0]?.text.trim();
  if (!api || !spot || drm === undefined)
    return manual(id, title, 'where remove() takes the drm_device from user space was not found');
  const edits = new EditSet();
  putBefore(spot, [`${api.name}(${drm});`], edits);
  return done(id, title, edits, 'the way out of a failed probe needs it too');
}

/** Unplugs instead of unregistering. */
export function unplug(pass: Pass, ends: readonly FunctionRef[]): Fix[] {
  const [api] = milestones(pass, 'unplug');
  const id = 'unplug';
  const title = `Call ${api?.name ?? 'an unplug helper'}() instead`;
  const anchor = anchorOf(pass, ends, 'unregister');
  if (!api || !anchor)
    return manual(id, title, 'where remove() unregisters the drm_device was not found');
  const { caller, call } = anchor;
  const callers = pass.program.callersOf(caller);
  if (caller !== ends[0] && callers.length !== 1) {
    return manual(
      id,
      title,
      `\`${caller.name}\` unregisters it, and runs from ${callers.length} places: not all of them are a removal`,
    );
  }
  const edits = new EditSet();
  editCall(pass, caller, call, api.name, new Map(), edits);
  return done(
    id,
    title,
    edits,
    'what runs after it finds the device gone: a shutdown of the display under drm_dev_enter() does nothing then',
  );
}

/** Drops the DMA mappings of what user space still holds. */
export function clearMappings(pass: Pass, ends: readonly FunctionRef[], init: CallSite): Fix[] {
  const [api] = milestones(pass, 'clear-dma');
  const id = 'clear-mappings';
  const title = `Call ${api?.name ?? 'the helper'}() once the drm_device is unplugged`;
  if (!api)
    return manual(
      id,
      title,
      'this kernel has no helper that drops the DMA mappings of a TTM device',
    );
  const anchor = anchorOf(pass, ends, 'unplug');
  const spot = anchor && spotOf(pass, anchor.caller, anchor.call);
  if (!anchor || !spot)
    return manual(
      id,
      title,
      'the drm_device is not unplugged on the way out: user space would map new memory',
    );
  const more = stepBelow(pass, ends, 'unplug');
  if (more)
    return manual(
      id,
      title,
      `what may still work on the pages is stopped after it, in ${more.callee}(): they can be unmapped below that`,
    );
  const device = init.call.args[0]?.text.trim() ?? '';
  const written = translated(init.caller, device, anchor.caller, anchor.call.start);
  if (written === undefined)
    return manual(
      id,
      title,
      `\`${anchor.caller.name}\` has no variable that leads to \`${device}\``,
    );
  const edits = new EditSet();
  putAfter(spot, [`${api.name}(${written});`], edits);
  return done(id, title, edits, 'user-pointer mappings are not covered by it');
}

/**
 * Evicts once user space is out, while what moves BOs is still there.
 * @param late the eviction that comes too late
 */
export function evictAll(pass: Pass, ends: readonly FunctionRef[], late: CallSite): Fix[] {
  const id = 'evict-in-remove';
  const title = `Evict in \`${ends[0]?.name ?? 'remove'}\`, once the drm_device is unplugged`;
  const sweep = pass.catalog.milestones.get(late.call.callee)?.sweep;
  const anchor = anchorOf(pass, ends, 'unplug');
  const spot = anchor && spotOf(pass, anchor.caller, anchor.call);
  const code = anchor && codeOf(pass, anchor.caller);
  if (!sweep || !anchor || !spot || !code)
    return manual(
      id,
      title,
      'the drm_device is not unplugged on the way out: user space would move new memory in',
    );
  const owner = late.call.args[0]?.text.trim() ?? '';
  const written = translated(late.caller, owner, anchor.caller, anchor.call.start);
  if (written === undefined)
    return manual(
      id,
      title,
      `\`${anchor.caller.name}\` has no variable that leads to \`${owner}\``,
    );
  const edits = new EditSet();
  const counter = declareInt(code, ['i', 'type', 'mem_type'], edits);
  putAfter(
    spot,
    sweep.map((line) => line.replaceAll('$owner', written).replaceAll('$i', counter)),
    edits,
  );
  return done(
    id,
    title,
    edits,
    'BOs that cannot be moved stay; user-pointer mappings are not covered by it',
  );
}

/** What the way out goes on to take apart once a call of a role is done. */
function stepBelow(
  pass: Pass,
  ends: readonly FunctionRef[],
  role: MilestoneRole,
): CallFact | undefined {
  const ways = waysToRole(pass, role);
  const from = firstWith(ways, ends);
  return (from ? ways.from(from) : [])
    .map((site) => laterEnd(pass, site))
    .find((call) => call !== undefined);
}

function milestones(pass: Pass, role: MilestoneRole): readonly Milestone[] {
  return pass.catalog.data.milestones.filter((one) => one.role === role);
}

/** The call of a role on the way out, where it stands for itself. */
function anchorOf(
  pass: Pass,
  ends: readonly FunctionRef[],
  ...roles: readonly MilestoneRole[]
): CallSite | undefined {
  const ways = waysToRole(pass, ...roles);
  const from = firstWith(ways, ends);
  const last = from ? ways.from(from).at(-1) : undefined;
  return last?.call.use === 'ignored' && last.call.callee !== '' ? last : undefined;
}
