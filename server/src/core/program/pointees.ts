/**
 * Which functions a pointer can mean: a member means every function that a table, or an assignment, puts
 * into that member of that struct; a table's name its elements; a parameter what the callers pass; a
 * local what was assigned to it.
 */
import type { FileFacts, PathValue, TableDef, Value } from '../facts/types.ts';
import { pathIn } from './objects.ts';
import type { FunctionRef, Program } from './program.ts';

/** A function that a member of a struct points to. */
interface Pointee {
  readonly tag: string;
  readonly fn: FunctionRef;
}

const maximumDepth = 4;
const maximumCallers = 64;

/** Built on the first question. */
export class Pointees {
  private readonly program: Program;
  private byMember: Map<string, Pointee[]> | null = null;
  private byTable: Map<string, { readonly file: FileFacts; readonly table: TableDef }[]> | null =
    null;

  constructor(program: Program) {
    this.program = program;
  }

  /** The functions that `path` can mean where `caller` calls it. */
  of(caller: FunctionRef, path: PathValue): readonly FunctionRef[] {
    return [...new Set(this.find(caller, path, 0))];
  }

  /** The functions that a member of one of the structs can mean. */
  ofMember(name: string, tags: ReadonlySet<string>): FunctionRef[] {
    return (this.members().get(name) ?? []).filter((one) => tags.has(one.tag)).map((one) => one.fn);
  }

  /** Whether a path names elements of a table, `inits[i]` or `parts[i].init`: what it can mean stands in the table's order. */
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
    const all = this.members().get(name) ?? [];
    const found =
      member.tag === '' ? all : all.filter((one) => one.tag === member.tag || one.tag === '');
    return found.map((one) => one.fn);
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

  private meantBy(fn: FunctionRef, value: Value, depth: number): readonly FunctionRef[] {
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
  ): { readonly file: FileFacts; readonly table: TableDef } | undefined {
    if (!this.byTable) {
      this.byTable = new Map();
      for (const found of this.program.tables()) push(this.byTable, found.table.name, found);
    }
    const found = this.byTable.get(name) ?? [];
    return (
      found.find(({ file }) => file === caller.file) ?? (found.length === 1 ? found[0] : undefined)
    );
  }

  /** Whether an entry's member is the one called; one without a designator goes by its place in the struct. */
  private isMember(
    { file, table }: { readonly file: FileFacts; readonly table: TableDef },
    entry: string,
    name: string,
  ): boolean {
    if (!entry.startsWith('[')) return entry.split('.').at(-1) === name;
    return (
      this.program.struct(table.struct, file)?.members[Number(entry.slice(1, -1))]?.name === name
    );
  }

  private members(): Map<string, Pointee[]> {
    if (this.byMember) return this.byMember;
    this.byMember = new Map();
    for (const { file, table } of this.program.tables()) {
      for (const entry of table.entries) {
        if (entry.member.startsWith('[') && table.struct === '') continue;
        const fn = this.program.resolve(entry.value, file);
        if (!fn) continue;
        const steps = entry.member.split('.');
        const last = entry.member.startsWith('[')
          ? this.program.struct(table.struct, file)?.members[Number(entry.member.slice(1, -1))]
              ?.name
          : steps.at(-1);
        // The struct of a nested member is not written down: each may be meant.
        if (last !== undefined)
          push(this.byMember, last, { tag: steps.length > 1 ? '' : table.struct, fn });
      }
    }
    for (const fn of this.program.functions) {
      for (const { target, value } of fn.facts.assigns) {
        const name = lastStep(target.steps);
        const from = name === undefined ? undefined : pathIn(value);
        if (
          name === undefined ||
          !from ||
          from.steps.length > 0 ||
          this.program.typeOfRoot(fn, from.root)
        )
          continue;
        const pointee = this.program.resolve(from.root, fn.file);
        if (pointee)
          push(this.byMember, name, {
            tag: this.program.memberOf(fn, target)?.tag ?? '',
            fn: pointee,
          });
      }
    }
    return this.byMember;
  }
}

function entriesIn(
  program: Program,
  { file, table }: { readonly file: FileFacts; readonly table: TableDef },
  wanted: (member: string) => boolean,
): FunctionRef[] {
  return table.entries.flatMap((entry) =>
    wanted(entry.member) ? (program.resolve(entry.value, file) ?? []) : [],
  );
}

function lastStep(steps: readonly string[]): string | undefined {
  return steps.findLast((step) => step !== '[]');
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
