/** The predictions that a log may be of, and how alike a log and a prediction are by their names alone. */
import type { EntryOrder, ModuleOrder, TeardownStep, Timeline } from '../result.ts';
import type { LogEvent } from './log.ts';
import { isLogged } from './log-align.ts';
import type { LogNames } from './log-names.ts';

export interface Candidate {
  readonly order: ModuleOrder;
  readonly entry: EntryOrder;
  readonly timeline: Timeline;
  readonly after: string | null;
  readonly steps: readonly TeardownStep[];
}

/** Every timeline of every entry, and every failure of its probe. */
export function candidatesOf(orders: readonly ModuleOrder[]): Candidate[] {
  return orders.flatMap((order) => order.entries.flatMap((entry) => ofEntry(order, entry)));
}

function ofEntry(order: ModuleOrder, entry: EntryOrder): Candidate[] {
  const whole = (['unbind', 'unplug-open'] as const).map((timeline) => ({
    order,
    entry,
    timeline,
    after: null,
    steps: entry.timelines[timeline],
  }));
  const failures = entry.timelines['probe-fail'].flatMap(({ after, steps, failing }) =>
    [steps, ...(failing ? [atOnce(failing)] : [])].map((each) => ({
      order,
      entry,
      timeline: 'probe-fail' as const,
      after,
      steps: each,
    })),
  );
  return [...whole, ...failures];
}

/** The action of a registration that fails runs from no list: the log does not tell of it. */
function atOnce([first, ...others]: readonly TeardownStep[]): TeardownStep[] {
  return first ? [{ ...first, scope: null }, ...others] : [];
}

/** How often each name is released or taken off, and how often released. */
export interface NameCounts {
  readonly all: ReadonlyMap<string, number>;
  readonly released: ReadonlyMap<string, number>;
}

export function countNames(events: readonly LogEvent[]): NameCounts {
  const count = (some: readonly LogEvent[]) => {
    const counts = new Map<string, number>();
    for (const { name } of some) counts.set(name, (counts.get(name) ?? 0) + 1);
    return counts;
  };
  return { all: count(events), released: count(events.filter(({ what }) => what === 'release')) };
}

/** How many names the two share, less those that only one has. */
export function likeness(
  { steps }: Candidate,
  { all, released }: NameCounts,
  names: LogNames,
): { readonly common: number; readonly score: number } {
  const left = new Map(all);
  let common = 0;
  let absent = 0;
  for (const step of steps) {
    if (!isLogged(step)) continue;
    const name = [...names.of(step)].find((one) => (left.get(one) ?? 0) > 0);
    if (name === undefined) absent += step.conditional === null ? 1 : 0;
    else {
      left.set(name, (left.get(name) ?? 0) - 1);
      common++;
    }
  }
  const beside = new Set(steps.flatMap((step) => [...names.beside(step)]));
  let surplus = 0;
  for (const [name, count] of left)
    if (!names.isOwn({ name }) && !beside.has(name))
      surplus += Math.min(count, released.get(name) ?? 0);
  return { common, score: common * 2 - absent - surplus };
}
