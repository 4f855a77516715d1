/**
 * What the way out of a driver ends by hand, and where: queues that are destroyed, works and timers
 * that are stopped, memory and other resources that are given back, devm's included.
 */
import { type Catalog, isMember } from '../catalog.ts';
import type { AssignFact, Context } from '../facts/types.ts';
import type { Pass, Question } from '../pass.ts';
import type { Ways } from '../program/call-graph.ts';
import { type MemberKey, memberKey, originOf, pathIn } from '../program/objects.ts';
import type { CallSite, FunctionRef } from '../program/program.ts';
import { keysOf } from '../program/stops.ts';
import { isAlwaysDecided } from './constant-members.ts';
import { canComeAfter, comesBefore, type Way } from './ways.ts';

/** `stopped`: it can be started again; `ended`: it is gone. */
export type EndKind = 'stopped' | 'ended';

/** One member whose object ends. */
export interface End {
  readonly key: MemberKey;
  readonly kind: EndKind;
  /** For messages: `workqueue`, `memory`, `gpio`. */
  readonly what: string;
  /** The calls from the start of the way out down to the end, which is the last. */
  readonly way: Way;
  /** It runs each time. */
  readonly always: boolean;
  /** The member is NULL afterwards: who asks for it sees that, who follows it unasked does not. */
  readonly cleared?: true;
  /** All of this struct is gone, and not what a member of it holds. */
  readonly struct?: string;
}

/** What a function ends on its way and leaves a pointer to, in the order of the way down. */
export function endsIn(pass: Pass, fn: FunctionRef): readonly End[] {
  return endsAndClears(pass, fn).filter(({ cleared }) => !cleared);
}

/** The same with what it sets to NULL then. */
export function endsAndClears(pass: Pass, fn: FunctionRef): readonly End[] {
  return pass.ask(ends, fn);
}

/**
 * What a way out ends while something that it has not stopped can still run.
 * @param stops where the way out stops it
 * @param managed devres stops it, after the way out
 */
export function endsWhileRunning(
  pass: Pass,
  out: FunctionRef,
  stops: readonly Way[],
  managed: boolean,
): readonly End[] {
  return endsIn(pass, out).filter(endedWhile(pass, stops, managed));
}

/** Whether something ends while what `stops` stop, or devres after them, can still run. */
export function endedWhile(
  pass: Pass,
  stops: readonly Way[],
  managed: boolean,
): (end: Pick<End, 'way'>) => boolean {
  return ({ way }) =>
    !stops.some((stop) => comesBefore(pass, stop, way)) &&
    (managed || stops.some((stop) => canComeAfter(pass, way, stop)));
}

const ends: Question<FunctionRef, readonly End[]> = {
  answer: (pass, fn) => [...pass.ask(plainEnds, fn), ...endsOfEach(pass, fn)],
};

/** Without those that lie behind a pointer which can mean several functions. */
const plainEnds: Question<FunctionRef, readonly End[]> = { answer: findEnds };

/** What each function ends that a pointer of the way out can mean: `chip->teardown(x)`, whichever chip it is. */
function endsOfEach(pass: Pass, fn: FunctionRef): End[] {
  const down = directWays(pass, fn, everything);
  return [...down.functions()].flatMap((caller) => {
    if (!caller.callsIndirectly) return [];
    return caller.facts.calls.flatMap((call): End[] => {
      const targets = call.callee === '' ? pass.graph.targetsOf(caller, call) : [];
      const [first, ...others] = targets.map((target) => pass.ask(plainEnds, target));
      if (!first || others.length === 0 || pass.catalog.flows.of(caller.facts).isGuarded(call))
        return [];
      const way = [...down.to(caller), { caller, call }];
      const plain = way.every((site) => isPlainForEach(pass, site));
      return first.flatMap((end): End[] => {
        const same = others.map((list) => list.find((one) => isSameEnd(one, end)));
        if (same.some((one) => one === undefined)) return [];
        const always = plain && end.always && same.every((one) => one?.always === true);
        return [{ ...end, way: [...way, ...end.way], always }];
      });
    });
  });
}

const everything = { has: () => true };

function isSameEnd(a: End, b: End): boolean {
  return a.kind === b.kind && a.key.tag === b.key.tag && a.key.member === b.key.member;
}

type Down = ReturnType<Pass['graph']['waysDown']>;

const stopping = new Set(['work', 'timer']);

function findEnds(pass: Pass, fn: FunctionRef): End[] {
  const { catalog, graph } = pass;
  const enders = endersOf(pass);
  const leads = pass.ask(waysToEnders, null);
  if (!leads.has(fn)) return [];
  const out: End[] = [];
  const down = directWays(pass, fn, leads);
  for (const caller of down.functions()) {
    for (const call of caller.facts.calls) {
      const ender = enders.get(call.callee);
      if (!ender || catalog.flows.of(caller.facts).isGuarded(call)) continue;
      const site = { caller, call };
      // What ends through a pointer is what a member points to; a work lies in its struct.
      const named =
        ender.kind === 'stopped'
          ? keysOf(pass.program, caller, call, ender.object, graph)
              .slice(0, 1)
              .map((key) => ({ key, at: site, way: [...down.to(caller), site] }))
          : heldAlong(pass, down, [site], ender.object);
      for (const { key, at, way } of named) {
        if (key.tag === '') continue;
        const left = leftIn(at, key);
        if (left === 'another') continue;
        const always = way.every((one) => isPlainForEach(pass, one));
        const { kind, what } = ender;
        out.push({
          key,
          kind,
          what,
          way,
          always,
          ...(left === 'nothing' ? { cleared: true as const } : {}),
        });
      }
    }
  }
  return out;
}

interface Named {
  readonly key: MemberKey;
  /** Where the member is named: in the call that ends it, or in that of a function which is handed it. */
  readonly at: CallSite;
  readonly way: Way;
}

const maximumRise = 3;

/**
 * The members that hold what the last call of `below` is handed: named there, or by those on the way out who
 * call the function that is handed it.
 * @param below from the function that is looked at down to the call
 */
function heldAlong(pass: Pass, down: Down, below: Way, index: number): Named[] {
  const [site] = below;
  const path = site && pathIn(site.call.args[index]?.value ?? nothing);
  if (!site || !path || path.address !== 0) return [];
  const { caller, call } = site;
  const key = memberKey(pass.program, caller, path, call.start);
  // What the callers hand down may be one of many: it is told where the struct is there once.
  if (key && below.length > 1 && !isSingle(pass, key)) return [];
  if (key) return [{ key, at: site, way: [...down.to(caller), ...below] }];
  const { param, path: whole } = originOf(caller, path, call.start);
  if (param < 0 || whole.steps.length > 0 || below.length > maximumRise) return [];
  const callers = new Set(pass.graph.callingFunctions(caller));
  const calling = [...down.functions()].filter((fn) => callers.has(fn));
  return calling.flatMap((above) =>
    above.facts.calls
      .filter((one) => one !== call && pass.graph.targetsOf(above, one).includes(caller))
      .flatMap((one) => heldAlong(pass, down, [{ caller: above, call: one }, ...below], param)),
  );
}

/** Whether the module has one member of a kind: its struct is held in one place, or is the kernel's device. */
function isSingle({ program, catalog }: Pass, key: MemberKey): boolean {
  return (
    isMember(catalog, key, 'device-data') ||
    (program.struct(key.tag) !== undefined && program.membersOfType(key.tag) <= 1)
  );
}

/** Whether a call is made each time, or each time that there is something to hand it: a test that is no test aside. */
export function isPlain(pass: Pass, site: CallSite): boolean {
  const { caller, call } = site;
  const flow = pass.catalog.flows.of(caller.facts);
  return (
    flow.isAlways(call) ||
    flow.isAlwaysCounted(call) ||
    call.args.some(({ value }) => {
      const path = pathIn(value);
      return path !== undefined && flow.isAlwaysWith(call, path);
    }) ||
    isAlwaysDecided(pass, site)
  );
}

/**
 * Whether a call is made for each of several, or each that is there: loops aside, `if (x->wq)` asks of what it is
 * handed.
 */
export function isPlainForEach(pass: Pass, site: CallSite): boolean {
  if (isPlain(pass, site)) return true;
  const { caller, call } = site;
  const flow = pass.catalog.flows.of(caller.facts);
  const asks = ({ test }: Context): boolean =>
    test?.kind === 'is' &&
    test.value.kind === 'path' &&
    call.args.some(
      ({ text }) => test.value.kind === 'path' && text.includes(test.value.steps.at(-1) ?? '\0'),
    );
  const around = flow.around(call);
  return (
    around.some(({ kind }) => kind === 'loop') &&
    around.every((context) => context.kind === 'loop' || asks(context)) &&
    !caller.facts.contexts.some(({ exits, end }) => exits && end <= call.start)
  );
}

/** Whether every call on a way is made each time. */
export function isPlainWay(pass: Pass, way: Way): boolean {
  return way.every((site) => isPlain(pass, site));
}

/**
 * The ways down by calls that are made there and then, through a table where that means one function: the
 * release of a reference runs when the last one goes.
 */
export function directWays(
  pass: Pass,
  fn: FunctionRef,
  leads: { has(fn: FunctionRef): boolean },
): Down {
  const accepts = ({ caller, call }: CallSite) =>
    pass.catalog.milestones.get(call.callee)?.role !== 'run-callback' &&
    !pass.catalog.flows.of(caller.facts).isGuarded(call);
  return pass.graph.waysDown(fn, accepts, leads);
}

/** The calls of functions on a way out, each with the way down to it. */
export function waysToCalls(
  pass: Pass,
  end: FunctionRef,
  names: readonly string[],
  counts: (site: CallSite) => boolean = () => true,
): readonly Way[] {
  const leads = pass.graph.waysTo(names);
  if (!leads.has(end)) return [];
  const down = directWays(pass, end, leads);
  return [...down.functions()].flatMap((caller) =>
    caller.facts.calls
      .filter((call) => names.includes(call.callee) && counts({ caller, call }))
      .map((call) => [...down.to(caller), { caller, call }]),
  );
}

interface Ender {
  readonly object: number;
  readonly kind: EndKind;
  readonly what: string;
}

const nothing = { kind: 'literal', text: '' } as const;

/** The calls that end something, with the argument that it is. */
export function endersOf(pass: Pass): ReadonlyMap<string, Ender> {
  return pass.ask(enders, null);
}

/** One list for all that ask; the catalogue is the same as long as the pass is. */
const enders: Question<null, ReadonlyMap<string, Ender>> = {
  answer: ({ catalog }) => findEnders(catalog),
};

const waysToEnders: Question<null, Ways> = {
  answer: (pass) => pass.graph.waysTo(endersOf(pass).keys()),
};

function findEnders(catalog: Catalog): ReadonlyMap<string, Ender> {
  const found = new Map<string, Ender>();
  for (const { releases } of catalog.data.memory)
    for (const name of releases) found.set(name, { object: 0, kind: 'ended', what: 'memory' });
  for (const take of catalog.data.takes) {
    if (take.object !== 'return' || take.reference) continue;
    for (const name of take.releases) {
      const object = catalog.deviceReleases.get(name)?.object;
      if (object !== undefined) found.set(name, { object, kind: 'ended', what: take.group });
    }
  }
  for (const { name, verb, object, what } of catalog.data.releases)
    if (verb === 'frees' && !found.has(name)) found.set(name, { object, kind: 'ended', what });
  for (const { name, role, scope, data, kind } of catalog.data.managed)
    if (role === 'free-memory' && scope === 'bound' && data !== undefined && kind !== 'irq')
      found.set(name, { object: data, kind: 'ended', what: kind });
  for (const { name, group, object, what, final } of catalog.data.deviceReleases)
    if (stopping.has(group) && object !== undefined && final !== true)
      found.set(name, { object, kind: 'stopped', what });
  return found;
}

/** What a member holds when the function is left: `x->m = NULL` after the end, or a new object. */
function leftIn(
  { caller, call }: CallSite,
  { member }: MemberKey,
): 'what was there' | 'nothing' | 'another' {
  const last = member.split('.').at(-1);
  const later = caller.facts.assigns.filter(
    ({ start, target }) => start > call.end && target.steps.at(-1) === last,
  );
  const isNothing = ({ value }: AssignFact) =>
    (value.kind === 'path' && value.root === 'NULL') ||
    (value.kind === 'literal' && value.text === 'NULL');
  if (later.length === 0) return 'what was there';
  return later.every(isNothing) ? 'nothing' : 'another';
}
