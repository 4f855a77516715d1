/**
 * Which allocation an object lies in, and so how long its memory lives: through locals, members,
 * parameters, results and embedding, over the functions of the module. Where a way ends in something
 * that only the kernel core knows (driver data, a callback's argument), the allocations of its struct
 * type stand in for it.
 */

import type { Catalog, ManagedApi } from '../catalog.ts';
import type { CallFact, PathValue, TypeRef, Value } from '../facts/types.ts';
import { push } from '../push.ts';
import type { Memo } from '../queries/queries.ts';
import { sameItems } from '../queries/same.ts';
import { allocatedStruct, typeOf } from './allocated-struct.ts';
import { accessedPath, castArgument } from './casts.ts';
import { containersOf } from './embedding.ts';
import type { FunctionRef, Program } from './program.ts';
import type { Registration } from './registrations.ts';

/** `bound`: devm, freed at unbind; `drm`: drmm or the drm_device's container, freed after the last
 * put; `ref`: its own reference count; `manual`: freed by hand. */
export type MemoryScope = 'bound' | 'drm' | 'ref' | 'manual';

/** An allocation that an object can lie in. */
export interface MemoryOrigin {
  readonly scope: MemoryScope;
  readonly fn: FunctionRef;
  readonly call: CallFact;
  /** The managed API, absent for a plain allocation. */
  readonly api: ManagedApi | undefined;
}

/** The origins that were found. */
export interface Origins {
  readonly origins: readonly MemoryOrigin[];
  /** Every way was followed to an allocation; false when one was not, or only by its type. */
  readonly complete: boolean;
  /** Every way ended in an allocation, some perhaps by type only. */
  readonly resolved: boolean;
}

const maximumDepth = 10;
const maximumSteps = 1500;
const unknown: Origins = { origins: [], complete: false, resolved: false };
const none: Origins = { origins: [], complete: true, resolved: true };

/** One question on its way. */
interface Search {
  readonly known: Map<string, Origins>;
  readonly active: Set<string>;
  /** Tells functions apart in keys. */
  idOf(fn: FunctionRef): number;
  steps: number;
  /** How often a way was cut short: an answer that depends on a cut is not kept. */
  cuts: number;
}

function newSearch(): Search {
  const ids = new Map<FunctionRef, number>();
  return {
    known: new Map(),
    active: new Set(),
    idOf(fn) {
      const id = ids.get(fn) ?? ids.size;
      ids.set(fn, id);
      return id;
    },
    steps: 0,
    cuts: 0,
  };
}

export class Memory {
  private readonly program: Program;
  private readonly catalog: Catalog;
  private readonly registered: (target: FunctionRef) => readonly Registration[];
  private readonly types: Memo<null, ReadonlyMap<string, readonly MemoryOrigin[]>>;
  private readonly typed: Memo<string, readonly MemoryOrigin[]>;
  private readonly tableNames: Memo<null, ReadonlySet<string>>;
  private readonly asked: Memo<FunctionRef, Memo<Value, Origins>>;
  private search = newSearch();

  /** @param registered the registrations of a callback */
  constructor(
    program: Program,
    catalog: Catalog,
    registered: (target: FunctionRef) => readonly Registration[],
  ) {
    this.program = program;
    this.catalog = catalog;
    this.registered = registered;
    const { queries } = program;
    this.types = queries.memo(() => this.findTypes());
    const same = (a: readonly MemoryOrigin[], b: readonly MemoryOrigin[]) =>
      sameItems(a, b, isSameOrigin);
    this.typed = queries.memo((tag: string) => this.findType(tag), same);
    this.tableNames = queries.memo(
      (): ReadonlySet<string> =>
        new Set(program.tables().flatMap(({ table }) => table.entries.map((entry) => entry.value))),
    );
    this.asked = queries.memo((fn: FunctionRef) =>
      queries.memo((value: Value) => this.find(fn, value), areSame),
    );
  }

  /** The allocations that hold the object that a pointer expression points to (`x`, `&x->lock`, `x->ptr`). */
  of(fn: FunctionRef, value: Value): Origins {
    return this.asked.get(fn).get(value);
  }

  /** Each question is answered from its own start: what is cut off on the way depends on it. */
  private find(fn: FunctionRef, value: Value): Origins {
    const outer = this.search;
    this.search = newSearch();
    try {
      return this.valueOrigins(fn, value, 0);
    } finally {
      this.search = outer;
    }
  }

  /** Every allocation of the module that makes a struct of that tag, or one that holds it by value. */
  ofType(tag: string): readonly MemoryOrigin[] {
    return this.typed.get(tag);
  }

  private findType(tag: string): readonly MemoryOrigin[] {
    const types = this.types.get(null);
    return [...containersOf(this.program, tag)].flatMap((one) => types.get(one) ?? []);
  }

  private findTypes(): ReadonlyMap<string, readonly MemoryOrigin[]> {
    const types = new Map<string, MemoryOrigin[]>();
    const { managed, milestones, plain } = this.catalog;
    // Only what can be an origin: a caller of anything else need not be read.
    const names = new Set([...managed.keys(), ...milestones.keys(), ...plain.keys()]);
    const allocating = [...names].filter((name) => this.isOrigin(name));
    for (const { caller, call } of this.program.callsOfAny(allocating)) {
      const origin = this.originAt(caller, call);
      const made = origin && allocatedStruct(this.program, caller, call);
      if (origin && made !== undefined) push(types, made, origin);
    }
    return types;
  }

  /** The allocation that a call itself is. */
  originAt(fn: FunctionRef, call: CallFact): MemoryOrigin | undefined {
    const api = this.catalog.managed.get(call.callee);
    const scope = api && scopeOfApi(api);
    if (scope) return { scope, fn, call, api };
    if (this.catalog.milestones.get(call.callee)?.role === 'dev-alloc')
      return { scope: 'drm', fn, call, api: undefined };
    if (this.catalog.plain.has(call.callee)) return { scope: 'manual', fn, call, api: undefined };
    return undefined;
  }

  /** Whether a call by that name is an allocation. */
  private isOrigin(name: string): boolean {
    const api = this.catalog.managed.get(name);
    return (
      (api !== undefined && scopeOfApi(api) !== undefined) ||
      this.catalog.milestones.get(name)?.role === 'dev-alloc' ||
      this.catalog.plain.has(name)
    );
  }

  private valueOrigins(fn: FunctionRef, value: Value, depth: number): Origins {
    switch (value.kind) {
      case 'path':
        return this.pathOrigins(fn, value, depth);
      case 'call': {
        const call = fn.facts.calls[value.call];
        return call ? this.callOrigins(fn, call, depth) : unknown;
      }
      case 'choice':
        return merge(value.of.map((part) => this.valueOrigins(fn, part, depth)));
      case 'literal':
        return none;
      case 'words':
        return value.words.every((word) => isNumber(this.program, fn, word)) ? none : unknown;
    }
  }

  private pathOrigins(fn: FunctionRef, path: PathValue, depth: number): Origins {
    if (path.steps.length === 0 && isNumber(this.program, fn, path.root)) return none;
    const { search } = this;
    const key = `${search.idOf(fn)}:${path.root}.${path.steps.join('.')}:${path.address}`;
    const known = search.known.get(key);
    if (known) return known;
    // A value that comes back to itself adds no origin.
    if (search.active.has(key)) {
      search.cuts++;
      return none;
    }
    if (depth > maximumDepth || search.steps++ > maximumSteps) {
      search.cuts++;
      return unknown;
    }
    const before = search.cuts;
    search.active.add(key);
    const found = this.followPath(fn, path, depth);
    search.active.delete(key);
    if (search.cuts === before) search.known.set(key, found);
    return found;
  }

  private followPath(fn: FunctionRef, path: PathValue, depth: number): Origins {
    const type = typeOf(this.program, fn, path);
    // What an array of pointers holds does not lie in the array: its type is all there is to go by.
    if (type && type.pointers > 1 && (path.address === -1 || path.steps.at(-1) === '[]'))
      return this.orByType({ ...type, pointers: type.pointers - 1 }, unknown);
    // `*(struct foo **)res`: what a cell points to does not lie in the cell.
    if (path.address === -1) return unknown;
    const holder = this.pointerOnTheWay(fn, path);
    // On the stack, or in a struct that the module does not define.
    if (!holder) return unknown;
    return holder.length === 0
      ? this.rootOrigins(fn, path.root, depth)
      : this.memberOrigins(fn, path, holder, depth);
  }

  /**
   * The steps to the last pointer that has to be followed: those of `a->b` for `&a->b->c.d`; null when there is
   * none.
   */
  private pointerOnTheWay(fn: FunctionRef, path: PathValue): readonly string[] | null {
    const named = path.steps.filter((step) => step !== '[]').length;
    const type = named > 0 ? this.program.memberOf(fn, path)?.type : undefined;
    // A member that is a pointer is where its value was stored; one that is an array lies in the struct.
    if (path.address !== 1 && named > 0 && (!type || type.pointers > 0)) return path.steps;
    if (path.address !== 1 && named === 0) return [];
    for (let length = path.steps.length - 1; length > 0; length--) {
      const steps = path.steps.slice(0, length);
      if (steps[length - 1] === '[]' && !steps.slice(0, -1).some((step) => step !== '[]')) continue;
      const member = this.program.memberOf(fn, { ...path, steps });
      if (member && !member.type && member.tag !== '' && this.program.struct(member.tag))
        return null;
      if (member?.type && member.type.pointers > 0) return steps;
    }
    const root = this.program.typeOfRoot(fn, path.root);
    return root && root.pointers === 0 ? null : [];
  }

  private rootOrigins(fn: FunctionRef, root: string, depth: number): Origins {
    const type = this.program.typeOfRoot(fn, root);
    const param = fn.facts.params.findIndex((p) => p.name === root);
    const given = fn.facts.assigned.to(root);
    const ways = given.map((a) => this.orByType(type, this.valueOrigins(fn, a.value, depth + 1)));
    if (param >= 0) ways.push(this.orByType(type, this.parameterOrigins(fn, param, depth)));
    return ways.length === 0 ? this.orByType(type, unknown) : merge(ways);
  }

  private parameterOrigins(fn: FunctionRef, param: number, depth: number): Origins {
    const passed = this.program.callersOf(fn).flatMap(({ caller, call }) => {
      const argument = call.args[param];
      return argument ? [this.valueOrigins(caller, argument.value, depth + 1)] : [];
    });
    for (const registration of this.registered(fn)) {
      if (param !== fn.facts.params.length - 1 || !registration.data) continue;
      passed.push(this.valueOrigins(registration.fn, registration.data.value, depth + 1));
    }
    // A table names it: the kernel calls it too.
    if (this.isInTable(fn)) passed.push(unknown);
    return passed.length === 0 ? unknown : merge(passed);
  }

  private isInTable(fn: FunctionRef): boolean {
    return this.tableNames.get(null).has(fn.name);
  }

  private memberOrigins(
    fn: FunctionRef,
    path: PathValue,
    steps: readonly string[],
    depth: number,
  ): Origins {
    const member = this.program.memberOf(fn, { ...path, steps });
    if (!member || member.tag === '') return unknown;
    const stores = this.program.storesInto(member);
    if (stores.length === 0) return this.orByType(member.type, unknown);
    return merge(
      stores.map((store) =>
        this.orByType(member.type, this.valueOrigins(store.fn, store.assign.value, depth + 1)),
      ),
    );
  }

  /** Where a way ends unresolved, the allocations of its struct type. */
  private orByType(type: TypeRef | undefined, found: Origins): Origins {
    if (found.resolved || !type?.tagged || type.pointers !== 1 || !this.program.struct(type.name))
      return found;
    const origins = this.ofType(type.name);
    if (origins.length === 0) return found;
    return {
      origins: merge([found, { origins, complete: false, resolved: true }]).origins,
      complete: false,
      resolved: true,
    };
  }

  private callOrigins(fn: FunctionRef, call: CallFact, depth: number): Origins {
    const origin = this.originAt(fn, call);
    if (origin) return { origins: [origin], complete: true, resolved: true };
    const cast = castArgument(this.program, this.catalog, call);
    const inner = cast === undefined ? undefined : call.args[cast];
    if (inner) return this.valueOrigins(fn, inner.value, depth + 1);
    const part = accessedPath(this.program, fn, call);
    if (part) return this.pathOrigins(fn, part, depth + 1);
    const callee = this.program.resolve(call.callee, fn.file);
    if (!callee || callee.facts.returnsOf.length === 0) return unknown;
    return merge(
      callee.facts.returnsOf.flatMap((returned) =>
        returned.value
          ? [
              this.orByType(
                callee.facts.returns,
                this.returnOrigins(fn, call, callee, returned.value, depth),
              ),
            ]
          : [],
      ),
    );
  }

  /** A returned parameter is this call's own argument; anything else is looked up in the callee. */
  private returnOrigins(
    fn: FunctionRef,
    call: CallFact,
    callee: FunctionRef,
    value: Value,
    depth: number,
  ): Origins {
    const inner = value.kind === 'call' ? callee.facts.calls[value.call] : undefined;
    const cast = inner && castArgument(this.program, this.catalog, inner);
    const from = cast === undefined ? value : inner?.args[cast]?.value;
    if (from?.kind === 'path' && (cast !== undefined || from.steps.length === 0)) {
      const param = callee.facts.params.findIndex((p) => p.name === from.root);
      const argument = param >= 0 ? call.args[param] : undefined;
      if (argument && from.steps.length === 0)
        return this.valueOrigins(fn, argument.value, depth + 1);
    }
    return this.valueOrigins(callee, value, depth + 1);
  }
}

/** Whether a name is a constant, or a local or parameter that is no pointer: no allocation comes out of it. */
function isNumber(program: Program, fn: FunctionRef, name: string): boolean {
  const type = typeOf(program, fn, { kind: 'path', root: name, steps: [], address: 0 });
  return type ? type.pointers === 0 && !type.tagged : /^[A-Z][A-Z0-9_]*$/.test(name);
}

function scopeOfApi(api: ManagedApi): MemoryScope | undefined {
  switch (api.role) {
    case 'alloc-memory':
      return api.scope;
    case 'device-alloc':
      return 'drm';
    // devm_drm_bridge_alloc() and its like drop a reference at unbind: the memory has its own count.
    case 'alloc-object':
      return api.kind.endsWith('-reference') ? 'ref' : api.scope;
    default:
      return undefined;
  }
}

function isSameOrigin(a: MemoryOrigin, b: MemoryOrigin): boolean {
  return a.call === b.call && a.fn === b.fn && a.scope === b.scope && a.api === b.api;
}

function areSame(a: Origins, b: Origins): boolean {
  return (
    a.complete === b.complete &&
    a.resolved === b.resolved &&
    sameItems(a.origins, b.origins, isSameOrigin)
  );
}

function merge(all: readonly Origins[]): Origins {
  const [only] = all;
  if (only && all.length === 1) return only;
  const origins = new Map(all.flatMap((one) => one.origins).map((one) => [one.call, one]));
  return {
    origins: [...origins.values()],
    complete: all.every((one) => one.complete),
    resolved: all.every((one) => one.resolved),
  };
}
