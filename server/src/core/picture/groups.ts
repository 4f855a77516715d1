/**
 * Rows in groups of a size that can be read: a function on the way down from the entry with all that
 * it takes, split into the functions that it calls when that is too much.
 */
import type { TeardownStep } from '../result.ts';

export interface Group {
  /** The same after edits that leave the call path alone. */
  readonly id: string;
  readonly label: string;
  readonly steps: readonly TeardownStep[];
}

/** A group that holds more is split, if its functions allow. */
const most = 16;
/** What is less than this does not become a group of its own beside others. */
const least = 3;

/** Groups of steps that follow each other; their order is the steps' order. */
export function groupsOf(steps: readonly TeardownStep[]): readonly Group[] {
  const seen = new Map<string, number>();
  return split(steps, 0).map(({ label, steps: own }) => {
    const count = (seen.get(label) ?? 0) + 1;
    seen.set(label, count);
    return { id: `${label}#${count}`, label, steps: own };
  });
}

interface Part {
  readonly label: string;
  readonly steps: readonly TeardownStep[];
}

/** All of `steps` have the same call path up to and including `depth`. */
function split(steps: readonly TeardownStep[], depth: number): readonly Part[] {
  const label = labelOf(steps[0], depth);
  const runs = runsOf(steps, depth + 1);
  if (runs.length === 1 && hasDeeper(steps, depth)) return split(steps, depth + 1);
  if (steps.length <= most || runs.length <= 1) return [{ label, steps }];
  return joinSmall(runs, depth, label);
}

/** Small neighbours stay together under the name of the function that calls them. */
function joinSmall(
  runs: readonly (readonly TeardownStep[])[],
  depth: number,
  label: string,
): readonly Part[] {
  const parts: Part[] = [];
  let small: TeardownStep[] = [];
  const flush = (): void => {
    if (small.length > 0) parts.push({ label: commonLabel(small, depth, label), steps: small });
    small = [];
  };
  for (const run of runs) {
    if (run.length < least) {
      small.push(...run);
      continue;
    }
    flush();
    parts.push(...split(run, depth + 1));
  }
  flush();
  return parts;
}

/** A lone small run keeps its own function's name. */
function commonLabel(steps: readonly TeardownStep[], depth: number, label: string): string {
  return runsOf(steps, depth + 1).length === 1 ? labelOf(steps[0], depth + 1) : label;
}

function runsOf(steps: readonly TeardownStep[], depth: number): TeardownStep[][] {
  const runs: TeardownStep[][] = [];
  let last: string | undefined;
  for (const step of steps) {
    const name = step.registered.via[depth];
    const run = runs.at(-1);
    if (run === undefined || name !== last) runs.push([step]);
    else run.push(step);
    last = name;
  }
  return runs;
}

function hasDeeper(steps: readonly TeardownStep[], depth: number): boolean {
  return steps.every((step) => step.registered.via.length > depth + 1);
}

/** The function at a depth of the call path, or the last one above it. */
function labelOf(step: TeardownStep | undefined, depth: number): string {
  const via = step?.registered.via ?? [];
  return via[Math.min(depth, via.length - 1)] ?? step?.registered.function ?? '';
}
