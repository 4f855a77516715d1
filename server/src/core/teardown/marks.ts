/** The findings at the places of steps. */
import { push } from '../push.ts';
import type { Finding, ProbeFailure, TeardownStep, Timeline } from '../result.ts';

/** A finding and its place among those of the report. */
interface Numbered {
  readonly finding: Finding;
  readonly at: number;
}

export class Marks {
  /** Those of each file as they begin. */
  private readonly byFile: ReadonlyMap<string, readonly Numbered[]>;

  constructor(findings: readonly Finding[]) {
    const byFile = new Map<string, Numbered[]>();
    for (const [at, finding] of findings.entries())
      push(byFile, finding.place.file, { finding, at });
    for (const list of byFile.values())
      list.sort((a, b) => a.finding.place.start - b.finding.place.start);
    this.byFile = byFile;
  }

  /** The step with its findings; on a timeline, those of others are left out: a hazard is marked where it happens. */
  on(step: TeardownStep, timeline?: Timeline): TeardownStep {
    // What a table names is no call of a function: what is found of it stands at the function itself.
    const place = step.registered.function === '' ? step.callback?.place : step.registered.place;
    const near = place && this.byFile.get(place.file);
    if (!near) return step;
    const here: Numbered[] = [];
    for (let i = firstFrom(near, place.start); i < near.length; i++) {
      const one = near[i];
      if (!one || one.finding.place.start > place.end) break;
      if (one.finding.place.end > place.end) continue;
      if (timeline === undefined || one.finding.timelines.includes(timeline)) here.push(one);
    }
    if (here.length === 0) return step;
    here.sort((a, b) => a.at - b.at);
    return { ...step, findings: here.map(({ finding }) => finding.fingerprint) };
  }
}

/** The first of a sorted list that begins at an offset or behind it. */
function firstFrom(list: readonly Numbered[], start: number): number {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((list[middle]?.finding.place.start ?? start) < start) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** A failure with the findings on its steps; each list is made when it is read, once. */
export function marked(failure: ProbeFailure, marks: Marks): ProbeFailure {
  const on = (steps: readonly TeardownStep[]) => steps.map((step) => marks.on(step, 'probe-fail'));
  let steps: readonly TeardownStep[] | null = null;
  let failing: { readonly steps: readonly TeardownStep[] | null } | null = null;
  return {
    after: failure.after,
    behind: failure.behind,
    ...(failure.at === undefined ? {} : { at: failure.at }),
    get steps() {
      steps ??= on(failure.steps);
      return steps;
    },
    get failing() {
      failing ??= { steps: failure.failing ? on(failure.failing) : null };
      return failing.steps;
    },
  };
}
