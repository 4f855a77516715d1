/** Which members' objects a function works on when it runs: handed to the kernel, or followed in the module. */
import type { CallFact } from '../facts/types.ts';
import type { Pass, Question } from '../pass.ts';
import { sameSet } from '../queries/same.ts';
import type { MemberKey } from './objects.ts';
import type { CallSite, FunctionRef } from './program.ts';
import { type Touch, touchesIn } from './touches.ts';

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
  /** Whether a call counts though it is handed the object: a release of it may be another rule's. */
  readonly counts: (call: CallFact) => boolean;
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

/**
 * The first use of each wanted member, by the shortest way down, tables and macros included; none behind
 * drm_dev_enter().
 */
export function usesIn(pass: Pass, fn: FunctionRef, query: UseQuery): Use[] {
  const found = new Map<string, Use>();
  const names = query.wanted && [...query.wanted.keys()].sort().join(' ');
  const leads = names === undefined ? undefined : pass.ask(leadingTo, names);
  if (leads && !leads.all.has(fn)) return [];
  const seen = new Set([fn]);
  let wave: {
    readonly at: FunctionRef;
    readonly way: readonly CallSite[];
    readonly conditional: boolean;
  }[] = [{ at: fn, way: [], conditional: false }];
  for (let depth = 0; wave.length > 0 && depth < maximumDepth; depth++) {
    const next: typeof wave = [];
    for (const { at, way, conditional } of wave) {
      const flow = pass.catalog.flows.of(at.facts);
      const unsure = (call: CallFact): boolean => conditional || !flow.isAlways(call);
      const touches = leads && !leads.naming.has(at) ? [] : touchesIn(pass, at);
      for (const touch of touches) {
        const key = keyOf(query, touch);
        const name = key && `${key.tag}.${key.member}`;
        if (
          !name ||
          found.has(name) ||
          (flow.isGuarded(touch.at) && !query.unguarded) ||
          (query.handed && touch.handed < 0) ||
          !query.counts(touch.at)
        )
          continue;
        if (!isFollowed(pass, at, touch, query.nothing === true)) continue;
        const site = { caller: at, call: touch.at };
        const written = touch.written;
        found.set(name, { key, written, way: [...way, site], conditional: unsure(touch.at) });
      }
      for (const call of at.facts.calls) {
        const targets = pass.graph.targetsOf(at, call);
        if (targets.length === 0 || (flow.isGuarded(call) && !query.unguarded)) continue;
        const doubt = unsure(call) || targets.length > 1;
        for (const target of targets) {
          if (seen.has(target) || (leads && !leads.all.has(target))) continue;
          seen.add(target);
          next.push({ at: target, way: [...way, { caller: at, call }], conditional: doubt });
        }
      }
    }
    wave = next;
  }
  return [...found.values()];
}

/** Where a function works on what one member holds. */
export function usesOf(
  pass: Pass,
  fn: FunctionRef,
  key: MemberKey,
  how: Pick<UseQuery, 'nothing' | 'handed'> = {},
): readonly (readonly CallSite[])[] {
  const wanted = new Map([[key.member.split('.').at(-1) ?? '', [key]]]);
  return usesIn(pass, fn, { ...how, wanted, counts: () => true }).map(({ way }) => way);
}

function keyOf({ wanted }: UseQuery, { key }: Touch): MemberKey | undefined {
  if (!wanted) return key.tag === '' ? undefined : key;
  return wanted
    .get(key.member.split('.').at(-1) ?? '')
    ?.find(({ tag, member }) => tag === key.tag && member === key.member);
}

/** What a function of the module is handed counts where it looks behind the pointer, or the kernel does. */
function isFollowed(pass: Pass, fn: FunctionRef, { at, handed }: Touch, nothing: boolean): boolean {
  const targets = handed < 0 ? [] : pass.graph.targetsOf(fn, at);
  return (
    (targets.length === 0 && (handed < 0 || !nothing)) ||
    targets.some((target) => pass.ask(followedParameters, target).has(handed))
  );
}

/** The parameters behind whose pointers a function looks: it follows them, or hands them to the kernel. */
const followedParameters: Question<FunctionRef, ReadonlySet<number>> = {
  answer: (pass, fn) =>
    new Set([...fn.facts.params.keys()].filter((at) => follows(pass, fn, at, 6))),
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
