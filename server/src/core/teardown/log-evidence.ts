/**
 * Which timeline a log shows, by what it says beside the lists: that probe failed, that the device was registered, and
 * whether the last put came while the device was bound. Where it says nothing, nothing is concluded.
 */
import type { Timeline } from '../result.ts';
import type { LogEvent, LogMark } from './log.ts';
import type { MarkKind } from './log-lines.ts';
import type { LogSession } from './log-sessions.ts';

/** Behind these comes another teardown. */
const nextKinds: ReadonlySet<MarkKind> = new Set([
  'begin',
  'bound',
  'scenario',
  'scenario-end',
  'stress',
]);

/** What is known; null: the log does not tell. */
export interface Evidence {
  readonly probeFailed: boolean | null;
  /** Whether the drmm list was released after unbind was through. */
  readonly late: boolean | null;
  /** Each in a few words, with its line. */
  readonly reasons: readonly string[];
}

/** Whether a timeline can be the one that the evidence is of. */
export function allows({ probeFailed, late }: Evidence, timeline: Timeline): boolean {
  if (timeline === 'probe-fail') return probeFailed !== false && late !== true;
  return probeFailed !== true && (late === null || late === (timeline === 'unplug-open'));
}

/** Reads the marks around a session, and the session itself. */
export function evidenceOf(session: LogSession, marks: readonly LogMark[]): Evidence {
  const near = marksOf(session, marks);
  const failure = probeEvidence(session, near);
  const put = failure?.probeFailed
    ? undefined
    : (putEvidence(session, near) ?? holdEvidence(session, marks));
  return {
    probeFailed: failure?.probeFailed ?? null,
    late: put?.late ?? null,
    reasons: [failure, put].flatMap((one) => (one ? [one.reason] : [])),
  };
}

/** The marks of the session's boot that lie inside it, and behind it until something else begins. */
function marksOf({ events }: LogSession, marks: readonly LogMark[]): LogMark[] {
  const [first, last] = [events[0], events.at(-1)];
  if (!first || !last) return [];
  const devices = new Set(events.map((event) => event.device));
  const mine = marks.filter(
    (mark) =>
      mark.kind !== 'trouble' &&
      mark.kind !== 'not-offered' &&
      mark.boot === first.boot &&
      mark.at >= first.at &&
      (mark.device === '' || devices.has(mark.device)),
  );
  const behind = mine.find((mark) => mark.at > last.at);
  const near = mine.filter((mark) => mark.at <= last.at || mark === behind);
  // What is said of an unbind before this device's list was released is of its earlier life: a file may hold that
  // still.
  const begun = events.find((event) => event.scope === 'bound' && event.what === 'release');
  const ends = (mark: LogMark) => mark.kind === 'unbound' || mark.kind === 'close';
  const own = near.filter((mark) => !ends(mark) || begun === undefined || mark.at > begun.at);
  // And what is said of a bind after this one's unbind is of its next life.
  const end = own.find((mark) => mark.kind === 'unbound')?.at ?? Number.POSITIVE_INFINITY;
  return own.filter((mark) => ends(mark) || mark.at < end);
}

export function isFailedProbe({ kind, answer }: LogMark): boolean {
  return kind === 'probe-failed' || (kind === 'bound' && answer !== 0);
}

function releasesOf({ events }: LogSession): LogEvent[] {
  return events.filter((event) => event.what === 'release');
}

function probeEvidence(
  session: LogSession,
  marks: readonly LogMark[],
): { readonly probeFailed: boolean; readonly reason: string } | undefined {
  const released = releasesOf(session);
  const started = released.find((event) => event.early !== true) ?? released[0];
  const failed = marks.find(isFailedProbe);
  if (failed) return { probeFailed: true, reason: `line ${failed.line} says that probe failed` };
  const isEarlier = (mark: LogMark) => started !== undefined && mark.at < started.at;
  const done = marks.find(
    (mark) =>
      isEarlier(mark) &&
      (mark.kind === 'registered' ||
        mark.kind === 'begin' ||
        (mark.kind === 'bound' && mark.answer === 0)),
  );
  if (done) return { probeFailed: false, reason: `line ${done.line} says that probe succeeded` };
  return undefined;
}

/** Whoever holds it was told to go behind unbind, and the drmm list was not released by then, nor later. */
function holdEvidence(
  { events }: LogSession,
  marks: readonly LogMark[],
): { readonly late: boolean; readonly reason: string } | undefined {
  const last = events.at(-1);
  const drm = events.filter((event) => event.scope === 'drm');
  if (!last || drm.length === 0 || drm.some((event) => event.what === 'release')) return undefined;
  const behind = marks.filter((mark) => mark.boot === last.boot && mark.at > last.at);
  const next = behind.findIndex(({ kind }) => nextKinds.has(kind));
  const close = behind.slice(0, next < 0 ? undefined : next).find(({ kind }) => kind === 'close');
  return (
    close && {
      late: true,
      reason: `the drmm list is not released before line ${close.line} tells who holds it to close it`,
    }
  );
}

function putEvidence(
  session: LogSession,
  marks: readonly LogMark[],
): { readonly late: boolean; readonly reason: string } | undefined {
  const drm = releasesOf(session).filter((event) => event.scope === 'drm');
  const [first, last] = [drm[0], drm.at(-1)];
  if (!first || !last) return undefined;
  const unbound = marks.find((mark) => mark.kind === 'unbound' || mark.kind === 'close');
  if (unbound) {
    const late = first.at > unbound.at;
    return {
      late,
      reason: `the drmm list is released ${late ? 'after' : 'before'} line ${unbound.line} says that unbind was through`,
    };
  }
  const { again } = session;
  if (again && again.at < first.at)
    return {
      late: true,
      reason: `line ${again.line} shows that the device is bound again, and line ${first.line} releases what it had before`,
    };
  const added = session.events.find(
    (event) => event.what === 'add' && event.device === first.device && event.driver,
  );
  if (!added?.driver || !first.driver) return undefined;
  if (added.driver !== first.driver)
    return {
      late: true,
      reason: `line ${first.line} names the bus, not the driver ${added.driver}: the device was unbound`,
    };
  // The same name is the driver's only on the device that was bound: a drm_device can sit on a parent of it.
  const bound = releasesOf(session).find(
    (event) => event.scope === 'bound' && event.device === first.device && event.early !== true,
  );
  return (
    bound && { late: false, reason: `line ${first.line} still names the driver ${added.driver}` }
  );
}
