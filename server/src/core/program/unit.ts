/**
 * One file of a program, as an object that stays while its text changes: an edit in one function
 * leaves the other functions of the file the objects that they are, wherever they have moved to.
 */
import type {
  AssignFact,
  CallFact,
  FileFacts,
  FunctionDef,
  FunctionFacts,
  MacroDef,
  Prototype,
  StructDef,
  Suppression,
  TableDef,
  Value,
} from '../facts/types.ts';
import type { Input, Queries } from '../queries/queries.ts';
import { pathIn } from './objects.ts';

/**
 * A function definition with the file that holds it. One object per definition: compare by identity.
 * Whoever reads its facts while something is computed depends on its body; its name and its place
 * are no dependency, as the one never changes and the other is looked up when something is shown.
 */
export class FunctionRef implements FunctionDef {
  readonly file: Unit;
  readonly name: string;
  readonly isStatic: boolean;
  private readonly input: Input<FunctionFacts>;
  private from: number;
  private to: number;
  private made: { readonly facts: FunctionFacts; readonly entries: Entries } | null = null;

  constructor(queries: Queries, file: Unit, def: FunctionDef) {
    this.file = file;
    this.name = def.facts.name;
    this.isStatic = def.facts.isStatic;
    this.input = queries.input(def.facts);
    this.from = def.start;
    this.to = def.end;
  }

  get start(): number {
    return this.from;
  }

  get end(): number {
    return this.to;
  }

  get def(): FunctionDef {
    return this;
  }

  get facts(): FunctionFacts {
    return this.input.get();
  }

  /** The facts, for those who keep the indexes. */
  peek(): FunctionFacts {
    return this.input.peek();
  }

  /** What the body adds to the indexes of its file, for those who keep them. */
  entries(): Entries {
    const facts = this.input.peek();
    if (this.made?.facts !== facts) this.made = { facts, entries: entriesOf(this, facts) };
    return this.made.entries;
  }

  /** For the unit: the same function in a newer text. */
  replace(def: FunctionDef): void {
    this.from = def.start;
    this.to = def.end;
    this.input.set(def.facts);
  }
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

/** One body's part of an index: the names under which it is found, and what is found there. */
type Entry<T> = readonly [name: string, item: T];

interface Entries {
  readonly calls: readonly Entry<CallSite>[];
  /** Calls through an expression, by the member that they go through. */
  readonly through: readonly Entry<CallSite>[];
  readonly stores: readonly Entry<Store>[];
  /** Where the name of a global is handed on: as an argument, or into a member or a variable. */
  readonly handed: readonly Entry<Handing>[];
}

/** A place where a function's name, or another global's, is handed on. */
export interface Handing {
  readonly fn: FunctionRef;
  /** Absent for an argument. */
  readonly assign: AssignFact | undefined;
}

/** What is listed by name over all files. */
export interface JoinedItem {
  calls: CallSite;
  through: CallSite;
  stores: Store;
  handed: Handing;
}

export type Joined = keyof JoinedItem;

export const joinedKinds: readonly Joined[] = ['calls', 'through', 'stores', 'handed'];

/** What an update of a unit changed, as the names under which it is looked up. */
export interface Change {
  /** Functions that came, went, moved among the others, or changed between static and not. */
  readonly names: Set<string>;
  readonly calls: Set<string>;
  readonly stores: Set<string>;
  /** Members that calls go through. */
  readonly through: Set<string>;
  /** Globals that are handed on. */
  readonly handed: Set<string>;
  readonly structs: Set<string>;
  readonly prototypes: Set<string>;
  tables: boolean;
  macros: boolean;
}

export function noChange(): Change {
  return {
    names: new Set(),
    calls: new Set(),
    stores: new Set(),
    through: new Set(),
    handed: new Set(),
    structs: new Set(),
    prototypes: new Set(),
    tables: false,
    macros: false,
  };
}

/** The indexes of a file. */
interface Indexes {
  readonly calls: ReadonlyMap<string, readonly CallSite[]>;
  readonly through: ReadonlyMap<string, readonly CallSite[]>;
  readonly stores: ReadonlyMap<string, readonly Store[]>;
  readonly handed: ReadonlyMap<string, readonly Handing[]>;
}

/** The facts of a file, the newest ones. */
export class Unit implements FileFacts {
  readonly path: string;
  private readonly queries: Queries;
  /** The facts as they came, to tell others from them. */
  private given: FileFacts | null = null;
  private now: FileFacts;
  private list: readonly FunctionRef[];
  private byName: ReadonlyMap<string, FunctionRef>;
  private made: Indexes | null = null;

  constructor(queries: Queries, facts: FileFacts, change: Change) {
    this.path = facts.path;
    this.queries = queries;
    this.now = { ...facts, functions: [], tables: [], structs: [], macros: [], prototypes: [] };
    this.list = [];
    this.byName = new Map();
    this.update(facts, change);
  }

  /** As plain data, for another program. */
  get facts(): FileFacts {
    return {
      ...this.now,
      functions: this.list.map((ref) => ({ start: ref.start, end: ref.end, facts: ref.peek() })),
    };
  }

  get lineStarts(): readonly number[] {
    return this.now.lineStarts;
  }

  get includes(): readonly string[] {
    return this.now.includes;
  }

  get functions(): readonly FunctionRef[] {
    return this.list;
  }

  get prototypes(): readonly Prototype[] {
    return this.now.prototypes;
  }

  get structs(): readonly StructDef[] {
    return this.now.structs;
  }

  get tables(): readonly TableDef[] {
    return this.now.tables;
  }

  get macros(): readonly MacroDef[] {
    return this.now.macros;
  }

  get suppressions(): readonly Suppression[] {
    return this.now.suppressions;
  }

  get errors(): number {
    return this.now.errors;
  }

  /** What a name means in the file itself. */
  own(name: string): FunctionRef | undefined {
    return this.byName.get(name);
  }

  /**
   * What the file has under a name, in source order: calls by the called name (`''` through an
   * expression); calls through a member by the member (`''` through a variable); assignments by the
   * target's last named step; places that hand on a global by its name.
   */
  under<K extends Joined>(kind: K, name: string): readonly JoinedItem[K][] {
    return (this.indexes()[kind] as ReadonlyMap<string, readonly JoinedItem[K][]>).get(name) ?? [];
  }

  /** The names under which the file has something. */
  namesUnder(kind: Joined): Iterable<string> {
    return this.indexes()[kind].keys();
  }

  /** Takes over newer facts, and adds to `change` what they change. */
  update(next: FileFacts, change: Change): void {
    if (next === this.given) return;
    this.given = next;
    const before = this.now;
    this.functionsOf(next, change);
    this.now = {
      ...next,
      functions: [],
      tables: kept(before.tables, next.tables, () => {
        change.tables = true;
      }),
      macros: kept(before.macros, next.macros, () => {
        change.macros = true;
      }),
      structs: kept(before.structs, next.structs, (defs) => {
        for (const { tag } of defs) change.structs.add(tag);
      }),
      prototypes: kept(before.prototypes, next.prototypes, (defs) => {
        for (const { name } of defs) change.prototypes.add(name);
      }),
    };
  }

  /** The file leaves the program. */
  leave(change: Change): void {
    const { path, lineStarts, includes, suppressions, errors } = this.now;
    const none = { functions: [], prototypes: [], structs: [], tables: [], macros: [] };
    this.update({ path, lineStarts, includes, suppressions, errors, ...none }, change);
  }

  private functionsOf({ functions }: FileFacts, change: Change): void {
    const known = new Map<string, FunctionRef[]>();
    for (const ref of this.list) push(known, keyOf(ref.name, ref.isStatic), ref);
    const list = functions.map((def) => {
      const ref = known.get(keyOf(def.facts.name, def.facts.isStatic))?.shift();
      if (!ref) {
        const fresh = new FunctionRef(this.queries, this, def);
        change.names.add(fresh.name);
        addWords(fresh, change);
        return fresh;
      }
      const changed = ref.peek() !== def.facts;
      if (changed) addWords(ref, change);
      ref.replace(def);
      if (changed) addWords(ref, change);
      return ref;
    });
    for (const left of known.values()) {
      for (const ref of left) {
        change.names.add(ref.name);
        addWords(ref, change);
      }
    }
    // Calls and stores are listed in the order of the functions.
    if (!isSameOrder(this.list, list)) for (const ref of list) addMoved(ref, change);
    this.list = list;
    const byName = new Map<string, FunctionRef>();
    for (const ref of list) if (!byName.has(ref.name)) byName.set(ref.name, ref);
    this.byName = byName;
    this.made = null;
  }

  private indexes(): Indexes {
    if (this.made) return this.made;
    const entries = this.list.map((fn) => fn.entries());
    this.made = {
      calls: indexOf(entries.map((one) => one.calls)),
      through: indexOf(entries.map((one) => one.through)),
      stores: indexOf(entries.map((one) => one.stores)),
      handed: indexOf(entries.map((one) => one.handed)),
    };
    return this.made;
  }
}

function keyOf(name: string, isStatic: boolean): string {
  return isStatic ? name : `${name} `;
}

/** Whether what two lists have in common stands in the same order. */
function isSameOrder<T>(before: readonly T[], after: readonly T[]): boolean {
  const [had, has] = [new Set(before), new Set(after)];
  const left = before.filter((one) => has.has(one));
  const right = after.filter((one) => had.has(one));
  return left.every((one, i) => one === right[i]);
}

function addMoved(ref: FunctionRef, change: Change): void {
  change.names.add(ref.name);
  addWords(ref, change);
}

function addWords(ref: FunctionRef, change: Change): void {
  const entries = ref.entries();
  for (const kind of joinedKinds) for (const [name] of entries[kind]) change[kind].add(name);
}

function entriesOf(fn: FunctionRef, facts: FunctionFacts): Entries {
  const sites = facts.calls.map((call): Entry<CallSite> => [call.callee, { caller: fn, call }]);
  const own = new Set([...facts.params, ...facts.locals].map(({ name }) => name));
  const handed: Entry<Handing>[] = [];
  const hand = (value: Value, assign: AssignFact | undefined): void => {
    if (value.kind === 'choice') for (const one of value.of) hand(one, assign);
    const path = pathIn(value);
    if (path && path.steps.length === 0 && !own.has(path.root))
      handed.push([path.root, { fn, assign }]);
  };
  for (const { args } of facts.calls) for (const { value } of args) hand(value, undefined);
  for (const assign of facts.assigns) hand(assign.value, assign);
  return {
    calls: sites,
    through: sites
      .filter(([name]) => name === '')
      .map(([, site]) => [memberThrough(site.call), site]),
    stores: facts.assigns.flatMap((assign): Entry<Store>[] => {
      const last = lastStep(assign.target.steps);
      return last === undefined ? [] : [[last, { fn, assign }]];
    }),
    handed,
  };
}

function indexOf<T>(parts: readonly (readonly Entry<T>[])[]): ReadonlyMap<string, readonly T[]> {
  const index = new Map<string, T[]>();
  for (const part of parts) for (const [name, item] of part) push(index, name, item);
  return index;
}

/** The member that a call goes through, `''` when it is no member. */
function memberThrough(call: CallFact): string {
  const path = call.through ? pathIn(call.through) : undefined;
  return (path && lastStep(path.steps)) ?? '';
}

/** The last step that is no index. */
export function lastStep(steps: readonly string[]): string | undefined {
  return steps.findLast((step) => step !== '[]');
}

/**
 * The definitions of a newer text, where those that say the same stay the objects that they are, with
 * their new places.
 * @param differ hears of the definitions that came or went
 */
function kept<T extends object>(
  before: readonly T[],
  next: readonly T[],
  differ: (defs: readonly T[]) => void,
): readonly T[] {
  if (before.length === 0) {
    if (next.length > 0) differ(next);
    return next;
  }
  const known = new Map<string, T[]>();
  for (const one of before) push(known, withoutPlaces(one), one);
  const fresh: T[] = [];
  const list = next.map((one) => {
    const same = known.get(withoutPlaces(one))?.shift();
    if (!same) {
      fresh.push(one);
      return one;
    }
    takePlaces(same, one);
    return same;
  });
  const gone = [...known.values()].flat();
  const moved = list.some((one, i) => one !== before[i]);
  if (fresh.length > 0 || gone.length > 0) differ([...fresh, ...gone]);
  else if (moved) differ(list);
  return list;
}

const places = new Set(['start', 'end']);

function withoutPlaces(value: object): string {
  return JSON.stringify(value, (key, inner) => (places.has(key) ? undefined : inner));
}

/** Gives a definition the places of an equal one in a newer text: all that is told of it stays true. */
function takePlaces(old: object, next: object): void {
  for (const [key, value] of Object.entries(next)) {
    if (places.has(key)) Object.assign(old, { [key]: value });
    else if (typeof value === 'object' && value !== null) {
      const inner: unknown = Reflect.get(old, key);
      if (typeof inner === 'object' && inner !== null) takePlaces(inner, value);
    }
  }
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
