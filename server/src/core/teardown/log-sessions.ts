/** Cuts a log into lives of devices: from the first addition to a device's lists to the last release from them. */
import type { LogEvent } from './log.ts';

/** One such life, or several that are one teardown. */
export interface LogSession {
  readonly device: string;
  readonly events: readonly LogEvent[];
  /** What was on a list still when the log ended, or the next life began. */
  readonly open: readonly LogEvent[];
  /** The additions of what was released. */
  readonly ended: readonly LogEvent[];
}

/** What tells a node from others while it lives: %p hides addresses early in a boot. */
function nodeOf({ scope, address, name }: LogEvent): string {
  return /^[0-9a-f]+$/i.test(address) && !/^0*$/.test(address)
    ? `${scope} ${address}`
    : `${scope} ${address} ${name}`;
}

/** The same where the two lists have clocks of their own: the n-th life of each is taken for one. */
export function sessionsApart(all: readonly LogEvent[]): LogSession[] {
  const lives = (scope: LogEvent['scope']) => sessionsOf(all.filter((one) => one.scope === scope));
  const others = lives('drm');
  const joined = lives('bound').map((session) => {
    const at = others.findIndex(({ device }) => device === session.device);
    const [other] = at < 0 ? [] : others.splice(at, 1);
    return other === undefined
      ? session
      : {
          device: session.device,
          events: [...session.events, ...other.events],
          open: [...session.open, ...other.open],
          ended: [...session.ended, ...other.ended],
        };
  });
  return [...joined, ...others];
}

/** The lives of each device in the log: one ends when nothing is left on its lists. */
export function sessionsOf(all: readonly LogEvent[]): LogSession[] {
  const sessions: LogSession[] = [];
  const lives = new Map<string, Life>();
  for (const event of all) {
    const key = `${event.boot} ${event.device}`;
    let life = lives.get(key);
    if (!life || life.isOver(event)) {
      life = new Life();
      lives.set(key, life);
      sessions.push({
        device: event.device,
        events: life.events,
        open: life.open,
        ended: life.ended,
      });
    }
    life.take(event);
  }
  return sessions
    .filter((session) => session.events.some((event) => event.what === 'release'))
    .map((session) => ({ ...session, events: withEarly(session.events) }));
}

class Life {
  readonly events: LogEvent[] = [];
  readonly open: LogEvent[] = [];
  readonly ended: LogEvent[] = [];
  private ending = false;

  /** Whether it ended before this event. */
  isOver(event: LogEvent): boolean {
    if (event.what !== 'add' || !this.ending || this.open.length > 0) return false;
    // Of a life whose begin is lost nobody knows what is left on the drmm list.
    return event.scope === 'bound' || this.events.some((one) => one.what === 'add');
  }

  take(event: LogEvent): void {
    this.events.push(event);
    if (event.what === 'add') this.open.push(event);
    else {
      const node = nodeOf(event);
      const at = this.open.findLastIndex((one) => nodeOf(one) === node);
      const [added] = at < 0 ? [] : this.open.splice(at, 1);
      if (added && event.what === 'release') this.ended.push(added);
    }
    if (event.what === 'release') this.ending = true;
  }
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
    const key = nodeOf(event);
    if (event.what === 'add') open.set(key, event);
    const node = open.get(key);
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
