/**
 * Whether an action is registered when a free of the same object runs. A constructor that fails before
 * its caller registers frees what nobody else owns yet.
 */
import type { Catalog } from '../catalog.ts';
import type { CallFact } from '../facts/types.ts';
import type { CallGraph } from './call-graph.ts';
import type { FreeSite } from './frees.ts';
import { originOf, pathIn } from './objects.ts';
import type { CallSite, FunctionRef, Program } from './program.ts';
import type { Registration } from './registrations.ts';

/** What the judgement reads of a module. */
export interface RegisteredContext {
  readonly program: Program;
  readonly graph: CallGraph;
  readonly catalog: Catalog;
}

export function registeredBefore(
  context: RegisteredContext,
  site: FreeSite,
  registration: Registration,
): boolean {
  const { fn, call } = registration;
  if (site.fn === fn)
    return registration.api.orReset === true && comesAfter(context, site.fn, call, site.call);
  const fresh = makerOf(context, site);
  if (fresh !== undefined) {
    // The object is this very call's: it is registered by what made it, or by a call in between.
    if (fresh !== 'kernel' && (fresh === fn || reaches(context, fresh, fn))) return true;
    return leadingTo(context, site.fn, fn).some((one) =>
      ownsAfter(context, site, one, registration),
    );
  }
  return ranBefore(context, site, registration);
}

/**
 * What made the object in the function that frees it: a function of the module, or one of the kernel; undefined
 * when it came from elsewhere.
 */
function makerOf(
  { program }: RegisteredContext,
  site: FreeSite,
): FunctionRef | 'kernel' | undefined {
  const path = pathIn(site.object.value);
  const made = path && originOf(site.fn, path, site.call.start).call;
  return made ? (program.resolve(made.callee, site.fn.file) ?? 'kernel') : undefined;
}

/** Whether the free can run once a call of the same function has registered the action. */
function ownsAfter(
  context: RegisteredContext,
  site: FreeSite,
  { call }: CallSite,
  registration: Registration,
): boolean {
  if (!comesAfter(context, site.fn, call, site.call)) return false;
  const failed = context.catalog.flows.of(site.fn.facts).whenFailed(call).includes(site.call);
  return !failed || alwaysRuns(registration);
}

/** Whether the registering function fails in one way only: registering, which has run the action then. */
function alwaysRuns({ api, fn, call }: Registration): boolean {
  return (
    api.orReset === true &&
    !fn.facts.returnsOf.some((one) => one.end <= call.start) &&
    !fn.facts.gotos.some((one) => one.start <= call.start)
  );
}

/** For an object that a member or a parameter holds: by the functions that run both. */
function ranBefore(
  context: RegisteredContext,
  site: FreeSite,
  registration: Registration,
): boolean {
  const registering = callersUpFrom(context, registration.fn);
  const freeing = callersUpFrom(context, site.fn);
  const shared = [...freeing].filter((fn) => registering.has(fn));
  // A way out of its own, as remove(), comes after all of the way in.
  const apart = [...freeing].some((fn) => !registering.has(fn) && isTop(context, fn));
  if (shared.length === 0 || apart) return true;
  return shared.some((fn) => {
    const ends =
      fn === site.fn ? [{ caller: fn, call: site.call }] : leadingTo(context, fn, site.fn);
    const begins =
      fn === registration.fn
        ? [{ caller: fn, call: registration.call }]
        : leadingTo(context, fn, registration.fn);
    return begins.some((begin) =>
      ends.some((end) => begin.call !== end.call && comesAfter(context, fn, begin.call, end.call)),
    );
  });
}

function isTop({ graph }: RegisteredContext, fn: FunctionRef): boolean {
  return graph.callingFunctions(fn).length === 0;
}

function callersUpFrom({ graph }: RegisteredContext, fn: FunctionRef): ReadonlySet<FunctionRef> {
  const found = new Set([fn]);
  for (const one of found) for (const caller of graph.callingFunctions(one)) found.add(caller);
  return found;
}

function reaches({ graph }: RegisteredContext, from: FunctionRef, to: FunctionRef): boolean {
  return graph.isReachedFrom(to, [from]);
}

/** The calls of a function that lead to another one. */
function leadingTo(
  context: RegisteredContext,
  fn: FunctionRef,
  to: FunctionRef,
): readonly CallSite[] {
  return fn.facts.calls
    .filter((call) =>
      context.graph
        .targetsOf(fn, call)
        .some((target) => target === to || reaches(context, target, to)),
    )
    .map((call) => ({ caller: fn, call }));
}

/** Whether a call can run after another one of the same function has come back. */
function comesAfter(
  { catalog }: RegisteredContext,
  { facts }: FunctionRef,
  first: CallFact,
  then: CallFact,
): boolean {
  // `return register(…);` leaves with its answer.
  if (facts.returnsOf.some(({ start, end }) => start <= first.start && first.end <= end))
    return false;
  return catalog.flows.of(facts).canFollow(first, then);
}
