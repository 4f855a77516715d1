/**
 * Where a hazard lies on a timeline: the step at which something ends, and the step or the runner that uses it
 * later. A finding's chain names the places; here they are found again among the steps.
 */
import { push } from '../push.ts';
import type { ChainLink, Finding, Hazard, Place, Runner, TeardownStep } from '../result.ts';

/** What of a chain is about the course, and not on the way to it. */
const telling: ReadonlySet<ChainLink['role']> = new Set([
  'registration',
  'release',
  'allocation',
  'note',
]);

/** Where a step was registered, and its place on the timeline. */
interface Placed {
  readonly start: number;
  readonly end: number;
  readonly at: number;
}

/** The steps of a file as they begin, with the furthest end of each and those before it. */
interface Sorted {
  readonly steps: readonly Placed[];
  readonly ends: readonly number[];
}

/** The steps of a timeline by the places that chains name. */
class Places {
  private readonly byFile: ReadonlyMap<string, Sorted>;
  private readonly callbacks = new Map<string, number[]>();

  constructor(acquired: readonly TeardownStep[], steps: readonly TeardownStep[]) {
    const indices = new Map<string, number>();
    const byFile = new Map<string, Placed[]>();
    for (const [at, step] of steps.entries()) {
      if (!indices.has(step.id)) indices.set(step.id, at);
      for (const id of step.ends ?? []) if (!indices.has(id)) indices.set(id, at);
      this.note(byFile, step, at);
    }
    for (const step of acquired) {
      const at = indices.get(step.id);
      if (at !== undefined) this.note(byFile, step, at);
    }
    this.byFile = new Map([...byFile].map(([file, steps]) => [file, sorted(steps)]));
  }

  private note(
    byFile: Map<string, Placed[]>,
    { registered, callback, kind, scope }: TeardownStep,
    at: number,
  ): void {
    const { place, function: holder } = registered;
    // What a table names is no call, and what remove() goes through is only the way.
    if (holder !== '' && !(kind === 'function' && scope === null))
      push(byFile, place.file, { start: place.start, end: place.end, at });
    if (callback) push(this.callbacks, keyOf(callback.place), at);
  }

  /** The steps whose places hold the given one. */
  at({ file, start, end }: Place): number[] {
    const { steps, ends } = this.byFile.get(file) ?? nowhere;
    const found: number[] = [];
    for (let i = countUpTo(steps, start) - 1; i >= 0 && (ends[i] ?? 0) >= end; i--) {
      const one = steps[i];
      if (one && one.end >= end) found.push(one.at);
    }
    return found;
  }

  ranBy(place: Place): readonly number[] {
    return this.callbacks.get(keyOf(place)) ?? [];
  }
}

const nowhere: Sorted = { steps: [], ends: [] };

function sorted(steps: readonly Placed[]): Sorted {
  const inOrder = [...steps].sort((a, b) => a.start - b.start);
  let furthest = 0;
  const ends = inOrder.map(({ end }) => {
    furthest = Math.max(furthest, end);
    return furthest;
  });
  return { steps: inOrder, ends };
}

/** How many of a sorted list begin at an offset or before it. */
function countUpTo(steps: readonly Placed[], start: number): number {
  let [low, high] = [0, steps.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((steps[middle]?.start ?? start) <= start) low = middle + 1;
    else high = middle;
  }
  return low;
}

function keyOf({ file, start }: Pick<Place, 'file' | 'start'>): string {
  return `${start} ${file}`;
}

/**
 * The hazards of a timeline, in the order of the findings.
 * @param findings those of the module
 */
export function hazardsOf(
  acquired: readonly TeardownStep[],
  steps: readonly TeardownStep[],
  runners: readonly Runner[],
  findings: readonly Finding[],
  timeline: keyof Runner['until'],
): readonly Hazard[] {
  const places = new Places(acquired, steps);
  const byPlace = new Map(runners.map((runner) => [keyOf(runner.place), runner]));
  const sites = sitesOf(steps);
  return findings.flatMap((finding): Hazard[] => {
    const released: number[] = [];
    // One callback may run a thousand times: its lists are looked through, not put together.
    const all: (readonly number[])[] = [places.at(finding.place)];
    let runner: Hazard['runner'] = null;
    let until: number | null = null;
    for (const { role, place, function: holder } of finding.chain) {
      if (role === 'callback') {
        const ran = places.ranBy(place);
        all.push(ran);
        if (ran.length === 0) {
          const known = byPlace.get(keyOf(place));
          runner = { id: known?.id ?? null, name: holder, place };
          until = known?.until[timeline] ?? null;
        }
      } else if (telling.has(role)) {
        const at = places.at(place);
        all.push(at);
        if (role === 'release') released.push(...at);
      }
    }
    return placed(finding, sites, { released, all }, runner && { ...runner, until });
  });
}

/** For each step a number that those of one place share. */
function sitesOf(steps: readonly TeardownStep[]): readonly number[] {
  const numbers = new Map<string, number>();
  return steps.map(({ registered }) => {
    const key = keyOf(registered.place);
    const known = numbers.get(key) ?? numbers.size;
    numbers.set(key, known);
    return known;
  });
}

function placed(
  { fingerprint: finding }: Finding,
  sites: readonly number[],
  {
    released,
    all,
  }: { readonly released: readonly number[]; readonly all: readonly (readonly number[])[] },
  known: (NonNullable<Hazard['runner']> & { readonly until: number | null }) | null,
): Hazard[] {
  const runner = known && { id: known.id, name: known.name, place: known.place };
  const [first, last] = [bound(all, Math.min), bound(all, Math.max)];
  // What is given back nowhere has no step; what it leaves running has a span.
  if (first === undefined || last === undefined)
    return runner?.id == null ? [] : [{ finding, ends: null, uses: null, runner }];
  const ends = bound([released], Math.min) ?? first;
  // One call can be several steps, on several ways to it: those are no two ends.
  const elsewhere = bound(all, Math.max, (at) => sites[at] !== sites[ends]);
  if (elsewhere !== undefined) {
    // What is only told of before the end does not use it later.
    const uses = elsewhere > ends ? elsewhere : null;
    return uses === null && runner === null ? [] : [{ finding, ends, uses, runner }];
  }
  if (runner === null) return [];
  // What stops the runner is not what it uses: that is the bound device, which has gone before.
  const isEnd = released.length > 0 && known?.until !== last;
  return [{ finding, ends: isEnd ? first : null, uses: isEnd ? null : last, runner }];
}

/** The least or the greatest number of several lists. */
function bound(
  lists: readonly (readonly number[])[],
  of: (a: number, b: number) => number,
  counts: (one: number) => boolean = () => true,
): number | undefined {
  let found: number | undefined;
  for (const list of lists)
    for (const one of list) if (counts(one)) found = found === undefined ? one : of(found, one);
  return found;
}
