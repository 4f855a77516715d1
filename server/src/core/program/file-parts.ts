/**
 * What a program keeps of each file: definitions, calls by name, stores by member. It follows from the
 * file's facts alone, so the next program takes it over for every file that did not change.
 */
import type {
  AssignFact,
  CallFact,
  FileFacts,
  FunctionDef,
  FunctionFacts,
} from '../facts/types.ts';

/** A function definition with the file that holds it. One object per definition: compare by identity. */
export interface FunctionRef {
  readonly file: FileFacts;
  readonly def: FunctionDef;
  readonly facts: FunctionFacts;
}

/** A call with the function that makes it. */
export interface CallSite {
  readonly caller: FunctionRef;
  readonly call: CallFact;
}

/** An assignment to a member with the function that makes it. */
export interface Store {
  readonly fn: FunctionRef;
  readonly assign: AssignFact;
}

export class FileParts {
  readonly functions: readonly FunctionRef[];
  /** What a name means in the file itself. */
  readonly own: ReadonlyMap<string, FunctionRef>;
  private callIndex: ReadonlyMap<string, readonly CallSite[]> | null = null;
  private storeIndex: ReadonlyMap<string, readonly Store[]> | null = null;

  constructor(file: FileFacts) {
    this.functions = file.functions.map((def) => ({ file, def, facts: def.facts }));
    const own = new Map<string, FunctionRef>();
    for (const ref of this.functions) if (!own.has(ref.facts.name)) own.set(ref.facts.name, ref);
    this.own = own;
  }

  /** The file's calls by name, in source order; those through an expression under `''`. */
  calls(): ReadonlyMap<string, readonly CallSite[]> {
    if (!this.callIndex) {
      const index = new Map<string, CallSite[]>();
      for (const caller of this.functions)
        for (const call of caller.facts.calls) push(index, call.callee, { caller, call });
      this.callIndex = index;
    }
    return this.callIndex;
  }

  /** The file's assignments to members, by the last named step. */
  stores(): ReadonlyMap<string, readonly Store[]> {
    if (!this.storeIndex) {
      const index = new Map<string, Store[]>();
      for (const fn of this.functions) {
        for (const assign of fn.facts.assigns) {
          const last = assign.target.steps.findLast((step) => step !== '[]');
          if (last !== undefined) push(index, last, { fn, assign });
        }
      }
      this.storeIndex = index;
    }
    return this.storeIndex;
  }
}

/** Many files' indexes as one: lists are joined, in the order of the files, when first asked for. */
export class JoinedIndex<T> {
  private readonly lists = new Map<string, (readonly T[])[]>();
  private readonly joined = new Map<string, readonly T[]>();

  constructor(parts: Iterable<ReadonlyMap<string, readonly T[]>>) {
    for (const part of parts) for (const [name, list] of part) push(this.lists, name, list);
  }

  get(name: string): readonly T[] {
    const known = this.joined.get(name);
    if (known) return known;
    const lists = this.lists.get(name) ?? [];
    const all = lists.length === 1 ? (lists[0] ?? []) : lists.flat();
    this.joined.set(name, all);
    return all;
  }
}

function push<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
