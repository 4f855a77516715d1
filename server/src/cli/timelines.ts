/** Which timelines of an entry a command was asked for. */
import type { EntryOrder, ProbeFailure, TeardownStep, Timeline } from '../core/result.ts';
import { UsageError } from './io.ts';

export interface TimelineChoice {
  /** undefined: all of them. */
  readonly timeline: Timeline | undefined;
  /** `probe-fail:N`: only the N-th failure, from 1. */
  readonly failure: number | undefined;
}

/** @throws UsageError for an unknown word */
export function readTimeline(value: string | undefined): TimelineChoice {
  if (value === undefined) return { timeline: undefined, failure: undefined };
  const match = /^(?:(unbind|unplug-open)|(probe-fail)(?::([1-9]\d*))?)$/.exec(value);
  if (match === null)
    throw new UsageError(`--timeline must be unbind, unplug-open or probe-fail[:N], not ${value}`);
  const timeline = (match[1] ?? match[2]) as Timeline;
  return { timeline, failure: match[3] === undefined ? undefined : Number(match[3]) };
}

export interface NamedSteps {
  readonly timeline: Timeline;
  readonly title: string;
  readonly steps: readonly TeardownStep[];
}

/** Titles for people. */
export const timelineTitles: Readonly<Record<Timeline, string>> = {
  unbind: 'unbind',
  'unplug-open': 'unplug with an open file',
  'probe-fail': 'probe fails',
};

/** Whether a timeline is shown: without a drm_device an open file changes nothing, so that it has to be asked for. */
export function isShown({ drm }: EntryOrder, timeline: Timeline, choice: TimelineChoice): boolean {
  return choice.timeline === undefined
    ? drm || timeline !== 'unplug-open'
    : choice.timeline === timeline;
}

/** The chosen timelines of an entry as flat lists, each failure of probe as one of its own. */
export function timelinesOf(entry: EntryOrder, choice: TimelineChoice): readonly NamedSteps[] {
  const wants = (timeline: Timeline): boolean => isShown(entry, timeline, choice);
  const out: NamedSteps[] = [];
  for (const timeline of ['unbind', 'unplug-open'] as const) {
    if (wants(timeline))
      out.push({ timeline, title: timelineTitles[timeline], steps: entry.timelines[timeline] });
  }
  if (!wants('probe-fail')) return out;
  for (const { failure, isLeftOut } of boundedFailures(entry, choice)) {
    if (isLeftOut) continue;
    const { steps, failing } = failure;
    const title = (where: string): string =>
      `${timelineTitles['probe-fail']} ${failureWords(failure, where)}`;
    if (failing)
      out.push({ timeline: 'probe-fail', title: title('in registering'), steps: failing });
    out.push({ timeline: 'probe-fail', title: title('after'), steps });
  }
  return out;
}

/** Where probe fails. */
export function failureWords({ after, at }: ProbeFailure, where: string): string {
  return `${at === undefined ? '' : `in ${at}(), `}${where} ${after}`;
}

/** So many steps of failures are written for an entry: each of n failures has up to n of them. */
const mostSteps = 12_000;

/** A failure of probe, and whether its steps are left out. */
export interface BoundedFailure {
  readonly failure: ProbeFailure;
  readonly isLeftOut: boolean;
}

/** The chosen failures; the steps of those that are left out are not even found. */
export function boundedFailures(
  entry: EntryOrder,
  choice: TimelineChoice,
): readonly BoundedFailure[] {
  let left = mostSteps;
  return failuresOf(entry, choice).map((failure) => {
    const isLeftOut = left <= 0;
    if (!isLeftOut) left -= failure.steps.length + (failure.failing?.length ?? 0);
    return { failure, isLeftOut };
  });
}

/** What is said where some are left out. */
export function leftOutNote(entry: EntryOrder, choice: TimelineChoice): readonly string[] {
  if (!isShown(entry, 'probe-fail', choice)) return [];
  const count = boundedFailures(entry, choice).filter(({ isLeftOut }) => isLeftOut).length;
  return count === 0
    ? []
    : [
        `the steps of ${count} of the failures of probe are left out: --timeline probe-fail:N shows those of one`,
      ];
}

export function failuresOf(
  entry: EntryOrder,
  choice: TimelineChoice,
): EntryOrder['timelines']['probe-fail'] {
  const all = entry.timelines['probe-fail'];
  return choice.failure === undefined ? all : all.slice(choice.failure - 1, choice.failure);
}
