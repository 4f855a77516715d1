/** Structs that are freed while others follow a member of theirs: an MMU notifier, the callback of a fence. */
import type { Linked } from '../catalog-entries.ts';
import { anything, zero } from '../facts/flow/known.ts';
import type { Pass } from '../pass.ts';
import { type MemberKey, pathIn } from '../program/objects.ts';
import type { CallSite, FunctionRef } from '../program/program.ts';
import { keysOf, shareMember } from '../program/stops.ts';
import { Undone } from '../program/undone.ts';

export interface FreedLinked {
  readonly linked: Linked;
  readonly key: MemberKey;
  /** Where it is linked, and where its struct is freed. */
  readonly site: CallSite;
  readonly free: CallSite;
  /** The way from the one to the other lies in one function, or nothing in the module takes it back. */
  readonly sure: boolean;
}

/** One for each place that frees such a struct. */
export function freedLinked(pass: Pass): FreedLinked[] {
  const found = new Map<object, FreedLinked>();
  for (const linked of pass.catalog.data.linked)
    for (const site of pass.program.callsOf(linked.name))
      for (const one of freedBy(pass, linked, site))
        if (!found.has(one.free.call)) found.set(one.free.call, one);
  return [...found.values()];
}

function freedBy(pass: Pass, linked: Linked, site: CallSite): FreedLinked[] {
  const { program, graph } = pass;
  const [key] = keysOf(program, site.caller, site.call, linked.object).filter(
    ({ tag }) => tag !== '',
  );
  if (!key) return [];
  const ends = endsOf(pass, linked, key);
  const undone = new Undone(pass, graph.waysFrom(ends), ends);
  return freesOf(pass, key.tag).flatMap((free): FreedLinked[] => {
    const isHere = free.caller === site.caller;
    if (isHere) {
      const { calls } = pass.catalog.flows
        .of(site.caller.facts)
        .whileHeld({ call: site.call, answer: zero }, effectsIn(linked, undone, site.caller));
      return calls.has(free.call) ? [{ linked, key, site, free, sure: true }] : [];
    }
    if (linked.once || isTakenBack(pass, undone, free)) return [];
    // Whoever is handed to the kernel runs when it is over: what that needs is not known here.
    if (ends.length > 0 && program.callersOf(free.caller).length === 0) return [];
    return [{ linked, key, site, free, sure: ends.length === 0 }];
  });
}

/** The calls that take it back; those that name no member can. */
function endsOf({ program }: Pass, { releases }: Linked, key: MemberKey): CallSite[] {
  return program.callsOfAny(releases).filter(({ caller, call }) => {
    const keys = call.args.flatMap((_, index) => keysOf(program, caller, call, index));
    const named = keys.filter(({ tag }) => tag !== '');
    return named.length === 0 || shareMember(named, [key]);
  });
}

/** What ends it in a function: what takes it back, and what waits until it has been. */
function effectsIn({ settles = [] }: Linked, undone: Undone, fn: FunctionRef) {
  const effects = new Map(undone.effectsIn(fn));
  for (const call of fn.facts.calls)
    if (settles.includes(call.callee)) effects.set(call, { held: 0, ended: anything });
  return effects;
}

/** The calls that free a struct of the tag by a pointer to it, but for the ways of failure. */
function freesOf({ program, catalog }: Pass, tag: string): CallSite[] {
  const names = catalog.data.memory.flatMap(({ releases }) => releases);
  return program.callsOfAny(new Set(names)).filter(({ caller, call }) => {
    const path = pathIn(call.args[0]?.value ?? { kind: 'literal', text: '' });
    const type =
      path?.address === 0 && path.steps.length === 0
        ? program.typeOfRoot(caller, path.root)
        : undefined;
    return type?.tagged === true && type.pointers === 1 && type.name === tag;
  });
}

const maximumRise = 3;

/** Whether the function that frees it, or one that comes to it, takes it back before. */
function isTakenBack(pass: Pass, undone: Undone, { caller, call }: CallSite, rise = 0): boolean {
  const flow = pass.catalog.flows.of(caller.facts);
  if (flow.isOnFailure(call)) return true;
  const before = caller.facts.calls.some(
    (one) => one !== call && undone.by(caller, one) && flow.canFollow(one, call),
  );
  if (before || rise === maximumRise) return before;
  const callers = pass.program.callersOf(caller);
  return callers.length > 0 && callers.some((site) => isTakenBack(pass, undone, site, rise + 1));
}
