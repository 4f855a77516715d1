/**
 * Where a registration stands in the teardown: its position in the devm or drmm chain and on each
 * timeline, for every entry that reaches it.
 */
import { push } from '../push.ts';
import type { EntryOrder, ModuleOrder, Place, StepPhase, TeardownStep } from '../result.ts';

/** The n-th of so many steps of a timeline, counted from 1 in the order in which they run. */
export interface Nth {
  readonly nth: number;
  readonly of: number;
}

/** The lists that the kernel works off: remove() by hand, devres, the drm_device's own. */
export type ChainName = 'remove' | 'unbind' | 'last put';

export interface StepPosition {
  readonly entry: EntryOrder;
  readonly step: TeardownStep;
  /** The list that runs it, and its number on the timeline; null when it is given back before teardown. */
  readonly chain: (Nth & { readonly name: ChainName }) | null;
  /** Among all steps of the timeline; null when the timeline lacks it. */
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

/** Each step by its id, with its number on the timeline: the one that every view shows. */
function numbered(steps: readonly TeardownStep[]): Map<string, Nth> {
  return new Map(steps.map(({ id }, i) => [id, { nth: i + 1, of: steps.length }]));
}

function positionsOf(entry: EntryOrder): StepPosition[] {
  const open = entry.timelines['unplug-open'];
  const unbind = numbered(entry.timelines.unbind);
  const unplugOpen = numbered(open);
  const byId = new Map(open.map((step) => [step.id, step]));
  const steps = new Map([...open, ...entry.acquired].map((step) => [step.id, step]));
  return [...steps.values()].map((step) => {
    const run = byId.get(step.id);
    const name = run && isReleased(run) ? chains[run.phase] : undefined;
    // With a file open the last put comes after everything: that timeline tells it best.
    const nth = (name === 'last put' ? unplugOpen : unbind).get(step.id);
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
