/** What one line of a kernel's log says that concerns teardown: a change of a list, or a mark on the way. */
import type { Scope } from '../result.ts';
import { type Stacks, type TroubleKind, troubleOf } from './log-troubles.ts';

/** One change of a list. */
export interface LogEvent {
  readonly what: 'add' | 'release' | 'remove';
  readonly scope: Scope;
  /** As the kernel names it: the callback as written where it was registered. */
  readonly name: string;
  /** `0000:03:00.0`; empty when the line does not say. */
  readonly device: string;
  /** What stands before the device on a DRMRES line: its driver while it is bound, then its bus. */
  readonly driver?: string;
  /** Tells nodes apart while they live. */
  readonly address: string;
  /** The line in the log, from 1. */
  readonly line: number;
  /** Seconds, where the line begins with some. */
  readonly time: number | null;
  /** Which buffer printed it: each has a clock of its own. */
  readonly clock: 'printk' | 'trace';
  /** Counts the boots in the log, from 0. */
  readonly boot: number;
  /** Orders events and marks: the line, or the time where two logs were put together. */
  readonly at: number;
  /** Given back by hand or with a group: something newer stayed on its list, or it is removed after probe. */
  readonly early?: boolean;
}

/**
 * `probe-failed`, `registered`: the kernel says so of a device. The others are what a test script writes to
 * /dev/kmsg (`DT: unbind rc 0`): `begin` of the teardown, `unbound` or `bound` when writing to sysfs came back
 * (with what it answered), `close` when the application was told to go; `scenario`, `scenario-end` and `left-out` frame
 * what a stress kit does, `not-offered` says why it did not. `trouble`: the kernel found something wrong.
 */
export type MarkKind =
  | 'probe-failed'
  | 'registered'
  | 'begin'
  | 'bound'
  | 'unbound'
  | 'close'
  | 'stress'
  | 'scenario'
  | 'scenario-end'
  | 'left-out'
  | 'not-offered'
  | 'trouble';

export interface LogMark {
  readonly kind: MarkKind;
  /** Empty where the line names none. */
  readonly device: string;
  /** What came back: 0 is success. */
  readonly answer: number;
  readonly text: string;
  /** Of a scenario, its name; of what is not offered, the reason. */
  readonly name?: string;
  /** Of what the kernel found wrong. */
  readonly trouble?: TroubleKind;
  /** The functions that it names below. */
  readonly stacks?: Stacks;
  readonly line: number;
  readonly time: number | null;
  readonly clock: 'printk' | 'trace';
  readonly boot: number;
  readonly at: number;
}

const operations = { ADD: 'add', REL: 'release', REM: 'remove', DEL: 'remove' } as const;
/** Where each kind of line has what tells it, and what follows there. */
const kinds = [
  { word: 'devres_log: ', rest: /^ *(\S+) +(ADD|REL|REM) +(\S+) (.{1,200}?) \(\d+ bytes\)/ },
  /** With CONFIG_DEBUG_DEVRES and devres.log=1 the same goes to dmesg. */
  { word: ': DEVRES ', rest: /^ *(ADD|REL|REM) +(\S+) (.{1,200}?) \(\d+ bytes\)/ },
  /** A driver built as a module adds its name: `[drm:drm_managed_release [drm]]`. */
  {
    word: ': [drm:',
    rest: /^[^\]]{1,100}\]?\] (ADD|REL|DEL) (\S+) (.{1,200}?) \(\d+ bytes\)/,
  },
] as const;
const printkTime = /\[ *(\d+\.\d+)\]/;
/** What /dev/kmsg puts before a line: priority, number, microseconds, flags. */
const kmsgHead = /^\d+,\d+,(\d+),[^;]{0,40};/;
/** What the tools that print or search a log leave before a driver's name: `7,12,345,-;`, `[12.3]`, `file:12:`. */
const toolHead = /^(?:.*[;\]>|]|(?:\S*:)?\d+[:-])/;
const traceTime = / (\d+\.\d+): +(?:devres_log|tracing_mark_write):/;

/** Where and when a line stands. */
export type Position = Pick<LogEvent, 'line' | 'time' | 'clock' | 'boot' | 'at'>;

/** Its time, and whose clock that is. */
export function clockOf(line: string): Pick<LogEvent, 'time' | 'clock'> {
  const traced = traceTime.exec(line);
  const kmsg = traced ? null : kmsgHead.exec(line);
  if (kmsg) return { time: Number(kmsg[1]) / 1e6, clock: 'printk' };
  const time = traced ?? printkTime.exec(line);
  return {
    time: time?.[1] === undefined ? null : Number(time[1]),
    clock: traced ? 'trace' : 'printk',
  };
}

/** The last word before a place, and the one before that. */
function wordsBefore(line: string, end: number): [string | undefined, string | undefined] {
  const words = line.slice(Math.max(0, end - 200), end).split(' ');
  return [words.at(-1), words.at(-2)?.replace(toolHead, '')];
}

/** Whether a line speaks of a list, and ends before it has said what: the log was cut off in it. */
export function isTorn(line: string): boolean {
  if (line.includes(' bytes)') || /release (?:begin|end)\s*$/.test(line)) return false;
  return kinds.some(({ word }) => line.includes(word.trimEnd())) || /^\[[\d. ]*\]?\s*$/.test(line);
}

export function eventOf(line: string, at: Position): LogEvent | undefined {
  if (!line.includes(' bytes)')) return undefined;
  const kind = kinds.find(({ word }) => line.includes(word));
  if (!kind) return undefined;
  const start = line.indexOf(kind.word);
  const match = kind.rest.exec(line.slice(start + kind.word.length));
  if (!match) return undefined;
  const [device = '', driver] = match.length > 4 ? [match[1]] : wordsBefore(line, start);
  const [operation, address, name] = match.slice(-3);
  if (operation === undefined || address === undefined || name === undefined || device === '')
    return undefined;
  const bound = kind !== kinds[2];
  return {
    what: operations[operation as keyof typeof operations],
    scope: bound ? 'bound' : 'drm',
    name,
    device,
    ...(driver === undefined || bound || /^$|[\]:]$/.test(driver) ? {} : { driver }),
    address,
    ...at,
  };
}

/** The words of marks: which group of the match is the device, which the answer. */
const patterns: readonly {
  readonly word: string;
  readonly kind: MarkKind;
  readonly pattern: RegExp;
}[] = [
  {
    word: 'probe with driver',
    kind: 'probe-failed',
    pattern: /(?<device>\S+): probe with driver \S+ failed with error (?<answer>-?\d+)/,
  },
  {
    word: 'probe of',
    kind: 'probe-failed',
    pattern: /probe of (?<device>\S+) failed with error (?<answer>-?\d+)/,
  },
  {
    word: 'Initialized',
    kind: 'registered',
    pattern: /\[drm\] Initialized .{1,80} for (?<device>\S+) on minor \d+/,
  },
  { word: 'DT: teardown begin', kind: 'begin', pattern: /DT: teardown begin/ },
  { word: 'DT: bind rc', kind: 'bound', pattern: /DT: bind rc (?<answer>\d+)/ },
  {
    word: ' rc ',
    kind: 'unbound',
    pattern: /DT: (?:unbind|remove|rmmod) rc (?<answer>\d+)/,
  },
  { word: 'DT: late close', kind: 'close', pattern: /DT: late close/ },
  { word: 'DT: stress of', kind: 'stress', pattern: /DT: stress of (?<name>.{1,80}) begins/ },
  { word: 'DT: scenario', kind: 'scenario', pattern: /DT: scenario (?<name>\S+) begin\s*$/ },
  { word: 'DT: scenario', kind: 'scenario-end', pattern: /DT: scenario (?<name>\S+) end\s*$/ },
  { word: 'DT: scenario', kind: 'left-out', pattern: /DT: scenario (?<name>\S+) left out/ },
  { word: 'DT: not offered', kind: 'not-offered', pattern: /DT: not offered: (?<name>.{1,160})/ },
];

export function markOf(line: string, at: Position): LogMark | undefined {
  for (const { word, kind, pattern } of patterns) {
    if (!line.includes(word)) continue;
    const match = pattern.exec(line);
    if (!match) continue;
    const { device = '', answer = '0', name } = match.groups ?? {};
    return {
      kind,
      device,
      answer: Number(answer),
      text: match[0],
      ...(name === undefined ? {} : { name }),
      ...at,
    };
  }
  const trouble = troubleOf(line);
  return (
    trouble && {
      kind: 'trouble',
      device: '',
      answer: 0,
      text: trouble.text,
      trouble: trouble.kind,
      ...at,
    }
  );
}
