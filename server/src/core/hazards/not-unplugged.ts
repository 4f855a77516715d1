/**
 * What a way out ends while nothing has marked the drm_device unplugged, or not yet: drm_ioctl() and
 * drm_dev_enter() go on as before for every file that is open, so each of its calls is late code.
 */
import type { Pass } from '../pass.ts';
import type { TableFunction } from '../program/entries.ts';
import type { MemberKey } from '../program/objects.ts';
import { type Use, usesIn } from '../program/uses.ts';
import { type ClosedBinding, firstWith, waysToRole } from '../teardown/bindings.ts';
import { goneWithComponents } from './after-components.ts';
import { type End, endsAndClears, isPlainWay, waysToCalls } from './ends.ts';
import { isFlagged } from './flagged.ts';
import { comesBefore, type Way } from './ways.ts';

export interface RunOn {
  readonly end: End;
  readonly root: TableFunction;
  readonly use: Use;
  readonly plain: boolean;
  /** The call that unplugs the device, or unregisters it, too late; without it none unplugs it. */
  readonly unplug: Way | undefined;
}

/**
 * The first call of open files that works on what the way out has ended; one that comes there each time, where
 * there is one.
 * @param counts whether a member belongs to the device, not to a single file or buffer
 */
export function runsOn(
  pass: Pass,
  binding: ClosedBinding,
  counts: (key: MemberKey) => boolean,
): RunOn | undefined {
  const { end: out, ends, starts } = binding;
  if (!firstWith(waysToRole(pass, 'unregister', 'unplug'), ends)) return undefined;
  if (!firstWith(waysToRole(pass, 'register'), starts)) return undefined;
  const unplugs = waysToCalls(pass, out.fn, namesOf(pass, 'unplug'));
  if (unplugs.length === 0 && firstWith(waysToRole(pass, 'unplug'), ends)) return undefined;
  const own = endsAndClears(pass, out.fn).filter(
    ({ kind, key }) => kind === 'ended' && counts(key),
  );
  const ended = [...own, ...goneWithComponents(pass, out.fn)].filter(
    ({ way, cleared }) =>
      (unplugs.length > 0 || !cleared) && unplugs.every((unplug) => comesBefore(pass, way, unplug)),
  );
  if (ended.length === 0) return undefined;
  const [unplug] = unplugs;
  let first: RunOn | undefined;
  for (const nothing of [false, true]) {
    const among = ended.filter(({ cleared }) => (cleared === true) === nothing);
    for (const found of usesOf(pass, out.fn, among, nothing)) {
      const one = { ...found, unplug };
      first ??= one;
      if (one.plain) return one;
    }
  }
  return first;
}

/** @param nothing the members are NULL afterwards */
function* usesOf(
  pass: Pass,
  out: TableFunction['fn'],
  ended: readonly End[],
  nothing: boolean,
): Generator<Omit<RunOn, 'unplug'>> {
  const wanted = new Map<string, MemberKey[]>();
  for (const { key } of ended) {
    const name = key.member.split('.').at(-1) ?? '';
    wanted.set(name, [...(wanted.get(name) ?? []), key]);
  }
  if (wanted.size === 0) return;
  const query = { wanted, unguarded: true } as const;
  const cleanups = cleanupsIn(pass, out);
  for (const root of pass.tableFunctions) {
    if (!isRunByFiles(pass, root)) continue;
    for (const use of usesIn(pass, root.fn, nothing ? { ...query, nothing } : query)) {
      const end = ended.find(({ key }) => key.tag === use.key.tag && key.member === use.key.member);
      if (!end || isFlagged(pass, use.way, out, end.way)) continue;
      // No call of a file finds a CRTC, a plane or a connector that is cleaned up.
      if (isOfOutputs(pass, root) && cleanups.some((one) => comesBefore(pass, one, end.way)))
        continue;
      yield { end, root, use, plain: end.always && isPlainWay(pass, use.way) };
    }
  }
}

/** Where the way out cleans all outputs up: by itself, or in the driver's own `.unload`, which a call of it runs. */
function cleanupsIn(pass: Pass, out: TableFunction['fn']): readonly Way[] {
  const names = namesOf(pass, 'mode-config-cleanup');
  const dispatching = pass.catalog.data.dispatches.flatMap(({ name, struct, members }) => {
    const run = pass.tableFunctions.filter(
      ({ table, entry }) => table.struct === struct && members.includes(entry.member),
    );
    const cleans = ({ fn }: TableFunction) =>
      waysToCalls(pass, fn, names).some((way) => isPlainWay(pass, way));
    return run.length > 0 && run.every(cleans) ? [name] : [];
  });
  return waysToCalls(pass, out, [...names, ...dispatching]).filter((way) => isPlainWay(pass, way));
}

/** Whether the table is that of a CRTC, a plane, an encoder or a connector, which drm_mode_config_cleanup() ends. */
function isOfOutputs({ catalog }: Pass, { table }: TableFunction): boolean {
  return catalog.ops.get(table.struct)?.disabling !== undefined;
}

function namesOf({ catalog }: Pass, role: 'mode-config-cleanup' | 'unplug'): string[] {
  return catalog.data.milestones.flatMap((one) => (one.role === role ? [one.name] : []));
}

/** What open files call, and what a commit of theirs runs: not the last close, which is told as it is, nor the open. */
function isRunByFiles({ catalog }: Pass, { role, table, entry }: TableFunction): boolean {
  const ops = catalog.ops.get(table.struct);
  if (role !== 'open-file')
    return role === 'other' && ops?.disabling?.includes(entry.member) === false;
  // What switches the outputs off is told by its own rule.
  return entry.member !== 'open' && ops?.closing?.includes(entry.member) !== true;
}
