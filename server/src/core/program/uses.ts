/** Which members' objects a function works on when it runs: handed to the kernel, or followed in the module. */
import type { CallFact } from '../facts/types.ts';
import type { Pass, Question } from '../pass.ts';
import { sameItems, sameSet } from '../queries/same.ts';
import type { MemberKey } from './objects.ts';
import type { CallSite, FunctionRef } from './program.ts';
import { touchesIn } from './touches.ts';

/** One place, at the end of `way`, that works on the object that `key` holds. */
export interface Use {
  readonly key: MemberKey;
  /** The calls from the function down to the use, the use last: a call, or an access that stands as one. */
  readonly way: readonly CallSite[];
  readonly written: string;
  readonly conditional: boolean;
}

export interface UseQuery {
  /** The members that are asked about, by their own name; without it all of known structs. */
  readonly wanted?: ReadonlyMap<string, readonly MemberKey[]>;
  /** Whether a call counts though it is handed the object, as a release may be another rule's; without it each does. */
  readonly counts?: (call: CallFact) => boolean;
  /** drm_dev_enter() holds nothing up: nobody marks the device unplugged. */
  readonly unguarded?: true;
  /** Only what is handed the object to work on it counts, and not who reads a member. */
  readonly handed?: true;
  /** The pointer is NULL: the kernel's functions mostly take that, and what follows it does not. */
  readonly nothing?: true;
}

/** The functions that name one of the wanted members, and all that lead to one of these. */
interface Leading {
  readonly naming: ReadonlySet<FunctionRef>;
  readonly all: ReadonlySet<FunctionRef>;
}

/** Found upwards on the index, so that what leads to none of the members is not read. */
const leadingTo: Question<string, Leading> = {
  answer: ({ program, graph }, names) => {
    const naming = new Set(names.split(' ').flatMap((name) => [...program.mentioningMember(name)]));
    const all = new Set(naming);
    // A set hands out what is added while it is walked.
    for (const fn of all) for (const caller of graph.callingFunctions(fn)) all.add(caller);
    return { naming, all };
  },
  equal: (a, b) => sameSet(a.naming, b.naming) && sameSet(a.all, b.all),
};

const maximumDepth = 16;

/** A call that goes on into the module, without its place: a keystroke in the function leaves it as it is. */
interface Step {
  readonly target: FunctionRef;
  /** The call can mean others, too. */
  readonly among: boolean;
  readonly guarded: boolean;
  readonly always: boolean;
}

/** What a touch is, without its place. */
interface TouchShape extends Pick<Step, 'guarded' | 'always'> {
  readonly key: MemberKey;
  readonly handed: number;
  /** The functions of the module that it is handed to. */
  readonly targets: readonly FunctionRef[];
}

const stepCalls: Question<FunctionRef, readonly CallFact[]> = {
  answer: ({ graph }, fn) =>
    fn.facts.calls.flatMap((call) => graph.targetsOf(fn, call).map(() => call)),
};

/** What each of `stepCalls` leads to. */
const steps: Question<FunctionRef, readonly Step[]> = {
  answer: ({ graph, catalog }, fn) => {
    const flow = catalog.flows.of(fn.facts);
    return fn.facts.calls.flatMap((call) => {
      const targets = graph.targetsOf(fn, call);
      if (targets.length === 0) return [];
      const how = { guarded: flow.isGuarded(call), always: flow.isAlways(call) };
      return targets.map((target) => ({ target, among: targets.length > 1, ...how }));
    });
  },
  equal: (a, b) =>
    sameItems(
      a,
      b,
      (one, other) =>
        one.target === other.target &&
        one.among === other.among &&
        one.guarded === other.guarded &&
        one.always === other.always,
    ),
};

/** What each of `touchesIn` is. */
const touchShapes: Question<FunctionRef, readonly TouchShape[]> = {
  answer: (pass, fn) => {
    const flow = pass.catalog.flows.of(fn.facts);
    return touchesIn(pass, fn).map(({ key, at, handed }) => ({
      key,
      handed,
      targets: handed < 0 ? [] : pass.graph.targetsOf(fn, at),
      guarded: flow.isGuarded(at),
      always: flow.isAlways(at),
    }));
  },
  equal: (a, b) =>
    sameItems(
      a,
      b,
      (one, other) =>
        one.key.tag === other.key.tag &&
        one.key.member === other.key.member &&
        one.handed === other.handed &&
        one.guarded === other.guarded &&
        one.always === other.always &&
        sameItems(one.targets, other.targets),
    ),
};

/** A function that the search has come to, and over which step of which. */
interface Visit {
  readonly at: FunctionRef;
  readonly from?: { readonly visit: Visit; readonly step: number };
  readonly conditional: boolean;
}

/**
 * The first use of each wanted member, by the shortest way down, tables and macros included; none behind
 * drm_dev_enter(). The search reads what calls and touches are; where they stand is read of those that are found.
 */
export function usesIn(pass: Pass, fn: FunctionRef, query: UseQuery): Use[] {
  const found = new Map<string, Use>();
  const names = query.wanted && [...query.wanted.keys()].sort().join(' ');
  const leads = names === undefined ? undefined : pass.ask(leadingTo, names);
  if (leads && !leads.all.has(fn)) return [];
  const seen = new Set([fn]);
  let wave: Visit[] = [{ at: fn, conditional: false }];
  for (let depth = 0; wave.length > 0 && depth < maximumDepth; depth++) {
    const next: Visit[] = [];
    for (const visit of wave) {
      if (!leads || leads.naming.has(visit.at)) collect(pass, query, visit, found);
      for (const [step, { target, ...how }] of pass.ask(steps, visit.at).entries()) {
        if ((how.guarded && !query.unguarded) || seen.has(target)) continue;
        if (leads && !leads.all.has(target)) continue;
        seen.add(target);
        const conditional = visit.conditional || !how.always || how.among;
        next.push({ at: target, from: { visit, step }, conditional });
      }
    }
    wave = next;
  }
  return [...found.values()];
}

/** Adds the first touches of a function that count. */
function collect(pass: Pass, query: UseQuery, visit: Visit, found: Map<string, Use>): void {
  const { at, conditional } = visit;
  for (const [index, shape] of pass.ask(touchShapes, at).entries()) {
    const key = keyOf(query, shape);
    const name = key && `${key.tag}.${key.member}`;
    if (!name || found.has(name)) continue;
    if ((shape.guarded && !query.unguarded) || (query.handed && shape.handed < 0)) continue;
    if (!isFollowed(pass, shape, query.nothing === true)) continue;
    const touch = touchesIn(pass, at)[index];
    if (!touch || (query.counts && !query.counts(touch.at))) continue;
    const way = [...wayTo(pass, visit), { caller: at, call: touch.at }];
    const unsure = conditional || !shape.always;
    found.set(name, { key, written: touch.written, way, conditional: unsure });
  }
}

function wayTo(pass: Pass, { from }: Visit): CallSite[] {
  if (!from) return [];
  const caller = from.visit.at;
  const call = pass.ask(stepCalls, caller)[from.step];
  return call ? [...wayTo(pass, from.visit), { caller, call }] : [];
}

/** Where a function works on what one member holds. */
export function usesOf(
  pass: Pass,
  fn: FunctionRef,
  key: MemberKey,
  how: Pick<UseQuery, 'nothing' | 'handed'> = {},
): readonly (readonly CallSite[])[] {
  const wanted = new Map([[key.member.split('.').at(-1) ?? '', [key]]]);
  return usesIn(pass, fn, { ...how, wanted }).map(({ way }) => way);
}

function keyOf({ wanted }: UseQuery, { key }: TouchShape): MemberKey | undefined {
  if (!wanted) return key.tag === '' ? undefined : key;
  return wanted
    .get(key.member.split('.').at(-1) ?? '')
    ?.find(({ tag, member }) => tag === key.tag && member === key.member);
}

/** What a function of the module is handed counts where it looks behind the pointer, or the kernel does. */
function isFollowed(pass: Pass, { handed, targets }: TouchShape, nothing: boolean): boolean {
  return (
    (targets.length === 0 && (handed < 0 || !nothing)) ||
    targets.some((target) => pass.ask(followedParameters, target).has(handed))
  );
}

/** The parameters behind whose pointers a function looks: it follows them, or hands them to the kernel. */
const followedParameters: Question<FunctionRef, ReadonlySet<number>> = {
  answer: (pass, fn) =>
    new Set([...fn.facts.params.keys()].filter((at) => follows(pass, fn, at, 6))),
  equal: sameSet,
};

function follows(pass: Pass, { facts, file }: FunctionRef, param: number, depth: number): boolean {
  const name = facts.params[param]?.name;
  return (
    facts.paramUses.some((use) => use.param === param && use.memberStart >= 0) ||
    facts.calls.some((call) =>
      call.args.some(({ value }, index) => {
        if (value.kind !== 'path' || value.steps.length > 0 || value.root !== name) return false;
        const callee = pass.program.resolve(call.callee, file);
        return (
          !callee ||
          (depth > 0 && callee.facts !== facts && follows(pass, callee, index, depth - 1))
        );
      }),
    )
  );
}
