/** The teardown order of a module: its entries, what each takes, and the timelines. */
import { namePlace } from '../places.ts';
import type {
  EntryOrder,
  Finding,
  ModuleOrder,
  ProbeFailure,
  TeardownStep,
  Timeline,
} from '../result.ts';
import type { Pass } from '../rules/rule.ts';
import { type Entry, entriesOf } from './entries.ts';
import { notesOn } from './notes.ts';
import { EntryParts } from './parts.ts';
import { probeFailures, takenBy, unbind } from './timelines.ts';
import { Tracer } from './trace.ts';

/** Computes the order; `findings` mark the steps at their places. */
export function orderOf(module: string, pass: Pass, findings: readonly Finding[]): ModuleOrder {
  const tracer = new Tracer(pass);
  const found = entriesOf(pass.tableFunctions);
  const entries = found
    .map((entry) => entryOrder(pass, tracer, entry, findings))
    .filter((entry) => entry !== undefined);
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

function entryOrder(
  pass: Pass,
  tracer: Tracer,
  entry: Entry,
  findings: readonly Finding[],
): EntryOrder | undefined {
  const parts = new EntryParts(pass, tracer, entry, findings);
  const acquired = takenBy(parts).map((deeds) => parts.steps.of(deeds));
  if (acquired.length === 0) return undefined;
  const { start } = entry;
  let failures: ProbeFailure[] | null = null;
  const on = (timeline: Timeline, steps: readonly TeardownStep[]) =>
    without(steps, elsewhere(findings, timeline));
  return {
    entry: start.fn.name,
    place: namePlace(start.fn),
    table: start.table.struct,
    acquired,
    notes: notesOn(parts),
    timelines: {
      unbind: on('unbind', unbind(parts, false)),
      'unplug-open': on('unplug-open', unbind(parts, true)),
      // Quadratic in the number of steps, and asked for by few: each is made when read.
      get 'probe-fail'() {
        failures ??= probeFailures(parts).map((failure) =>
          marked(failure, elsewhere(findings, 'probe-fail')),
        );
        return failures;
      },
    },
  };
}

function marked(failure: ProbeFailure, others: ReadonlySet<string>): ProbeFailure {
  return {
    after: failure.after,
    ...(failure.at === undefined ? {} : { at: failure.at }),
    get steps() {
      return without(failure.steps, others);
    },
    get failing() {
      return failure.failing ? without(failure.failing, others) : null;
    },
  };
}

function elsewhere(findings: readonly Finding[], timeline: Timeline): ReadonlySet<string> {
  return new Set(
    findings.filter((one) => !one.timelines.includes(timeline)).map((one) => one.fingerprint),
  );
}

/** The steps with the findings of other timelines taken off: a hazard is marked where it happens. */
function without(
  steps: readonly TeardownStep[],
  fingerprints: ReadonlySet<string>,
): TeardownStep[] {
  return steps.map((step) =>
    step.findings.some((f) => fingerprints.has(f))
      ? { ...step, findings: step.findings.filter((f) => !fingerprints.has(f)) }
      : step,
  );
}
