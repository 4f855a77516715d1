/**
 * Which functions a pointer can mean: a member means every function that a table, or an assignment, puts
 * into that member of that struct; a table's name its elements; a parameter what the callers pass; a
 * local what was assigned to it.
 */

import type { PathValue, TableDef, Value } from '../facts/types.ts';
import { push } from '../push.ts';
import type { Memo } from '../queries/queries.ts';
import { sameItems } from '../queries/same.ts';
import { lastStep } from './listed.ts';
import { pathIn } from './objects.ts';
import type { FunctionRef, Program } from './program.ts';
import type { Unit } from './unit.ts';

/** A function that a member of a struct points to. */
interface Pointee {
  readonly tag: string;
  readonly fn: FunctionRef;
}

const maximumDepth = 4;
const maximumCallers = 64;

interface Table {
  readonly file: Unit;
  readonly table: TableDef;
}

export class Pointees {
  private readonly program: Program;
  private readonly byMember: Memo<string, readonly Pointee[]>;
  /** What the tables put into members, by the member. */
  private readonly tabled: Memo<null, ReadonlyMap<string, readonly Pointee[]>>;
  private readonly byTable: Memo<null, ReadonlyMap<string, readonly Table[]>>;
  /** The other way round: the members that tables make point to a function. */
  private readonly tabledMembers: Memo<null, ReadonlyMap<FunctionRef, readonly string[]>>;
  /** The names that stand in arrays of functions. */
  private readonly elements: Memo<null, ReadonlySet<string>>;
  private readonly members: Memo<FunctionRef, readonly string[]>;

  constructor(program: Program) {
    this.program = program;
    const { queries } = program;
    this.byMember = queries.memo(
      (name: string) => this.findPointees(name),
      (a, b) => sameItems(a, b, (one, other) => one.fn === other.fn && one.tag === other.tag),
    );
    this.tabled = queries.memo(() => this.findTabled());
    this.byTable = queries.memo((): ReadonlyMap<string, readonly Table[]> => {
      const found = new Map<string, Table[]>();
      for (const one of program.tables()) push(found, one.table.name, one);
      return found;
    });
    this.tabledMembers = queries.memo((): ReadonlyMap<FunctionRef, readonly string[]> => {
      const found = new Map<FunctionRef, string[]>();
      for (const [member, pointees] of this.tabled.get(null))
        for (const { fn } of pointees) push(found, fn, member);
      return found;
    });
    this.elements = queries.memo((): ReadonlySet<string> => {
      const arrays = program.tables().filter(({ table }) => table.struct === '');
      return new Set(arrays.flatMap(({ table }) => table.entries.map((entry) => entry.value)));
    });
    this.members = queries.memo((fn: FunctionRef) => this.findMembers(fn));
  }

  /** The functions that `path` can mean where `caller` calls it. */
  of(caller: FunctionRef, path: PathValue): readonly FunctionRef[] {
    return [...new Set(this.find(caller, path, 0))];
  }

  /** The functions that a member of one of the structs can mean. */
  ofMember(name: string, tags: ReadonlySet<string>): FunctionRef[] {
    return this.byMember
      .get(name)
      .filter((one) => tags.has(one.tag))
      .map((one) => one.fn);
  }

  /** Whether a member of that name, of whichever struct, can mean a function of the module. */
  hasMember(name: string): boolean {
    return this.byMember.get(name).length > 0;
  }

  /**
   * Whether a path names elements of a table, `inits[i]` or `parts[i].init`: what it can mean stands in the table's
   * order.
   */
  isTable(caller: FunctionRef, path: PathValue): boolean {
    return (
      path.steps[0] === '[]' &&
      !this.program.typeOfRoot(caller, path.root) &&
      this.tableOf(caller, path.root) !== undefined
    );
  }

  private find(caller: FunctionRef, path: PathValue, depth: number): readonly FunctionRef[] {
    if (depth > maximumDepth) return [];
    const name = lastStep(path.steps);
    if (!this.program.typeOfRoot(caller, path.root)) {
      const table = this.tableOf(caller, path.root);
      if (table)
        return entriesIn(this.program, table, (member) =>
          name === undefined ? member.startsWith('[') : this.isMember(table, member, name),
        );
    }
    if (name !== undefined) return this.pointedTo(caller, path, name);
    const param = caller.facts.params.findIndex((one) => one.name === path.root);
    return param >= 0 ? this.passed(caller, param, depth) : this.assigned(caller, path.root, depth);
  }

  private pointedTo(caller: FunctionRef, path: PathValue, name: string): readonly FunctionRef[] {
    const member = this.program.memberOf(caller, path);
    if (!member) return [];
    const all = this.byMember.get(name);
    if (member.tag !== '')
      return all.filter((one) => one.tag === member.tag || one.tag === '').map((one) => one.fn);
    // Of a struct that is not known the name alone tells, where no two structs have it.
    return new Set(all.map((one) => one.tag)).size > 1 ? [] : all.map((one) => one.fn);
  }

  /** What the callers pass as a parameter; nothing when there are too many to tell. */
  private passed(fn: FunctionRef, param: number, depth: number): readonly FunctionRef[] {
    const callers = this.program.callersOf(fn);
    if (callers.length > maximumCallers) return [];
    return callers.flatMap(({ caller, call }) => {
      const argument = call.args[param];
      return argument ? this.meantBy(caller, argument.value, depth) : [];
    });
  }

  private assigned(fn: FunctionRef, local: string, depth: number): readonly FunctionRef[] {
    const values = fn.facts.assigns.filter(
      ({ target }) => target.root === local && target.steps.length === 0,
    );
    return values.flatMap(({ value }) => this.meantBy(fn, value, depth));
  }

  /** The functions that a value means where `fn` hands it on: one by its name, or what a pointer can mean. */
  meantBy(fn: FunctionRef, value: Value, depth = 0): readonly FunctionRef[] {
    if (value.kind === 'choice') return value.of.flatMap((one) => this.meantBy(fn, one, depth));
    const path = pathIn(value);
    if (!path) return [];
    const known = path.steps.length > 0 || this.program.typeOfRoot(fn, path.root);
    const direct = known ? undefined : this.program.resolve(path.root, fn.file);
    return direct ? [direct] : this.find(fn, path, depth + 1);
  }

  /** A table by name: the file's own, else the only one of the module. */
  private tableOf(
    caller: FunctionRef,
    name: string,
  ): { readonly file: Unit; readonly table: TableDef } | undefined {
    const found = this.byTable.get(null).get(name) ?? [];
    return (
      found.find(({ file }) => file === caller.file) ?? (found.length === 1 ? found[0] : undefined)
    );
  }

  /** Whether an entry's member is the one called; one without a designator goes by its place in the struct. */
  private isMember(
    { file, table }: { readonly file: Unit; readonly table: TableDef },
    entry: string,
    name: string,
  ): boolean {
    if (!entry.startsWith('[')) return entry.split('.').at(-1) === name;
    return (
      this.program.struct(table.struct, file)?.members[Number(entry.slice(1, -1))]?.name === name
    );
  }

  /** The members that a table or an assignment makes point to a function, by their names. */
  membersOf(fn: FunctionRef): readonly string[] {
    return this.members.get(fn);
  }

  /** Whether a variable, a parameter or an array of functions may hold a function. */
  isHandedOn(fn: FunctionRef): boolean {
    return (
      this.program
        .handingsOfFunction(fn)
        .some(({ assign }) => !assign || assign.target.steps.every((step) => step === '[]')) ||
      this.elements.get(null).has(fn.name)
    );
  }

  private findMembers(fn: FunctionRef): readonly string[] {
    const found = new Set<string>(this.tabledMembers.get(null).get(fn));
    for (const { assign } of this.program.handingsOfFunction(fn)) {
      const name = assign && lastStep(assign.target.steps);
      if (name !== undefined) found.add(name);
    }
    return [...found];
  }

  private findTabled(): ReadonlyMap<string, readonly Pointee[]> {
    const { program } = this;
    const found = new Map<string, Pointee[]>();
    for (const { file, table } of program.tables()) {
      for (const { member, value } of table.entries) {
        const placed = member.startsWith('[');
        if (placed && table.struct === '') continue;
        const fn = program.resolve(value, file);
        if (!fn) continue;
        const steps = member.split('.');
        const last = placed
          ? program.struct(table.struct, file)?.members[Number(member.slice(1, -1))]?.name
          : steps.at(-1);
        // The struct of a nested member is not written down: each may be meant.
        if (last !== undefined)
          push(found, last, { tag: steps.length > 1 ? '' : table.struct, fn });
      }
    }
    return found;
  }

  private findPointees(name: string): readonly Pointee[] {
    const { program } = this;
    const stored = program.functionStoresTo(name).flatMap(({ fn, assign }): Pointee[] => {
      const from = pathIn(assign.value);
      if (!from || from.steps.length > 0 || program.typeOfRoot(fn, from.root)) return [];
      const pointee = program.resolve(from.root, fn.file);
      return pointee ? [{ tag: program.memberOf(fn, assign.target)?.tag ?? '', fn: pointee }] : [];
    });
    return [...(this.tabled.get(null).get(name) ?? []), ...stored];
  }
}

function entriesIn(
  program: Program,
  { file, table }: { readonly file: Unit; readonly table: TableDef },
  wanted: (member: string) => boolean,
): FunctionRef[] {
  return table.entries.flatMap((entry) =>
    wanted(entry.member) ? (program.resolve(entry.value, file) ?? []) : [],
  );
}
