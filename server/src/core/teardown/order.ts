/** The teardown order of a module: its entries, what each registers, and the timelines. */
import { namePlace, placeIn, placeInside } from '../places.ts';
import type { EntryOrder, Finding, ModuleOrder, ProbeFailure, TeardownStep, Timeline } from '../result.ts';
import type { Pass } from '../rules/rule.ts';
import { type Entry, entriesOf, type TableFunction } from './entries.ts';
import { probeFailures, type Registered, unbind, unplugOpen } from './timelines.ts';
import { type Acquisition, TeardownWalk } from './walk.ts';

/** Computes the order; `findings` mark the steps at their places. */
export function orderOf(module: string, pass: Pass, findings: readonly Finding[]): ModuleOrder {
  const walk = new TeardownWalk(pass.program, pass.catalog, pass.registrations);
  const functions = pass.tableFunctions;
  const release = functions.find((found) => found.role === 'last-put');
  const found = entriesOf(functions);
  const entries = found.map((entry) => entryOrder(entry, release, walk.from(entry.start.fn), findings)).filter((entry) => entry !== undefined);
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

function entryOrder(entry: Entry, release: TableFunction | undefined, acquired: readonly Acquisition[], findings: readonly Finding[]): EntryOrder | undefined {
  if (acquired.length === 0) return undefined;
  const { start, end } = entry;
  const seen = new Map<string, number>();
  const pairs = acquired.map((one) => ({ one, step: stepOf(one, findings, seen) }));
  const registered: Registered = {
    steps: pairs.map((pair) => pair.step),
    device: pairs.find((pair) => pair.one.api.role === 'device-alloc')?.step,
    remove: end && manualStep(end, 'remove'),
    release: release && manualStep(release, 'release'),
  };
  let failures: ProbeFailure[] | null = null;
  const elsewhere = (timeline: Timeline) => new Set(findings.filter((f) => !f.timelines.includes(timeline)).map((f) => f.fingerprint));
  const on = (timeline: Timeline, steps: readonly TeardownStep[]) => without(steps, elsewhere(timeline));
  return {
    entry: start.fn.facts.name, place: namePlace(start.fn), table: start.table.struct, acquired: registered.steps,
    timelines: {
      unbind: on('unbind', unbind(registered)), 'unplug-open': on('unplug-open', unplugOpen(registered)),
      // Quadratic in the number of steps, and asked for by few: made when read.
      get 'probe-fail'() {
        failures ??= probeFailures(registered).map(({ after, steps }) => ({ after, steps: on('probe-fail', steps) }));
        return failures;
      },
    },
  };
}

/** The steps with the findings of other timelines taken off: a hazard is marked where it happens. */
function without(steps: readonly TeardownStep[], fingerprints: ReadonlySet<string>): TeardownStep[] {
  return steps.map((step) => (step.findings.some((f) => fingerprints.has(f)) ? { ...step, findings: step.findings.filter((f) => !fingerprints.has(f)) } : step));
}

function stepOf({ api, fn, call, registration, via, conditional, repeats }: Acquisition, findings: readonly Finding[], seen: Map<string, number>): TeardownStep {
  const place = placeInside(fn, call);
  const argument = registration ? registration.data : call.args[api.data ?? api.object ?? -1];
  const action = registration?.callback ?? api.name;
  const name = `${fn.facts.name}/${action}`;
  const count = (seen.get(name) ?? 0) + 1;
  seen.set(name, count);
  return {
    id: `${name}/${count}`,
    phase: api.scope === 'drm' ? 'drmm' : 'devm',
    action,
    argument: argument ? argument.text.replace(/\s+/g, ' ').trim() : null,
    kind: api.kind, releases: null, group: null, scope: api.scope,
    registered: { place, function: fn.facts.name, via },
    callback: registration?.target ? { place: namePlace(registration.target) } : null,
    conditional, repeats,
    findings: findings.filter((f) => f.place.file === place.file && f.place.start >= place.start && f.place.end <= place.end).map((f) => f.fingerprint),
  };
}

function manualStep({ fn, file, entry }: TableFunction, phase: 'remove' | 'release'): TeardownStep {
  return {
    id: `${phase}/${fn.facts.name}`, phase, action: fn.facts.name, argument: null, kind: 'function', releases: null, group: null, scope: null,
    registered: { place: placeIn(file, entry), function: '', via: [] },
    callback: { place: namePlace(fn) }, conditional: null, repeats: null, findings: [],
  };
}
