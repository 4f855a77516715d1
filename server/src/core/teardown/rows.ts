/**
 * Steps as rows for people, the same in a terminal and in an editor: named by what the driver calls the thing
 * that is released, and steps next to one another that do the same folded into one.
 */
import type { TeardownStep } from '../result.ts';

/** Steps next to one another that say the same; `from` counts from 1 in the timeline. */
export interface Run {
  readonly from: number;
  readonly steps: readonly [TeardownStep, ...TeardownStep[]];
}

/** A step with a finding, or one that runs others, stands alone. */
function canFold(step: TeardownStep): boolean {
  return step.findings.length === 0 && step.kind !== 'function';
}

function alike(a: TeardownStep, b: TeardownStep): boolean {
  return a.phase === b.phase && a.action === b.action && a.kind === b.kind && a.group === b.group;
}

/** Three of a kind are a run: of two the names tell more. */
const shortest = 3;

/** The rows of a timeline; with `all` each step is one. */
export function runsOf(steps: readonly TeardownStep[], all: boolean): readonly Run[] {
  const rows: Run[] = [];
  for (let i = 0; i < steps.length; ) {
    const first = steps[i];
    if (first === undefined) break;
    let end = i + 1;
    for (let next = steps[end]; next && !all && canFold(next) && alike(first, next); )
      next = steps[++end];
    const length = canFold(first) && end - i >= shortest ? end - i : 1;
    rows.push({ from: i + 1, steps: [first, ...steps.slice(i + 1, i + length)] });
    i += length;
  }
  return rows;
}

/** What is released as the driver calls it. */
export function objectOf({ keptAs, argument }: TeardownStep): string | null {
  return keptAs ?? argument;
}

/** `foo_fini(foo->ring)`. */
export function callOf(step: TeardownStep): string {
  const object = objectOf(step);
  return object === null ? step.action : `${step.action}(${object})`;
}

/** What rows are called among others, and who gives the thing back where the name does not say that. */
export interface Names {
  readonly nameOf: (step: TeardownStep) => string;
  readonly byOf: (step: TeardownStep) => string | null;
}

/**
 * The thing alone where a helper or the API gives it back, whose name says little beside ten others of the
 * same; the call where it is the driver's own.
 */
export function namesAmong(steps: readonly TeardownStep[]): Names {
  const counts = new Map<string, number>();
  for (const { action, keptAs } of steps)
    if (keptAs !== undefined) counts.set(action, (counts.get(action) ?? 0) + 1);
  const isShared = (action: string): boolean => (counts.get(action) ?? 0) > 1;
  const nameOf = (step: TeardownStep): string =>
    step.keptAs !== undefined && isShared(step.action) ? step.keptAs : nameAlone(step);
  return {
    nameOf,
    byOf: (step) => (nameOf(step) === writtenCall(step) ? null : step.action),
  };
}

/** What a row is called where nothing is known of the others. */
export function nameAlone(step: TeardownStep): string {
  if (step.argument === null && step.releases !== null && step.scope !== null) {
    const named = /`([^`]+)`/.exec(step.releases)?.[1];
    if (named !== undefined) return named;
  }
  return writtenCall(step);
}

function writtenCall({ action, argument }: TeardownStep): string {
  return argument === null ? action : `${action}(${argument})`;
}

const mostNames = 4;

/** The distinct objects of a run, or of none what they release. */
export function namesOf(steps: readonly TeardownStep[], most = mostNames): string {
  const objects = new Set(steps.map((step) => objectOf(step) ?? step.releases));
  objects.delete(null);
  const names = [...objects];
  const rest = names.length - most;
  return names.slice(0, most).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}

const nouns: Readonly<Record<string, string>> = {
  bo: 'BOs',
  memory: 'pieces of memory',
  mutex: 'mutexes',
  action: 'actions',
  'mode-object': 'mode objects',
};

/** `10 managed BOs`, what a folded run is called. */
export function runTitle({ steps }: Run): string {
  const [{ kind, scope }] = steps;
  const noun = nouns[kind] ?? `× ${kind}`;
  return `${steps.length} ${scope === null ? '' : 'managed '}${noun}`;
}
