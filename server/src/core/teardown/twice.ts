/** What one timeline gives back twice: by hand and by an action, or by two error ways. */
import type { CallFact, PathValue } from '../facts/types.ts';
import type { Pass, Question } from '../pass.ts';
import { entriesOf, type TableFunction } from '../program/entries.ts';
import { holdersOfResult } from '../program/holders.ts';
import { type MemberKey, memberKey, pathIn, sameMember } from '../program/objects.ts';
import type { FunctionRef, Program } from '../program/program.ts';
import type { Frame } from '../program/run-through.ts';
import { keysOf } from '../program/stops.ts';
import type { Timeline } from '../result.ts';
import type { Course, CourseEvent } from './course.ts';
import { type Identity, identify } from './identity.ts';
import type { Rung } from './ladder.ts';
import { otherEndsOf } from './leads.ts';
import type { Site } from './loops.ts';
import { EntryParts } from './parts.ts';
import { failingCourses, unbindCourse } from './timelines.ts';
import { type Trace, type TracedCall, type TraceEvent, Tracer } from './trace.ts';

/** A call that ends an object's life. */
export interface Ending {
  readonly frame: Frame;
  readonly call: CallFact;
  /** What of the driver runs it: a call of a way out, or a registration whose callback runs. */
  readonly event: CourseEvent;
  readonly object: Identity;
  /** The member that holds it. */
  readonly key: MemberKey;
  /** What has to hold for the call to be made, as it is shown. */
  readonly conditional: string | null;
  /** In a loop it may be another one each time. */
  readonly isOneOfSeveral: boolean;
}

export interface EndedTwice {
  readonly first: Ending;
  readonly second: Ending;
  readonly timelines: readonly Timeline[];
  /** The step of probe that fails, on that timeline. */
  readonly failing: Site | undefined;
}

/** Every pair of functions of the module that end the same object on one timeline, once. */
export const endedTwice: Question<null, readonly EndedTwice[]> = {
  answer: (pass) => {
    const found = new Map<string, EndedTwice>();
    for (const { start } of entriesOf(pass.tableFunctions)) {
      for (const one of pass.ask(twiceFrom, start)) {
        const name = nameOf(one.first, one.second);
        if (!found.has(name)) found.set(name, one);
      }
    }
    return [...found.values()];
  },
  equal: areNone,
};

/** The same of one probe or bind. */
const twiceFrom: Question<TableFunction, readonly EndedTwice[]> = {
  answer: findFrom,
  equal: areNone,
};

function areNone(a: readonly EndedTwice[], b: readonly EndedTwice[]): boolean {
  return a.length === 0 && b.length === 0;
}

function findFrom(pass: Pass, start: TableFunction): EndedTwice[] {
  const entry = entriesOf(pass.tableFunctions).find((one) => one.start === start);
  if (!entry) return [];
  const parts = new EntryParts(pass, new Tracer(pass, true), entry);
  const gives = new Endings(parts);
  const found = new Map<string, EndedTwice>();
  const note = (course: Course, timelines: readonly Timeline[], failing: Site | undefined) => {
    for (const [first, second] of pairsOf(pass, gives, course)) {
      const name = nameOf(first, second);
      if (!found.has(name)) found.set(name, { first, second, timelines, failing });
    }
  };
  note(unbindCourse(parts, false, true), ['unbind', 'unplug-open'], undefined);
  const possible = new PossiblePairs(parts, gives);
  for (const { failing, rungs, course } of failingCourses(parts))
    if (possible.on(rungs).some((name) => !found.has(name)))
      note(course(), ['probe-fail'], failing);
  return [...found.values()];
}

/**
 * Which pairs the failures of probe could end twice at all, each event taken to happen: what all courses
 * have in common is compared once, and the error ways of each failure with that.
 */
class PossiblePairs {
  private readonly pass: Pass;
  private readonly parts: EntryParts;
  private readonly gives: Endings;
  /** What the lists and the last put end. */
  private readonly common: readonly Ending[];
  private readonly commonNames: readonly string[];
  private readonly byMember = new Map<string, Ending[]>();

  constructor(parts: EntryParts, gives: Endings) {
    this.pass = parts.pass;
    this.parts = parts;
    this.gives = gives;
    const { way, releaseTrace } = parts;
    const frames = new Set(way.traced.flatMap(({ frame }) => framesOf(frame)));
    const unbinds = [...frames].flatMap((frame) => {
      const unbind = frame.group === null ? undefined : parts.unbindOf(frame.fn);
      return unbind ? [unbind.trace] : [];
    });
    this.common = [
      ...this.callbacksIn(way),
      ...[...unbinds, ...(releaseTrace ? [releaseTrace] : [])].flatMap((one) => this.endedBy(one)),
    ];
    for (const one of this.common) {
      const list = this.byMember.get(one.key.member);
      if (list) list.push(one);
      else this.byMember.set(one.key.member, [one]);
    }
    this.commonNames = this.common.flatMap((one) => this.namesWith(one));
  }

  /** The names of the pairs that a failure with these error ways could have. */
  on(rungs: readonly Rung[]): readonly string[] {
    const own = rungs.flatMap((rung) => this.endedBy(this.parts.traceLadder(rung)));
    return [
      ...this.commonNames,
      ...own.flatMap((one) => [
        ...this.namesWith(one),
        ...own.flatMap((other) => this.nameIf(one, other)),
      ]),
    ];
  }

  private namesWith(one: Ending): string[] {
    const others = this.byMember.get(one.key.member) ?? [];
    return others.flatMap((other) => [...this.nameIf(one, other), ...this.nameIf(other, one)]);
  }

  private nameIf(first: Ending, second: Ending): string[] {
    // One event may happen twice.
    const again = first === second ? { ...second, event: { ...second.event } } : second;
    return first.key.member === second.key.member && isTwice(this.pass, first, again)
      ? [nameOf(first, second)]
      : [];
  }

  /** What a way out ends: by its calls, and by what it registers meanwhile. */
  private endedBy(trace: Trace): Ending[] {
    const calls = trace.traced.flatMap((traced) => this.gives.of({ traced, runs: 'call' }));
    return [...calls, ...this.callbacksIn(trace)];
  }

  /** What the registrations of a way end, and what these register. */
  private callbacksIn(trace: Trace, depth = 0): Ending[] {
    return trace.traced.flatMap((traced) => {
      const { traceEvent } = traced;
      const target = traceEvent.does === 'acquire' ? traceEvent.registration?.target : undefined;
      if (!target) return [];
      const inner = this.parts.callback(target, traced.frame);
      return [
        ...this.gives.of({ traced, runs: 'callback' }),
        ...(depth < maximumNesting ? this.callbacksIn({ ...trace, traced: inner }, depth + 1) : []),
      ];
    });
  }
}

/** Callbacks that register callbacks. */
const maximumNesting = 4;

function framesOf(frame: Frame): Frame[] {
  const out: Frame[] = [];
  for (let at: Frame | null = frame; at; at = at.parent) out.push(at);
  return out;
}

/** Two functions that share a mistake share it for all that they give back. */
function nameOf(first: Ending, second: Ending): string {
  return apartOf(first, second)
    .map(({ frame }) => `${frame.fn.file.path} ${frame.fn.name}`)
    .join(' ');
}

/** Where two endings part: the calls, as far up as both go the same way. */
export function apartOf(first: Ending, second: Ending): [Site, Site] {
  let [one, other]: [Site, Site] = [first, second];
  while (one.call === other.call) {
    const [above, beside] = [one.frame, other.frame];
    if (!above.parent || !above.call || !beside.parent || !beside.call) break;
    one = { frame: above.parent, call: above.call };
    other = { frame: beside.parent, call: beside.call };
  }
  return [one, other];
}

function pairsOf(pass: Pass, gives: Endings, { events }: Course): [Ending, Ending][] {
  const out: [Ending, Ending][] = [];
  const before = new Map<string, Ending[]>();
  for (const event of events) {
    const ended = gives.of(event);
    for (const second of ended) {
      for (const first of before.get(second.key.member) ?? [])
        if (isTwice(pass, first, second)) out.push([first, second]);
    }
    // What one callback does twice is told where it is run by hand, too.
    for (const one of ended) {
      const list = before.get(one.key.member);
      if (list) list.push(one);
      else before.set(one.key.member, [one]);
    }
  }
  return out;
}

type Ended = Omit<Ending, 'event'>;

/** What each event ends: the same traceEvent runs on many courses of an entry. */
class Endings {
  private readonly parts: EntryParts;
  private readonly known: Readonly<Record<CourseEvent['runs'], Map<TraceEvent, readonly Ended[]>>> =
    {
      call: new Map(),
      callback: new Map(),
    };

  constructor(parts: EntryParts) {
    this.parts = parts;
  }

  of(event: CourseEvent): Ending[] {
    const known = this.known[event.runs];
    const { traceEvent } = event.traced;
    const found = known.get(traceEvent) ?? this.find(event);
    known.set(traceEvent, found);
    return found.map((one) => ({ ...one, event }));
  }

  private find({ runs, traced }: CourseEvent): Ended[] {
    const all = runs === 'call' ? [traced] : this.parts.callbackTrace(traced).traced;
    return all.flatMap((one) => endedBy(this.parts.pass, one) ?? []);
  }
}

/** The object whose life a traceEvent ends. */
function endedBy(pass: Pass, traced: TracedCall): Ended | undefined {
  const { traceEvent, frame, call, conditional, repeats } = traced;
  const { failedTurn = false } = traced;
  if (traceEvent.does !== 'release') return undefined;
  if (!pass.ask(endings, null).has(call.callee)) return undefined;
  const argument = call.args[traceEvent.release.object ?? 0];
  const path = argument && pathIn(argument.value);
  const object = argument && identify(pass.program, frame, argument, call.start);
  if (!path || !object || isSetAnew(pass, frame, call)) return undefined;
  const near = memberKey(pass.program, frame.fn, path, call.start);
  const key = object.keys.find(({ tag }) => tag !== '') ?? near;
  if (!key || key.tag === '' || !isCountedOnce(pass, key, call)) return undefined;
  const isOneOfSeveral = repeats !== null || (object.elements.length > 0 && !failedTurn);
  return { frame, call, object, key, conditional, isOneOfSeveral };
}

/** Of what is counted, a reference or an enabled clock that a member holds, whether it is taken once: two are given back twice. */
function isCountedOnce(pass: Pass, key: MemberKey, { callee }: CallFact): boolean {
  const takes = pass.catalog.data.takes.filter(({ releases }) => releases.includes(callee));
  if (takes.some(({ reference }) => reference === true))
    return pass.ask(referencesTaken, `${key.tag} ${key.member}`) === 1;
  if (!takes.some(({ group }) => countedByTakes.has(group))) return true;
  const sites = takes.flatMap(({ name, object }) =>
    object === 'return'
      ? []
      : pass.program
          .callsOf(name)
          .filter(({ caller, call }) =>
            keysOf(pass.program, caller, call, object.argument).some((one) => sameMember(one, key)),
          ),
  );
  const [site, other] = sites;
  return site !== undefined && !other && isReachedOneWay(pass, site.caller);
}

/** Whether one way of calls leads to a function: what it takes is not taken again by somebody else. */
function isReachedOneWay(pass: Pass, fn: FunctionRef): boolean {
  const seen = new Set<FunctionRef>();
  for (let at = fn; !seen.has(at); ) {
    seen.add(at);
    const [above, other] = pass.graph.callersOf(at);
    const runs = pass.tableFunctions.filter((one) => one.fn === at).length + (above ? 1 : 0);
    if (other || runs > 1 || pass.program.handingsOf(at.name).length > 0) return false;
    if (!above) return true;
    at = above.caller;
  }
  return false;
}

/** How many calls of the module take a reference to what a member, `tag member`, holds. */
const referencesTaken: Question<string, number> = {
  answer: ({ program, catalog }, name) => {
    const [tag = '', member = ''] = name.split(' ');
    const holds = (keys: readonly MemberKey[]) =>
      keys.some((one) => one.tag === tag && one.member === member);
    const takes = catalog.data.takes.filter(({ reference }) => reference === true);
    return program.callsOfAny(takes.map((one) => one.name)).filter(({ caller, call }) => {
      const given = call.args[0] && pathIn(call.args[0].value);
      const again = given && memberKey(program, caller, given, call.start);
      return (
        holds([...holdersOfResult(program, caller, call), ...keptInside(program, caller, call)]) ||
        (again && holds([again]))
      );
    }).length;
  },
};

/** The members that are given the address of what lies in a call's result: `foo->dev = &pdev->dev`. */
function keptInside(program: Program, fn: FunctionRef, call: CallFact): MemberKey[] {
  const { assigns, calls } = fn.facts;
  const index = calls.indexOf(call);
  const locals = assigns.flatMap(({ target, value }) =>
    value.kind === 'call' && value.call === index && target.steps.length === 0 ? [target.root] : [],
  );
  return assigns.flatMap(({ target, value, end }) =>
    value.kind === 'path' && value.address === 1 && locals.includes(value.root)
      ? (memberKey(program, fn, target, end) ?? [])
      : [],
  );
}

/** The functions that must not be called a second time for what one call has given. */
const endings: Question<null, ReadonlySet<string>> = {
  answer: ({ catalog }) =>
    new Set([
      ...catalog.data.memory.flatMap((one) => one.releases),
      ...catalog.data.takes.filter((one) => !counted.has(one.group)).flatMap((one) => one.releases),
    ]),
};

/** Groups in which gives and takes are counted, and each of the calls says what it is about. */
const countedByTakes = new Set(['clock', 'regulator', 'reset', 'phy']);

/** Groups in which gives and takes are counted otherwise, or whose second end finds nothing left to do. */
const counted = new Set([
  'list',
  'runtime-pm',
  'pci',
  'power-domain',
  'opp',
  'clock-provider',
  'v4l2-device',
  'v4l2-subdev',
  'v4l2-notifier',
  'v4l2-controls',
  'video-device',
  'media-device',
  'media-memory',
]);

/**
 * Whether the two calls name what they give back in ways that cannot be the same: other expressions of
 * one function, or other literals beside it, as the name of a link.
 */
function areApart(first: Ending, second: Ending): boolean {
  const literals = ({ call }: Ending) =>
    call.args.flatMap(({ value, text }) => (value.kind === 'literal' ? [text.trim()] : [])).join();
  if (literals(first) !== literals(second)) return true;
  const words = ({ call }: Ending) => call.args.map(({ text }) => text.replace(/\s+/g, '')).join();
  return (
    first.frame.fn === second.frame.fn &&
    first.call.callee === second.call.callee &&
    words(first) !== words(second)
  );
}

/**
 * A local takes over what members hold, and each of these is given something else on the way to the call
 * or after it: whoever comes next sees that.
 */
function isTakenOver({ catalog }: Pass, frame: Frame, call: CallFact): boolean {
  const path = call.args[0] && pathIn(call.args[0].value);
  if (!path || path.steps.length > 0) return false;
  const { assigns } = frame.fn.facts;
  const flow = catalog.flows.of(frame.fn.facts);
  const given = assigns.filter(({ target }) => isRoot(target, path.root));
  return (
    given.length > 0 &&
    given.every(
      ({ value, end }) =>
        value.kind === 'path' &&
        value.steps.length > 0 &&
        assigns.some(
          (one) =>
            one.start > end &&
            (flow.dominates(one, call) || flow.canFollow(call, one)) &&
            one.target.steps.length > 0 &&
            one.target.steps.join() === value.steps.join(),
        ),
    )
  );
}

function isRoot({ root, steps, address }: PathValue, name: string): boolean {
  return root === name && steps.length === 0 && address === 0;
}

/** Whether the pointer is given something else after a call, in its function or in those above. */
function isSetAnew(pass: Pass, frame: Frame, call: CallFact): boolean {
  if (isTakenOver(pass, frame, call)) return true;
  let path = call.args[0] && pathIn(call.args[0].value);
  let after = call.end;
  for (let at: Frame | null = frame; at && path; at = at.parent) {
    const last = path.steps.at(-1);
    if (
      last !== undefined &&
      at.fn.facts.assigns.some(
        (one) => one.start > after && one.target.steps.at(-1) === last && !one.declares,
      )
    )
      return true;
    if (!at.call || path.steps.length > 0) return false;
    const { root } = path;
    const index = at.fn.facts.params.findIndex((one) => one.name === root);
    const above: CallFact['args'][number] | undefined = at.call.args[index];
    path = above && pathIn(above.value);
    after = at.call.end;
  }
  return false;
}

/** Whether the error way of a registration ends what its action has ended when that failed: in one turn of a loop. */
function isOneTurn({ catalog }: Pass, { event }: Ending, second: Ending): boolean {
  const { traceEvent, frame, call } = event.traced;
  const registers = traceEvent.does === 'acquire' && traceEvent.registration?.api.orReset === true;
  if (event.runs !== 'callback' || !registers) return false;
  let at: Frame | null = second.frame;
  let below: CallFact | null = second.call;
  for (; at && at.fn !== frame.fn; at = at.parent) below = at.call;
  return below !== null && catalog.flows.of(frame.fn.facts).whenFailed(call).includes(below);
}

function isTwice(pass: Pass, first: Ending, second: Ending): boolean {
  const isOne = isOneTurn(pass, first, second);
  if ((first.isOneOfSeveral || second.isOneOfSeveral) && !isOne) return false;
  const [one, other] = [first.event.traced, second.event.traced];
  // One registration that is passed for each of several objects is one for each.
  if (
    first.event.runs === 'callback' &&
    second.event.runs === 'callback' &&
    one.call === other.call
  )
    return false;
  if (first.call === second.call && first.event === second.event) return false;
  if (!sameMember(first.key, second.key) || !areOneKind(pass, first.call, second.call))
    return false;
  if (areApart(first, second) || !happenTogether(pass, first, second)) return false;
  if (areGivenOthers(first, second)) return false;
  const flow = pass.catalog.flows.of(first.frame.fn.facts);
  if (first.frame === second.frame && !flow.canFollow(first.call, second.call)) return false;
  // What the turn that failed had is not what the turns before it, or the other components, have.
  if (isOfFailedTurn(first) !== isOfFailedTurn(second) && !isOne) return false;
  if (elementOf(first) !== elementOf(second)) return false;
  if (first.object.name === second.object.name) return true;
  // A scheduler or pool of an array of them goes by one member all the same.
  if (otherEndsOf(pass.catalog).has(first.call.callee)) return false;
  // Two runs of one action are for two objects, unless both are shown to be the same.
  if (
    one.traceEvent.does === 'acquire' &&
    other.traceEvent.does === 'acquire' &&
    first.call === second.call
  )
    return false;
  return (
    isSingle(pass, first.key.tag) || first.object.steps.join('.') === second.object.steps.join('.')
  );
}

function isOfFailedTurn({ event }: Ending): boolean {
  return event.traced.failedTurn === true;
}

/** Which element of an array it is: that of the turn that failed goes by the counter of whichever loop. */
function elementOf({ object }: Ending): string {
  return object.elements.map((one) => (/^\[\s*\d/.test(one) ? one : '[]')).join();
}

/** One local of one function, which the constants handed down choose among several objects: `end(foo, true)`. */
function areGivenOthers({ frame, call }: Ending, second: Ending): boolean {
  const path = call.args[0] && pathIn(call.args[0].value);
  const { assigns } = frame.fn.facts;
  return (
    path !== undefined &&
    call === second.call &&
    assigns.filter(({ target }) => isRoot(target, path.root)).length > 1 &&
    JSON.stringify([...frame.given]) !== JSON.stringify([...second.frame.given])
  );
}

/**
 * Whether the second happens whenever the first has: both always, or both at one place under a
 * condition that nothing changes meanwhile.
 */
function happenTogether({ program }: Pass, first: Ending, second: Ending): boolean {
  if (first.conditional === null && second.conditional === null) return true;
  if (first.conditional !== second.conditional || first.call !== second.call) return false;
  const named = new Set(first.conditional?.match(/[A-Za-z_]\w*/g) ?? []);
  const { facts } = first.frame.fn;
  if (facts.calls.some(({ callee }) => named.has(callee))) return false;
  const members = [...named].filter((name) => facts.locals.every((one) => one.name !== name));
  return members.every((name) => program.storesTo(name).length === 0);
}

/** Whether the module keeps one struct of a kind: others of it would be held by other members. The kernel's own are many. */
function isSingle({ program }: Pass, tag: string): boolean {
  return program.struct(tag) !== undefined && program.membersOfType(tag) <= 1;
}

/** Whether two calls give back what one call has taken. */
function areOneKind(pass: Pass, first: CallFact, second: CallFact): boolean {
  const ended = pass.ask(kindsEnded, null);
  const others = ended.get(second.callee);
  return ended.get(first.callee)?.some((kind) => others?.includes(kind)) === true;
}

/** The numbers of what each function of the kernel ends. */
const kindsEnded: Question<null, ReadonlyMap<string, readonly number[]>> = {
  answer: ({ catalog }) => {
    const found = new Map<string, number[]>();
    for (const [i, { releases }] of [...catalog.data.memory, ...catalog.data.takes].entries())
      for (const name of releases) found.set(name, [...(found.get(name) ?? []), i]);
    return found;
  },
};
