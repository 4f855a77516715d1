/** The course that is drawn: what is taken before it, and what runs in which order. */
import type { EntryOrder, Hazard, Runner, TeardownStep } from '../result.ts';
import type { Say } from '../say.ts';
import type { Course } from './picture.ts';

export interface CourseSteps {
  readonly title: string;
  /** What probe has taken when the course begins. */
  readonly acquired: readonly TeardownStep[];
  readonly released: readonly TeardownStep[];
  /** What runs by itself meanwhile, and the step that ends each, by its index. */
  readonly runners: readonly { readonly runner: Runner; readonly until: number | null }[];
  readonly hazards: readonly Hazard[];
}

/** Reads the steps of a course; only those of the wanted course are computed. */
export function stepsOf(entry: EntryOrder, { timeline, failure }: Course, say: Say): CourseSteps {
  if (timeline !== 'probe-fail')
    return {
      title:
        timeline === 'unbind'
          ? say('unbind, no file open')
          : say('unbind or unplug while a file is open'),
      acquired: entry.acquired,
      released: entry.timelines[timeline],
      runners: (entry.runners ?? []).map((runner) => ({ runner, until: runner.until[timeline] })),
      hazards: entry.hazards?.[timeline] ?? [],
    };
  const failures = entry.timelines['probe-fail'];
  const chosen = failures[Math.min(failure, failures.length - 1)];
  const released = chosen?.steps ?? [];
  const known = new Set(released.map((step) => step.id));
  const last = entry.acquired.findIndex((step) => step.id === chosen?.behind);
  return {
    title: say('probe fails after {0}', chosen?.after ?? say('nothing')),
    runners: [],
    hazards: [],
    // What stays behind is drawn, too: it has no end.
    acquired: entry.acquired.filter((step, index) => index <= last || known.has(step.id)),
    released,
  };
}
