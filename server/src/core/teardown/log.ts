/**
 * Reads what a running kernel says of its devres and drmm lists: DRMRES lines of `drm.debug=0x200`
 * and lines of the tracepoint `dev:devres_log`, in any mixture of dmesg, journal, trace_pipe and
 * trace-cmd report. Whatever else a log holds is passed over.
 */
import type { Scope } from '../result.ts';

/** One change of a list. */
export interface LogEvent {
  readonly what: 'add' | 'release' | 'remove';
  readonly scope: Scope;
  /** As the kernel names it: the callback as written where it was registered. */
  readonly name: string;
  /** `0000:03:00.0`; empty when the line does not say. */
  readonly device: string;
  /** Tells nodes apart while they live. */
  readonly address: string;
  /** The line in the log, from 1. */
  readonly line: number;
  /** Seconds, where the line begins with some. */
  readonly time: number | null;
  /** Given back by hand or with a group: something newer stayed on its list, or it is removed after probe. */
  readonly early?: boolean;
}

/** From the first addition to a device's lists to the last release from them. */
export interface LogSession {
  readonly device: string;
  readonly events: readonly LogEvent[];
}

/** A log as far as it concerns us. */
export interface TeardownLog {
  readonly lines: number;
  readonly events: readonly LogEvent[];
}

const operations = { ADD: 'add', REL: 'release', REM: 'remove', DEL: 'remove' } as const;
const devres = /devres_log: +(\S+) +(ADD|REL|REM) +(\S+) (.{1,200}?) \(\d+ bytes\)/;
/** With CONFIG_DEBUG_DEVRES and devres.log=1 the same goes to dmesg. */
const devresPrint = /(\S+): DEVRES +(ADD|REL|REM) +(\S+) (.{1,200}?) \(\d+ bytes\)/;
/** A driver built as a module adds its name: `[drm:drm_managed_release [drm]]`. */
const drmres = /(\S+): \[drm:[^\]]{1,100}(?:\])?\]? (ADD|REL|DEL) (\S+) (.{1,200}?) \(\d+ bytes\)/;
const printkTime = /\[ *(\d+\.\d+)\]/;
const traceTime = / (\d+\.\d+): +devres_log:/;
/** Longer lines are none of the kernel's. */
const maximumLine = 2000;

/** Reads a whole log; it may be large, and hold anything. */
export function parseTeardownLog(text: string): TeardownLog {
  const events: LogEvent[] = [];
  let lines = 0;
  for (let start = 0; start < text.length; ) {
    const found = text.indexOf('\n', start);
    const end = found < 0 ? text.length : found;
    lines++;
    if (end - start <= maximumLine) {
      const event = eventOf(text.slice(start, end), lines);
      if (event) events.push(event);
    }
    start = end + 1;
  }
  return { lines, events: inTime(events) };
}

function eventOf(line: string, at: number): LogEvent | undefined {
  if (!line.includes(' bytes)')) return undefined;
  const bound = devres.exec(line) ?? devresPrint.exec(line);
  const match = bound ?? drmres.exec(line);
  const [, device, operation, address, name] = match ?? [];
  if (
    device === undefined ||
    operation === undefined ||
    address === undefined ||
    name === undefined
  )
    return undefined;
  const time = (bound ? traceTime.exec(line) : null) ?? printkTime.exec(line);
  return {
    what: operations[operation as keyof typeof operations],
    scope: bound ? 'bound' : 'drm',
    name,
    device,
    address,
    line: at,
    time: time?.[1] === undefined ? null : Number(time[1]),
  };
}

/** Two logs behind one another are one again when both carry the kernel's time. */
function inTime(events: readonly LogEvent[]): readonly LogEvent[] {
  const behind = events.some(
    (event, i) =>
      i > 0 &&
      event.scope !== events[i - 1]?.scope &&
      (event.time ?? 0) < (events[i - 1]?.time ?? 0),
  );
  if (!behind || events.some((event) => event.time === null)) return events;
  return [...events].sort((a, b) => (a.time ?? 0) - (b.time ?? 0) || a.line - b.line);
}

/** The lives of each device in the log: one ends when nothing is left on its lists. */
export function sessionsOf({ events }: TeardownLog): LogSession[] {
  const sessions: LogSession[] = [];
  const open = new Map<string, { events: LogEvent[]; live: Set<string>; ending: boolean }>();
  for (const event of events) {
    let session = open.get(event.device);
    if (!session || (event.what === 'add' && session.ending && session.live.size === 0)) {
      session = { events: [], live: new Set(), ending: false };
      open.set(event.device, session);
      sessions.push({ device: event.device, events: session.events });
    }
    session.events.push(event);
    const node = `${event.scope} ${event.address}`;
    if (event.what === 'add') session.live.add(node);
    else session.live.delete(node);
    if (event.what === 'release') session.ending = true;
  }
  return sessions
    .filter((session) => session.events.some((event) => event.what === 'release'))
    .map((session) => ({ ...session, events: withEarly(session.events) }));
}

/**
 * Marks the devres releases that no release of the whole list makes, and the removals after probe.
 * Several drm_devices can share a device's name: what is early on a drmm list cannot be told.
 */
function withEarly(events: readonly LogEvent[]): LogEvent[] {
  const released = new Set<LogEvent>();
  const open = new Map<string, LogEvent>();
  const lastAdded = events.findLastIndex((event) => event.what === 'add');
  const nodes = events.map((event) => {
    if (event.scope === 'drm') return undefined;
    if (event.what === 'add') open.set(event.address, event);
    const node = open.get(event.address);
    if (event.what === 'release' && node) released.add(node);
    return node;
  });
  const live: LogEvent[] = [];
  let going = false;
  return events.map((event, i) => {
    const node = nodes[i];
    if (!node) return event;
    // What an action adds while the list goes is newer than what is still to come.
    if (event.what === 'add') {
      if (released.has(event) && !going) live.push(event);
      return event;
    }
    if (event.what === 'remove') return i > lastAdded ? { ...event, early: true } : event;
    const at = live.lastIndexOf(node);
    if (at < 0) return event;
    const early = at < live.length - 1;
    live.splice(at, 1);
    going ||= !early;
    return early ? { ...event, early } : event;
  });
}
