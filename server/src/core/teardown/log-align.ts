/**
 * Lays what ran beside what was predicted: the longest common order of the two is what ran as
 * predicted, and the rest of either side ran elsewhere, or not at all.
 */
import type { TeardownStep } from '../result.ts';
import type { LogEvent } from './log.ts';
import type { LogNames } from './log-names.ts';

/** Where a predicted step and an event of the log met, or failed to. */
export interface Pairing {
  readonly step: TeardownStep | null;
  readonly event: LogEvent | null;
  /** Both are there, but not in the predicted order. */
  readonly moved: boolean;
}

/** A prediction longer than this is compared with its beginning only: the table is quadratic. */
export const maximumAligned = 2500;

/** Whether the log tells of a step at all: it knows the lists, and nothing of remove() or release. */
export function isLogged(step: TeardownStep): boolean {
  return step.scope !== null;
}

/** Whether a step is on its list no longer when it runs: the log says that it was removed. */
function isByHand(step: TeardownStep): boolean {
  return step.phase === 'remove' || step.phase === 'manual';
}

/** Whether a step that a list runs met what was given back, or taken off, beside the list's order. */
export function isDoubtful(
  step: TeardownStep | null | undefined,
  event: LogEvent | null | undefined,
): boolean {
  return step != null && event?.early === true && !isByHand(step);
}

/** Repeats the steps of a loop as often as the log has them. */
export function unrolled(
  steps: readonly TeardownStep[],
  events: readonly LogEvent[],
  names: LogNames,
): TeardownStep[] {
  const turns = turnsOf(steps, events, names);
  const out: TeardownStep[] = [];
  for (let i = 0; i < steps.length; ) {
    const first = steps[i];
    if (!first) break;
    let end = i + 1;
    if (first.repeats !== null)
      while (steps[end]?.repeats === first.repeats && steps[end]?.scope === first.scope) end++;
    const turn = steps.slice(i, end);
    const wanted = first.repeats === null ? 1 : (turns.get(first.repeats) ?? 1);
    for (let n = 0; n < wanted && out.length < maximumAligned; n++) out.push(...turn);
    i = end;
  }
  return out;
}

/** How often each loop went round: told by a step that no other shares its name with, where there is one. */
function turnsOf(
  steps: readonly TeardownStep[],
  events: readonly LogEvent[],
  names: LogNames,
): ReadonlyMap<string, number> {
  const ran = new Map<string, number>();
  for (const { scope, name } of events)
    ran.set(`${scope} ${name}`, (ran.get(`${scope} ${name}`) ?? 0) + 1);
  const holders = new Map<string, Set<string>>();
  for (const step of steps) {
    for (const name of names.of(step)) {
      const key = `${step.scope} ${name}`;
      holders.set(key, (holders.get(key) ?? new Set()).add(step.id));
    }
  }
  const told = new Map<string, { readonly turns: number; readonly surely: boolean }>();
  for (const step of steps) {
    if (step.repeats === null) continue;
    for (const name of names.of(step)) {
      const key = `${step.scope} ${name}`;
      const others = (holders.get(key)?.size ?? 1) - 1;
      const turns = (ran.get(key) ?? 0) - others;
      const surely = others === 0 && !names.isOwn({ name });
      const known = told.get(step.repeats);
      const better = !known || surely !== known.surely ? surely || !known : turns > known.turns;
      if (turns > 0 && better) told.set(step.repeats, { turns, surely });
    }
  }
  return new Map([...told].map(([loop, { turns }]) => [loop, turns]));
}

/** Pairs steps with releases: in order where they are, and then the left-over ones by name. */
export function align(
  steps: readonly TeardownStep[],
  events: readonly LogEvent[],
  names: LogNames,
): Pairing[] {
  const called = steps.map((step) => ({ step, names: names.of(step) }));
  const fits = (i: number, j: number) => {
    const [one, event] = [called[i], events[j]];
    if (one === undefined || event === undefined) return false;
    const isLive = event.what === 'release' || event.early === true || isByHand(one.step);
    return isLive && one.step.scope === event.scope && one.names.has(event.name);
  };
  const pairs = commonOrder(steps.length, events.length, (i, j) =>
    fits(i, j) ? weightOf(steps[i], events[j], names) : 0,
  );
  const moved = new Map<number, number>();
  const taken = new Set(pairs.values());
  for (let i = 0; i < steps.length; i++) {
    if (pairs.has(i)) continue;
    // A name that the kernel's own code uses too is no evidence that a step ran elsewhere.
    const j = events.findIndex((event, at) => !taken.has(at) && !names.isOwn(event) && fits(i, at));
    if (j < 0) continue;
    taken.add(j);
    moved.set(i, j);
  }
  return merged(steps, events, pairs, moved);
}

/**
 * Where names cannot tell, what always runs is more likely than what a condition guards; and a name of which the
 * kernel's own code adds some as well says less than any other.
 */
function weightOf(
  step: TeardownStep | undefined,
  event: LogEvent | undefined,
  names: LogNames,
): number {
  const always = step?.conditional === null;
  const doubtful = isDoubtful(step, event);
  if (event && names.isOwn(event)) return (always ? 2 : 1) * (doubtful ? 1 : 2);
  return (always ? 12 : 10) - (doubtful ? 4 : 0);
}

/** The heaviest common subsequence, as pairs of indexes; a weight of 0 means that two do not fit. */
function commonOrder(
  rows: number,
  columns: number,
  weight: (row: number, column: number) => number,
): Map<number, number> {
  const width = columns + 1;
  const best = new Uint16Array((rows + 1) * width);
  const paired = (i: number, j: number) => {
    const own = weight(i, j);
    return own === 0 ? 0 : own + (best[(i + 1) * width + j + 1] ?? 0);
  };
  for (let i = rows - 1; i >= 0; i--) {
    for (let j = columns - 1; j >= 0; j--) {
      best[i * width + j] = Math.max(
        best[(i + 1) * width + j] ?? 0,
        best[i * width + j + 1] ?? 0,
        paired(i, j),
      );
    }
  }
  const pairs = new Map<number, number>();
  for (let i = 0, j = 0; i < rows && j < columns; ) {
    const here = best[i * width + j] ?? 0;
    if (here > 0 && here === paired(i, j)) pairs.set(i++, j++);
    else if (here === (best[(i + 1) * width + j] ?? 0)) i++;
    else j++;
  }
  return pairs;
}

/** Both sides in one list, in the order in which things ran. */
function merged(
  steps: readonly TeardownStep[],
  events: readonly LogEvent[],
  pairs: ReadonlyMap<number, number>,
  moved: ReadonlyMap<number, number>,
): Pairing[] {
  const out: Pairing[] = [];
  const stepAt = new Map([...moved].map(([i, j]) => [j, steps[i]]));
  let next = 0;
  const showRan = (until: number) => {
    for (; next < until; next++) {
      const step = stepAt.get(next) ?? null;
      out.push({ step, event: events[next] ?? null, moved: step !== null });
    }
  };
  steps.forEach((step, i) => {
    const at = pairs.get(i);
    if (at !== undefined) {
      showRan(at);
      out.push({ step, event: events[at] ?? null, moved: false });
      next = at + 1;
    } else if (!moved.has(i)) out.push({ step, event: null, moved: false });
  });
  showRan(events.length);
  return out;
}
