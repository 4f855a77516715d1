/** The teardown order of a module: its entries, what each takes, and the timelines. */

import type { Pass, Question } from '../pass.ts';
import { namePlace } from '../places.ts';
import { entriesOf, type TableFunction } from '../program/entries.ts';
import type {
  EntryOrder,
  Finding,
  ModuleOrder,
  ProbeFailure,
  TeardownStep,
  Timeline,
} from '../result.ts';
import { notesOn } from './notes.ts';
import { EntryParts } from './parts.ts';
import { probeFailures, takenBy, unbind } from './timelines.ts';
import { Tracer } from './trace.ts';

/** Computes the order; `findings` mark the steps at their places. */
export function orderOf(module: string, pass: Pass, findings: readonly Finding[]): ModuleOrder {
  const found = pass.ask(ordered, null);
  const marks = new Marks(findings);
  let parts: ReadonlyMap<TableFunction, EntryParts> | null = null;
  // Quadratic in the number of steps, and asked for by few: each is made when read.
  const failuresOf = (start: TableFunction): ProbeFailure[] => {
    parts ??= partsOf(pass);
    const own = parts.get(start);
    return own ? probeFailures(own).map((failure) => marked(failure, marks)) : [];
  };
  const entries = found
    .filter(({ acquired }) => acquired.length > 0)
    .map((one) => entryOrder(one, marks, failuresOf));
  return { module, entries, note: noteOn(module, pass, found.length, entries.length) };
}

function noteOn(module: string, pass: Pass, found: number, shown: number): string | null {
  if (shown > 0) return null;
  if (found === 0) {
    const count = pass.registrations.length;
    return `no probe or bind function of a known driver table was found in ${module}${count > 0 ? `, which registers ${count} actions from elsewhere` : ''}`;
  }
  return `${module} registers nothing managed on the way down from its ${found === 1 ? 'probe' : 'probes'}`;
}

/** What an entry takes and how it ends, before findings are marked; places follow their texts. */
interface Ordered {
  readonly start: TableFunction;
  readonly drm: boolean;
  readonly acquired: readonly TeardownStep[];
  readonly notes: readonly string[];
  readonly unbind: readonly TeardownStep[];
  readonly unplugOpen: readonly TeardownStep[];
}

/** Of all entries at once: what one trace has found to take nothing the others pass by. */
const ordered: Question<null, readonly Ordered[]> = {
  answer: (pass) => orderedParts(pass).map(({ found }) => found),
};

function orderedParts(pass: Pass): { readonly parts: EntryParts; readonly found: Ordered }[] {
  const tracer = new Tracer(pass);
  return entriesOf(pass.tableFunctions).map((entry) => {
    const parts = new EntryParts(pass, tracer, entry);
    return { parts, found: orderWith(parts) };
  });
}

/** The parts of each entry, made anew: the courses of failures are run when they are read, and none is kept. */
function partsOf(pass: Pass): ReadonlyMap<TableFunction, EntryParts> {
  return new Map(orderedParts(pass).map(({ parts }) => [parts.entry.start, parts]));
}

/** Steps are numbered as they are made: this is the order of it. */
function orderWith(parts: EntryParts): Ordered {
  const { start } = parts.entry;
  const acquired = takenBy(parts).map((traced) => parts.steps.of(traced));
  if (acquired.length === 0)
    return { start, drm: false, acquired, notes: [], unbind: [], unplugOpen: [] };
  const notes = notesOn(parts);
  const last = unbind(parts, false);
  const unplugOpen = unbind(parts, true);
  const drm = hasDrmDevice(parts, last, unplugOpen);
  return { start, drm, acquired, notes, unbind: last, unplugOpen };
}

/** Whether the entry makes, registers or uses a drm_device: then its last put can come after unbind. */
function hasDrmDevice(
  { allocation, way }: EntryParts,
  last: readonly TeardownStep[],
  unplugOpen: readonly TeardownStep[],
): boolean {
  return (
    allocation !== undefined ||
    way.traced.some(
      ({ traceEvent }) =>
        traceEvent.does === 'milestone' && traceEvent.milestone.role === 'register',
    ) ||
    unplugOpen.length !== last.length ||
    unplugOpen.some(
      ({ id, scope, phase }, i) =>
        scope === 'drm' || phase === 'last-put' || phase === 'release' || id !== last[i]?.id,
    )
  );
}

function entryOrder(
  { start, drm, acquired, notes, unbind, unplugOpen }: Ordered,
  marks: Marks,
  failuresOf: (start: TableFunction) => ProbeFailure[],
): EntryOrder {
  let failures: ProbeFailure[] | null = null;
  return {
    entry: start.fn.name,
    place: namePlace(start.fn),
    table: start.table.struct,
    drm,
    acquired: acquired.map((step) => marks.on(step)),
    notes,
    timelines: {
      unbind: unbind.map((step) => marks.on(step, 'unbind')),
      'unplug-open': unplugOpen.map((step) => marks.on(step, 'unplug-open')),
      get 'probe-fail'() {
        failures ??= failuresOf(start);
        return failures;
      },
    },
  };
}

function marked(failure: ProbeFailure, marks: Marks): ProbeFailure {
  const on = (steps: readonly TeardownStep[]) => steps.map((step) => marks.on(step, 'probe-fail'));
  return {
    after: failure.after,
    ...(failure.at === undefined ? {} : { at: failure.at }),
    get steps() {
      return on(failure.steps);
    },
    get failing() {
      return failure.failing ? on(failure.failing) : null;
    },
  };
}

/** The findings at the places of steps. */
class Marks {
  private readonly byFile: ReadonlyMap<string, readonly Finding[]>;

  constructor(findings: readonly Finding[]) {
    const byFile = new Map<string, Finding[]>();
    for (const finding of findings) {
      const list = byFile.get(finding.place.file);
      if (list) list.push(finding);
      else byFile.set(finding.place.file, [finding]);
    }
    this.byFile = byFile;
  }

  /** The step with its findings; on a timeline, those of others are left out: a hazard is marked where it happens. */
  on(step: TeardownStep, timeline?: Timeline): TeardownStep {
    const { place, function: holder } = step.registered;
    // What a table names, or the kernel does by itself, is no call of a function.
    const near = holder === '' ? undefined : this.byFile.get(place.file);
    if (!near) return step;
    const { start, end } = place;
    const here = near.filter(
      (one) =>
        one.place.start >= start &&
        one.place.end <= end &&
        (timeline === undefined || one.timelines.includes(timeline)),
    );
    return here.length === 0
      ? step
      : { ...step, findings: here.map(({ fingerprint }) => fingerprint) };
  }
}
