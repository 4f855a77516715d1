/**
 * The files of one kernel module as one program: which definition a call means, who calls whom, what
 * type an expression has. Built anew for each analysis; each index is made when first asked for.
 */
import type {
  CallFact,
  FileFacts,
  MacroDef,
  Member,
  PathValue,
  Prototype,
  StructDef,
  TableDef,
  TypeRef,
} from '../facts/types.ts';
import {
  type CallSite,
  FileParts,
  type FunctionRef,
  JoinedIndex,
  type Store,
} from './file-parts.ts';
import { type ForeignModule, reachedPart } from './foreign.ts';
import type { MacroCalls } from './macro-calls.ts';

export type { CallSite, FunctionRef, Store } from './file-parts.ts';

/** A call with the definition that it means. */
export interface Callee {
  readonly call: CallFact;
  readonly target: FunctionRef;
}

export class Program {
  /** The module's own files. */
  readonly files: readonly FileFacts[];
  /** The module's functions, then those of other modules that its calls run. */
  readonly functions: readonly FunctionRef[];
  /** Other modules, as they were given. */
  readonly foreign: readonly ForeignModule[];
  /** What made the files of those that were read, for the next program of the module. */
  readonly macros: MacroCalls | undefined;
  private readonly byName = new Map<string, FunctionRef[]>();
  private readonly parts = new Map<FileFacts, FileParts>();
  /** What a name means from any other file of the module. */
  private readonly shared = new Map<string, FunctionRef>();
  /** The same for each file of another module. */
  private readonly abroad = new Map<FileFacts, ReadonlyMap<string, FunctionRef>>();
  /** What other modules export. */
  private readonly exported = new Map<string, FunctionRef>();
  private readonly callees = new Map<FunctionRef, readonly Callee[]>();
  private storeIndex: JoinedIndex<Store> | null = null;
  private embedderIndex: Map<string, string[]> | null = null;
  private callIndex: JoinedIndex<CallSite> | null = null;
  private structIndex: Map<string, { readonly file: FileFacts; readonly def: StructDef }[]> | null =
    null;
  private macroIndex: Map<string, MacroDef> | null = null;
  private prototypeIndex: Map<
    string,
    { readonly file: FileFacts; readonly prototype: Prototype }[]
  > | null = null;

  /**
   * @param previous an earlier program of the module: what it knows of unchanged files is taken over
   * @param foreign other modules that this one calls
   * @param macros what has put calls in the place of macros
   */
  constructor(
    files: readonly FileFacts[],
    previous?: Program,
    foreign: readonly ForeignModule[] = [],
    macros?: MacroCalls,
  ) {
    this.files = files;
    this.macros = macros;
    this.foreign = foreign;
    this.link(files, this.shared, previous);
    for (const module of foreign.map(reachedPart)) {
      const shared = new Map<string, FunctionRef>();
      this.link(module.files, shared);
      for (const file of module.files) this.abroad.set(file, shared);
      for (const name of module.exports) {
        const ref = shared.get(name);
        if (ref && !ref.facts.isStatic) this.exported.set(name, ref);
      }
    }
    this.functions = [...this.parts.values()].flatMap((part) => part.functions);
    for (const ref of this.functions) push(this.byName, ref.facts.name, ref);
  }

  /** Fills in what the files of one module share. */
  private link(
    files: readonly FileFacts[],
    shared: Map<string, FunctionRef>,
    previous?: Program,
  ): void {
    for (const file of files) {
      const part = previous?.parts.get(file) ?? new FileParts(file);
      this.parts.set(file, part);
      for (const ref of part.functions) {
        const { name, isStatic } = ref.facts;
        // One that is not static is linked to; else a header's inline is what other files see.
        const known = shared.get(name);
        if (
          !isStatic
            ? known === undefined || known.facts.isStatic
            : known === undefined && file.path.endsWith('.h')
        )
          shared.set(name, ref);
      }
    }
  }

  /** Whether a function belongs to another module. */
  isForeign(fn: FunctionRef): boolean {
    return this.abroad.has(fn.file);
  }

  /** The files of other modules that this one's calls lead into. */
  foreignFiles(): Iterable<FileFacts> {
    return this.abroad.keys();
  }

  /** All definitions of a name, in the module and where its calls lead. */
  named(name: string): readonly FunctionRef[] {
    return this.byName.get(name) ?? [];
  }

  /**
   * The definition that a name means in a file, as the linker sees it: one in the file itself, else
   * one of its module that is not static, else a header's inline, else what another module exports.
   */
  resolve(name: string, from: FileFacts): FunctionRef | undefined {
    const own = this.parts.get(from)?.own.get(name);
    if (own || this.abroad.size === 0) return own ?? this.shared.get(name);
    return (this.abroad.get(from) ?? this.shared).get(name) ?? this.exported.get(name);
  }

  /** The calls of a function by that name that mean `target`. */
  callersOf(target: FunctionRef): readonly CallSite[] {
    const { name } = target.facts;
    const calls = this.callsOf(name);
    // With one definition of the name that all files see there is nothing to tell apart.
    if (this.abroad.size === 0 && this.named(name).length === 1 && this.shared.get(name) === target)
      return calls;
    return calls.filter((site) => this.resolve(name, site.caller.file) === target);
  }

  /** Every call by that name in the module. */
  callsOf(name: string): readonly CallSite[] {
    this.callIndex ??= new JoinedIndex([...this.parts.values()].map((part) => part.calls()));
    return this.callIndex.get(name);
  }

  /** The assignments in the module whose target's last named step is `member`. */
  storesTo(member: string): readonly Store[] {
    this.storeIndex ??= new JoinedIndex([...this.parts.values()].map((part) => part.stores()));
    return this.storeIndex.get(member);
  }

  /** The tags of the structs that have a struct of tag `tag` as a member by value, also of an anonymous one. */
  embeddersOf(tag: string): readonly string[] {
    if (!this.embedderIndex) {
      const index = new Map<string, string[]>();
      const add = (owner: string, members: readonly Member[]): void => {
        for (const { type, members: inner } of members) {
          if (type.pointers > 0) continue;
          if (type.tagged && type.name !== '') push(index, type.name, owner);
          add(owner, inner);
        }
      };
      for (const file of this.parts.keys())
        for (const def of file.structs) if (def.tag !== '') add(def.tag, def.members);
      this.embedderIndex = index;
    }
    return this.embedderIndex.get(tag) ?? [];
  }

  /** The calls of a function that mean a definition in the module, by its name. */
  calleesOf(fn: FunctionRef): readonly Callee[] {
    const known = this.callees.get(fn);
    if (known) return known;
    const found: Callee[] = [];
    for (const call of fn.facts.calls) {
      const target = call.callee === '' ? undefined : this.resolve(call.callee, fn.file);
      if (target) found.push({ call, target });
    }
    this.callees.set(fn, found);
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

  prototypesOf(
    name: string,
  ): readonly { readonly file: FileFacts; readonly prototype: Prototype }[] {
    if (!this.prototypeIndex) {
      this.prototypeIndex = new Map();
      for (const file of this.files)
        for (const prototype of file.prototypes)
          push(this.prototypeIndex, prototype.name, { file, prototype });
    }
    return this.prototypeIndex.get(name) ?? [];
  }

  *tables(): Generator<{ readonly file: FileFacts; readonly table: TableDef }> {
    for (const file of this.files) for (const table of file.tables) yield { file, table };
  }

  /**
   * The struct that a tag means in a file: one that the file itself defines, else the last of that
   * name, of the file's own module where it has any.
   */
  struct(tag: string, from?: FileFacts): StructDef | undefined {
    if (!this.structIndex) {
      this.structIndex = new Map();
      for (const file of this.parts.keys())
        for (const def of file.structs)
          if (def.tag !== '') push(this.structIndex, def.tag, { file, def });
    }
    const found = this.structIndex.get(tag) ?? [];
    const module = from && this.abroad.get(from);
    const near =
      this.abroad.size === 0 ? found : found.filter((one) => this.abroad.get(one.file) === module);
    return (near.find((one) => one.file === from) ?? near.at(-1) ?? found.at(-1))?.def;
  }

  /** A function-like macro by name, the module's own before another's. */
  macro(name: string): MacroDef | undefined {
    if (!this.macroIndex) {
      this.macroIndex = new Map();
      for (const file of this.abroad.keys())
        for (const macro of file.macros) this.macroIndex.set(macro.name, macro);
      for (const file of this.files)
        for (const macro of file.macros) this.macroIndex.set(macro.name, macro);
    }
    return this.macroIndex.get(name);
  }

  /** The type of a parameter or local, undefined for a global. */
  typeOfRoot(fn: FunctionRef, root: string): TypeRef | undefined {
    return (
      fn.facts.params.find((param) => param.name === root)?.type ??
      fn.facts.locals.find((local) => local.name === root)?.type
    );
  }

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
      const found = findMember(
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

function push<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
