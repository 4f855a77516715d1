/**
 * Where a function gives back something of the parent device or stops a worker, as the catalogue's
 * device releases name it, with the way down and the member that holds the object.
 */
import type { Catalog, DeviceRelease } from '../catalog.ts';
import type { CallFact } from '../facts/types.ts';
import type { Pass, Question } from '../pass.ts';
import { sameItems } from '../queries/same.ts';
import type { CallGraph } from './call-graph.ts';
import { type MemberKey, memberKeys, originOf, pathIn, sameMember } from './objects.ts';
import type { CallSite, FunctionRef, Program } from './program.ts';

export interface Stop {
  readonly release: DeviceRelease;
  /** The calls from the function that was asked about; the release last. */
  readonly way: readonly CallSite[];
  /** The released object as written, `''` when the call names none. */
  readonly written: string;
  /** The members that can hold the object. */
  readonly keys: readonly MemberKey[];
}

const maximumRise = 3;

/** The device releases that running `fn` reaches while its device is gone, in the order of the way down. */
export function stopsOf(pass: Pass, fn: FunctionRef): readonly Stop[] {
  return pass.ask(stops, fn);
}

const stops: Question<FunctionRef, readonly Stop[]> = {
  answer: findStops,
  equal: (a, b) => sameItems(a, b, isSameStop),
};

function isSameStop(a: Stop, b: Stop): boolean {
  return (
    a.release === b.release &&
    a.written === b.written &&
    sameItems(
      a.way,
      b.way,
      (one, other) => one.call === other.call && one.caller === other.caller,
    ) &&
    sameItems(a.keys, b.keys, (one, other) => one.tag === other.tag && one.member === other.member)
  );
}

function findStops({ program, catalog, graph }: Pass, fn: FunctionRef): readonly Stop[] {
  const counts = ({ caller, call }: CallSite) => !catalog.flows.of(caller.facts).isGuarded(call);
  const out: Stop[] = [];
  const leads = graph.waysTo(catalog.deviceReleases.keys());
  if (!leads.has(fn)) return [];
  const ways = graph.waysDown(fn, counts, leads);
  for (const caller of ways.functions()) {
    for (const call of caller.facts.calls) {
      const release = deviceReleaseAt(program, catalog, call);
      if (!release || !counts({ caller, call })) continue;
      const argument = release.object === undefined ? undefined : call.args[release.object];
      out.push({
        release,
        way: [...ways.to(caller), { caller, call }],
        written: argument?.text.replace(/\s+/g, ' ') ?? '',
        keys: keysOf(program, caller, call, release.object ?? -1, graph),
      });
    }
  }
  return out;
}

/** What a call gives back of the parent device. */
export function deviceReleaseAt(
  program: Program,
  catalog: Catalog,
  call: CallFact,
): DeviceRelease | undefined {
  const release = catalog.deviceReleases.get(call.callee);
  return release?.needs === undefined ||
    release.needs.some((name) => program.callsOf(name).length > 0)
    ? release
    : undefined;
}

/**
 * The members that an argument is, or that callers pass for it.
 * @param graph where callers through pointers count, too
 */
export function keysOf(
  program: Program,
  fn: FunctionRef,
  call: CallFact,
  index: number,
  graph?: CallGraph,
  rise = maximumRise,
): MemberKey[] {
  const argument = call.args[index];
  const path = argument && pathIn(argument.value);
  if (!path) return [];
  const keys = memberKeys(program, fn, path, call.start);
  if (keys.length > 0) return [...keys];
  const { param } = originOf(fn, path, call.start);
  if (param < 0 || rise === 0) return [];
  return (graph ?? program)
    .callersOf(fn)
    .flatMap((site) => keysOf(program, site.caller, site.call, param, graph, rise - 1));
}

/** Whether two lists name a common member. */
export function shareMember(a: readonly MemberKey[], b: readonly MemberKey[]): boolean {
  return a.some((one) => b.some((other) => sameMember(one, other)));
}
