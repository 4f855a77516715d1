/** Lays one teardown of a log over one prediction: which step ran where, and what each difference is. */
import type { EntryOrder, Scope, TeardownStep } from '../result.ts';
import type { LogEvent } from './log.ts';
import {
  align,
  isDoubtful,
  isLogged,
  maximumAligned,
  type Pairing,
  unrolled,
} from './log-align.ts';
import type { Candidate } from './log-candidates.ts';
import type { LogNames } from './log-names.ts';
import type { LogSession } from './log-sessions.ts';

/**
 * `in-order`: ran where predicted; `out-of-order`: ran elsewhere; `never-ran`: registered, and never
 * released; `not-registered`: predicted, and the log shows how the device was set up without it; `not-reached`: the
 * log ends, or that list was not released yet; `not-taken`: not there, and on a branch or in a loop; `unpredicted`:
 * ran, and no step is it; `not-logged`: a step that such a log does not tell of.
 */
export type LogState =
  | 'in-order'
  | 'out-of-order'
  | 'never-ran'
  | 'not-registered'
  | 'not-reached'
  | 'not-taken'
  | 'unpredicted'
  | 'not-logged';

/** One line of the comparison, in the order in which things ran. */
export interface ComparedStep {
  readonly state: LogState;
  /** The predicted step; null when unpredicted. */
  readonly step: TeardownStep | null;
  /** What the log says, and on which line; null when it says nothing. */
  readonly logged: { readonly name: string; readonly line: number } | null;
}

/** A session over a prediction. */
export interface Laid {
  readonly steps: readonly ComparedStep[];
  readonly counts: Readonly<Record<LogState, number>>;
  /** Releases of what the kernel's own code had added, or a step's function beside its own: passed over. */
  readonly own: number;
  /** Releases of what other entries of the module registered. */
  readonly foreign: number;
  /** The higher, the better it fits. */
  readonly score: number;
}

/** How a log is to be read. */
export interface Reading {
  readonly names: LogNames;
  /** The lists' clocks disagree: only the order within each counts. */
  readonly apart: boolean;
  /** The last line of the log. */
  readonly end: number;
}

/** What is released of a session, in the order that counts. */
export function releasedOf({ events }: LogSession, { apart }: Reading): LogEvent[] {
  const released = events.filter((event) => event.what !== 'add').slice(0, maximumAligned);
  return apart ? byList(released) : released;
}

function byList<T extends { readonly scope: Scope | null }>(all: readonly T[]): T[] {
  return [...all].sort((a, b) => Number(a.scope === 'drm') - Number(b.scope === 'drm'));
}

export function lay(session: LogSession, candidate: Candidate, reading: Reading): Laid {
  const { names } = reading;
  const released = releasedOf(session, reading);
  const logged = unrolled(
    candidate.steps.filter(isLogged).slice(0, maximumAligned),
    released,
    names,
  );
  const predicted = reading.apart ? byList(logged) : logged;
  const pairings = align(predicted, released, names);
  const matched = new Set(pairings.flatMap(({ step, event }) => (step && event ? [step.id] : [])));
  const surplus = pairings.filter(({ step }) => step === null);
  const beside = new Set(predicted.flatMap((step) => [...names.beside(step)]));
  const own = surplus.filter(
    ({ event }) => event !== null && (names.isOwn(event) || beside.has(event.name)),
  );
  const foreign = foreignTo(candidate, surplus, names);
  const early = surplus.filter(inProbe(session, candidate.entry, names));
  const over = new Set([...own, ...foreign, ...early]);
  const left = pairings.filter(
    (pairing) =>
      !over.has(pairing) &&
      !(pairing.event === null && pairing.step && matched.has(pairing.step.id)),
  );
  const absent = absenceIn(session, released, reading);
  const steps = withUnlogged(
    candidate.steps,
    left.map((pairing) => compared(pairing, absent)),
  );
  const counts: Record<LogState, number> = {
    'in-order': 0,
    'out-of-order': 0,
    'never-ran': 0,
    'not-registered': 0,
    'not-reached': 0,
    'not-taken': 0,
    unpredicted: 0,
    'not-logged': 0,
  };
  for (const { state } of steps) counts[state]++;
  // What probe itself gave back is accounted for by nobody's step, and by a step of a list it is not.
  const givenBack = early.filter(
    ({ event }) => event?.early === true && event.what === 'release',
  ).length;
  const doubtful = pairings.filter(({ step, event }) => isDoubtful(step, event)).length;
  return {
    steps,
    counts,
    own: own.length,
    foreign: foreign.length,
    score: scoreOf(steps, counts, names) + 3 * (givenBack - doubtful),
  };
}

/** A name that the kernel's own code uses too proves nothing. */
function scoreOf(
  steps: readonly ComparedStep[],
  counts: Readonly<Record<LogState, number>>,
  names: LogNames,
): number {
  const vague = steps.filter(
    ({ state, logged }) => state === 'in-order' && logged && names.isOwn(logged),
  ).length;
  return (
    (counts['in-order'] - vague) * 3 -
    counts['out-of-order'] -
    (counts['never-ran'] + counts['not-registered']) * 2 -
    counts.unpredicted
  );
}

/** What another entry of the module registers, on the same device or beside it. */
function foreignTo(
  { order, entry }: Candidate,
  surplus: readonly Pairing[],
  names: LogNames,
): Pairing[] {
  const others = new Set(
    order.entries.filter((other) => other !== entry).flatMap((other) => namesIn(other, names)),
  );
  return surplus.filter(({ event }) => event !== null && others.has(event.name));
}

function namesIn({ acquired }: EntryOrder, names: LogNames): string[] {
  return acquired.flatMap((step) => [...names.of(step)]);
}

/** What probe itself gives back, by hand or with a group, while it still takes other things. */
function inProbe(
  session: LogSession,
  entry: EntryOrder,
  names: LogNames,
): (pairing: Pairing) => boolean {
  const lastAdded = session.events.findLast((event) => event.what === 'add')?.at ?? 0;
  const own = new Set(namesIn(entry, names));
  return ({ event }) =>
    event !== null &&
    (event.what === 'remove' ||
      (own.has(event.name) && (event.early === true || event.at < lastAdded)));
}

/** What it means that a step is not in a session. */
function absenceIn(
  session: LogSession,
  released: readonly LogEvent[],
  { names, end }: Reading,
): (step: TeardownStep) => LogState {
  const added = new Set(
    session.events
      .filter((event) => event.what === 'add')
      .map((event) => `${event.scope} ${event.name}`),
  );
  // A list runs backwards: what it left when it came to something older, it never comes to.
  const passed = (event: LogEvent) =>
    session.ended.some((one) => one.scope === event.scope && one.at < event.at);
  const open = new Map(session.open.map((event) => [`${event.scope} ${event.name}`, event]));
  const begun = new Set(
    released.filter((event) => event.what === 'release').map((event) => event.scope),
  );
  const cut = (session.events.at(-1)?.line ?? 0) >= end;
  const keysOf = (step: TeardownStep) => [...names.of(step)].map((name) => `${step.scope} ${name}`);
  return (step) => {
    if (step.conditional !== null || step.repeats !== null || names.isSometimes(step))
      return 'not-taken';
    const waits = step.scope !== null && !begun.has(step.scope);
    const keys = keysOf(step);
    const waiting = keys.flatMap((key) => open.get(key) ?? []);
    if (waiting.length > 0)
      return (cut || waits) && !waiting.some(passed) ? 'not-reached' : 'never-ran';
    const isSeen = [...added].some((one) => one.startsWith(`${step.scope} `));
    if (isSeen && !keys.some((key) => added.has(key))) return 'not-registered';
    return cut || waits ? 'not-reached' : 'never-ran';
  };
}

function compared(
  { step, event, moved }: Pairing,
  absent: (step: TeardownStep) => LogState,
): ComparedStep {
  const logged = event && { name: event.name, line: event.line };
  if (step === null) return { state: 'unpredicted', step, logged };
  if (event !== null) return { state: moved ? 'out-of-order' : 'in-order', step, logged };
  return { state: absent(step), step, logged };
}

/** Puts the steps that no log tells of where they are predicted: before the step that follows them. */
function withUnlogged(
  all: readonly TeardownStep[],
  known: readonly ComparedStep[],
): ComparedStep[] {
  const before = new Map<string, TeardownStep[]>();
  let waiting: TeardownStep[] = [];
  for (const step of all) {
    if (!isLogged(step)) waiting.push(step);
    else if (waiting.length > 0) {
      before.set(step.id, waiting);
      waiting = [];
    }
  }
  const shown = (step: TeardownStep): ComparedStep => ({ state: 'not-logged', step, logged: null });
  const out = known.flatMap((one) => {
    const first = one.step && before.get(one.step.id);
    if (!one.step || !first) return [one];
    before.delete(one.step.id);
    return [...first.map(shown), one];
  });
  return [...out, ...waiting.map(shown)];
}
