/** The course that is drawn: what is taken before it, and what runs in which order. */
import type { EntryOrder, TeardownStep } from '../result.ts';
import type { Course } from './picture.ts';

export interface CourseSteps {
  readonly title: string;
  /** What probe has taken when the course begins. */
  readonly acquired: readonly TeardownStep[];
  readonly released: readonly TeardownStep[];
}

/** Reads the steps of a course; only those of the wanted course are computed. */
export function stepsOf(entry: EntryOrder, { timeline, failure }: Course): CourseSteps {
  if (timeline === 'unbind')
    return {
      title: 'unbind, no file open',
      acquired: entry.acquired,
      released: entry.timelines.unbind,
    };
  if (timeline === 'unplug-open') {
    const released = entry.timelines['unplug-open'];
    return { title: 'unbind or unplug while a file is open', acquired: entry.acquired, released };
  }
  const failures = entry.timelines['probe-fail'];
  const chosen = failures[Math.min(failure, failures.length - 1)];
  const released = chosen?.steps ?? [];
  const known = new Set(released.map((step) => step.id));
  return {
    title: `probe fails after ${chosen?.after ?? 'nothing'}`,
    acquired: entry.acquired.filter((step) => known.has(step.id)),
    released,
  };
}
