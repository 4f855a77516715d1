/** What the courses of one entry share: its traces, its steps, the functions that the kernel calls. */

import type { Pass, Question } from '../pass.ts';
import type { Ways } from '../program/call-graph.ts';
import { type Entry, entriesOf, type TableFunction } from '../program/entries.ts';
import type { FunctionRef } from '../program/program.ts';
import { type Frame, rootFrame } from '../program/run-through.ts';
import type { TeardownStep } from '../result.ts';
import { Course } from './course.ts';
import { DrmDevices } from './devices.ts';
import { identify } from './identity.ts';
import type { Rung } from './ladder.ts';
import type { Item, Objects } from './ledger.ts';
import { Steps } from './steps.ts';
import type { Trace, TracedCall, TraceEvent, Tracer } from './trace.ts';

export interface Unbind {
  readonly step: TeardownStep;
  readonly trace: Trace;
}

const waysToLists: Question<null, Ways> = {
  answer: ({ catalog, graph }) => {
    const roles = catalog.data.milestones.filter(
      (one) => one.role === 'dev-put' || one.role === 'dev-get',
    );
    return graph.waysTo([
      ...catalog.managed.keys(),
      ...roles.map((one) => one.name),
      ...catalog.data.devresGroups.map((one) => one.name),
      ...catalog.data.dispatches.map((one) => one.name),
    ]);
  },
};

const nothing: Trace = { traced: [], complete: true, full: false, unfollowed: 0 };

export class EntryParts {
  readonly pass: Pass;
  readonly steps: Steps;
  readonly entry: Entry;
  /** What probe or bind does. */
  readonly way: Trace;
  readonly devices: DrmDevices;
  /** The call that allocates the first drm_device. */
  readonly allocation: TracedCall | undefined;
  readonly release: TableFunction | undefined;
  readonly releaseStep: TeardownStep | undefined;
  readonly releaseTrace: Trace | undefined;
  private readonly tracer: Tracer;
  private readonly unbinds = new Map<FunctionRef, Unbind>();
  private readonly callbacks = new Map<FunctionRef, readonly TracedCall[]>();
  private readonly ladders = new Map<Frame, Map<string, Trace>>();
  private readonly callbackTraces = new Map<TraceEvent, Trace>();
  /** The last that a course was asked for, by whether it is silent. */
  private readonly begun = new Map<boolean, { readonly count: number; readonly course: Course }>();
  /** The object that each traceEvent is about. */
  readonly objects: Objects = new Map();

  constructor(pass: Pass, tracer: Tracer, entry: Entry) {
    this.pass = pass;
    this.tracer = tracer;
    this.entry = entry;
    this.steps = new Steps(pass);
    const { start } = entry;
    this.way = tracer.trace(
      rootFrame(start.fn, start.role === 'bind' ? start.fn.name : null),
      'in',
    );
    this.devices = new DrmDevices(pass, this.way.traced);
    this.allocation = this.devices.all[0]?.allocation ?? undefined;
    this.release = releaseOf(pass, start);
    if (!this.release || !this.allocation) return;
    this.releaseStep = this.steps.ofTable(this.release, 'release');
    this.releaseTrace = this.traceOut(this.release.fn, null);
  }

  /** A course that has taken so many things of the way in: those before them are put on the lists once. */
  entered(count: number, silent: boolean): Course {
    const last = this.begun.get(silent);
    const from =
      last && last.count <= count ? last : { count: 0, course: new Course(this, false, silent) };
    from.course.enter(this.way.traced.slice(from.count, count));
    this.begun.set(silent, { count, course: from.course });
    return from.course.copy();
  }

  /** What the function of the table's other end does: remove() or unbind(). */
  get removal(): Unbind | undefined {
    const { end, start } = this.entry;
    return end && this.unbindBy(end, start.role === 'bind' ? start.fn.name : null);
  }

  /**
   * Whether probe registers the drm_device and the driver has no way out that unregisters it: clients in the kernel
   * keep
   * their references (drm_client_init()), and its list is never released. So does radeon in a real 6.12.
   */
  get staysRegistered(): boolean {
    if (this.entry.end) return false;
    const is = ({ traceEvent }: TracedCall, ...roles: readonly string[]) =>
      traceEvent.does === 'milestone' && roles.includes(traceEvent.milestone.role);
    return (
      this.way.traced.some((one) => is(one, 'register')) &&
      !this.way.traced.some(
        (one) =>
          one.traceEvent.does === 'acquire' &&
          this.callbackTrace(one).traced.some((inner) => is(inner, 'unregister', 'unplug')),
      )
    );
  }

  /** What takes a component apart, by its bind. */
  readonly unbindOf = (bind: FunctionRef): Unbind | undefined => {
    const found = entriesOf(this.pass.tableFunctions).find((one) => one.start.fn === bind);
    return found?.end && this.unbindBy(found.end, bind.name);
  };

  private unbindBy(end: TableFunction, group: string | null): Unbind {
    const known = this.unbinds.get(end.fn);
    if (known) return known;
    const made = {
      step: this.steps.ofTable(end, 'remove', group),
      trace: this.traceOut(end.fn, group),
    };
    this.unbinds.set(end.fn, made);
    return made;
  }

  traceOut(fn: FunctionRef, group: string | null): Trace {
    return this.tracer.leadsTo('out').has(fn) || fn.facts.calls.length > 0
      ? this.tracer.trace(rootFrame(fn, group), 'out')
      : nothing;
  }

  /** The calls that run when a step fails, as `rungsFrom` answers them: many steps fail under one call. */
  traceLadder({ frame, failing, calls, from }: Rung): Trace {
    if (calls.length === 0) return nothing;
    const ofFrame = this.ladders.get(frame) ?? new Map<string, Trace>();
    this.ladders.set(frame, ofFrame);
    const name = `${failing.start} ${from?.file.path} ${from?.name}`;
    const known = ofFrame.get(name);
    const trace =
      known ?? asFailed(frame, this.tracer.trace(frame, 'out', calls, { call: failing, from }));
    ofFrame.set(name, trace);
    // The steps of each failure are its own.
    return known ? { ...trace, traced: trace.traced.map((one) => ({ ...one })) } : trace;
  }

  /** What a callback does to the lists and to the drm_device's references. */
  callback(fn: FunctionRef, from: Frame): readonly TracedCall[] {
    const known = this.callbacks.get(fn);
    if (known) return known;
    const root: Frame = { ...rootFrame(fn), parent: from, call: null };
    const matters = ({ traceEvent }: TracedCall) =>
      traceEvent.does === 'end-early' ||
      traceEvent.does === 'acquire' ||
      traceEvent.does === 'group' ||
      traceEvent.does === 'unbind-components' ||
      (traceEvent.does === 'milestone' &&
        (traceEvent.milestone.role === 'dev-put' || traceEvent.milestone.role === 'dev-get'));
    const found = this.reachesLists(fn)
      ? this.tracer.trace(root, 'out').traced.filter(matters)
      : [];
    this.callbacks.set(fn, found);
    return found;
  }

  /** Everything that a registered callback does, told by what the registration hands it. */
  callbackTrace(traced: TracedCall): Trace {
    const known = this.callbackTraces.get(traced.traceEvent);
    if (known) return known;
    const trace = this.traceCallback(traced);
    this.callbackTraces.set(traced.traceEvent, trace);
    return trace;
  }

  private traceCallback(traced: TracedCall): Trace {
    const { traceEvent, frame, call } = traced;
    const registration = traceEvent.does === 'acquire' ? traceEvent.registration : undefined;
    const target = registration?.target;
    if (!registration || !target) return nothing;
    const { device, data } = registration;
    const given = [device, data].filter((one) => one !== undefined);
    const args = given.slice(given.length - target.facts.params.length);
    return this.tracer.trace(
      { ...rootFrame(target), parent: frame, call: { ...call, args } },
      'out',
    );
  }

  private reachesLists(fn: FunctionRef): boolean {
    return this.pass.ask(waysToLists, null).has(fn);
  }

  /** Whether a component's bind registered something on the device of the whole, not on its own. */
  isOnParent({ traced: { frame, call, traceEvent } }: Item): boolean {
    if (traceEvent.does !== 'acquire') return false;
    const argument = traceEvent.registration
      ? traceEvent.registration.device
      : call.args[traceEvent.api.device];
    const owner = argument && identify(this.pass.program, frame, argument, call.start);
    return owner?.keys.some((key) => key.tag === 'drm_device') ?? false;
  }
}

/** What leads to a function that fails is so, and of its loops it is one turn that fails. */
function asFailed({ conditional, repeats }: Frame, trace: Trace): Trace {
  const traced = trace.traced.map((one): TracedCall => {
    const plain = conditional !== null && one.conditional === conditional;
    const once = repeats !== null && one.repeats === repeats;
    return {
      ...one,
      ...(plain ? { conditional: null } : {}),
      ...(once ? { repeats: null, failedTurn: true } : {}),
    };
  });
  return { ...trace, traced };
}

/** The drm_driver whose release belongs to an entry: one of its own file, else the module's only one. */
function releaseOf(pass: Pass, { file }: TableFunction): TableFunction | undefined {
  const all = pass.tableFunctions.filter((one) => one.role === 'last-put');
  return all.find((one) => one.file === file) ?? all[0];
}
