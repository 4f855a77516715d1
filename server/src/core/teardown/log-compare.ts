/** Compares a kernel's log with the predicted orders: finds the timeline that it shows, and what differs. */
import type { ModuleOrder, Timeline } from '../result.ts';
import { type LogEvent, type LogMark, parseTeardownLog, type TeardownLog } from './log.ts';
import { isLogged } from './log-align.ts';
import { type Candidate, candidatesOf, countNames, likeness } from './log-candidates.ts';
import { inTime, type TimedLog } from './log-clocks.ts';
import { allows, type Evidence, evidenceOf, isFailedProbe } from './log-evidence.ts';
import {
  type ComparedStep,
  type Laid,
  type LogState,
  lay,
  type Reading,
  releasedOf,
} from './log-lay.ts';
import type { LogNames } from './log-names.ts';
import { driversIn, notesOnFit, notesOnLog, silentLists } from './log-notes.ts';
import { type LogSession, sessionsApart, sessionsOf } from './log-sessions.ts';
import type { Stacks, TroubleKind } from './log-troubles.ts';

export type { ComparedStep, LogState } from './log-lay.ts';

/** A timeline, and on `probe-fail` the registration after which probe failed. */
export interface Shown {
  readonly timeline: Timeline;
  readonly after: string | null;
}

/** A line in which the kernel says that something is wrong: KASAN, a warning, an oops. */
export interface Trouble {
  readonly text: string;
  readonly line: number;
  readonly kind: TroubleKind;
  /** The functions on its stacks; empty where it has none. */
  readonly stacks: Stacks;
  /** Index of the step at which it happened: the one whose function is on the stack, else the last that ran before. */
  readonly step: number | null;
}

/** A log laid over the prediction that fits it best. Plain data. */
export interface LogComparison extends Shown {
  readonly module: string;
  readonly entry: string;
  /** What fits as well: nothing in the log tells these apart. */
  readonly alsoFits: readonly Shown[];
  /** What the log says of the timeline, with its lines. */
  readonly evidence: readonly string[];
  readonly device: string;
  /** The first and last line of the log that were compared. */
  readonly lines: { readonly first: number; readonly last: number };
  readonly steps: readonly ComparedStep[];
  readonly counts: Readonly<Record<LogState, number>>;
  /** What the kernel found wrong from when the device was set up until that is done again. */
  readonly troubles: readonly Trouble[];
  /** Releases of what the kernel's own code had added: passed over. */
  readonly own: number;
  /** What the reader should know of how it was compared. */
  readonly notes: readonly string[];
}

/** The comparison, or in one sentence why there is none. */
export type LogResult = { readonly comparison: LogComparison } | { readonly problem: string };

/** So many teardowns of a log are looked at, the latest ones: a log of weeks holds thousands. */
const maximumSessions = 40;
/** So many predictions are aligned for real; the others are told apart by the names alone. */
const maximumAlignments = 60;
/** So many further devices of a teardown are tried. */
const maximumDevices = 16;

/** The same of a log that is one string. */
export function compareWithLog(
  text: string,
  orders: readonly ModuleOrder[],
  names: LogNames,
  wanted?: Timeline,
): LogResult {
  return compareLog(parseTeardownLog(text), orders, names, wanted);
}

/**
 * Compares a log with the orders of the modules that it may be of.
 * @param wanted only this timeline, when the user names one
 * @param pick of teardowns that fit alike
 */
export function compareLog(
  log: TeardownLog,
  orders: readonly ModuleOrder[],
  names: LogNames,
  wanted?: Timeline,
  pick: 'latest' | 'first' = 'latest',
): LogResult {
  if (log.events.length === 0) {
    return {
      problem: `no DRMRES or devres_log line in ${log.lines} lines: boot with drm.debug=0x200, and enable the tracepoint dev:devres_log`,
    };
  }
  const timed = inTime(log, names);
  const sessions =
    timed.disagree === null ? sessionsOf(timed.events, timed.marks) : sessionsApart(timed.events);
  if (sessions.length === 0) return { problem: withoutRelease(timed) };
  const reading: Reading = { names, apart: timed.disagree !== null, end: log.end };
  const candidates = candidatesOf(orders).filter((one) => !wanted || one.timeline === wanted);
  const some =
    pick === 'latest'
      ? sessions.slice(-maximumSessions)
      : sessions.slice(0, maximumSessions).reverse();
  const fits = fitsOf(some, candidates, timed, reading, wanted);
  const [first] = fits;
  if (!first)
    return {
      problem: `nothing that the log releases is predicted for ${orders.map((order) => order.module).join(', ')}: it is of ${driversIn(sessions)}`,
    };
  const skipped =
    sessions.length > maximumSessions
      ? [`the last ${maximumSessions} of ${sessions.length} teardowns in the log were looked at`]
      : [];
  return {
    comparison: comparisonOf(first, fits, troublesOf(first.session, sessions, timed), reading, [
      ...skipped,
      ...notesOnLog(log, timed, first.session, sessions),
    ]),
  };
}

/** Why a log has lists, and no release. */
function withoutRelease({ events, marks }: TimedLog): string {
  const failed = marks.findLast(isFailedProbe);
  const isAfter = events.every(({ at }) => failed !== undefined && at < failed.at);
  return failed && isAfter
    ? `line ${failed.line} says that probe failed, and nothing of the driver's was on a list then: there is nothing to compare`
    : 'the log shows what was registered, but no release: it ends before the teardown';
}

/** A session over a prediction that its evidence allows. */
interface Fit {
  readonly session: LogSession;
  readonly evidence: Evidence;
  readonly candidate: Candidate;
  readonly laid: Laid;
  /** The more wanted of those that fit alike, the higher. */
  readonly age: number;
}

const rank: Readonly<Record<Timeline, number>> = { unbind: 0, 'unplug-open': 1, 'probe-fail': 2 };

/**
 * All that were aligned, the best first; of those that fit alike the latest, on the timeline that every driver
 * takes.
 */
function fitsOf(
  sessions: readonly LogSession[],
  candidates: readonly Candidate[],
  { events, marks }: TimedLog,
  reading: Reading,
  wanted: Timeline | undefined,
): Fit[] {
  const likely = sessions
    .flatMap((alone, age) => {
      const session = withDevices(alone, events, candidates, reading);
      const evidence = evidenceOf(session, marks);
      const counts = countNames(releasedOf(session, reading));
      return candidates
        .filter((candidate) => wanted || allows(evidence, candidate.timeline))
        .map((candidate) => ({
          session,
          age,
          evidence,
          candidate,
          likeness: likeness(candidate, counts, reading.names),
        }));
    })
    .filter(
      ({ likeness: { common, score }, evidence }) =>
        // A probe that failed before anything of the driver's was on a list.
        common > 0 || (score === 0 && evidence.probeFailed === true),
    );
  likely.sort((a, b) => b.likeness.score - a.likeness.score || b.age - a.age);
  const fits = likely
    .slice(0, maximumAlignments)
    .map(({ likeness: _, ...one }) => ({ ...one, laid: lay(one.session, one.candidate, reading) }));
  return fits.sort(
    (a, b) =>
      b.laid.score - a.laid.score ||
      b.age - a.age ||
      rank[a.candidate.timeline] - rank[b.candidate.timeline],
  );
}

/**
 * A session, and with it what ran meanwhile on the devices that the same prediction is of: components have their
 * own.
 */
function withDevices(
  session: LogSession,
  all: readonly LogEvent[],
  candidates: readonly Candidate[],
  reading: Reading,
): LogSession {
  const [first, last] = [session.events[0], session.events.at(-1)];
  if (!first || !last) return session;
  const meanwhile = all.filter(
    (event) => event.boot === first.boot && event.at >= first.at && event.at <= last.at,
  );
  const others = [...new Set(meanwhile.map((event) => event.device))].filter(
    (device) => device !== session.device,
  );
  if (others.length === 0 || reading.apart) return session;
  const scored = (one: LogSession, candidate: Candidate) =>
    likeness(candidate, countNames(releasedOf(one, reading)), reading.names).score;
  const counts = countNames(releasedOf(session, reading));
  const [best] = candidates
    .map((candidate) => ({ candidate, score: likeness(candidate, counts, reading.names).score }))
    .sort((a, b) => b.score - a.score);
  if (!best) return session;
  let { score } = best;
  let joined = session;
  let laid: number | undefined;
  for (const device of others.slice(0, maximumDevices)) {
    const wider = joinedBy(joined, device, meanwhile);
    const next = scored(wider, best.candidate);
    if (next <= score) continue;
    // Names that every driver's list has are no evidence: what the device gives back has to run where it is predicted.
    laid ??= lay(joined, best.candidate, reading).score;
    const wide = lay(wider, best.candidate, reading).score;
    if (wide <= laid) continue;
    joined = wider;
    score = next;
    laid = wide;
  }
  return joined;
}

/** With the events of one device more; what is known of its own is kept. */
function joinedBy(session: LogSession, device: string, meanwhile: readonly LogEvent[]): LogSession {
  const devices = new Set([device, ...session.events.map((event) => event.device)]);
  const known = new Map(session.events.map((event) => [event.line, event]));
  const events = meanwhile
    .filter((event) => devices.has(event.device))
    .map((event) => known.get(event.line) ?? event);
  return { ...session, events };
}

/** What the kernel says from a session's begin until the device is set up anew. */
function troublesOf(
  { device, events }: LogSession,
  sessions: readonly LogSession[],
  { marks }: TimedLog,
): Trouble[] {
  const [first] = events;
  if (!first) return [];
  const next = sessions
    .filter((one) => one.device === device)
    .flatMap((one) => one.events.slice(0, 1))
    .find((event) => event.boot === first.boot && event.at > first.at);
  return marks
    .filter(
      ({ kind, boot, at }) =>
        kind === 'trouble' &&
        boot === first.boot &&
        at >= first.at &&
        (next === undefined || at < next.at),
    )
    .map((mark) => troubleFrom(mark));
}

/** As the log has it, without a step. */
export function troubleFrom({ text, line, trouble, stacks }: LogMark): Trouble {
  return {
    text: text.trim(),
    line,
    kind: trouble ?? 'bug',
    stacks: stacks ?? { at: [], others: [] },
    step: null,
  };
}

/** The step whose function is the innermost on the stack, else the last that ran before; null when none did. */
function stepOfTrouble({ stacks, line }: Trouble, steps: readonly ComparedStep[]): number | null {
  for (const name of stacks.at) {
    const at = steps.findIndex(({ step }) => step?.action === name);
    if (at >= 0) return at;
  }
  const before = steps.findLastIndex(({ logged }) => logged !== null && logged.line < line);
  return before < 0 ? null : before;
}

function comparisonOf(
  { session, evidence, candidate, laid }: Fit,
  fits: readonly Fit[],
  troubles: readonly Trouble[],
  reading: Reading,
  notes: readonly string[],
): LogComparison {
  const alike = fits.filter(
    (other) =>
      other.laid.score === laid.score &&
      other.session === session &&
      other.candidate.entry === candidate.entry,
  );
  const shown = new Map<string, Shown>();
  for (const { candidate: one } of alike) {
    const { timeline, after } = one;
    if (timeline !== candidate.timeline || after !== candidate.after)
      shown.set(`${timeline} ${after}`, { timeline, after });
  }
  const released = releasedOf(session, reading);
  const lines = released.map((event) => event.line);
  return {
    module: candidate.order.module,
    entry: candidate.entry.entry,
    timeline: candidate.timeline,
    after: candidate.after,
    alsoFits: [...shown.values()],
    evidence: [
      ...evidence.reasons,
      ...(allows(evidence, candidate.timeline)
        ? []
        : ['this is not the timeline that was asked for']),
    ],
    device: session.device,
    lines: { first: Math.min(...lines), last: Math.max(...lines) },
    steps: laid.steps,
    counts: laid.counts,
    troubles: troubles.map((one) => ({ ...one, step: stepOfTrouble(one, laid.steps) })),
    own: laid.own,
    notes: [
      ...notes,
      ...notesOnFit(laid, session),
      ...silentLists(session, candidate.steps.filter(isLogged)),
    ],
  };
}
