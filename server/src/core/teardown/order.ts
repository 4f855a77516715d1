/** The teardown order of a module: its entries, what each takes, and the timelines. */

import type { Failure } from '../facts/flow/call-failures.ts';
import type { CallFact } from '../facts/types.ts';
import type { Pass, Question } from '../pass.ts';
import { namePlace } from '../places.ts';
import { entriesOf, type TableFunction } from '../program/entries.ts';
import type { FunctionRef } from '../program/program.ts';
import type {
  EntryOrder,
  Finding,
  ModuleOrder,
  Place,
  ProbeFailure,
  TeardownStep,
  Timeline,
} from '../result.ts';
import { hazardsOf } from './hazard-ends.ts';
import { failingAfter } from './ladder.ts';
import { Marks, marked } from './marks.ts';
import { isModuleEntry, moduleEntriesOf } from './module-entries.ts';
import { notEnded, notesOn } from './notes.ts';
import { EntryParts } from './parts.ts';
import { type Behind, behindOf, dependentsOn, neededBy, type Relation } from './relations.ts';
import { type Running, runnersOf } from './runners.ts';
import { probeFailures, takenBy, unbindCourse } from './timelines.ts';
import { type TracedCall, Tracer } from './trace.ts';

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
    .map((one) => entryOrder(one, { marks, findings }, failuresOf));
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
  readonly failing: readonly (FailingCall | null)[];
  /** Where one of these is a function of the module, the calls by which it fails. */
  readonly within: readonly (readonly FailingCall[])[];
  /** The registrations of the drm_device, which can fail, too. */
  readonly registering: readonly FailingCall[];
  readonly running: readonly Running[];
  readonly behind: Behind;
  readonly unbind: readonly TeardownStep[];
  readonly unplugOpen: readonly TeardownStep[];
}

/** A call by which probe can fail, and what it answers then. */
export interface FailingCall {
  readonly name: string;
  readonly answers: 'error' | 'nothing';
  /** Tells the places of calls apart. */
  readonly site: string;
}

/** The calls by which the probes of a module can fail behind something that they took, in that order. */
export function failingCallsOf(pass: Pass): FailingCall[] {
  const all = pass
    .ask(ordered, null)
    .flatMap(({ failing, within, registering }) => [
      ...failing.flatMap((one, i) => (one ? [one, ...(within[i] ?? [])] : [])),
      ...registering,
    ]);
  const bySite = new Map(all.map((one) => [one.site, one]));
  return [...bySite.values()];
}

function failingAt(fn: FunctionRef, { callee, start }: CallFact, failure: Failure): FailingCall {
  return { name: callee, answers: failure.answers, site: `${fn.file.path} ${fn.name} ${start}` };
}

/** Of all entries at once: what one trace has found to take nothing the others pass by. */
const ordered: Question<null, readonly Ordered[]> = {
  answer: (pass) => orderedParts(pass).map(({ found }) => found),
};

function orderedParts(pass: Pass): { readonly parts: EntryParts; readonly found: Ordered }[] {
  const tracer = new Tracer(pass);
  return [...entriesOf(pass.tableFunctions), ...moduleEntriesOf(pass)].map((entry) => {
    const parts = new EntryParts(pass, tracer, entry);
    return { parts, found: orderWith(parts) };
  });
}

/** The parts of each entry, made anew: the courses of failures are run when they are read, and none is kept. */
function partsOf(pass: Pass): ReadonlyMap<TableFunction, EntryParts> {
  return new Map(orderedParts(pass).map(({ parts }) => [parts.entry.start, parts]));
}

const nothingBehind: Behind = { objects: new Map(), callbacks: new Map() };

/** What works with the thing of a step, and what running the step works with, by the ids of steps and runners. */
export interface Relations {
  readonly dependents: readonly Relation[];
  readonly needs: readonly Relation[];
}

/**
 * The relations of one step.
 * @param place of the entry, as `EntryOrder` has it
 */
export function relationsOf(pass: Pass, { file, start }: Place, step: string): Relations {
  const found = pass.ask(ordered, null).find((one) => {
    const own = namePlace(one.start.fn);
    return own.file === file && own.start === start;
  });
  if (!found) return { dependents: [], needs: [] };
  const runners = new Map(found.running.map(({ runner, fn }) => [runner.id, fn]));
  return {
    dependents: dependentsOn(pass, found.behind, runners, step),
    needs: neededBy(pass, found.behind, step),
  };
}

/** Steps are numbered as they are made: this is the order of it. */
function orderWith(parts: EntryParts): Ordered {
  const { start } = parts.entry;
  const taken = takenBy(parts);
  const acquired = taken.map((traced) => parts.steps.of(traced));
  if (acquired.length === 0)
    return {
      start,
      drm: false,
      acquired,
      failing: [],
      within: [],
      registering: [],
      running: [],
      behind: nothingBehind,
      notes: [],
      unbind: [],
      unplugOpen: [],
    };
  const courses = { unbind: unbindCourse(parts, false), 'unplug-open': unbindCourse(parts, true) };
  const { unbind, 'unplug-open': open } = courses;
  const inProbe = (step: TeardownStep): TeardownStep =>
    open.endedInProbe.has(step.id) ? { ...step, endsInProbe: true } : step;
  return {
    start,
    drm: !isModuleEntry(parts.pass.catalog, start) && hasDrmDevice(parts, unbind.steps, open.steps),
    acquired: acquired.map(inProbe),
    failing: taken.map((traced) => failingCall(parts, traced)),
    within: taken.map((traced) => failingWithin(parts, traced)),
    registering: parts.way.traced.flatMap(({ frame, call, traceEvent }) => {
      const registers = traceEvent.does === 'milestone' && traceEvent.milestone.role === 'register';
      const failure = registers && parts.pass.catalog.flows.of(frame.fn.facts).failureOf(call);
      return failure ? [failingAt(frame.fn, call, failure)] : [];
    }),
    running: runnersOf(parts, courses),
    behind: behindOf(parts, courses),
    notes: notesOn(parts),
    unbind: unbind.steps,
    unplugOpen: open.steps,
  };
}

function failingCall({ pass }: EntryParts, traced: TracedCall): FailingCall | null {
  const { flows } = pass.catalog;
  const next = failingAfter(flows, traced);
  const failure = next && flows.of(next.frame.fn.facts).failureOf(next.call);
  return next && failure ? failingAt(next.frame.fn, next.call, failure) : null;
}

/** So deep are functions of the module followed: one that is inlined cannot be made to fail itself. */
const maximumDepth = 3;

function failingWithin({ pass }: EntryParts, traced: TracedCall): FailingCall[] {
  const { flows } = pass.catalog;
  const next = failingAfter(flows, traced);
  const callsOf = (fn: FunctionRef, depth: number): FailingCall[] => {
    const flow = flows.of(fn.facts);
    return fn.facts.calls.flatMap((call, i) => {
      const failure = flow.failureOf(call);
      if (!failure || flow.helperOf(i) !== undefined || flow.isOnFailure(call)) return [];
      const target = pass.program.resolve(call.callee, fn.file);
      const own = failingAt(fn, call, failure);
      return target && depth < maximumDepth ? [own, ...callsOf(target, depth + 1)] : [own];
    });
  };
  const target = next && pass.program.resolve(next.call.callee, next.frame.fn.file);
  return target ? callsOf(target, 1) : [];
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
  { start, drm, acquired, failing, running, notes, unbind, unplugOpen }: Ordered,
  { marks, findings }: { readonly marks: Marks; readonly findings: readonly Finding[] },
  failuresOf: (start: TableFunction) => ProbeFailure[],
): EntryOrder {
  let failures: ProbeFailure[] | null = null;
  const runners = running.map(({ runner }) => runner);
  const on = (timeline: Timeline): Finding[] =>
    findings.filter(({ timelines }) => timelines.includes(timeline));
  return {
    entry: start.fn.name,
    place: namePlace(start.fn),
    table: start.table.struct,
    drm,
    acquired: acquired.map((step) => marks.on(step)),
    failing: failing.map((one) => one?.name ?? null),
    runners,
    hazards: {
      unbind: hazardsOf(acquired, unbind, runners, on('unbind'), 'unbind'),
      'unplug-open': hazardsOf(acquired, unplugOpen, runners, on('unplug-open'), 'unplug-open'),
    },
    notes: [...notes, ...notEnded(acquired, unplugOpen)],
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
