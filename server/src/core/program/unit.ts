/**
 * One file of a program, as an object that stays while its text changes: an edit in one function
 * leaves the other functions of the file the objects that they are, wherever they have moved to.
 */
import {
  factsOfBody,
  type ItemText,
  type Named,
  type SourceFile,
  type SourceFunction,
  structsOf,
  tableOf,
} from '../facts/source-file.ts';
import type {
  AssignFact,
  CallFact,
  FunctionDef,
  FunctionFacts,
  MacroDef,
  Suppression,
  TableDef,
  TableEntry,
  Value,
} from '../facts/types.ts';
import { Column, Flag } from '../index/file-index.ts';
import type { Input, Queries } from '../queries/queries.ts';
import type { Span } from '../text.ts';
import type { MacroCalls } from './macro-calls.ts';
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
  private readonly input: Input<ItemText>;
  private readonly macros: MacroSource;
  private source: SourceFunction;
  private made: {
    readonly of: ItemText;
    readonly macros: string;
    readonly facts: FunctionFacts;
  } | null = null;
  private listed: { readonly facts: FunctionFacts; readonly entries: Entries } | null = null;

  constructor(context: UnitContext, file: Unit, source: SourceFunction) {
    this.file = file;
    this.name = source.name;
    this.isStatic = source.isStatic;
    this.input = context.queries.input(source.body);
    this.macros = context.macros;
    this.source = source;
  }

  get start(): number {
    return this.source.start;
  }

  get end(): number {
    return this.source.end;
  }

  /** Another definition of its name is the one that the newest kernel compiles. */
  get isOutdated(): boolean {
    return this.source.isOutdated;
  }

  get def(): FunctionDef {
    return this;
  }

  get facts(): FunctionFacts {
    this.input.get();
    return this.peek();
  }

  /** Numbers of the names with `(` behind them, sorted: read off the index, without a parse. */
  get called(): Int32Array {
    this.input.get();
    return this.file.source.index.calls(this.source.item);
  }

  /** Whether it may call something through an expression: the same. */
  get callsIndirectly(): boolean {
    this.input.get();
    const flags = this.file.source.index.cell(this.source.item, Column.flags);
    return (flags & Flag.callsThrough) !== 0 || this.source.body.bodyWords.callsVariable;
  }

  /** Whether what it calls may be a variable: the same. */
  get callsVariable(): boolean {
    this.input.get();
    return this.source.body.bodyWords.callsVariable;
  }

  /** Numbers of the members that it may call: the same. */
  get calledMembers(): readonly number[] {
    this.input.get();
    const flags = this.file.source.index.cell(this.source.item, Column.flags);
    return (flags & Flag.callsThrough) === 0 ? [] : this.source.body.bodyWords.calledMembers;
  }

  /** The text, for those who keep the indexes. */
  get body(): ItemText {
    return this.source.body;
  }

  /** Its number in the index of the file. */
  get item(): number {
    return this.source.item;
  }

  /** The facts, for those who keep the indexes. */
  peek(): FunctionFacts {
    const { body, name, isStatic } = this.source;
    const macros = this.macros();
    if (this.made?.of !== body || this.made.macros !== macros.key) {
      const facts = macros.factsOf(factsOfBody(body, name, isStatic));
      this.made = { of: body, macros: macros.key, facts };
    }
    return this.made.facts;
  }

  /** What the body adds to the indexes of its file, for those who keep them. */
  entries(): Entries {
    const facts = this.peek();
    if (this.listed?.facts !== facts) this.listed = { facts, entries: entriesOf(this, facts) };
    return this.listed.entries;
  }

  /** For the unit: the same function in a newer text. */
  replace(source: SourceFunction): void {
    this.source = source;
    this.input.set(source.body);
  }

  /** For the program: other macros make other facts of it. */
  reread(): void {
    this.input.touch();
  }
}

/** The macros of the program, as they are now. */
export type MacroSource = () => MacroCalls;

/** What the units of a program share. */
export interface UnitContext {
  readonly queries: Queries;
  readonly macros: MacroSource;
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
  /** The call whose argument it is. */
  readonly call: CallFact | undefined;
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
  /** Numbers of the words under which something of changed functions is listed, or was. */
  readonly listed: Readonly<Record<Joined, Set<number>>>;
  /** Of the words that a function mentions, and that it has before a `(`: those that came or went. */
  readonly mentioned: Set<number>;
  readonly called: Set<number>;
  /** One of them calls something through an expression. */
  indirect: boolean;
  readonly structs: Set<string>;
  readonly prototypes: Set<string>;
  tables: boolean;
  macros: boolean;
}

export function noChange(): Change {
  return {
    names: new Set(),
    listed: { calls: new Set(), through: new Set(), stores: new Set(), handed: new Set() },
    mentioned: new Set(),
    called: new Set(),
    indirect: false,
    structs: new Set(),
    prototypes: new Set(),
    tables: false,
    macros: false,
  };
}

/** A file of a program, in its newest text. */
export class Unit {
  readonly path: string;
  private readonly context: UnitContext;
  private now: SourceFile;
  private list: readonly FunctionRef[] = [];
  private byName: ReadonlyMap<string, FunctionRef> = new Map();
  private byItem: ReadonlyMap<number, FunctionRef> = new Map();
  private tableList: readonly UnitTable[] = [];
  /** What `list` was made of. */
  private given: readonly SourceFunction[] = [];

  /** @param functions those that belong to the program: of another module's file, some */
  constructor(
    context: UnitContext,
    source: SourceFile,
    functions: readonly SourceFunction[],
    change: Change,
  ) {
    this.path = source.path;
    this.context = context;
    this.now = source;
    this.take(source, functions, undefined, change);
  }

  /** The file as it was read. */
  get source(): SourceFile {
    return this.now;
  }

  get lineStarts(): readonly number[] {
    return this.now.lineStarts;
  }

  get functions(): readonly FunctionRef[] {
    return this.list;
  }

  get macros(): readonly MacroDef[] {
    return this.now.macros;
  }

  get suppressions(): readonly Suppression[] {
    return this.now.suppressions;
  }

  /** @param wanted by struct tag and the words that it mentions: the others are not read */
  tables(wanted: WantedTable): readonly TableDef[] {
    return this.tableList.flatMap((one) => one.definition(this.now, wanted) ?? []);
  }

  /** What a name means in the file itself. */
  own(name: string): FunctionRef | undefined {
    return this.byName.get(name);
  }

  /** The function of an item of the index. */
  functionAt(item: number): FunctionRef | undefined {
    return this.byItem.get(item);
  }

  /** Takes over a newer text, and adds to `change` what it changes. @returns whether it is another one */
  update(source: SourceFile, functions: readonly SourceFunction[], change: Change): boolean {
    const same =
      source === this.now &&
      (functions === this.given ||
        (functions.length === this.list.length &&
          functions.every(
            (one, i) =>
              one.body === this.list[i]?.body &&
              one.name === this.list[i]?.name &&
              one.isOutdated === this.list[i]?.isOutdated,
          )));
    if (!same) this.take(source, functions, this.now, change);
    return !same;
  }

  /** The file leaves the program. */
  leave(change: Change): void {
    for (const ref of this.list) addAll(textOf(ref), change);
    for (const { name } of this.list) change.names.add(name);
    for (const { name } of this.now.structs) change.structs.add(name);
    for (const { name } of this.now.prototypes) change.prototypes.add(name);
    change.tables = true;
    change.macros = true;
    this.list = [];
    this.given = [];
    this.byName = new Map();
    this.byItem = new Map();
  }

  private take(
    source: SourceFile,
    functions: readonly SourceFunction[],
    before: SourceFile | undefined,
    change: Change,
  ): void {
    const former = this.list;
    this.takeFunctions(functions, change, source);
    this.now = source;
    if (before === source) return;
    if (former.length > 0 || before) this.noteItems(before, source, change);
    const known = new Map<ItemText, UnitTable[]>();
    for (const one of this.tableList) push(known, one.text, one);
    this.tableList = source.tables.map((named) => {
      const table = known.get(named.text)?.shift() ?? new UnitTable(named.text);
      table.place(named);
      return table;
    });
  }

  private noteItems(before: SourceFile | undefined, source: SourceFile, change: Change): void {
    const differ = (a: readonly Named[] | undefined, b: readonly Named[]): readonly Named[] => {
      if (a?.length === b.length && a.every((one, i) => one.text === b[i]?.text)) return [];
      const [had, has] = [new Set(a?.map(({ text }) => text)), new Set(b.map(({ text }) => text))];
      const gone = a?.filter(({ text }) => !has.has(text)) ?? [];
      const come = b.filter(({ text }) => !had.has(text));
      // The same ones in another order count as others.
      return gone.length + come.length > 0 ? [...gone, ...come] : b;
    };
    for (const one of differ(before?.structs, source.structs)) {
      change.structs.add(one.name);
      for (const { tag } of structsOf(one)) change.structs.add(tag);
    }
    for (const { name } of differ(before?.prototypes, source.prototypes))
      change.prototypes.add(name);
    if (differ(before?.tables, source.tables).length > 0) change.tables = true;
    // Which driver a table is of is told at file scope.
    const uses = (file: SourceFile | undefined) =>
      file?.uses.map(({ macro, words }) => `${macro}(${words.join()})`).join();
    if (uses(before) !== uses(source)) change.tables = true;
    const bodies = (file: SourceFile | undefined) =>
      file?.macros.map(({ name, params, body }) => `${name}(${params.join()}) ${body}`).join('\n');
    if (bodies(before) !== bodies(source)) change.macros = true;
  }

  private takeFunctions(
    functions: readonly SourceFunction[],
    change: Change,
    source: SourceFile,
  ): void {
    const known = new Map<string, FunctionRef[]>();
    for (const ref of this.list) push(known, keyOf(ref), ref);
    const list = functions.map((one) => {
      const ref = known.get(keyOf(one))?.shift();
      if (!ref) {
        change.names.add(one.name);
        addAll({ source, item: one.item, body: one.body }, change);
        return new FunctionRef(this.context, this, one);
      }
      if (ref.body !== one.body)
        addDifference(textOf(ref), { source, item: one.item, body: one.body }, change);
      ref.replace(one);
      return ref;
    });
    for (const left of known.values()) {
      for (const ref of left) {
        change.names.add(ref.name);
        addAll(textOf(ref), change);
      }
    }
    // Calls and stores are listed in the order of the functions.
    if (!isSameOrder(this.list, list)) {
      for (const ref of list) {
        change.names.add(ref.name);
        addAll({ source, item: ref.item, body: ref.body }, change);
      }
    }
    this.list = list;
    this.given = functions;
    const byName = new Map<string, FunctionRef>();
    for (const ref of list) {
      const first = byName.get(ref.name);
      // Of several definitions the one that the newest kernel compiles.
      if (!first || (first.isOutdated && !ref.isOutdated)) byName.set(ref.name, ref);
    }
    this.byName = byName;
    this.byItem = new Map(list.map((ref) => [ref.item, ref]));
  }
}

/** Whether a table is wanted, by its struct's tag and the words that it mentions. */
export type WantedTable = (tag: string, mentions: Int32Array) => boolean;

/** A list of anything but numbers. */
const designator = /\{[^{]*[a-z_]/;

/** One table of a unit: the object of its definition stays while its text does, wherever it moves. */
class UnitTable {
  readonly text: ItemText;
  private named: Named | null = null;
  private made: { readonly def: TableDef | undefined } | null = null;

  constructor(text: ItemText) {
    this.text = text;
  }

  place(named: Named): void {
    this.named = named;
  }

  get base(): number {
    return this.named?.start ?? 0;
  }

  definition(source: SourceFile, wanted: WantedTable): TableDef | undefined {
    const { named } = this;
    if (!named) return undefined;
    // Which functions the module has may change while the table does not.
    if (!wanted(named.tag, source.index.mentions(named.item))) return undefined;
    if (this.made) return this.made.def;
    const table = designator.test(named.text.text) ? tableOf(named) : undefined;
    this.made = { def: table && new PlacedTable(this, table) };
    return this.made.def;
  }
}

/** A definition whose offsets count from the start of the file, wherever its item is. */
class PlacedTable implements TableDef {
  readonly name: string;
  readonly struct: string;
  readonly entries: readonly TableEntry[];
  private readonly at: UnitTable;
  private readonly span: Span;

  constructor(at: UnitTable, table: TableDef) {
    this.at = at;
    this.span = table;
    this.name = table.name;
    this.struct = table.struct;
    this.entries = table.entries.map((entry) => new PlacedEntry(at, entry));
  }

  get start(): number {
    return this.at.base + this.span.start;
  }

  get end(): number {
    return this.at.base + this.span.end;
  }
}

class PlacedEntry implements TableEntry {
  readonly member: string;
  readonly value: string;
  private readonly at: UnitTable;
  private readonly span: Span;

  constructor(at: UnitTable, entry: TableEntry) {
    this.at = at;
    this.span = entry;
    this.member = entry.member;
    this.value = entry.value;
  }

  get start(): number {
    return this.at.base + this.span.start;
  }

  get end(): number {
    return this.at.base + this.span.end;
  }
}

/** Whether what two lists have in common stands in the same order. */
function isSameOrder<T>(before: readonly T[], after: readonly T[]): boolean {
  const [had, has] = [new Set(before), new Set(after)];
  const left = before.filter((one) => has.has(one));
  const right = after.filter((one) => had.has(one));
  return left.every((one, i) => one === right[i]);
}

function keyOf({
  name,
  isStatic,
  isOutdated,
}: Pick<SourceFunction, 'name' | 'isStatic' | 'isOutdated'>): string {
  return `${name}${isStatic ? '' : ' '}${isOutdated ? '~' : ''}`;
}

/** A function as one text of its file has it. */
interface FunctionText {
  readonly source: SourceFile;
  readonly item: number;
  readonly body: ItemText;
}

function textOf({ file, item, body }: FunctionRef): FunctionText {
  return { source: file.source, item, body };
}

/** What is looked up by name of a function: by the same marks as where it is looked for (`JoinedIndex`). */
function addListed({ source: { index }, item, body }: FunctionText, change: Change): void {
  const { listed } = change;
  const { stored, calledMembers, values, callsVariable } = body.bodyWords;
  const callsThrough = (index.cell(item, Column.flags) & Flag.callsThrough) !== 0;
  for (const word of index.calls(item)) listed.calls.add(word);
  if (callsThrough) for (const word of calledMembers) listed.through.add(word);
  for (const word of stored) listed.stores.add(word);
  for (const word of values) listed.handed.add(word);
  change.indirect ||= callsThrough || callsVariable;
}

/** A function comes, goes, or moves among the others. */
function addAll(text: FunctionText, change: Change): void {
  addListed(text, change);
  const { index } = text.source;
  for (const word of index.mentions(text.item)) change.mentioned.add(word);
  for (const word of index.calls(text.item)) change.called.add(word);
}

/** A function has another text: its calls are others, but most of its words are the same. */
function addDifference(before: FunctionText, after: FunctionText, change: Change): void {
  addListed(before, change);
  addListed(after, change);
  const [had, has] = [before.source.index, after.source.index];
  addEither(had.mentions(before.item), has.mentions(after.item), change.mentioned);
  addEither(had.calls(before.item), has.calls(after.item), change.called);
}

/** Adds what stands in one of two sorted lists alone. */
function addEither(a: Int32Array, b: Int32Array, to: Set<number>): void {
  for (let i = 0, k = 0; i < a.length || k < b.length; ) {
    const one = a[i] ?? Number.POSITIVE_INFINITY;
    const other = b[k] ?? Number.POSITIVE_INFINITY;
    if (one !== other) to.add(Math.min(one, other));
    if (one <= other) i++;
    if (other <= one) k++;
  }
}

function entriesOf(fn: FunctionRef, facts: FunctionFacts): Entries {
  const sites = facts.calls.map((call): Entry<CallSite> => [call.callee, { caller: fn, call }]);
  const own = new Set([...facts.params, ...facts.locals].map(({ name }) => name));
  const handed: Entry<Handing>[] = [];
  const hand = (value: Value, assign: AssignFact | undefined, call?: CallFact): void => {
    if (value.kind === 'choice') for (const one of value.of) hand(one, assign, call);
    const path = pathIn(value);
    if (path && path.steps.length === 0 && !own.has(path.root))
      handed.push([path.root, { fn, assign, call }]);
  };
  for (const call of facts.calls) for (const { value } of call.args) hand(value, undefined, call);
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

/** The member that a call goes through, `''` when it is no member. */
function memberThrough(call: CallFact): string {
  const path = call.through ? pathIn(call.through) : undefined;
  return (path && lastStep(path.steps)) ?? '';
}

/** The last step that is no index. */
export function lastStep(steps: readonly string[]): string | undefined {
  return steps.findLast((step) => step !== '[]');
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
