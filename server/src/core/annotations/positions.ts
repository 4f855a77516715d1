/**
 * Where a registration stands in the teardown: its position in the devm or drmm chain and on each
 * timeline, for every entry that reaches it.
 */
import type { EntryOrder, ModuleOrder, Place, StepPhase, TeardownStep } from '../result.ts';

/** The n-th of so many, counted from 1 in the order in which they run. */
export interface Nth {
  readonly nth: number;
  readonly of: number;
}

/** The lists that the kernel works off: remove() by hand, devres, the drm_device's own. */
export type ChainName = 'remove' | 'unbind' | 'last put';

export interface StepPosition {
  readonly entry: EntryOrder;
  readonly step: TeardownStep;
  /** The list that runs it, and where in it; null when it is given back before teardown. */
  readonly chain: (Nth & { readonly name: ChainName }) | null;
  /** Among all that is released on the timeline; null when the timeline lacks it. */
  readonly unbind: Nth | null;
  readonly unplugOpen: Nth | null;
}

const chains: Readonly<Record<StepPhase, ChainName>> = {
  remove: 'remove',
  manual: 'remove',
  devm: 'unbind',
  // What puts the device is one of the devm actions.
  'last-put': 'unbind',
  release: 'last put',
  drmm: 'last put',
};

/** What a list gives back. The functions that run by hand are no entries of the lists. */
function isReleased({ scope }: TeardownStep): boolean {
  return scope !== null;
}

/** Each step by its id, with its place among all that the filter lets through. */
function numbered(
  steps: readonly TeardownStep[],
  counts: (step: TeardownStep) => boolean,
): Map<string, Nth> {
  const counted = steps.filter(counts);
  return new Map(counted.map(({ id }, i) => [id, { nth: i + 1, of: counted.length }]));
}

function positionsOf(entry: EntryOrder): StepPosition[] {
  const open = entry.timelines['unplug-open'];
  const unbind = numbered(entry.timelines.unbind, isReleased);
  const unplugOpen = numbered(open, isReleased);
  const byId = new Map(open.map((step) => [step.id, step]));
  const chain = (name: ChainName): Map<string, Nth> =>
    numbered(open, (step) => isReleased(step) && chains[step.phase] === name);
  const inChain: Readonly<Record<ChainName, Map<string, Nth>>> = {
    remove: chain('remove'),
    unbind: chain('unbind'),
    'last put': chain('last put'),
  };
  const steps = new Map([...open, ...entry.acquired].map((step) => [step.id, step]));
  return [...steps.values()].map((step) => {
    const run = byId.get(step.id);
    const name = run && chains[run.phase];
    const nth = name && inChain[name].get(step.id);
    return {
      entry,
      step,
      chain: name && nth ? { name, ...nth } : null,
      unbind: unbind.get(step.id) ?? null,
      unplugOpen: unplugOpen.get(step.id) ?? null,
    };
  });
}

function key({ file, start }: Pick<Place, 'file' | 'start'>): string {
  return `${start} ${file}`;
}

function push(map: Map<string, StepPosition[]>, at: string, position: StepPosition): void {
  const list = map.get(at);
  if (list) list.push(position);
  else map.set(at, [position]);
}

/** The positions of a module's steps, found by where they are registered or run. */
export class Positions {
  readonly order: ModuleOrder;
  private readonly registered = new Map<string, StepPosition[]>();
  private readonly callbacks = new Map<string, StepPosition[]>();

  constructor(order: ModuleOrder) {
    this.order = order;
    for (const position of order.entries.flatMap(positionsOf)) {
      const { registered, callback } = position.step;
      push(this.registered, key(registered.place), position);
      if (callback) push(this.callbacks, key(callback.place), position);
    }
  }

  /** What is registered by the call at a place. */
  registeredAt(place: Pick<Place, 'file' | 'start'>): readonly StepPosition[] {
    return this.registered.get(key(place)) ?? [];
  }

  /** What runs the function whose name stands at a place. */
  ranAt(place: Pick<Place, 'file' | 'start'>): readonly StepPosition[] {
    return this.callbacks.get(key(place)) ?? [];
  }

  /** The entries that begin with the function whose name stands at a place. */
  entriesAt(place: Pick<Place, 'file' | 'start'>): readonly EntryOrder[] {
    return this.order.entries.filter((entry) => key(entry.place) === key(place));
  }
}
