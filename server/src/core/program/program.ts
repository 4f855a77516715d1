/**
 * The files of one kernel module as one program: which definition a call means, who calls whom, what
 * type an expression has. It stays while its files change: what is asked of it while something is
 * computed is noted by name, and an update tells the names under which it found a change.
 */

import type { Catalog } from '../catalog.ts';
import type { FileUse } from '../facts/source-file.ts';
import {
  prototypesOf,
  type SourceFile,
  type SourceFunction,
  structsOf,
} from '../facts/source-file.ts';
import type {
  CallFact,
  MacroDef,
  Member,
  PathValue,
  Prototype,
  StructDef,
  TableDef,
  TypeRef,
} from '../facts/types.ts';
import { push } from '../push.ts';
import { type Memo, Queries } from '../queries/queries.ts';
import { sameItems } from '../queries/same.ts';
import { Signals } from '../queries/signals.ts';
import { type ForeignModule, reachedPart } from './foreign.ts';
import type { FunctionRef, UnitContext } from './function-ref.ts';
import { JoinedIndex } from './joined-index.ts';
import {
  type CallSite,
  type Handing,
  type Joined,
  type JoinedItem,
  joinedKinds,
  type Store,
} from './listed.ts';
import { MacroCalls } from './macro-calls.ts';
import { Mentions } from './mentions.ts';
import { StructIndex } from './struct-index.ts';
import { Unit } from './unit.ts';
import { type Change, noChange } from './unit-change.ts';

export type { FunctionRef } from './function-ref.ts';
export type { CallSite, Store } from './listed.ts';
export type { Unit } from './unit.ts';

/** A call with the definition that it means. */
export interface Callee {
  readonly call: CallFact;
  readonly target: FunctionRef;
}

/** A table with the file that holds it. */
export interface PlacedDef {
  readonly file: Unit;
  readonly table: TableDef;
}

/** An assignment with the member that it is to. */
export interface MemberStore {
  readonly store: Store;
  readonly member: string;
}

/** What can be looked up by a name. */
type Lookup = Joined | 'mentions' | 'callers' | 'name' | 'struct' | 'prototype';
/** What is looked at as a whole. */
type Whole = 'functions' | 'tables' | 'macros' | 'structs';

/** Another module, as far as this one's calls reach. */
interface Abroad {
  given: ForeignModule;
  units: readonly Unit[];
  readonly shared: Map<string, FunctionRef>;
}

export class Program {
  readonly queries: Queries;
  private readonly signals: Signals<Lookup | Whole>;
  private own: readonly Unit[] = [];
  /** The module's own files, then those of the others. */
  private joinedUnits: readonly Unit[] = [];
  private readonly byPath = new Map<string, Unit>();
  private given: readonly ForeignModule[] = [];
  private abroadModules = new Map<string, Abroad>();
  private all: readonly FunctionRef[] = [];
  private byName = new Map<string, FunctionRef[]>();
  /** The numbers of their names. */
  private functionWords: ReadonlySet<number> | null = null;
  /** What a name means from any other file of the module. */
  private shared = new Map<string, FunctionRef>();
  /** The same for each file of another module. */
  private readonly abroad = new Map<Unit, ReadonlyMap<string, FunctionRef>>();
  /** What other modules export. */
  private readonly exported = new Map<string, FunctionRef>();
  private readonly catalog: Catalog;
  private macroCalls: MacroCalls;
  /** What `macroCalls` was made of. */
  private sources: readonly SourceFile[] = [];
  private readonly context: UnitContext;
  private readonly callees: Memo<FunctionRef, readonly Callee[]>;
  private readonly targets: Memo<FunctionRef, readonly FunctionRef[]>;
  private readonly calling: Memo<string, readonly FunctionRef[]>;
  private readonly functionStores: Memo<string, readonly Store[]>;
  private readonly memberStores: Memo<string, ReadonlyMap<string, readonly MemberStore[]>>;
  private readonly handedOn: Memo<FunctionRef, readonly Handing[]>;
  private readonly tabled: Memo<null, readonly PlacedDef[]>;
  private readonly embedders: Memo<string, readonly string[]>;
  private readonly withMember: Memo<string, readonly StructDef[]>;
  private readonly mentions = new Mentions();
  private readonly joined: Readonly<Record<Joined, JoinedIndex>>;
  private readonly lists: Readonly<Record<Joined, Memo<string, readonly JoinedItem[Joined][]>>>;
  private readonly structIndex = new StructIndex();
  private macroIndex: Map<string, MacroDef> | null = null;
  /** The module's own files that declare a function, by its name. */
  private declaring: ReadonlyMap<string, readonly Unit[]> | null = null;
  /** @param foreign other modules that this one calls */
  constructor(
    catalog: Catalog,
    files: readonly SourceFile[],
    foreign: readonly ForeignModule[] = [],
  ) {
    this.catalog = catalog;
    this.queries = new Queries(catalog.flows.effort);
    this.signals = new Signals(this.queries);
    this.context = { queries: this.queries, macros: () => this.macroCalls };
    this.macroCalls = new MacroCalls([], catalog);
    const index = (kind: Joined) =>
      new JoinedIndex(
        kind,
        this.mentions,
        () => this.macroCalls,
        () => this.units(),
      );
    this.joined = {
      calls: index('calls'),
      through: index('through'),
      stores: index('stores'),
      handed: index('handed'),
    };
    // A function that mentions a name need not have anything under it: then the list comes out equal.
    const list = (kind: Joined) =>
      this.queries.memo((name: string): readonly JoinedItem[Joined][] => {
        this.signals.note(kind, name);
        return this.joined[kind].get(name);
      }, sameItems);
    this.lists = {
      calls: list('calls'),
      through: list('through'),
      stores: list('stores'),
      handed: list('handed'),
    };
    this.targets = this.queries.memo((fn: FunctionRef) => this.findTargets(fn), sameItems);
    this.calling = this.queries.memo((name: string) => {
      this.signals.note('callers', name);
      return this.joined.calls.callers(name);
    }, sameItems);
    this.callees = this.queries.memo((fn: FunctionRef) => this.findCallees(fn), sameItems);
    this.functionStores = this.queries.memo(
      (member: string) => this.findFunctionStores(member),
      sameItems,
    );
    this.memberStores = this.queries.memo((name: string) => this.findMemberStores(name));
    this.handedOn = this.queries.memo((fn: FunctionRef) => this.findHandings(fn), sameItems);
    this.tabled = this.queries.memo(
      () => this.findTables(),
      (a, b) =>
        sameItems(a, b, (one, other) => one.table === other.table && one.file === other.file),
    );
    this.embedders = this.queries.memo((tag: string) => this.findEmbedders(tag), sameItems);
    this.withMember = this.queries.memo(
      (member: string) => this.findStructsWith(member),
      sameItems,
    );
    this.update(files, foreign);
  }

  /** Takes over the newer files of the module; what is the object that it was costs nothing. */
  update(files: readonly SourceFile[], foreign: readonly ForeignModule[] = []): void {
    const change = noChange();
    const changed = new Set<Unit>();
    const own = unitsOf(
      this.context,
      this.byPath,
      files.map((file) => [file, file.functions]),
      change,
      changed,
    );
    const listed = own.length !== this.own.length || own.some((unit, i) => unit !== this.own[i]);
    this.own = own;
    const moved = this.updateForeign(foreign, change, changed);
    const others = [...this.abroadModules.values()].flatMap(({ units }) => units);
    this.joinedUnits = others.length === 0 ? own : [...own, ...others];
    const macros = MacroCalls.after(this.macroCalls, this.sources, files, this.catalog);
    this.sources = files;
    const reread = macros.key !== this.macroCalls.key;
    this.macroCalls = macros;
    if (listed || moved || change.names.size > 0) this.link(change);
    if (listed || moved) this.noteFiles(change);
    else for (const unit of changed) this.mentions.renew(unit);
    // What is listed of a struct is its text: where that has moved to is nobody's question.
    if (listed || moved || change.structs.size > 0) this.structIndex.renew(this.units());
    if (listed || moved || change.prototypes.size > 0) this.declaring = null;
    // Other macros: calls are listed under other names.
    if (reread) for (const ref of this.all) ref.reread();
    this.tell(change, listed || moved || reread);
  }

  /** @returns whether other files are read than before */
  private updateForeign(
    foreign: readonly ForeignModule[],
    change: Change,
    changed: Set<Unit>,
  ): boolean {
    if (isSameForeign(this.given, foreign)) return false;
    this.given = foreign;
    const modules = new Map<string, Abroad>();
    for (const given of foreign) {
      const key = given.files[0]?.path ?? '';
      const known = this.abroadModules.get(key);
      if (known && isSameForeign([known.given], [given])) {
        modules.set(key, known);
        continue;
      }
      const paths = new Map((known?.units ?? []).map((unit) => [unit.path, unit]));
      for (const name of known?.given.exports ?? []) change.names.add(name);
      const units = unitsOf(this.context, paths, reachedPart(given), change, changed);
      modules.set(key, { given, units, shared: known?.shared ?? new Map() });
    }
    for (const [key, { units }] of this.abroadModules)
      if (!modules.has(key)) for (const unit of units) unit.leave(change);
    const before = [...this.abroadModules.values()].flatMap(({ units }) => units);
    this.abroadModules = modules;
    const after = [...modules.values()].flatMap(({ units }) => units);
    return before.length !== after.length || before.some((unit, i) => unit !== after[i]);
  }

  /** Other files, or another order of them: whatever was joined over them is joined anew. */
  private noteFiles(change: Change): void {
    const units = this.units();
    this.mentions.reset(units);
    for (const unit of units) {
      for (const ref of unit.functions) change.names.add(ref.name);
      for (const { name } of unit.source.structs) change.structs.add(name);
      for (const { name } of unit.source.prototypes) change.prototypes.add(name);
    }
    change.tables = true;
    change.macros = true;
  }

  /** Fills in what the files of one module share. */
  private link(change: Change): void {
    this.shared = new Map();
    linkInto(this.shared, this.own);
    this.abroad.clear();
    this.exported.clear();
    for (const { given, units, shared } of this.abroadModules.values()) {
      shared.clear();
      linkInto(shared, units);
      for (const unit of units) this.abroad.set(unit, shared);
      for (const name of given.exports) {
        change.names.add(name);
        const ref = shared.get(name);
        if (ref && !ref.isStatic) this.exported.set(name, ref);
      }
    }
    this.all = this.units().flatMap((unit) => unit.functions);
    this.functionWords = null;
    this.byName = new Map();
    for (const ref of this.all) push(this.byName, ref.name, ref);
  }

  /** @param all whether everything that is listed by name may be another thing now */
  private tell(change: Change, all: boolean): void {
    const { signals } = this;
    if (all) {
      for (const kind of joinedKinds) this.joined[kind].reset();
      for (const kind of [...joinedKinds, 'mentions', 'callers'] as const) signals.touchAll(kind);
    } else {
      for (const kind of joinedKinds) {
        for (const name of this.namesOf(change.listed[kind], change.indirect)) {
          this.joined[kind].renew(name);
          signals.touch(kind, name);
        }
      }
      for (const name of this.namesOf(change.called, change.indirect))
        signals.touch('callers', name);
      for (const name of this.namesOf(change.mentioned, false)) signals.touch('mentions', name);
    }
    for (const name of change.names) signals.touch('name', name);
    if (change.names.size > 0) {
      signals.touch('functions', '');
      // A table counts when it names a function.
      change.tables = true;
    }
    for (const name of change.prototypes) signals.touch('prototype', name);
    for (const tag of change.structs) signals.touch('struct', tag);
    if (change.structs.size > 0) signals.touch('structs', '');
    if (change.tables) signals.touch('tables', '');
    if (change.macros) {
      this.macroIndex = null;
      signals.touch('macros', '');
    }
  }

  /** The names that words of a changed function stand for, those of the macros among them included. */
  private namesOf(changed: ReadonlySet<number>, indirect: boolean): Set<string> {
    const words = this.own[0]?.source.words;
    const names = new Set(indirect ? [''] : []);
    if (!words) return names;
    for (const word of changed) {
      const name = words.of(word);
      names.add(name);
      for (const stands of this.macroCalls.namesFor(name)) names.add(stands);
    }
    return names;
  }

  private units(): readonly Unit[] {
    return this.joinedUnits;
  }

  /** The module's own files. */
  get files(): readonly Unit[] {
    return this.own;
  }

  /** The module's functions, then those of other modules that its calls run. */
  get functions(): readonly FunctionRef[] {
    this.signals.note('functions', '');
    return this.all;
  }

  /** Other modules, as they were given. */
  get foreign(): readonly ForeignModule[] {
    return this.given;
  }

  /** Whether a function belongs to another module. */
  isForeign(fn: FunctionRef): boolean {
    return this.abroad.has(fn.file);
  }

  /** The files of other modules that this one's calls lead into. */
  foreignFiles(): Iterable<Unit> {
    return this.abroad.keys();
  }

  /** All definitions of a name, in the module and where its calls lead. */
  named(name: string): readonly FunctionRef[] {
    this.signals.note('name', name);
    return this.byName.get(name) ?? [];
  }

  /**
   * The definition that a name means in a file, as the linker sees it: one in the file itself, else
   * one of its module that is not static, else a header's inline, else what another module exports.
   */
  resolve(name: string, from: Unit): FunctionRef | undefined {
    this.signals.note('name', name);
    const own = from.own(name);
    if (own || this.abroad.size === 0) return own ?? this.shared.get(name);
    return (this.abroad.get(from) ?? this.shared).get(name) ?? this.exported.get(name);
  }

  /** The calls of a function by that name that mean `target`. */
  callersOf(target: FunctionRef): readonly CallSite[] {
    const { name } = target;
    const calls = this.callsOf(name);
    // With one definition of the name that all files see there is nothing to tell apart.
    if (this.abroad.size === 0 && this.named(name).length === 1 && this.shared.get(name) === target)
      return calls;
    return calls.filter((site) => this.resolve(name, site.caller.file) === target);
  }

  /** Every call by that name in the module. */
  callsOf(name: string): readonly CallSite[] {
    return this.join('calls', name);
  }

  /** Every call through an expression whose last named step is `member`, `''` for a variable. */
  callsThrough(member: string): readonly CallSite[] {
    return this.join('through', member);
  }

  /** The assignments in the module whose target's last named step is `member`. */
  storesTo(member: string): readonly Store[] {
    return this.join('stores', member);
  }

  /** Those of them that can store a function of the module: a body that names none as a value is not read. */
  functionStoresTo(member: string): readonly Store[] {
    return this.functionStores.get(member);
  }

  /** The assignments to a member of one struct, as `memberOf` names it. */
  storesInto({ tag, member }: { readonly tag: string; readonly member: string }): readonly Store[] {
    return this.storesIntoStruct(tag, member)
      .filter((one) => one.member === member)
      .map(({ store }) => store);
  }

  /** The assignments to what goes by the last name of a member in one struct, each with the member that it is. */
  storesIntoStruct(tag: string, member: string): readonly MemberStore[] {
    return this.memberStores.get(member.split('.').at(-1) ?? '').get(tag) ?? [];
  }

  private findMemberStores(name: string): ReadonlyMap<string, readonly MemberStore[]> {
    const found = new Map<string, MemberStore[]>();
    for (const store of this.storesTo(name)) {
      const target = this.memberOf(store.fn, store.assign.target);
      if (target) push(found, target.tag, { store, member: target.member });
    }
    return found;
  }

  private findFunctionStores(member: string): readonly Store[] {
    this.signals.note('stores', member);
    this.signals.note('functions', '');
    this.functionWords ??= new Set(this.all.map(({ name, file }) => file.source.words.id(name)));
    const known = this.functionWords;
    const list = this.joined.stores.among(member, ({ body }) => {
      for (const word of body.bodyWords.values) if (known.has(word)) return true;
      return false;
    });
    return list as readonly Store[];
  }

  /** The places that hand on the function, or another global, of that name. */
  handingsOf(name: string): readonly Handing[] {
    return this.join('handed', name);
  }

  /** Those of a function: where its name means another one, or a variable, nothing is read. */
  handingsOfFunction(fn: FunctionRef): readonly Handing[] {
    return this.handedOn.get(fn);
  }

  private findHandings(fn: FunctionRef): readonly Handing[] {
    this.signals.note('handed', fn.name);
    const means = ({ file }: FunctionRef) => this.resolve(fn.name, file) === fn;
    return this.joined.handed.among(fn.name, means) as readonly Handing[];
  }

  private join<K extends Joined>(kind: K, name: string): readonly JoinedItem[K][] {
    return this.lists[kind].get(name) as readonly JoinedItem[K][];
  }

  /** The tags of the structs that have a struct of tag `tag` as a member by value, also of an anonymous one. */
  embeddersOf(tag: string): readonly string[] {
    return this.embedders.get(tag);
  }

  private findEmbedders(tag: string): readonly string[] {
    this.signals.note('structs', '');
    return this.structIndex
      .mentioning(tag)
      .flatMap(structsOf)
      .filter((def) => def.tag !== '' && embeds(def.members, tag))
      .map((def) => def.tag);
  }

  /** How many members of the module's structs are a struct of that tag, or point to one. */
  membersOfType(tag: string): number {
    this.signals.note('structs', '');
    const count = (members: readonly Member[]): number =>
      members.reduce(
        (sum, { type, members: inner }) =>
          sum + (type.tagged && type.name === tag && inner.length === 0 ? 1 : count(inner)),
        0,
      );
    return this.structIndex
      .mentioning(tag)
      .flatMap(structsOf)
      .reduce((sum, def) => sum + count(def.members), 0);
  }

  /** The functions that call something of that name, or a macro in its place: read off the index. */
  functionsCalling(name: string): readonly FunctionRef[] {
    return this.calling.get(name);
  }

  /** The functions that mention a name anywhere, another module's included: read off the index. */
  mentioning(name: string): readonly FunctionRef[] {
    this.signals.note('mentions', name);
    const word = this.own[0]?.source.words.find(name) ?? -1;
    return word < 0 ? [] : this.mentions.of(word);
  }

  /** The functions whose calls can be handed a member of that name: the same. */
  mentioningMember(name: string): ReadonlySet<FunctionRef> {
    this.signals.note('macros', '');
    const words = [name, ...this.macroCalls.handingOn(name)];
    return new Set(words.flatMap((word) => this.mentioning(word)));
  }

  /** The functions that a function calls by their names, each once: read off the index. */
  targetsOf(fn: FunctionRef): readonly FunctionRef[] {
    return this.targets.get(fn);
  }

  private findTargets(fn: FunctionRef): readonly FunctionRef[] {
    const { words } = fn.file.source;
    const found = new Set<FunctionRef>();
    for (const word of fn.called) {
      const target = this.resolve(words.of(word), fn.file);
      if (target) found.add(target);
    }
    return [...found];
  }

  /** The calls of a function that mean a definition in the module, by its name. */
  calleesOf(fn: FunctionRef): readonly Callee[] {
    return this.callees.get(fn);
  }

  private findCallees(fn: FunctionRef): readonly Callee[] {
    const found: Callee[] = [];
    for (const call of fn.facts.calls) {
      const target = call.callee === '' ? undefined : this.resolve(call.callee, fn.file);
      if (target) found.push({ call, target });
    }
    return found;
  }

  /** Every call in the module by one of the names. */
  callsOfAny(names: Iterable<string>): CallSite[] {
    const out: CallSite[] = [];
    for (const name of names) for (const site of this.callsOf(name)) out.push(site);
    return out;
  }

  /** Every call in the module that goes through an expression. */
  indirectCalls(): readonly CallSite[] {
    return this.callsOf('');
  }

  /** The declarations of a function in the module's own files. */
  prototypesOf(name: string): readonly { readonly file: Unit; readonly prototype: Prototype }[] {
    this.signals.note('prototype', name);
    this.declaring ??= this.findDeclaring();
    return (this.declaring.get(name) ?? []).flatMap((file) =>
      file.source.prototypes
        .filter((one) => one.name === name)
        .flatMap((one) => prototypesOf(one).map((prototype) => ({ file, prototype }))),
    );
  }

  private findDeclaring(): ReadonlyMap<string, readonly Unit[]> {
    const found = new Map<string, Unit[]>();
    for (const file of this.own)
      for (const name of new Set(file.source.prototypes.map((one) => one.name)))
        push(found, name, file);
    return found;
  }

  /** The tables that name functions of the module, or whose struct the catalogue knows. */
  tables(): readonly PlacedDef[] {
    return this.tabled.get(null);
  }

  private findTables(): readonly PlacedDef[] {
    this.signals.note('tables', '');
    return this.own.flatMap((file) => this.tablesIn(file).map((table) => ({ file, table })));
  }

  /**
   * All tables with designators, macros or functions of the module in them: those of numbers are left out.
   * @param struct those of one struct alone: the others are not read
   */
  allTables(struct?: string): readonly PlacedDef[] {
    this.signals.note('tables', '');
    const isWanted = (tag: string) => struct === undefined || tag === '' || tag === struct;
    const all = this.own.flatMap((file) => file.tables(isWanted).map((table) => ({ file, table })));
    return struct === undefined ? all : all.filter(({ table }) => table.struct === struct);
  }

  /** The tables of one file that name functions of the module, or whose struct the catalogue knows. */
  tablesIn(file: Unit): readonly TableDef[] {
    const { words } = file.source;
    return file.tables(
      (tag, mentions) =>
        this.catalog.ops.has(tag) || mentions.some((word) => this.byName.has(words.of(word))),
    );
  }

  /** The macros that a file uses outside of functions. */
  usesIn(file: Unit): readonly FileUse[] {
    this.signals.note('tables', '');
    return file.source.uses;
  }

  /** Whether a table, by its name, mentions a word. */
  tableMentions(file: Unit, table: string, word: string): boolean {
    this.signals.note('tables', '');
    const { tables, index, words } = file.source;
    const found = tables.find(({ name }) => name === table);
    return (
      found !== undefined &&
      Array.from(index.mentions(found.item), (one) => words.of(one)).includes(word)
    );
  }

  /** Whether a variable of a file has an initialiser. */
  isTable(file: Unit, table: string): boolean {
    this.signals.note('tables', '');
    return file.source.tables.some(({ name }) => name === table);
  }

  /** The macros of a file that paste names together: what one of them mentions may be any name. */
  pastingMacrosIn(file: Unit): readonly string[] {
    this.signals.note('macros', '');
    return file.macros.flatMap(({ name, body }) => (body.includes('##') ? [name] : []));
  }

  /** The variables of a file whose initialisers mention a word. */
  tablesMentioning(file: Unit, word: string): readonly string[] {
    this.signals.note('tables', '');
    const { tables, index, words } = file.source;
    const id = words.id(word);
    return tables.flatMap(({ name, item }) => (index.mentions(item).includes(id) ? [name] : []));
  }

  /** Whether some initialiser of a file's variables mentions a word. */
  isInTable(word: string): boolean {
    this.signals.note('tables', '');
    return this.own.some(({ source: { tables, index, words } }) => {
      const id = words.id(word);
      return tables.some(({ item }) => index.mentions(item).includes(id));
    });
  }

  /**
   * Whether nothing of the module names a function: no body, no initialiser, no macro outside of functions, as an
   * export is.
   */
  isNamedNowhere(fn: FunctionRef): boolean {
    const { name } = fn;
    return (
      this.mentioning(name).every((one) => one === fn) &&
      !this.isInTable(name) &&
      !this.own.some((file) => this.usesIn(file).some(({ words }) => words.includes(name)))
    );
  }

  /** The declarations in one file. */
  prototypesIn(file: Unit): readonly Prototype[] {
    return file.source.prototypes.flatMap(prototypesOf);
  }

  /**
   * The struct that a tag means in a file: one that the file itself defines, else the last of that
   * name, of the file's own module where it has any.
   */
  struct(tag: string, from?: Unit): StructDef | undefined {
    return this.structPlace(tag, from)?.def;
  }

  /** The same with the file that defines it. */
  structPlace(
    tag: string,
    from?: Unit,
  ): { readonly file: Unit; readonly def: StructDef } | undefined {
    this.signals.note('struct', tag);
    const found = this.structIndex.of(tag);
    const module = from && this.abroad.get(from);
    const near =
      this.abroad.size === 0 ? found : found.filter((one) => this.abroad.get(one.file) === module);
    return near.find((one) => one.file === from) ?? near.at(-1) ?? found.at(-1);
  }

  /** The module's own structs that have a member of that name. */
  structsWith(member: string): readonly StructDef[] {
    return this.withMember.get(member);
  }

  private findStructsWith(member: string): readonly StructDef[] {
    this.signals.note('structs', '');
    return this.structIndex
      .mentioning(member)
      .flatMap(structsOf)
      .filter((def) => def.members.some((one) => one.name === member));
  }

  /** A function-like macro by name, the module's own before another's. */
  macro(name: string): MacroDef | undefined {
    this.signals.note('macros', '');
    if (!this.macroIndex) {
      this.macroIndex = new Map();
      for (const file of this.abroad.keys())
        for (const macro of file.macros) this.macroIndex.set(macro.name, macro);
      for (const file of this.own)
        for (const macro of file.macros) this.macroIndex.set(macro.name, macro);
    }
    return this.macroIndex.get(name);
  }

  /** The module's own function-like macros. */
  ownMacros(): readonly MacroDef[] {
    this.signals.note('macros', '');
    return this.own.flatMap((file) => file.macros);
  }

  /** The type of a parameter or local, or of what a call answers that a path begins with; undefined for a global. */
  typeOfRoot(fn: FunctionRef, root: string): TypeRef | undefined {
    if (root.endsWith(')')) return this.typeAnswered(fn, /^\w*/.exec(root)?.[0] ?? '');
    return (
      fn.facts.params.find((param) => param.name === root)?.type ??
      fn.facts.locals.find((local) => local.name === root)?.type
    );
  }

  /** `to_foo(x)`: what a function returns, or the struct that a macro of the module names. */
  private typeAnswered(fn: FunctionRef, callee: string): TypeRef | undefined {
    const struct = /\bstruct\s+(\w+)\s*(?:,|\*)/.exec(this.macro(callee)?.body ?? '')?.[1];
    return struct === undefined
      ? this.resolve(callee, fn.file)?.facts.returns
      : { name: struct, tagged: true, pointers: 1 };
  }

  private readonly longStructs = new WeakMap<readonly Member[], ReadonlyMap<string, Member>>();

  /**
   * The struct tag that the last named step of a path is a member of, with that member's name:
   * `copy->table` answers `foo_copy` and `table`. The tag is `''` when a type on the way is unknown;
   * undefined when the path has no member step.
   */
  memberOf(
    fn: FunctionRef,
    path: PathValue,
  ):
    | { readonly tag: string; readonly member: string; readonly type: TypeRef | undefined }
    | undefined {
    let type = this.typeOfRoot(fn, path.root);
    let inline: readonly Member[] | null = null;
    let result: { tag: string; member: string; type: TypeRef | undefined } | undefined;
    let prefix = '';
    for (const step of path.steps) {
      if (step === '[]') continue;
      const tag = inline ? (result?.tag ?? '') : (type?.name ?? '');
      const found = this.memberNamed(
        inline ?? (tag === '' ? [] : (this.struct(tag, fn.file)?.members ?? [])),
        step,
      );
      const name = inline ? `${prefix}.${step}` : step;
      result = { tag, member: name, type: found?.type };
      inline = found && found.members.length > 0 && found.type.name === '' ? found.members : null;
      prefix = name;
      type = found?.type;
    }
    return result;
  }

  /** The same as `findMember()`; a long struct is asked for thousands of its members. */
  private memberNamed(members: readonly Member[], name: string): Member | undefined {
    if (members.length < longStruct) return findMember(members, name);
    let byName = this.longStructs.get(members);
    if (!byName) {
      byName = new Map([...namedIn(members)].reverse());
      this.longStructs.set(members, byName);
    }
    return byName.get(name);
  }
}

/** From so many members on they are looked up by name. */
const longStruct = 100;

/** The members by their names as `findMember()` comes to them. */
function* namedIn(members: readonly Member[]): Generator<readonly [string, Member]> {
  for (const member of members) {
    if (member.name === '') yield* namedIn(member.members);
    else yield [member.name, member];
  }
}

/** Finds a member by name, through anonymous structs and unions. */
export function findMember(members: readonly Member[], name: string): Member | undefined {
  for (const member of members) {
    if (member.name === name) return member;
    if (member.name === '') {
      const inner = findMember(member.members, name);
      if (inner) return inner;
    }
  }
  return undefined;
}

/** Whether one of the members is a struct of the tag by value. */
function embeds(members: readonly Member[], tag: string): boolean {
  return members.some(
    ({ type, members: inner }) =>
      type.pointers === 0 && ((type.tagged && type.name === tag) || embeds(inner, tag)),
  );
}

/** The units of files, those that are known taken over; what left is told. */
function unitsOf(
  context: UnitContext,
  known: Map<string, Unit>,
  files: readonly (readonly [SourceFile, readonly SourceFunction[]])[],
  change: Change,
  changed: Set<Unit>,
): readonly Unit[] {
  const units = files.map(([file, functions]) => {
    const unit = known.get(file.path);
    if (unit) {
      if (unit.update(file, functions, change)) changed.add(unit);
      return unit;
    }
    const made = new Unit(context, file, functions, change);
    known.set(file.path, made);
    changed.add(made);
    return made;
  });
  if (known.size !== units.length) {
    const present = new Set(units);
    for (const [path, unit] of known) {
      if (present.has(unit)) continue;
      unit.leave(change);
      changed.add(unit);
      known.delete(path);
    }
  }
  return units;
}

function linkInto(shared: Map<string, FunctionRef>, units: readonly Unit[]): void {
  for (const unit of units) {
    const isHeader = unit.path.endsWith('.h');
    for (const ref of unit.functions) {
      // One that is not static is linked to; else a header's inline is what other files see.
      const known = shared.get(ref.name);
      if (
        !ref.isStatic
          ? known === undefined || known.isStatic || (known.isOutdated && !ref.isOutdated)
          : known === undefined && isHeader
      )
        shared.set(ref.name, ref);
    }
  }
}

function isSameForeign(before: readonly ForeignModule[], after: readonly ForeignModule[]): boolean {
  return (
    before.length === after.length &&
    before.every((one, i) => {
      const other = after[i];
      return (
        other !== undefined &&
        one.files.length === other.files.length &&
        one.files.every((file, k) => file === other.files[k]) &&
        one.exports.size === other.exports.size &&
        [...one.exports].every((name) => other.exports.has(name))
      );
    })
  );
}
