/**
 * Which allocation an object lies in, and so how long its memory lives: through locals, members,
 * parameters, results and embedding, over the functions of the module.
 */
import type { Catalog, ManagedApi } from '../catalog.ts';
import type { AssignFact, CallFact, PathValue, Value } from '../facts/types.ts';
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

/** The origins that were found. `complete` is false when some way could not be followed to its end. */
export interface Origins {
  readonly origins: readonly MemoryOrigin[];
  readonly complete: boolean;
}

const maximumDepth = 8;
const unknown: Origins = { origins: [], complete: false };

export class Memory {
  private readonly program: Program;
  private readonly catalog: Catalog;
  private readonly registrations: readonly Registration[];
  private members: Map<string, { readonly fn: FunctionRef; readonly assign: AssignFact; readonly tag: string }[]> | null = null;
  private readonly active = new Set<string>();

  constructor(program: Program, catalog: Catalog, registrations: readonly Registration[]) {
    this.program = program;
    this.catalog = catalog;
    this.registrations = registrations;
  }

  /** The allocations that hold the object that a pointer expression points to (`x`, `&x->lock`, `x->ptr`). */
  of(fn: FunctionRef, value: Value): Origins {
    return this.valueOrigins(fn, value, 0);
  }

  private valueOrigins(fn: FunctionRef, value: Value, depth: number): Origins {
    switch (value.kind) {
      case 'path': return this.pathOrigins(fn, value, depth);
      case 'call': {
        const call = fn.facts.calls[value.call];
        return call ? this.callOrigins(fn, call, depth) : unknown;
      }
      case 'choice': return merge(value.of.map((part) => this.valueOrigins(fn, part, depth)));
      case 'literal': return { origins: [], complete: true };
      default: return unknown;
    }
  }

  private pathOrigins(fn: FunctionRef, path: PathValue, depth: number): Origins {
    const key = `${fn.file.path}:${fn.def.start}:${path.root}.${path.steps.join('.')}:${path.address}`;
    // A value that comes back to itself adds no origin.
    if (this.active.has(key)) return { origins: [], complete: true };
    if (depth > maximumDepth) return unknown;
    this.active.add(key);
    try {
      const steps = path.address === 1 ? this.pointerPrefix(fn, path) : path.steps;
      // `&local` and `&local.member` lie on the stack.
      if (path.address === 1 && steps === null) return unknown;
      return (steps ?? []).length === 0 ? this.rootOrigins(fn, path.root, depth) : this.memberOrigins(fn, path, steps ?? [], depth);
    } finally {
      this.active.delete(key);
    }
  }

  /** For `&a->b.c` the steps up to the last pointer on the way; null when the root itself is no pointer. */
  private pointerPrefix(fn: FunctionRef, path: PathValue): readonly string[] | null {
    const root = this.program.typeOfRoot(fn, path.root);
    if (root && root.pointers === 0) return null;
    for (let length = path.steps.length - 1; length > 0; length--) {
      const steps = path.steps.slice(0, length);
      const member = this.program.memberOf(fn, { ...path, steps });
      if (member?.type && member.type.pointers > 0) return steps;
    }
    return [];
  }

  private rootOrigins(fn: FunctionRef, root: string, depth: number): Origins {
    const param = fn.facts.params.findIndex((p) => p.name === root);
    const given = fn.facts.assigns.filter((a) => a.target.root === root && a.target.steps.length === 0 && a.target.address === 0);
    const local = given.map((a) => this.valueOrigins(fn, a.value, depth + 1));
    if (param < 0) return given.length === 0 ? unknown : merge(local);
    return merge([...local, this.parameterOrigins(fn, param, depth)]);
  }

  private parameterOrigins(fn: FunctionRef, param: number, depth: number): Origins {
    const passed = this.program.callersOf(fn).flatMap(({ caller, call }) => {
      const argument = call.args[param];
      return argument ? [this.valueOrigins(caller, argument.value, depth + 1)] : [];
    });
    for (const registration of this.registrations) {
      if (registration.target !== fn || param !== fn.facts.params.length - 1 || !registration.data) continue;
      passed.push(this.valueOrigins(registration.fn, registration.data.value, depth + 1));
    }
    return passed.length === 0 ? unknown : merge(passed);
  }

  private memberOrigins(fn: FunctionRef, path: PathValue, steps: readonly string[], depth: number): Origins {
    const member = this.program.memberOf(fn, { ...path, steps });
    if (!member) return unknown;
    const stores = (this.memberIndex().get(member.member) ?? []).filter((store) => store.tag === member.tag && member.tag !== '');
    return stores.length === 0 ? unknown : merge(stores.map((store) => this.valueOrigins(store.fn, store.assign.value, depth + 1)));
  }

  private memberIndex() {
    if (this.members) return this.members;
    this.members = new Map();
    for (const fn of this.program.functions) {
      for (const assign of fn.facts.assigns) {
        if (assign.target.steps.length === 0) continue;
        const member = this.program.memberOf(fn, assign.target);
        if (!member) continue;
        const list = this.members.get(member.member) ?? [];
        list.push({ fn, assign, tag: member.tag });
        this.members.set(member.member, list);
      }
    }
    return this.members;
  }

  private callOrigins(fn: FunctionRef, call: CallFact, depth: number): Origins {
    const api = this.catalog.managed.get(call.callee);
    const scope = api && scopeOfApi(api);
    if (scope) return { origins: [{ scope, fn, call, api }], complete: true };
    if (this.catalog.data.memory.some((entry) => entry.name === call.callee)) {
      return { origins: [{ scope: 'manual', fn, call, api: undefined }], complete: true };
    }
    const cast = this.catalog.data.casts.find((entry) => entry.name === call.callee);
    const inner = cast && call.args[cast.argument];
    if (inner) return this.valueOrigins(fn, inner.value, depth + 1);
    const callee = this.program.resolve(call.callee, fn.file);
    if (!callee || callee.facts.returnsOf.length === 0) return unknown;
    return merge(callee.facts.returnsOf.flatMap((returned) => (returned.value ? [this.returnOrigins(fn, call, callee, returned.value, depth)] : [])));
  }

  /** A returned parameter is this call's own argument; anything else is looked up in the callee. */
  private returnOrigins(fn: FunctionRef, call: CallFact, callee: FunctionRef, value: Value, depth: number): Origins {
    if (value.kind === 'path') {
      const param = callee.facts.params.findIndex((p) => p.name === value.root);
      const argument = param >= 0 && value.steps.length === 0 ? call.args[param] : undefined;
      if (argument) return this.valueOrigins(fn, argument.value, depth + 1);
    }
    const inner = value.kind === 'call' ? callee.facts.calls[value.call] : undefined;
    const cast = inner && this.catalog.data.casts.find((entry) => entry.name === inner.callee);
    const from = cast && inner.args[cast.argument]?.value;
    if (from?.kind === 'path') {
      const param = callee.facts.params.findIndex((p) => p.name === from.root);
      const argument = param >= 0 ? call.args[param] : undefined;
      if (argument) return this.valueOrigins(fn, argument.value, depth + 1);
    }
    return this.valueOrigins(callee, value, depth + 1);
  }
}

function scopeOfApi(api: ManagedApi): MemoryScope | undefined {
  switch (api.role) {
    case 'alloc-memory': return api.scope;
    case 'device-alloc': return 'drm';
    // devm_drm_bridge_alloc() and its like drop a reference at unbind: the memory has its own count.
    case 'alloc-object': return api.kind.endsWith('-reference') ? 'ref' : api.scope;
    default: return undefined;
  }
}

function merge(all: readonly Origins[]): Origins {
  const origins = all.flatMap((one) => one.origins);
  return { origins: origins.filter((one, i) => origins.findIndex((other) => other.call === one.call) === i), complete: all.every((one) => one.complete) };
}
