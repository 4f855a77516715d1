/** What a fix does to the order of a module, timeline by timeline, for the page that asks “what if”. */
import type { ModuleOrder } from '../core/result.ts';
import { type DiffRow, diffOf } from '../core/teardown/order-diff.ts';
import { nameAlone } from '../core/teardown/rows.ts';
import type { OrderChange, OrderChangeRow } from './protocol.ts';
import { type ProtoContext, toRange } from './to-proto.ts';

const titles = { unbind: 'Unbind', 'unplug-open': 'Unplug with an open file' } as const;

/** The timelines on which anything changes. */
export function changesOf(
  before: ModuleOrder,
  after: ModuleOrder,
  context: ProtoContext,
): OrderChange[] {
  return before.entries.flatMap((old) => {
    const now = after.entries.find((one) => one.entry === old.entry);
    if (!now) return [];
    return (['unbind', 'unplug-open'] as const).flatMap((timeline): OrderChange[] => {
      const rows = diffOf(old.timelines[timeline], now.timelines[timeline]);
      if (rows.every(({ kind }) => kind === 'same')) return [];
      return [
        {
          entry: old.entry,
          timeline,
          title: titles[timeline],
          rows: rows.map((row) => toRow(row, context)),
        },
      ];
    });
  });
}

function toRow(row: DiffRow, context: ProtoContext): OrderChangeRow {
  if (row.kind === 'same') return row;
  const { kind, step, before, after } = row;
  const { place } = step.registered;
  return {
    kind,
    name: nameAlone(step),
    by: nameAlone(step).startsWith(step.action) ? null : step.action,
    phase: step.phase,
    before,
    after,
    location: { uri: context.uriOf(place.file), range: toRange(place) },
  };
}
