/** What a step gives back for good, and of which object. */

import type { CallFact } from '../../facts/types.ts';
import type { Pass, Question } from '../../pass.ts';
import { holdersOfResult } from '../../program/holders.ts';
import { type MemberKey, memberKey, pathIn, sameMember } from '../../program/objects.ts';
import type { CallSite, FunctionRef, Program } from '../../program/program.ts';
import type { Frame } from '../../program/run-through.ts';
import { keysOf } from '../../program/stops.ts';
import { push } from '../../push.ts';
import type { CourseEvent } from '../course.ts';
import { type Identity, identify } from '../identity.ts';
import type { EntryParts } from '../parts.ts';
import type { TracedCall, TraceEvent } from '../trace.ts';
import { isSetAnew } from './set-anew.ts';

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

type Ended = Omit<Ending, 'event'>;

/** What each event ends: the same traceEvent runs on many courses of an entry. */
export class Endings {
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
export function endedBy(pass: Pass, traced: TracedCall): Ended | undefined {
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

/**
 * Of what is counted, a reference or an enabled clock that a member holds, whether it is taken once: two are given
 * back twice.
 */
function isCountedOnce(pass: Pass, key: MemberKey, { callee }: CallFact): boolean {
  const takes = pass.catalog.data.takes.filter(({ releases }) => releases.includes(callee));
  if (takes.some(({ reference }) => reference === true))
    return pass.ask(referencesTaken, `${key.tag} ${key.member}`) === 1;
  if (!takes.some(({ group }) => countedByTakes.has(group))) return true;
  const sites = new Map<CallFact, FunctionRef>();
  for (const { name, object } of takes) {
    if (object === 'return') continue;
    const taken = pass.ask(takenAs, `${object.argument} ${name}`).get(key.member) ?? [];
    for (const one of taken) if (sameMember(one.key, key)) sites.set(one.call, one.caller);
  }
  const [site, other] = sites.values();
  return site !== undefined && !other && isReachedOneWay(pass, site);
}

/** A call that takes what a member holds. */
interface TakenAs extends CallSite {
  readonly key: MemberKey;
}

/** The calls of what takes something by an argument, `0 clk_prepare_enable`, by the member that they hand over. */
const takenAs: Question<string, ReadonlyMap<string, readonly TakenAs[]>> = {
  answer: ({ program }, wanted) => {
    const [argument = '', name = ''] = wanted.split(' ');
    const found = new Map<string, TakenAs[]>();
    for (const { caller, call } of program.callsOf(name))
      for (const key of keysOf(program, caller, call, Number(argument)))
        push(found, key.member, { key, caller, call });
    return found;
  },
};

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
