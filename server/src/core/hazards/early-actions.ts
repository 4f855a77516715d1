/**
 * An action that is registered before what it ends has begun: where a step between the two fails, it runs
 * on a pointer that is NULL yet, on a work that nobody has set up, on an interrupt that nobody requested.
 */
import type { CallFact } from '../facts/types.ts';
import type { Pass } from '../pass.ts';
import type { CallSite, FunctionRef } from '../program/program.ts';
import type { Registration } from '../program/registrations.ts';
import { bindingsOf } from '../teardown/bindings.ts';
import { beginsOf, type EarlyEnd, endsOf, wayDown } from './early-ends.ts';
import { comesBefore, type Way } from './ways.ts';

export interface EarlyAction {
  readonly registration: Registration;
  readonly target: FunctionRef;
  /** From probe down to the registration. */
  readonly registered: Way;
  readonly ends: readonly [EarlyEnd, ...EarlyEnd[]];
  /** The step between the registration and a begin that can fail; none where only the registration can. */
  readonly failing: CallSite | undefined;
}

/** Each registration of the module once. */
export function earlyActions(pass: Pass): EarlyAction[] {
  const acting = pass.registrations.filter(({ target }) => target);
  if (acting.length === 0) return [];
  const found = new Map<CallFact, EarlyAction>();
  for (const start of new Set(bindingsOf(pass).flatMap(({ starts }) => starts))) {
    for (const registration of acting) {
      const { target, call } = registration;
      if (!target || found.has(call)) continue;
      const early = judge(pass, start, registration, target);
      if (early) found.set(call, early);
    }
  }
  return [...found.values()];
}

function judge(
  pass: Pass,
  start: FunctionRef,
  registration: Registration,
  target: FunctionRef,
): EarlyAction | undefined {
  const { fn, call } = registration;
  if (!pass.graph.isReachedFrom(fn, [start])) return undefined;
  const enders = endsOf(pass, target);
  if (enders.length === 0) return undefined;
  const registered = wayDown(pass, start, { caller: fn, call });
  if (!registered) return undefined;
  const ends = enders.flatMap((one): EarlyEnd[] => {
    const begins = beginsOf(pass, start, one);
    const [begin] = begins;
    return begin && begins.every((way) => comesBefore(pass, registered, way))
      ? [{ ...one, begin }]
      : [];
  });
  const [first, ...others] = ends;
  if (!first) return undefined;
  const failing = failingBefore(
    pass,
    registered,
    ends.map(({ begin }) => begin),
  );
  if (!failing && !registration.api.orReset) return undefined;
  return { registration, target, registered, ends: [first, ...others], failing };
}

/** The first step behind a registration that can fail, where that is before one of the begins is over. */
function failingBefore(
  { catalog }: Pass,
  registered: Way,
  begins: readonly Way[],
): CallSite | undefined {
  for (const site of registered.toReversed()) {
    const { caller, call } = site;
    const flow = catalog.flows.of(caller.facts);
    const failing = caller.facts.calls.find(
      (other) =>
        other.start > call.end &&
        flow.canFollow(call, other) &&
        !flow.isOnFailure(other) &&
        flow.failureOf(other) !== undefined,
    );
    if (!failing) continue;
    // What leads to the begin, or is the begin, has not begun it when it fails.
    const isOver = (way: Way) =>
      way.some(
        (one) =>
          one.caller === caller &&
          one.call !== failing &&
          one.call.end <= failing.start &&
          flow.canFollow(one.call, failing),
      );
    return begins.every(isOver) ? undefined : { caller, call: failing };
  }
  return undefined;
}
