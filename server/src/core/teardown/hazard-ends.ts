/**
 * Where a hazard lies on a timeline: the step at which something ends, and the step or the runner that uses it
 * later. A finding's chain names the places; here they are found again among the steps.
 */
import type { ChainLink, Finding, Hazard, Place, Runner, TeardownStep } from '../result.ts';

/** What of a chain is about the course, and not on the way to it. */
const telling: ReadonlySet<ChainLink['role']> = new Set([
  'registration',
  'release',
  'allocation',
  'note',
]);

/** The steps of a timeline by the places that chains name. */
class Places {
  private readonly byFile = new Map<string, { readonly place: Place; readonly at: number }[]>();
  private readonly callbacks = new Map<string, number[]>();

  constructor(acquired: readonly TeardownStep[], steps: readonly TeardownStep[]) {
    const indices = new Map<string, number>();
    for (const [at, step] of steps.entries()) {
      if (!indices.has(step.id)) indices.set(step.id, at);
      for (const id of step.ends ?? []) if (!indices.has(id)) indices.set(id, at);
      this.note(step, at);
    }
    for (const step of acquired) {
      const at = indices.get(step.id);
      if (at !== undefined) this.note(step, at);
    }
  }

  private note({ registered, callback, kind, scope }: TeardownStep, at: number): void {
    const { place, function: holder } = registered;
    // What a table names is no call, and what remove() goes through is only the way.
    if (holder !== '' && !(kind === 'function' && scope === null)) {
      const list = this.byFile.get(place.file) ?? [];
      list.push({ place, at });
      this.byFile.set(place.file, list);
    }
    if (callback) {
      const key = keyOf(callback.place);
      this.callbacks.set(key, [...(this.callbacks.get(key) ?? []), at]);
    }
  }

  at(place: Place): number[] {
    const near = this.byFile.get(place.file) ?? [];
    return near
      .filter((one) => place.start >= one.place.start && place.end <= one.place.end)
      .map((one) => one.at);
  }

  ranBy(place: Place): readonly number[] {
    return this.callbacks.get(keyOf(place)) ?? [];
  }
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
  return findings.flatMap((finding): Hazard[] => {
    const released = new Set<number>();
    const others = new Set<number>(places.at(finding.place));
    let runner: Hazard['runner'] = null;
    let until: number | null = null;
    for (const { role, place, function: holder } of finding.chain) {
      if (role === 'callback') {
        const ran = places.ranBy(place);
        for (const at of ran) others.add(at);
        if (ran.length === 0) {
          const known = byPlace.get(keyOf(place));
          runner = { id: known?.id ?? null, name: holder, place };
          until = known?.until[timeline] ?? null;
        }
      } else if (telling.has(role))
        for (const at of places.at(place)) (role === 'release' ? released : others).add(at);
    }
    const found = { released: [...released], others: [...others] };
    return placed(finding, steps, found, runner && { ...runner, until });
  });
}

function placed(
  { fingerprint: finding }: Finding,
  steps: readonly TeardownStep[],
  {
    released,
    others,
  }: { readonly released: readonly number[]; readonly others: readonly number[] },
  known: (NonNullable<Hazard['runner']> & { readonly until: number | null }) | null,
): Hazard[] {
  const runner = known && { id: known.id, name: known.name, place: known.place };
  const all = [...new Set([...released, ...others])].sort((a, b) => a - b);
  const [first, last = first] = [all[0], all.at(-1)];
  // What is given back nowhere has no step; what it leaves running has a span.
  if (first === undefined || last === undefined)
    return runner?.id == null ? [] : [{ finding, ends: null, uses: null, runner }];
  // One call can be several steps, on several ways to it: those are no two ends.
  const placeOf = (at: number): string =>
    keyOf(steps[at]?.registered.place ?? { file: '', start: at });
  const ends = Math.min(...(released.length > 0 ? released : all));
  const elsewhere = all.filter((at) => placeOf(at) !== placeOf(ends));
  if (elsewhere.length > 0) {
    // What is only told of before the end does not use it later.
    const last = Math.max(...elsewhere);
    const uses = last > ends ? last : null;
    return uses === null && runner === null ? [] : [{ finding, ends, uses, runner }];
  }
  if (runner === null) return [];
  // What stops the runner is not what it uses: that is the bound device, which has gone before.
  const isEnd = released.length > 0 && known?.until !== last;
  return [{ finding, ends: isEnd ? first : null, uses: isEnd ? null : last, runner }];
}
