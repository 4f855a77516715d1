/** Something that probe registers by hand and remove alone gives back, while a later step of probe can fail. */

import type { ManualTake } from '../catalog.ts';
import { errorWayCause } from '../causes.ts';
import { callLink, tableLink, wayLinks } from '../chains.ts';
import type { Failure, HeldFrom, Outcome } from '../facts/flow/flow.ts';
import { type Mask, negative, positive, zero } from '../facts/flow/known.ts';
import type { CallFact, Context, FunctionFacts } from '../facts/types.ts';
import { registerRelease } from '../fixes/devm-action.ts';
import { useManagedHelper } from '../fixes/managed-helper.ts';
import { moduleExits } from '../hazards/module-exit.ts';
import { transferNames } from '../hazards/transfers.ts';
import { placeInside } from '../places.ts';
import { goesWithChild, isInTheWay } from '../program/after-failed-probe.ts';
import type { Ways } from '../program/call-graph.ts';
import type { TableFunction } from '../program/entries.ts';
import { pathIn } from '../program/objects.ts';
import {
  answerOfTake,
  isKept,
  isQuiet,
  isTaken,
  leftOf,
  releaseSitesOf,
  takesIn,
} from '../program/pairs.ts';
import {
  contradict,
  handedDown,
  handedUp,
  type Premise,
  premisesOf,
  questionOf,
} from '../program/premises.ts';
import type { CallSite, FunctionRef } from '../program/program.ts';
import { Undone } from '../program/undone.ts';
import type { Fix } from '../result.ts';
import {
  type ClosedBinding,
  closedBindingsOf,
  firstWith,
  ownerAmong,
} from '../teardown/bindings.ts';
import { callbackPairsOf } from '../teardown/callback-pairs.ts';
import type { Pass, Rule, RuleFinding } from './rule.ts';

export const releasedOnlyInRemove: Rule = {
  id: 'released-only-in-remove',
  summary:
    'what probe registers by hand is given back by remove only, and a later step of probe can fail',
  defaultSeverity: 'warning',
  run(pass) {
    const found = new Map<string, RuleFinding>();
    const known = takesOf(pass);
    const takes = [...known.keys()];
    for (const binding of [...closedBindingsOf(pass), ...callbackPairsOf(pass)]) {
      const leads = pass.graph.waysTo(takes);
      const ways = pass.graph.waysDown(binding.start.fn, undefined, leads);
      for (const caller of ways.functions()) {
        if (!leads.has(caller)) continue;
        for (const call of caller.facts.calls) {
          const take = known.get(call.callee);
          if (!take || (take.group === 'urb' && isWaitedFor(pass, caller))) continue;
          const name = `${caller.file.path} ${caller.name} ${take.group}`;
          if (found.has(name)) continue;
          const finding = judge(pass, binding, take, [...ways.to(caller), { caller, call }]);
          if (finding) found.set(name, finding);
        }
      }
    }
    return [...found.values()];
  },
};

/** What has to be given back by hand: the pairs of the catalogue, and an URB that is submitted. */
function takesOf(pass: Pass): ReadonlyMap<string, ManualTake> {
  const takes = takesIn(pass.program, pass.catalog).map(({ name }) => name);
  const stops = transferNames(pass, 'stops', 'ends');
  const submits = pass.catalog.data.transfers.filter(
    ({ does, object }) => does === 'starts' && object === 0,
  );
  return new Map([
    ...takes.flatMap((name) => {
      const take = pass.catalog.takes.get(name);
      return take ? [[name, take] as const] : [];
    }),
    ...submits.map(
      ({ name }) =>
        [name, { name, group: 'urb', object: { argument: 0 }, releases: stops }] as const,
    ),
  ]);
}

/** A function that submits an URB and waits for it leaves none running. */
function isWaitedFor(pass: Pass, { facts }: FunctionRef): boolean {
  const waits = transferNames(pass, 'waits');
  return facts.calls.some(({ callee }) => waits.includes(callee));
}

function judge(
  pass: Pass,
  binding: ClosedBinding,
  take: ManualTake,
  frames: readonly CallSite[],
): RuleFinding | undefined {
  const [site] = frames.slice(-1);
  if (!site || isKept(pass.catalog, site) || !isTaken(pass.program, take, site)) return undefined;
  const sites = releaseSitesOf(pass, take, site);
  const releases = pass.graph.waysFrom(sites);
  const { end, ends } = ownerAmong(pass, binding, (fn) => releases.has(fn));
  const removes = firstWith(releases, ends);
  if (!removes || isManaged(pass, releases)) return undefined;
  if (take.group === 'urb' && goesWithAnother(pass, releases, binding)) return undefined;
  if (isNeverSo(pass, frames) || goesWithChild(pass, take, site)) return undefined;
  if (!releases.has(binding.end.fn) && staysWithModule(pass, take, site, sites)) return undefined;
  const all = [...sites, ...pass.program.callsOfAny(take.parents ?? [])];
  const undone = new Undone(pass, pass.graph.waysFrom(all), all);
  const failing = failingStep(pass, take, undone, frames);
  if (!failing) return undefined;
  const { caller, call } = site;
  const step = stepName(failing.failure.call);
  const { start } = binding;
  const opener = isStart(start) ? undefined : `\`.${start.entry.member}\``;
  const left = leftOf(pass.catalog, take);
  const again = isInTheWay(pass, take, site) ? ', and the next probe fails on it' : '';
  return {
    severity: isQuiet(pass.catalog, take) ? 'info' : 'warning',
    confidence: 'likely',
    place: placeInside(caller, call),
    function: caller.name,
    message: `only \`${removes.name}\` undoes \`${take.name}\`: when \`${step}\` fails, ${opener ?? 'probe'} leaves it ${left}${again}`,
    timelines: opener === undefined ? ['probe-fail'] : ['unbind'],
    fixes: () => (opener === undefined ? fixesOf(pass, site, releases.from(removes), sites) : []),
    identity: [take.name],
    causes: [errorWayCause(placeInside(failing.fn, failing.failure.call))],
    chain: [
      ...wayLinks(
        frames,
        `${take.name}() ${left === 'running' ? 'starts' : 'registers'} it`,
        'allocation',
      ),
      callLink(
        { caller: failing.fn, call: failing.failure.call },
        'note',
        `when this fails, \`${failing.fn.name}\` leaves with an error and nothing on the way gives it back`,
      ),
      tableLink(end),
      ...wayLinks(
        releases.from(removes),
        opener === undefined
          ? 'gives it back; remove does not run when probe fails'
          : `gives it back; it does not run when ${opener} fails`,
      ),
    ],
  };
}

/** An entry of a list that lives as long as the module, whose end takes it off: the driver itself never does. */
function staysWithModule(
  pass: Pass,
  { global }: ManualTake,
  { caller, call }: CallSite,
  sites: readonly CallSite[],
): boolean {
  const path = global === undefined ? null : pathIn(call.args[0]?.value ?? nothing);
  if (!path) return false;
  const { origins } = pass.memory.of(caller, { ...path, steps: [], address: 0 });
  const exits = moduleExits(pass);
  return (
    origins.length > 0 &&
    origins.every(({ scope }) => scope === 'manual') &&
    sites.some((one) => pass.graph.isReachedFrom(one.caller, exits))
  );
}

const nothing = { kind: 'literal', text: '' } as const;

function isStart({ role }: TableFunction): boolean {
  return role === 'probe' || role === 'bind';
}

function fixesOf(
  pass: Pass,
  taken: CallSite,
  way: readonly CallSite[],
  sites: readonly CallSite[],
): Fix[] {
  const release = way[way.length - 1];
  if (!release) return [];
  const helper = useManagedHelper(pass, taken, release, sites);
  const action = registerRelease(pass, taken, release, sites);
  if (!helper) return action;
  // The kernel's own call says the same in one line.
  return [
    helper,
    ...action.filter(({ edits }) => edits.length > 0).map((one) => ({ ...one, preferred: false })),
  ];
}

/**
 * A function that something of the kernel's runs stops it too: the free of a sound card, which a failed probe
 * frees.
 */
function goesWithAnother(pass: Pass, releases: Ways, { starts, ends }: ClosedBinding): boolean {
  const known = new Set(pass.tableFunctions.map(({ fn }) => fn));
  return [...releases.next.keys()].some(
    (fn) =>
      !known.has(fn) &&
      !starts.includes(fn) &&
      !ends.includes(fn) &&
      pass.program.callersOf(fn).length === 0,
  );
}

/** An action of devm or drmm, or a destructor of the mode-setting core, gives it back on the error path too. */
function isManaged(pass: Pass, releases: Ways): boolean {
  return (
    pass.registrations.some(
      (registration) => registration.target && releases.has(registration.target),
    ) ||
    pass.tableFunctions.some(
      (one) => (one.role === 'release' || one.role === 'last-put') && releases.has(one.fn),
    )
  );
}

/** The first step after the take, from the inside out, whose failure passes no release on its way up to probe. */
function failingStep(
  pass: Pass,
  take: ManualTake,
  undone: Undone,
  frames: readonly CallSite[],
): { readonly fn: FunctionRef; readonly failure: Failure } | undefined {
  let answer: Mask | undefined;
  // What is so where the function below was left: asked for only where a question above may be the same.
  let below = (): Premise[] => [];
  for (let i = frames.length - 1; i >= 0; i--) {
    const site = frames[i];
    if (!site) continue;
    const { caller, call } = site;
    const flow = pass.catalog.flows.of(caller.facts);
    answer ??= answerOfTake(pass.catalog, take, site);
    const effects = undone.effectsIn(caller);
    const from = { call, answer };
    const held = flow.whileHeld(from, effects);
    // It has been given back whenever the function is left.
    if (held.outcome.held === 0 && held.calls.size === 0) return undefined;
    answer = held.outcome.held;
    const inner = frames[i + 1]?.caller;
    const inside = below;
    const left = () => (inner ? handedUp(inside(), site, inner) : []);
    below = () => [...left(), ...leftWith(pass, caller, from, effects)];
    const isExcluded = (other: CallFact): boolean => {
      const asked = premisesOf(pass, caller, other);
      return asked.length > 0 && contradict([...left(), ...premisesOf(pass, caller, call)], asked);
    };
    const rise = riseFrom(pass, frames, i);
    const gives = (fn: FunctionRef, cleanup: readonly CallFact[], failed: CallFact | null) =>
      cleanup.some(
        (one) => undone.by(fn, one) && !(failed && skipsThisRound(pass, fn, one, failed)),
      );
    // A function that swallows its error lets probe go on.
    if (rise && !rise.some(({ fn, failure }) => gives(fn, failure.cleanup, failure.call))) {
      const failure = failuresAfter(pass, site).find(
        (one) =>
          held.calls.has(one.call) &&
          // That giving back can fail says nothing: nobody tries again.
          !take.releases.includes(one.call.callee) &&
          !gives(caller, one.cleanup, null) &&
          !undone.byFailing(caller, one) &&
          !isExcluded(one.call),
      );
      if (failure) return { fn: caller, failure };
    }
    if (answer === 0) return undefined;
  }
  return undefined;
}

/** What is so whenever the function is left with the thing still held: `if (!ready(foo)) goto give_back`. */
function leftWith(
  pass: Pass,
  fn: FunctionRef,
  from: HeldFrom,
  effects: ReadonlyMap<CallFact, Outcome>,
): Premise[] {
  const flow = pass.catalog.flows.of(fn.facts);
  const isLeft = (call: CallFact, answer: Mask) =>
    flow.whileHeld(from, new Map(effects).set(call, { held: answer, ended: 0 })).outcome.held !== 0;
  return fn.facts.calls.flatMap((call) => {
    const question =
      call.use === 'tested' && !effects.has(call) ? questionOf(pass, fn, call) : undefined;
    if (!question) return [];
    const [no, yes] = [isLeft(call, zero), isLeft(call, negative | positive)];
    return no === yes ? [] : [{ ...question, answer: yes }];
  });
}

/** Whether the ways down to the take need opposite answers to one question. */
function isNeverSo(pass: Pass, frames: readonly CallSite[]): boolean {
  let above: Premise[] = [];
  for (const [i, site] of frames.entries()) {
    const own = premisesOf(pass, site.caller, site.call);
    if (contradict(above, own)) return true;
    const next = frames[i + 1];
    if (next) above = handedDown([...above, ...own], site, next.caller);
  }
  return false;
}

/** How a failure inside frame `i` leaves each frame above it; undefined when one of them drops it. */
function riseFrom(
  pass: Pass,
  frames: readonly CallSite[],
  i: number,
): { readonly fn: FunctionRef; readonly failure: Failure }[] | undefined {
  const out: { fn: FunctionRef; failure: Failure }[] = [];
  for (const { caller, call } of frames.slice(0, i)) {
    const failure = pass.catalog.flows.of(caller.facts).failureOf(call);
    if (!failure) return undefined;
    out.push({ fn: caller, failure });
  }
  return out;
}

/**
 * The steps after a call whose failure leaves the function with an error. A call that a branch returns
 * or tests without keeping its answer may as well report an earlier error or ask a question: it counts
 * when it is known to answer errors.
 */
function failuresAfter(pass: Pass, { caller, call }: CallSite): Failure[] {
  if (call.use === 'returned') return [];
  const flow = pass.catalog.flows.of(caller.facts);
  const own = flow.failureOf(call);
  return caller.facts.calls.flatMap((other) => {
    if (other.start <= call.end || !flow.canFollow(call, other) || own?.cleanup.includes(other))
      return [];
    if (/^[A-Z0-9_]+$/.test(other.callee) || handsOutError(pass, caller, other)) return [];
    const plain = other.use === 'assigned' || (other.use === 'returned' && other.context === -1);
    return plain || answersErrors(pass, caller, other) ? (flow.failureOf(other) ?? []) : [];
  });
}

/** Whether a clean-up call unwinds only the rounds of a loop before the one in which `failed` failed. */
function skipsThisRound(
  pass: Pass,
  { facts }: FunctionRef,
  call: CallFact,
  failed: CallFact,
): boolean {
  const flow = pass.catalog.flows.of(facts);
  if (!flow.loopOf(failed) || !flow.loopOf(call)) return false;
  return flow.around(call).some((context) => isEarlierRounds(facts, context));
}

/** `while (i--)`, `while (--i >= 0)`, `for (; …; i--)`, or a loop over all with `if (j < i)` in it. */
function isEarlierRounds(
  { assigns }: FunctionFacts,
  { kind, test, counts, head = 0, start }: Context,
): boolean {
  // A head that sets the counter anew goes through more than what is behind.
  if (kind === 'loop')
    return counts === 'down' && !assigns.some((one) => one.start >= head && one.end <= start);
  return (
    kind === 'if' &&
    test?.kind === 'compare' &&
    test.op === '<' &&
    test.left.kind === 'path' &&
    test.right.kind === 'path'
  );
}

/** Whether a call answers what a member holds: an error of an earlier step, which has given back what it took. */
function handsOutError(pass: Pass, caller: FunctionRef, call: CallFact): boolean {
  const [target] = pass.graph.targetsOf(caller, call);
  return (
    target !== undefined &&
    target.facts.calls.length === 0 &&
    target.facts.returnsOf.every(({ value }) => value?.kind === 'path')
  );
}

/** Whether a call is known to answer an error number. */
function answersErrors(pass: Pass, caller: FunctionRef, call: CallFact): boolean {
  if (
    pass.catalog.managed.get(call.callee)?.returns === 'error' ||
    pass.catalog.takes.has(call.callee)
  )
    return true;
  const [target] = pass.graph.targetsOf(caller, call);
  return (
    target !== undefined &&
    target.facts.returns.name === 'int' &&
    target.facts.returnsOf.some(
      (one) =>
        one.value?.kind === 'words' && one.value.words.some((word) => /^E[A-Z]+$/.test(word)),
    )
  );
}

function stepName(call: CallFact): string {
  return call.callee === '' ? 'a call through a pointer' : call.callee;
}
