/** Cuts a log into lives of devices: from the first addition to a device's lists to the last release from them. */
import type { LogEvent, LogMark } from './log.ts';

/** One such life, or several that are one teardown. */
export interface LogSession {
  readonly device: string;
  readonly events: readonly LogEvent[];
  /** What was on a list still when the log ended, or the next life began. */
  readonly open: readonly LogEvent[];
  /** The additions of what was released. */
  readonly ended: readonly LogEvent[];
  /** Where the device was bound again while this life's drm_device stayed; null when it was not. */
  readonly again: LogEvent | null;
}

/** So many lives of one device can go on at a time: each is one that was leaked, or is held by a file. */
const maximumHeld = 16;

/** %p hides addresses early in a boot. */
function isHidden({ address }: LogEvent): boolean {
  return !/^[0-9a-f]+$/i.test(address) || /^0*$/.test(address);
}

/** What tells a node from others while it lives. */
function nodeOf(event: LogEvent): string {
  const { scope, address, name } = event;
  return isHidden(event) ? `${scope} ${address} ${name}` : `${scope} ${address}`;
}

function isRelease({ what }: LogEvent): boolean {
  return what === 'release';
}

function isBound({ scope }: LogEvent): boolean {
  return scope === 'bound';
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
          again: null,
        };
  });
  return [...joined, ...others];
}

/**
 * The lives of each device in the log: one ends when nothing is left on its lists, or when the device is bound again
 * while its drm_device stays, held by a file or leaked. What that one gives back later is of the earlier life.
 * @param marks of the log: they tell of an unbind that leaves nothing on a list of the device
 */
export function sessionsOf(all: readonly LogEvent[], marks: readonly LogMark[] = []): LogSession[] {
  const lives: Life[] = [];
  const going = new Map<string, Life[]>();
  const unbinds = marks.filter(({ kind, answer }) => kind === 'unbound' && answer === 0);
  let next = 0;
  for (const event of all) {
    for (let mark = unbinds[next]; mark && isBefore(mark, event); mark = unbinds[++next])
      for (const life of [...going.values()].flat()) life.unbind(mark);
    const key = `${event.boot} ${event.device}`;
    const known = going.get(key) ?? [];
    const last = known.at(-1);
    const begun = last?.begunAgain(event);
    if (last && !begun && !last.isOver(event)) {
      holderOf(event, known, last).take(event);
      continue;
    }
    const life = new Life(event.device);
    lives.push(life);
    going.set(key, [...known.filter((one) => one.open.length > 0), life].slice(-maximumHeld));
    for (const one of [...(begun ?? []), event]) life.take(one);
  }
  return lives
    .filter(({ events }) => events.some(isRelease))
    .map(({ device, events, open, ended, again }) => ({
      device,
      events: withEarly(events),
      open,
      ended,
      again,
    }));
}

function isBefore(mark: LogMark, event: LogEvent): boolean {
  return mark.boot < event.boot || (mark.boot === event.boot && mark.at < event.at);
}

/** The life that a release is of: where its node is, the latest first; else the last. */
function holderOf(event: LogEvent, lives: readonly Life[], last: Life): Life {
  if (event.what === 'add' || lives.length === 1) return last;
  const holders = lives.filter((one) => one.holds(event));
  // Where the kernel hides addresses, what is ending already is likelier.
  return (isHidden(event) ? holders[0] : holders.at(-1)) ?? last;
}

class Life {
  readonly events: LogEvent[] = [];
  readonly open: LogEvent[] = [];
  readonly ended: LogEvent[] = [];
  again: LogEvent | null = null;
  readonly device: string;
  private ending = false;
  /** Where its device was unbound, as far as the log came. */
  private unboundAt: number | null = null;

  constructor(device: string) {
    this.device = device;
  }

  /** Whether it ended before this event. */
  isOver(event: LogEvent): boolean {
    if (event.what !== 'add' || !this.ending || this.open.length > 0) return false;
    // Of a life whose begin is lost nobody knows what is left on the drmm list.
    return isBound(event) || this.events.some((one) => one.what === 'add');
  }

  /**
   * Whether an event begins another life while this one's drm_device stays: its first entry comes once more, after
   * all that
   * bound the device was released. What was added since is of that life too, and is taken away from this one.
   */
  begunAgain(event: LogEvent): LogEvent[] | undefined {
    const end = this.unboundAt;
    if (end === null || event.what !== 'add' || isBound(event)) return undefined;
    const first = this.events.find((one) => one.what === 'add' && !isBound(one));
    if (first?.name !== event.name) return undefined;
    const since = this.events.filter((one) => one.at > end && !isRelease(one));
    if (this.open.some((one) => isBound(one) && !since.includes(one))) return undefined;
    const stays = (one: LogEvent) => !since.includes(one);
    this.events.splice(0, this.events.length, ...this.events.filter(stays));
    this.open.splice(0, this.open.length, ...this.open.filter(stays));
    this.again = since[0] ?? event;
    return since;
  }

  unbind(mark: LogMark): void {
    const [first] = this.events;
    if (first && first.boot === mark.boot && first.at < mark.at) this.unboundAt ??= mark.at;
  }

  holds(event: LogEvent): boolean {
    const node = nodeOf(event);
    return this.open.some((one) => nodeOf(one) === node);
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
    if (event.what !== 'release') return;
    this.ending = true;
    if (isBound(event)) this.unboundAt = event.at;
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
