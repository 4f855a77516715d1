/**
 * A way out that unregisters the drm_device and does not unplug it: drm_ioctl() and drm_dev_enter() go on as
 * before for every file that is open, so each of its calls is late code.
 */
import type { Pass } from '../pass.ts';
import type { TableFunction } from '../program/entries.ts';
import type { MemberKey } from '../program/objects.ts';
import { type Use, usesIn } from '../program/uses.ts';
import { type ClosedBinding, firstWith, waysToRole } from '../teardown/bindings.ts';
import { type End, endsIn, isPlainWay } from './ends.ts';
import { isFlagged } from './flagged.ts';

export interface RunOn {
  readonly end: End;
  readonly root: TableFunction;
  readonly use: Use;
  readonly plain: boolean;
}

/**
 * The first call of open files that works on what the way out has ended; one that comes there each time, where
 * there is one.
 * @param counts whether a member belongs to the device, not to a single file or buffer
 */
export function runsOn(
  pass: Pass,
  { end: out, ends, starts }: ClosedBinding,
  counts: (key: MemberKey) => boolean,
): RunOn | undefined {
  if (firstWith(waysToRole(pass, 'unplug'), ends)) return undefined;
  if (!firstWith(waysToRole(pass, 'unregister'), ends)) return undefined;
  if (!firstWith(waysToRole(pass, 'register'), starts)) return undefined;
  const ended = endsIn(pass, out.fn).filter(({ kind, key }) => kind === 'ended' && counts(key));
  if (ended.length === 0) return undefined;
  const wanted = new Map<string, MemberKey[]>();
  for (const { key } of ended) {
    const name = key.member.split('.').at(-1) ?? '';
    wanted.set(name, [...(wanted.get(name) ?? []), key]);
  }
  let first: RunOn | undefined;
  for (const root of pass.tableFunctions) {
    if (root.role !== 'open-file' || isClosing(pass, root)) continue;
    for (const use of usesIn(pass, root.fn, { wanted, counts: () => true, unguarded: true })) {
      const end = ended.find(({ key }) => key.tag === use.key.tag && key.member === use.key.member);
      if (!end || isFlagged(pass, use.way, out.fn)) continue;
      const plain = end.always && isPlainWay(pass, use.way);
      first ??= { end, root, use, plain };
      if (plain) return { end, root, use, plain };
    }
  }
  return first;
}

/** What the last close runs, and what makes a file: the one is told as it is, the other cannot come any more. */
function isClosing({ catalog }: Pass, { table, entry }: TableFunction): boolean {
  return (
    entry.member === 'open' ||
    catalog.ops.get(table.struct)?.closing?.includes(entry.member) === true
  );
}
