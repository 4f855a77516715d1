/**
 * Where the objects that members hold were pinned, mapped or allocated: from the catalogue's calls,
 * through locals, return values and out-parameters, to the member that keeps the result.
 */
import type { BoAcquire, Catalog, Placement } from '../catalog.ts';
import type { CallFact, PathValue } from '../facts/types.ts';
import type { Memo } from '../queries/queries.ts';
import { flagWords } from './flags.ts';
import { type MemberKey, memberKey, originOf, pathIn, sameMember } from './objects.ts';
import type { FunctionRef, Program } from './program.ts';

/** One call that pins or allocates, with the member that ends up holding the object. */
export interface Allocation {
  readonly acquire: BoAcquire;
  readonly fn: FunctionRef;
  readonly call: CallFact;
  readonly key: MemberKey;
  /** Where the memory can lie, `unknown` when no known flag says so. */
  readonly placement: Placement | 'unknown';
}

const maximumRise = 4;

/** Finds allocations by member. Built on the first question. */
export class Allocations {
  private readonly program: Program;
  private readonly catalog: Catalog;
  private readonly index: Memo<null, ReadonlyMap<string, readonly Allocation[]>>;

  constructor(program: Program, catalog: Catalog) {
    this.program = program;
    this.catalog = catalog;
    this.index = program.queries.memo(() => this.build());
  }

  /** The allocations whose result one of the members holds, in source order. */
  of(keys: readonly MemberKey[]): readonly Allocation[] {
    const index = this.index.get(null);
    return keys.flatMap((key) =>
      (index.get(key.member) ?? []).filter((found) => sameMember(found.key, key)),
    );
  }

  private build(): ReadonlyMap<string, readonly Allocation[]> {
    const index = new Map<string, Allocation[]>();
    for (const acquire of this.catalog.data.acquires) {
      for (const { caller, call } of this.program.callsOf(acquire.name)) {
        const placement = this.placementOf(acquire, caller, call);
        for (const key of this.keysOf(acquire, caller, call)) {
          const list = index.get(key.member) ?? [];
          list.push({ acquire, fn: caller, call, key, placement });
          index.set(key.member, list);
        }
      }
    }
    return index;
  }

  private keysOf(acquire: BoAcquire, fn: FunctionRef, call: CallFact): MemberKey[] {
    if (acquire.object === 'return') return this.resultKeys(fn, call, maximumRise);
    const argument = call.args[acquire.object.argument];
    const path = argument && pathIn(argument.value);
    return path ? this.pathKeys(fn, path, call.start, maximumRise) : [];
  }

  /** The members that receive a call's result. */
  private resultKeys(fn: FunctionRef, call: CallFact, rise: number): MemberKey[] {
    const index = fn.facts.assigned.numberOf(call);
    const keys: MemberKey[] = [];
    for (const assign of fn.facts.assigns) {
      const value = assign.value;
      const takes =
        value.kind === 'call'
          ? value.call === index
          : value.kind === 'choice' && value.of.some((v) => v.kind === 'call' && v.call === index);
      if (takes) keys.push(...this.pathKeys(fn, assign.target, assign.end, rise));
    }
    if (call.use === 'returned') keys.push(...this.callerKeys(fn, rise));
    return keys;
  }

  /** The members that a path is, or that a local's value is stored into. */
  private pathKeys(fn: FunctionRef, path: PathValue, at: number, rise: number): MemberKey[] {
    const keys: MemberKey[] = [];
    const direct = memberKey(this.program, fn, path, at);
    if (direct) keys.push(direct);
    if (path.steps.length > 0) return keys;
    for (const assign of fn.facts.assigns) {
      const from = pathIn(assign.value);
      if (!from || from.root !== path.root || from.steps.length > 0) continue;
      const key = this.program.memberOf(fn, assign.target);
      if (key) keys.push({ tag: key.tag, member: key.member });
      else if (assign.target.address === -1)
        keys.push(...this.argumentKeys(fn, assign.target.root, rise));
    }
    const returned = fn.facts.returnsOf.some(
      (r) => r.value && pathIn(r.value)?.root === path.root && pathIn(r.value)?.steps.length === 0,
    );
    if (returned) keys.push(...this.callerKeys(fn, rise));
    if (originOf(fn, path, at).param >= 0) keys.push(...this.argumentKeys(fn, path.root, rise));
    return keys;
  }

  /** A function that the catalogue knows itself is an allocation at its own callers already. */
  private mayRise(fn: FunctionRef, rise: number): boolean {
    return rise > 0 && !this.catalog.acquires.has(fn.name);
  }

  private callerKeys(fn: FunctionRef, rise: number): MemberKey[] {
    if (!this.mayRise(fn, rise)) return [];
    return this.program
      .callersOf(fn)
      .flatMap(({ caller, call }) => this.resultKeys(caller, call, rise - 1));
  }

  /** The members that callers pass for a parameter. */
  private argumentKeys(fn: FunctionRef, root: string, rise: number): MemberKey[] {
    const param = originOf(
      fn,
      { kind: 'path', root, steps: [], address: 0 },
      fn.facts.body.end,
    ).param;
    if (param < 0 || !this.mayRise(fn, rise)) return [];
    return this.program.callersOf(fn).flatMap(({ caller, call }) => {
      const argument = call.args[param];
      const path = argument && pathIn(argument.value);
      return path ? this.pathKeys(caller, path, call.start, rise - 1) : [];
    });
  }

  private placementOf(acquire: BoAcquire, fn: FunctionRef, call: CallFact): Placement | 'unknown' {
    const { placement } = acquire;
    if (!placement) return acquire.kind.startsWith('dma') ? 'system' : 'unknown';
    const words = flagWords(this.program, fn, call.args[placement.argument], call.start);
    const found = new Set(
      words.map((word) => placement.flags[word]).filter((where) => where !== undefined),
    );
    const vramUnder = placement.vramUnder ?? [];
    if (
      found.has('either') &&
      !found.has('system') &&
      this.catalog.flows.of(fn.facts).holdsBefore(call, vramUnder)
    )
      return 'vram';
    if (found.has('either') || (found.has('system') && found.has('vram'))) return 'either';
    return found.has('system') ? 'system' : found.has('vram') ? 'vram' : 'unknown';
  }
}
