/**
 * The structs that a way out frees by hand as a whole: the driver's own, or what carries one, a net_device with its
 * private area; and who follows a pointer to such a struct.
 */
import type { CallFact, PathValue, Value } from '../facts/types.ts';
import type { Pass, Question } from '../pass.ts';
import { allocatedStruct } from '../program/allocated-struct.ts';
import { pathIn } from '../program/objects.ts';
import type { CallSite, FunctionRef } from '../program/program.ts';
import { standIn } from '../program/touches.ts';
import { usesOf } from '../program/uses.ts';
import { directWays, type End, isPlainForEach } from './ends.ts';
import type { Way } from './ways.ts';
import { firstWayTo } from './ways-down.ts';

/** What a way out frees, in the order of the way down. */
export function endedStructs(pass: Pass, out: FunctionRef): readonly End[] {
  return pass.ask(ended, out);
}

const ended: Question<FunctionRef, readonly End[]> = { answer: findEnded };

function findEnded(pass: Pass, out: FunctionRef): End[] {
  const { catalog, graph } = pass;
  const carried = pass.ask(carriedBy, null);
  const plain = new Set(catalog.data.memory.flatMap(({ releases }) => releases));
  const leads = graph.waysTo([...carried.keys(), ...plain]);
  if (!leads.has(out)) return [];
  const down = directWays(pass, out, leads);
  return [...down.functions()].flatMap((caller) => {
    const flow = catalog.flows.of(caller.facts);
    return caller.facts.calls.flatMap((call): End[] => {
      const tags =
        carried.get(call.callee) ?? (plain.has(call.callee) ? own(pass, caller, call) : []);
      // Of several there are others left.
      if (tags.length === 0 || flow.isOnFailure(call) || flow.loopOf(call)) return [];
      const way = [...down.to(caller), { caller, call }];
      const always = way.every((site) => isPlainForEach(pass, site));
      return tags.map((tag) => ({
        key: { tag, member: tag },
        kind: 'ended',
        what: 'struct',
        way,
        always,
        struct: tag,
      }));
    });
  });
}

/** The struct that lies in what a function frees, where every such object of the module has the same. */
const carriedBy: Question<null, ReadonlyMap<string, readonly string[]>> = {
  answer: ({ catalog, program }) => {
    const found = new Map<string, Set<string | undefined>>();
    for (const { name, releases, carries } of catalog.data.takes) {
      if (!carries) continue;
      const tags = program
        .callsOf(name)
        .map(({ caller, call }) => allocatedStruct(program, caller, call));
      for (const release of tags.length > 0 ? releases : [])
        found.set(release, new Set([...(found.get(release) ?? []), ...tags]));
    }
    return new Map(
      [...found].flatMap(([release, tags]) => {
        const [tag, other] = tags;
        return tag !== undefined && tags.size === 1 && other === undefined
          ? [[release, [tag]] as const]
          : [];
      }),
    );
  },
};

/** The struct that the first argument points to, where the module allocates it by hand alone. */
function own(pass: Pass, fn: FunctionRef, call: CallFact): readonly string[] {
  const { program } = pass;
  const path = pathIn(call.args[0]?.value ?? { kind: 'literal', text: '' });
  const type =
    path?.address === 0 && path.steps.length === 0 ? program.typeOfRoot(fn, path.root) : undefined;
  return type?.tagged && type.pointers === 1 && pass.ask(madeByHand, null).has(type.name)
    ? [type.name]
    : [];
}

/** The structs that plain allocations of the module make, and no managed one. */
const madeByHand: Question<null, ReadonlySet<string>> = {
  answer: ({ catalog, program }) => {
    const structsOf = (names: readonly string[]) =>
      program
        .callsOfAny(names)
        .flatMap(({ caller, call }) => allocatedStruct(program, caller, call) ?? []);
    const managed = catalog.data.managed
      .filter(({ role }) => role === 'alloc-memory' || role === 'acquire')
      .map(({ name }) => name);
    const others = new Set(structsOf(managed));
    return new Set(
      structsOf(catalog.data.memory.map(({ name }) => name)).filter((tag) => !others.has(tag)),
    );
  },
};

/** From a function down to where it works with what has ended: what a member holds, or a whole struct. */
export function usesOfEnded(
  pass: Pass,
  fn: FunctionRef,
  { key, struct, what }: End,
): readonly Way[] {
  const isThere = pass.catalog.takeGroups.get(what)?.inDevm === true;
  // Who reads a member of what is there needs nobody to work on it.
  if (struct === undefined) return usesOf(pass, fn, key, isThere ? { handed: true } : {});
  const way = followsStruct(pass, fn, struct);
  return way ? [way] : [];
}

/** The shortest way from a function to where it follows a pointer to a struct; undefined when it does not. */
export function followsStruct(pass: Pass, fn: FunctionRef, tag: string): Way | undefined {
  return firstWayTo(pass, fn, (one) => followedIn(pass, one, tag));
}

/** The first place of a function that reads or writes behind such a pointer. */
function followedIn({ program }: Pass, fn: FunctionRef, tag: string): CallSite | undefined {
  const follows = (value: Value): boolean => pathsIn(value).some((path) => isInside(path));
  const isInside = ({ root, steps, address }: PathValue): boolean => {
    if (steps.length === 0 || (steps.length === 1 && address === 1)) return false;
    const type = program.typeOfRoot(fn, root);
    return type?.tagged === true && type.pointers === 1 && type.name === tag;
  };
  const { calls, assigns } = fn.facts;
  const call = calls.find(({ args }) => args.some(({ value }) => follows(value)));
  const assign = assigns.find(({ target, value }) => follows(target) || follows(value));
  const first = assign && (!call || assign.start < call.start) ? assign : undefined;
  const at = first ? standIn(first, first.context, first.block) : call;
  return at && { caller: fn, call: at };
}

function pathsIn(value: Value): readonly PathValue[] {
  if (value.kind === 'path') return [value];
  if (value.kind === 'choice') return value.of.flatMap(pathsIn);
  return value.kind === 'words' ? (value.paths ?? []) : [];
}
