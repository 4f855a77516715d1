/**
 * The files of one kernel module as one program: which definition a call means, who calls whom, what
 * type an expression has. Built anew for each analysis; each index is made when first asked for.
 */
import type { CallFact, FileFacts, MacroDef, Member, PathValue, Prototype, StructDef, TableDef, TypeRef } from '../facts/types.ts';
import { type CallSite, FileParts, type FunctionRef, JoinedIndex, type Store } from './file-parts.ts';

export type { CallSite, FunctionRef, Store } from './file-parts.ts';

/** A call with the definition that it means. */
export interface Callee {
  readonly call: CallFact;
  readonly target: FunctionRef;
}

export class Program {
  readonly files: readonly FileFacts[];
  readonly functions: readonly FunctionRef[];
  private readonly byName = new Map<string, FunctionRef[]>();
  private readonly parts = new Map<FileFacts, FileParts>();
  /** What a name means from any other file. */
  private readonly shared = new Map<string, FunctionRef>();
  private readonly callees = new Map<FunctionRef, readonly Callee[]>();
  private storeIndex: JoinedIndex<Store> | null = null;
  private embedderIndex: Map<string, string[]> | null = null;
  private callIndex: JoinedIndex<CallSite> | null = null;
  private structIndex: Map<string, { readonly file: FileFacts; readonly def: StructDef }[]> | null = null;
  private macroIndex: Map<string, MacroDef> | null = null;
  private prototypeIndex: Map<string, { readonly file: FileFacts; readonly prototype: Prototype }[]> | null = null;

  /** @param previous an earlier program of the module: what it knows of unchanged files is taken over */
  constructor(files: readonly FileFacts[], previous?: Program) {
    this.files = files;
    for (const file of files) this.parts.set(file, previous?.parts.get(file) ?? new FileParts(file));
    this.functions = [...this.parts.values()].flatMap((part) => part.functions);
    for (const ref of this.functions) {
      const { name, isStatic } = ref.facts;
      push(this.byName, name, ref);
      // One that is not static is linked to; else a header's inline is what other files see.
      const known = this.shared.get(name);
      if (!isStatic ? known === undefined || known.facts.isStatic : known === undefined && ref.file.path.endsWith('.h')) this.shared.set(name, ref);
    }
  }

  /** All definitions of a name in the module. */
  named(name: string): readonly FunctionRef[] {
    return this.byName.get(name) ?? [];
  }

  /**
   * The definition that a name means in a file, as the linker sees it: one in the file itself, else
   * one that is not static, else a header's inline.
   */
  resolve(name: string, from: FileFacts): FunctionRef | undefined {
    return this.parts.get(from)?.own.get(name) ?? this.shared.get(name);
  }

  /** The calls of a function by that name that mean `target`. */
  callersOf(target: FunctionRef): readonly CallSite[] {
    const { name } = target.facts;
    const calls = this.callsOf(name);
    // With one definition of the name that all files see there is nothing to tell apart.
    if (this.named(name).length === 1 && this.shared.get(name) === target) return calls;
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
      for (const file of this.files) for (const def of file.structs) if (def.tag !== '') add(def.tag, def.members);
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

  prototypesOf(name: string): readonly { readonly file: FileFacts; readonly prototype: Prototype }[] {
    if (!this.prototypeIndex) {
      this.prototypeIndex = new Map();
      for (const file of this.files) for (const prototype of file.prototypes) push(this.prototypeIndex, prototype.name, { file, prototype });
    }
    return this.prototypeIndex.get(name) ?? [];
  }

  *tables(): Generator<{ readonly file: FileFacts; readonly table: TableDef }> {
    for (const file of this.files) for (const table of file.tables) yield { file, table };
  }

  /** The struct that a tag means in a file: one that the file itself defines, else the last of that name. */
  struct(tag: string, from?: FileFacts): StructDef | undefined {
    if (!this.structIndex) {
      this.structIndex = new Map();
      for (const file of this.files) for (const def of file.structs) if (def.tag !== '') push(this.structIndex, def.tag, { file, def });
    }
    const found = this.structIndex.get(tag) ?? [];
    return (found.find((one) => one.file === from) ?? found[found.length - 1])?.def;
  }

  /** A function-like macro of the module by name. */
  macro(name: string): MacroDef | undefined {
    if (!this.macroIndex) {
      this.macroIndex = new Map();
      for (const file of this.files) for (const macro of file.macros) this.macroIndex.set(macro.name, macro);
    }
    return this.macroIndex.get(name);
  }

  /** The type of a parameter or local, undefined for a global. */
  typeOfRoot(fn: FunctionRef, root: string): TypeRef | undefined {
    return fn.facts.params.find((param) => param.name === root)?.type ?? fn.facts.locals.find((local) => local.name === root)?.type;
  }

  /**
   * The struct tag that the last named step of a path is a member of, with that member's name:
   * `copy->table` answers `foo_copy` and `table`. The tag is `''` when a type on the way is unknown;
   * undefined when the path has no member step.
   */
  memberOf(fn: FunctionRef, path: PathValue): { readonly tag: string; readonly member: string; readonly type: TypeRef | undefined } | undefined {
    let type = this.typeOfRoot(fn, path.root);
    let inline: readonly Member[] | null = null;
    let result: { tag: string; member: string; type: TypeRef | undefined } | undefined;
    let prefix = '';
    for (const step of path.steps) {
      if (step === '[]') continue;
      const tag = inline ? (result?.tag ?? '') : (type?.name ?? '');
      const found = findMember(inline ?? (tag === '' ? [] : (this.struct(tag, fn.file)?.members ?? [])), step);
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
