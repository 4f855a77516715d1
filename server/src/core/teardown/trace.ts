/**
 * What an entry point does to lifetimes, as a list in the order in which it happens: what it takes,
 * managed or by hand, what it gives back, the devres groups, the drm_device's references.
 */
import type {
  DeviceRelease,
  DevresGroup,
  Dispatch,
  HelperTake,
  ManagedApi,
  ManualTake,
  Milestone,
} from '../catalog.ts';
import type { CallFact } from '../facts/types.ts';
import type { Pass, RegistrationsByCall } from '../pass.ts';
import { takesIn } from '../program/pairs.ts';
import type { FunctionRef } from '../program/program.ts';
import type { Registration } from '../program/registrations.ts';
import {
  type Frame,
  type Given,
  givenTo,
  joined,
  type Target,
  type Visit,
  walk,
} from '../program/run-through.ts';
import { deviceReleaseAt } from '../program/stops.ts';
import { elementsEnd, includesFailedTurn } from './failed-turns.ts';
import { FunctionsAsArguments, meantBy } from './functions-as-arguments.ts';
import { identify } from './identity.ts';
import { type Direction, freesOf, leadsTo, milestonesOn, otherEndsOf, takesOf } from './leads.ts';
import { helperApi, listing } from './listed.ts';
import { PastedFunctions } from './pasted-names.ts';

/** What a call does. */
export type TraceEvent =
  | {
      readonly does: 'acquire';
      readonly api: ManagedApi;
      readonly registration: Registration | undefined;
      /** The functions that give it back by hand, and take it off its list. */
      readonly endedBy?: readonly string[];
    }
  | {
      readonly does: 'take';
      readonly take: ManualTake;
    }
  | { readonly does: 'end-early'; readonly api: ManagedApi }
  | { readonly does: 'group'; readonly group: DevresGroup }
  | {
      readonly does: 'release';
      readonly release: Pick<DeviceRelease, 'name' | 'group' | 'object' | 'all'> & {
        readonly what: string | null;
      };
    }
  | { readonly does: 'milestone'; readonly milestone: Milestone }
  | { readonly does: 'unbind-components'; readonly dispatch: Dispatch }
  | { readonly does: 'enter'; readonly target: FunctionRef };

export interface TracedCall extends Visit {
  readonly traceEvent: TraceEvent;
  /** On the way out of the turn of a loop that failed: it is about that turn's element alone. */
  readonly failedTurn?: true;
}

/** The call whose failure leads to a way out, and the function of the module in which that began. */
export interface Failed {
  readonly call: CallFact;
  readonly from: FunctionRef | undefined;
}

export interface Trace {
  readonly traced: readonly TracedCall[];
  /** False when the way down was too long to follow to its end. */
  readonly complete: boolean;
  /** There was more to list than is listed, however short the way was. */
  readonly full: boolean;
  /** Functions further down that give something back and were not gone into. */
  readonly unfollowed: number;
}

const listed = new Set([
  'add-action',
  'alloc-memory',
  'acquire',
  'alloc-object',
  'init-object',
  'device-alloc',
]);
const maximumDeeds = 3000;
const maximumDeedsOut = 400;
const maximumTargets = 12;
const depthOut = 4;
/** So deep a function of the module is named though nothing is known of what it gives back. */
const depthNamed = 1;

/** Runs of functions, told apart by what they are given. */
class Runs {
  private readonly runs = new Map<FunctionRef, Set<string>>();

  has(fn: FunctionRef, given: Given): boolean {
    return this.runs.get(fn)?.has(nameOf(given)) === true;
  }

  add(fn: FunctionRef, given: Given): void {
    const runs = this.runs.get(fn);
    if (runs) runs.add(nameOf(given));
    else this.runs.set(fn, new Set([nameOf(given)]));
  }
}

function nameOf(given: Given): string {
  return [...given].map(([name, mask]) => `${name}=${mask}`).join();
}

export class Tracer {
  private readonly pass: Pass;
  private readonly counts: boolean;
  private readonly registered = new Map<FunctionRef, RegistrationsByCall>();
  private readonly takes: ReadonlyMap<string, ManualTake>;
  private readonly helpers: ReadonlyMap<string, readonly HelperTake[]>;
  private readonly groups: ReadonlyMap<string, DevresGroup>;
  private readonly dispatches: ReadonlyMap<string, Dispatch>;
  private readonly frees: ReadonlySet<string>;
  /** The kernel's functions that can be an event. */
  private readonly names: ReadonlySet<string>;
  private readonly otherEnds: ReadonlyMap<string, string>;
  private readonly pasted: PastedFunctions;
  private readonly passed: FunctionsAsArguments;
  /** Whether calls by name can tell anything, by the direction. */
  private readonly told: Readonly<Record<Direction, Map<CallFact, boolean>>> = {
    in: new Map(),
    out: new Map(),
  };
  /** What does nothing on a way in. */
  private readonly idle = new Runs();

  /** @param counts references to nodes and devices are noted, too */
  constructor(pass: Pass, counts = false) {
    this.pass = pass;
    this.counts = counts;
    const { data } = pass.catalog;
    this.passed = new FunctionsAsArguments(pass);
    this.pasted = new PastedFunctions(pass.program, pass.catalog);
    const own = new Set(takesIn(pass.program, pass.catalog, true));
    this.takes = new Map(
      takesOf(pass.catalog, counts)
        .filter((one) => own.has(one))
        .map((one) => [one.name, one]),
    );
    this.helpers = new Map(data.managedHelpers.map((one) => [one.name, one.takes]));
    this.groups = new Map(data.devresGroups.map((one) => [one.name, one]));
    this.dispatches = new Map(data.dispatches.map((one) => [one.name, one]));
    this.frees = freesOf(pass.catalog);
    this.otherEnds = otherEndsOf(pass.catalog, counts);
    const { managed, deviceReleases, releases } = pass.catalog;
    // Most milestones, the register accesses for one, are none of a trace's.
    const milestones = data.milestones.filter(
      ({ role }) => milestonesOn('in').has(role) || milestonesOn('out').has(role),
    );
    this.names = new Set(
      [managed, deviceReleases, releases, this.takes, this.groups, this.dispatches]
        .flatMap((named) => [...named.keys()])
        .concat(milestones.map(({ name }) => name))
        .concat([...this.frees, ...this.otherEnds.keys()]),
    );
  }

  /**
   * Everything that running a function does. A function that `out` runs twice is opened once.
   * @param only of the calls of the function itself
   * @param failed what leads to these
   */
  trace(root: Frame, direction: Direction, only?: readonly CallFact[], failed?: Failed): Trace {
    const traced: TracedCall[] = [];
    const opened = new Runs();
    const { idle } = this;
    const { flows } = this.pass.catalog;
    const begun: number[] = [];
    const unfollowed = new Set<FunctionRef>();
    const most = direction === 'in' ? maximumDeeds : maximumDeedsOut;
    const leads = this.leadsTo(direction);
    const meant = (visit: Visit): readonly Target[] => {
      const first = failed && visit.frame === root ? this.failedTurn(visit, failed) : [];
      const all = this.targetsOf(visit, direction, leads);
      // An element of a table has its turn once.
      const isOther = ({ fn }: Target) => visit.call.callee !== '' || first[0]?.fn !== fn;
      return [...first, ...all.filter(isOther)];
    };
    const targets = (visit: Visit): readonly Target[] =>
      meant(visit).flatMap((target) => {
        const given = givenTo(flows, visit.frame, visit.call, target.fn);
        if (direction === 'in') return idle.has(target.fn, given) ? [] : [target];
        const known = opened.has(target.fn, given);
        opened.add(target.fn, given);
        if (!known && visit.frame.depth >= depthOut && leads.has(target.fn))
          unfollowed.add(target.fn);
        return [
          !known && visit.frame.depth < depthOut && leads.has(target.fn)
            ? target
            : { ...target, closed: true },
        ];
      });
    const complete = walk(
      root,
      flows,
      {
        minds: (frame, call) => this.minds(frame, call, direction, leads),
        visit: (visit) => {
          // The calls of an error way are asked for: that only a failure leads there says nothing then.
          const asked = only?.includes(visit.call) === true;
          const flow = flows.of(visit.frame.fn.facts);
          const onFailure = !asked && flow.isOnFailure(visit.call);
          if (traced.length >= most || (onFailure && flow.isJumpedTo(visit.call))) return [];
          const helped = this.helpedBy(visit);
          traced.push(...helped);
          if (helped.length > 0) return [];
          const traceEvent = this.deedOf(visit, direction, onFailure);
          if (traceEvent)
            traced.push(
              ...this.alternativesOf({
                ...visit,
                ...this.outermost(visit, traceEvent),
                ...this.turnOf(visit, root, failed),
                traceEvent,
              }),
            );
          return traceEvent && isWhole(traceEvent) ? [] : targets(visit);
        },
        pass: (visit, { fn, when }) =>
          traced.push({
            ...visit,
            conditional: joined(visit.conditional, when),
            traceEvent: { does: 'enter', target: fn },
          }),
        enter: (frame) => {
          begun.push(traced.length);
          const { parent, call, conditional, repeats, fn } = frame;
          if (direction === 'out' && frame !== root && parent && call)
            traced.push({
              frame: parent,
              call,
              conditional,
              repeats,
              traceEvent: { does: 'enter', target: fn },
            });
        },
        // What took nothing the first time takes nothing the next.
        leave: ({ fn, given }) => {
          if (!traced.slice(begun.pop()).some(matters)) idle.add(fn, given);
        },
      },
      // Only so many calls are walked: those that can tell nothing are no part of that.
      (frame) =>
        (only && frame === root ? only : frame.fn.facts.calls).filter((call) =>
          this.minds(frame, call, direction, leads),
        ),
      failed?.call,
    );
    return {
      traced: direction === 'in' ? this.withoutRepeats(listing(traced)) : telling(traced),
      complete: complete && traced.length < most,
      full: traced.length >= most,
      unfollowed: unfollowed.size,
    };
  }

  /** The functions that lead to anything which a trace in one direction notes. */
  leadsTo(direction: Direction): ReadonlySet<FunctionRef> {
    return this.pass.ask(leadsTo, this.counts ? `${direction} counts` : direction);
  }

  /** The same as `canTell`, which is asked of a call by name once: many ways lead through most functions. */
  private minds(
    frame: Frame,
    call: CallFact,
    direction: Direction,
    leads: ReadonlySet<FunctionRef>,
  ): boolean {
    if (call.callee === '') return this.canTell(frame, call, direction, leads);
    const told = this.told[direction];
    const known = told.get(call);
    if (known !== undefined) return known;
    const tells = this.canTell(frame, call, direction, leads);
    told.set(call, tells);
    return tells;
  }

  /** Whether a call can be an event or lead to one: most are of kernel functions that mean nothing here. */
  private canTell(
    frame: Frame,
    call: CallFact,
    direction: Direction,
    leads: ReadonlySet<FunctionRef>,
  ): boolean {
    const known = this.names.has(call.callee) || this.helpers.has(call.callee);
    if (known || this.registeredAt(frame.fn, call)) return true;
    if (this.pasted.takenBy(frame.fn, call).length > 0) return true;
    const found = this.functionsOf({ frame, call });
    return direction === 'out' ? found.length > 0 : found.some((fn) => leads.has(fn));
  }

  /** A call that registers one of several callbacks, as a traceEvent for each. */
  private alternativesOf(traced: TracedCall): TracedCall[] {
    const { traceEvent, conditional } = traced;
    const registrations =
      traceEvent.does === 'acquire' && traceEvent.registration
        ? this.registeredAt(traceEvent.registration.fn, traceEvent.registration.call)
        : undefined;
    if (traceEvent.does !== 'acquire' || !registrations || registrations.length < 2)
      return [traced];
    return registrations.map((registration) => ({
      ...traced,
      conditional: joined(conditional, registration.when),
      traceEvent: { ...traceEvent, registration },
    }));
  }

  /** What a kernel function takes for the driver with managed functions. */
  private helpedBy(visit: Visit): TracedCall[] {
    return (this.helpers.get(visit.call.callee) ?? []).flatMap(({ api: name, device, when }) => {
      const api = this.pass.catalog.managed.get(name);
      return api === undefined
        ? []
        : [
            {
              ...visit,
              conditional: joined(visit.conditional, when ?? null),
              traceEvent: {
                does: 'acquire' as const,
                api: helperApi(api, device),
                registration: undefined,
              },
            },
          ];
    });
  }

  /** Without the calls that find a release for their object on the list already. */
  private withoutRepeats(traced: readonly TracedCall[]): TracedCall[] {
    const seen = new Set<string>();
    return traced.filter(({ traceEvent, call, frame }) => {
      const index = traceEvent.does === 'acquire' ? traceEvent.api.perObject : undefined;
      const argument = index === undefined ? undefined : call.args[index];
      const object = argument && identify(this.pass.program, frame, argument, call.start)?.name;
      if (object === undefined) return true;
      const first = !seen.has(object);
      seen.add(object);
      return first;
    });
  }

  /** @param failed only a failure leads to the call */
  private deedOf(visit: Visit, direction: Direction, failed: boolean): TraceEvent | undefined {
    const managed = this.managedDeed(visit, failed);
    if (managed) return managed;
    const name = visit.call.callee;
    if (name === '') return undefined;
    const group = this.groups.get(name);
    if (group && !failed) return { does: 'group', group };
    const dispatch = this.dispatches.get(name);
    if (dispatch?.groups === 'release') return { does: 'unbind-components', dispatch };
    return this.milestoneDeed(visit, direction, failed) ?? this.handDeed(visit, direction, failed);
  }

  private managedDeed(visit: Visit, failed: boolean): TraceEvent | undefined {
    const { call, frame } = visit;
    const registration = this.registeredAt(frame.fn, call)?.[0];
    // What a wrapper registers is noted where the wrapper gets to it.
    if (registration && registration.wrappers.length > 0) return undefined;
    const api =
      registration?.api ??
      this.pass.catalog.managed.get(call.callee) ??
      this.pasted.takenBy(frame.fn, call)[0];
    // A raw resource is on no list before it is added.
    if (!api || api.release !== undefined) return undefined;
    if (!listed.has(api.role)) return failed ? undefined : { does: 'end-early', api };
    if (api.role !== 'add-action' || registration) return { does: 'acquire', api, registration };
    const outer = this.registrationAbove(frame);
    return outer && { does: 'acquire', api, registration: outer };
  }

  /** The registration whose wrappers are being run. */
  private registrationAbove(frame: Frame): Registration | undefined {
    const at = this.callAbove(frame);
    return at?.call && at.parent ? this.registeredAt(at.parent.fn, at.call)?.[0] : undefined;
  }

  /** What a call of a function registers. */
  private registeredAt(fn: FunctionRef, call: CallFact): readonly Registration[] | undefined {
    let known = this.registered.get(fn);
    if (!known) {
      known = this.pass.registrationsIn(fn);
      this.registered.set(fn, known);
    }
    return known.get(call);
  }

  private callAbove(frame: Frame): Frame | undefined {
    for (let at: Frame | null = frame; at?.call && at.parent; at = at.parent) {
      const found = this.registeredAt(at.parent.fn, at.call)?.[0];
      if (found) return found.wrappers.includes(frame.fn) ? at : undefined;
    }
    return undefined;
  }

  /** A registration by a wrapper is shown at the call of the wrapper. */
  private outermost(
    { frame, call }: Visit,
    traceEvent: TraceEvent,
  ): { readonly frame: Frame; readonly call: CallFact } {
    if (
      traceEvent.does !== 'acquire' ||
      !traceEvent.registration ||
      traceEvent.registration.call === call
    )
      return { frame, call };
    const above = this.callAbove(frame);
    return above?.parent && above.call
      ? { frame: above.parent, call: above.call }
      : { frame, call };
  }

  private milestoneDeed(
    { call }: Visit,
    direction: Direction,
    failed: boolean,
  ): TraceEvent | undefined {
    const milestone = this.pass.catalog.milestones.get(call.callee);
    if (!milestone || !milestonesOn(direction).has(milestone.role)) return undefined;
    return milestone.role === 'dev-put' && direction === 'in' && failed
      ? undefined
      : { does: 'milestone', milestone };
  }

  private handDeed(visit: Visit, direction: Direction, failed: boolean): TraceEvent | undefined {
    const { call, frame } = visit;
    const take = this.takes.get(call.callee);
    if (take)
      return direction === 'in' && !isBalanced(this.pass, frame.fn, call, take)
        ? { does: 'take', take }
        : undefined;
    if (direction === 'in' && failed) return undefined;
    const device = deviceReleaseAt(this.pass.program, this.pass.catalog, call);
    // Far down, a reference of runtime PM is put that was got a moment before.
    if (device)
      return device.group === 'runtime-pm' && frame.depth > depthNamed
        ? undefined
        : { does: 'release', release: device };
    if (direction === 'in') return undefined;
    const bo = this.pass.catalog.releases.get(call.callee);
    if (bo)
      return {
        does: 'release',
        release: { name: bo.name, group: 'bo', what: bo.what, object: bo.object },
      };
    const name = call.callee;
    if (this.frees.has(name))
      return { does: 'release', release: { name, group: 'memory', what: null, object: 0 } };
    const group = this.otherEnds.get(name);
    return group === undefined
      ? undefined
      : { does: 'release', release: { name, group, what: group, object: 0 } };
  }

  private targetsOf(
    visit: Visit,
    direction: Direction,
    leads: ReadonlySet<FunctionRef>,
  ): readonly Target[] {
    const dispatch = this.dispatches.get(visit.call.callee);
    if (dispatch) return dispatch.groups === 'release' ? [] : this.dispatched(dispatch);
    const found = this.functionsOf(visit);
    if (found.length === 0 || found.length > maximumTargets) return [];
    const wanted = found.filter(
      (fn) => leads.has(fn) || (direction === 'out' && isNamed(visit, fn)),
    );
    const course = found.length > 1 ? this.courseOf(visit) : undefined;
    const when = (fn: FunctionRef) =>
      found.length > 1 && !course?.whole ? `when it is ${fn.name}` : null;
    const targets = wanted.map((fn) => ({
      fn,
      when: when(fn),
      repeats: null,
      group: null,
      turn: course?.whole === true,
    }));
    return course?.down ? targets.reverse() : targets;
  }

  /** Whether a call on a way out is made for the element for which a step failed. */
  private turnOf(
    { frame, call }: Visit,
    root: Frame,
    failed: Failed | undefined,
  ): Pick<TracedCall, 'failedTurn'> | { readonly repeats: null; readonly failedTurn: true } {
    for (let at: Frame = frame; at !== root; at = at.parent)
      if (at.turn && at.parent === root) return { failedTurn: true };
      else if (!at.parent) break;
    return failed && frame === root && includesFailedTurn(this.pass, frame.fn, failed.call, call)
      ? { repeats: null, failedTurn: true }
      : {};
  }

  /** The element for which a step failed, where the loop of a way out begins with that. */
  private failedTurn({ frame, call }: Visit, { call: failing, from }: Failed): Target[] {
    if (!includesFailedTurn(this.pass, frame.fn, failing, call)) return [];
    const found = this.pass.graph.targetsOf(frame.fn, call);
    const end = call.callee === '' ? from && elementsEnd(this.pass, from, failing, call) : found[0];
    return end ? [{ fn: end, when: null, repeats: null, group: null, turn: true }] : [];
  }

  /**
   * How a loop goes through a table: all of it, `for (i = 0; i < ARRAY_SIZE(inits); i++) inits[i](x)`, or
   * from its end, `while (--i >= 0) parts[i].fini(x)`.
   */
  private courseOf({
    frame,
    call,
  }: Visit): { readonly whole: boolean; readonly down: boolean } | undefined {
    const table = this.pass.graph.tableOf(frame.fn, call);
    const { facts } = frame.fn;
    const loop = table === undefined ? undefined : this.pass.catalog.flows.of(facts).loopOf(call);
    if (loop === undefined) return undefined;
    // `ARRAY_SIZE(inits)` in the head says that it goes through all of it.
    const whole = facts.calls.some(
      (one) =>
        one.start >= (loop.head ?? loop.start) &&
        one.end <= loop.start &&
        one.args.some(({ value }) => value.kind === 'path' && value.root === table),
    );
    return { whole, down: loop.counts === 'down' };
  }

  /** The definitions that a call can mean on this way. */
  private functionsOf({ frame, call }: Pick<Visit, 'frame' | 'call'>): readonly FunctionRef[] {
    const handed =
      call.callee === '' && call.through
        ? meantBy(this.pass.program, frame, call.through)
        : undefined;
    if (handed) return [handed];
    const known = this.pass.graph.targetsOf(frame.fn, call);
    return known.length > 0 ? known : this.passed.targetsOf(call);
  }

  /** The members of the driver's tables that a kernel function runs. */
  private dispatched({ struct, members, groups }: Dispatch): Target[] {
    const found = this.pass.tableFunctions.filter(
      (one) => one.table.struct === struct && members.includes(one.entry.member),
    );
    const several = groups === undefined && found.length > 1;
    return found.map(({ fn, table }) => {
      const when = several ? `for ${table.name}` : null;
      return groups === undefined
        ? { fn, when, repeats: null, group: null }
        : { fn, when, repeats: 'each component that matches', group: fn.name };
    });
  }
}

/** Whether a traceEvent changes the lists: a function that only gives back is opened once. */
function matters({ traceEvent }: TracedCall): boolean {
  return (
    traceEvent.does !== 'release' &&
    (traceEvent.does !== 'group' || traceEvent.group.does !== 'release') &&
    (traceEvent.does !== 'milestone' ||
      traceEvent.milestone.role === 'dev-alloc' ||
      traceEvent.milestone.role === 'register')
  );
}

/** Whether a call is known for what it does: no need to look into it. */
function isWhole(traceEvent: TraceEvent): boolean {
  return traceEvent.does === 'acquire'
    ? !traceEvent.registration
    : traceEvent.does === 'release' || traceEvent.does === 'take';
}

/** Without the functions, far down, that release nothing which is known. */
function telling(traced: readonly TracedCall[]): TracedCall[] {
  let inner: TracedCall | undefined;
  return traced
    .toReversed()
    .filter((one) => {
      const told =
        one.traceEvent.does !== 'enter' ||
        one.frame.depth <= depthNamed ||
        (inner !== undefined && inner.frame.parent === one.frame && inner.frame.call === one.call);
      if (told) inner = one;
      return told;
    })
    .reverse();
}

/** Whether the function that takes a thing gives it back before it returns. */
function isBalanced(pass: Pass, fn: FunctionRef, call: CallFact, take: ManualTake): boolean {
  const flow = pass.catalog.flows.of(fn.facts);
  return take.releases.some((name) =>
    flow.callsOf(name).some((other) => flow.canFollow(call, other) && !flow.isOnFailure(other)),
  );
}

/** A step of remove() itself that the module defines: called for its effect, not for an answer. */
function isNamed({ frame, call }: Visit, fn: FunctionRef): boolean {
  return frame.depth <= depthNamed && call.use === 'ignored' && !fn.file.path.endsWith('.h');
}
