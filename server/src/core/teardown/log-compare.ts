/** Compares a kernel's log with the predicted orders: finds the timeline that it shows, and what differs. */
import type { EntryOrder, ModuleOrder, Scope, TeardownStep, Timeline } from '../result.ts';
import { type LogEvent, type LogSession, parseTeardownLog, sessionsOf } from './log.ts';
import {
  align,
  isDoubtful,
  isLogged,
  maximumAligned,
  type Pairing,
  unrolled,
} from './log-align.ts';
import type { LogNames } from './log-names.ts';

/**
 * `in-order`: ran where predicted; `out-of-order`: ran elsewhere; `never-ran`: predicted, and not in
 * the log; `not-taken`: the same, on a branch or in a loop; `unpredicted`: ran, and no step is it;
 * `not-logged`: a step that such a log does not tell of.
 */
export type LogState =
  | 'in-order'
  | 'out-of-order'
  | 'never-ran'
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

/** A log laid over the prediction that fits it best. Plain data. */
export interface LogComparison {
  readonly module: string;
  readonly entry: string;
  readonly timeline: Timeline;
  /** The registration after which probe failed, on that timeline. */
  readonly after: string | null;
  readonly device: string;
  /** The first and last line of the log that were compared. */
  readonly lines: { readonly first: number; readonly last: number };
  readonly steps: readonly ComparedStep[];
  readonly counts: Readonly<Record<LogState, number>>;
  /** Releases of what the kernel's own code had added: passed over. */
  readonly own: number;
  /** What the reader should know of how it was compared. */
  readonly notes: readonly string[];
}

/** The comparison, or in one sentence why there is none. */
export type LogResult = { readonly comparison: LogComparison } | { readonly problem: string };

interface Candidate {
  readonly order: ModuleOrder;
  readonly entry: EntryOrder;
  readonly timeline: Timeline;
  readonly after: string | null;
  readonly steps: readonly TeardownStep[];
}

/** So many teardowns of a log are looked at, the latest ones: a log of weeks holds thousands. */
const maximumSessions = 40;
/** So many predictions are aligned for real; the others are told apart by the names alone. */
const maximumAlignments = 12;

/**
 * Compares a log with the orders of the modules that it may be of.
 * @param wanted only this timeline, when the user names one
 */
export function compareWithLog(
  text: string,
  orders: readonly ModuleOrder[],
  names: LogNames,
  wanted?: Timeline,
): LogResult {
  const log = parseTeardownLog(text);
  if (log.events.length === 0) {
    return {
      problem: `no DRMRES or devres_log line in ${log.lines} lines: boot with drm.debug=0x200, and enable the tracepoint dev:devres_log`,
    };
  }
  const sessions = sessionsOf(log);
  if (sessions.length === 0)
    return {
      problem: 'the log shows what was registered, but no release: it ends before the teardown',
    };
  const candidates = orders
    .flatMap((order) => order.entries.flatMap((entry) => candidatesOf(order, entry)))
    .filter((one) => !wanted || one.timeline === wanted);
  const best = bestOf(widened(sessions.slice(-maximumSessions), log.events), candidates, names);
  if (!best)
    return {
      problem: `nothing that the log releases is predicted for ${orders.map((order) => order.module).join(', ')}`,
    };
  const skipped =
    sessions.length > maximumSessions
      ? [`the last ${maximumSessions} of ${sessions.length} teardowns in the log were looked at`]
      : [];
  return { comparison: { ...best, notes: [...skipped, ...best.notes] } };
}

function candidatesOf(order: ModuleOrder, entry: EntryOrder): Candidate[] {
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

function bestOf(
  sessions: readonly LogSession[],
  candidates: readonly Candidate[],
  names: LogNames,
): LogComparison | undefined {
  const likely = sessions
    .flatMap((session) => {
      const released = session.events
        .filter((event) => event.what !== 'add')
        .slice(0, maximumAligned);
      const counts = countNames(released);
      return candidates.map((candidate) => ({
        session,
        released,
        candidate,
        likeness: likeness(candidate, counts, names),
      }));
    })
    .filter((one) => one.likeness.common > 0);
  likely.sort((a, b) => b.likeness.score - a.likeness.score);
  let best: { comparison: LogComparison; score: number } | undefined;
  for (const { session, released, candidate } of likely.slice(0, maximumAlignments)) {
    const { comparison, beside } = compare(session, released, candidate, names);
    // A log that fits both shows the teardown that every driver goes through.
    const score =
      scoreOf(comparison, names) + 3 * beside - (candidate.timeline === 'probe-fail' ? 1 : 0);
    if (!best || score > best.score) best = { comparison, score };
  }
  return best?.comparison;
}

/** Each session, and with it what ran meanwhile on other devices: components have their own. */
function widened(sessions: readonly LogSession[], all: readonly LogEvent[]): LogSession[] {
  return sessions.flatMap((session) => {
    const first =
      session.events.findLast((event) => event.what === 'add')?.line ??
      session.events[0]?.line ??
      0;
    const last = session.events.findLast((event) => event.what === 'release')?.line ?? 0;
    const events = all.filter(({ line }) => line >= first && line <= last);
    return events.some((event) => event.device !== session.device)
      ? [session, { ...session, events }]
      : [session];
  });
}

function countNames(events: readonly LogEvent[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const event of events) counts.set(event.name, (counts.get(event.name) ?? 0) + 1);
  return counts;
}

/** How many names the two share, less those that only one has. */
function likeness(
  { steps }: Candidate,
  counts: ReadonlyMap<string, number>,
  names: LogNames,
): { readonly common: number; readonly score: number } {
  const left = new Map(counts);
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
  return { common, score: common * 2 - absent };
}

function notesOn(counts: Readonly<Record<LogState, number>>, foreign: number): string[] {
  const differ = counts['out-of-order'] + counts['never-ran'] + counts.unpredicted;
  return [
    ...(counts['in-order'] < differ
      ? ['little of it fits: is the log of this module, and the source that of the running kernel?']
      : []),
    ...(foreign > 0
      ? [
          `${foreign} ${foreign === 1 ? 'release belongs' : 'releases belong'} to other entries of the module`,
        ]
      : []),
  ];
}

/** A name that the kernel's own code uses too proves nothing. */
function scoreOf({ counts, steps }: LogComparison, names: LogNames): number {
  const vague = steps.filter(
    ({ state, logged }) => state === 'in-order' && logged && names.isOwn(logged),
  ).length;
  return (
    (counts['in-order'] - vague) * 3 -
    counts['out-of-order'] -
    counts['never-ran'] * 2 -
    counts.unpredicted
  );
}

function compare(
  session: LogSession,
  released: readonly LogEvent[],
  candidate: Candidate,
  names: LogNames,
): { readonly comparison: LogComparison; readonly beside: number } {
  const predicted = unrolled(
    candidate.steps.filter(isLogged).slice(0, maximumAligned),
    released,
    names,
  );
  const pairings = align(predicted, released, names);
  const matched = new Set(pairings.flatMap(({ step, event }) => (step && event ? [step.id] : [])));
  const surplus = pairings.filter(({ step }) => step === null);
  const own = surplus.filter(({ event }) => event !== null && names.isOwn(event));
  const foreign = foreignTo(candidate, surplus, names);
  const early = surplus.filter(inProbe(session, candidate.entry, names));
  const over = new Set([...own, ...foreign, ...early]);
  const left = pairings.filter(
    (pairing) =>
      !over.has(pairing) &&
      !(pairing.event === null && pairing.step && matched.has(pairing.step.id)),
  );
  const steps = withUnlogged(candidate.steps, left.map(compared));
  const counts: Record<LogState, number> = {
    'in-order': 0,
    'out-of-order': 0,
    'never-ran': 0,
    'not-taken': 0,
    unpredicted: 0,
    'not-logged': 0,
  };
  for (const { state } of steps) counts[state]++;
  const comparison: LogComparison = {
    module: candidate.order.module,
    entry: candidate.entry.entry,
    timeline: candidate.timeline,
    after: candidate.after,
    device: session.device,
    lines: { first: released[0]?.line ?? 0, last: released.at(-1)?.line ?? 0 },
    steps,
    counts,
    own: own.length,
    notes: [...notesOn(counts, foreign.length), ...silentLists(session, predicted)],
  };
  // What probe itself gave back is accounted for by nobody's step, and by a step of a list it is not.
  const givenBack = early.filter(
    ({ event }) => event?.early === true && event.what === 'release',
  ).length;
  return {
    comparison,
    beside: givenBack - pairings.filter(({ step, event }) => isDoubtful(step, event)).length,
  };
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
  const lastAdded = session.events.findLast((event) => event.what === 'add')?.line ?? 0;
  const own = new Set(namesIn(entry, names));
  return ({ event }) =>
    event !== null &&
    (event.what === 'remove' ||
      (own.has(event.name) && (event.early === true || event.line < lastAdded)));
}

function silentLists({ events }: LogSession, predicted: readonly TeardownStep[]): string[] {
  const silent = (scope: Scope) =>
    predicted.some((step) => step.scope === scope) &&
    !events.some((event) => event.scope === scope);
  return [
    ...(silent('drm')
      ? ['the log has no DRMRES lines (drm.debug=0x200): drmm steps cannot be seen']
      : []),
    ...(silent('bound') ? ['the log has no dev:devres_log lines: devm steps cannot be seen'] : []),
  ];
}

function compared({ step, event, moved }: Pairing): ComparedStep {
  const logged = event && { name: event.name, line: event.line };
  if (step === null) return { state: 'unpredicted', step, logged };
  if (event !== null) return { state: moved ? 'out-of-order' : 'in-order', step, logged };
  return {
    state: step.conditional !== null || step.repeats !== null ? 'not-taken' : 'never-ran',
    step,
    logged,
  };
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
