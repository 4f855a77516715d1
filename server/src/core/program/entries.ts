/** Where teardown begins: the probe and bind functions that the module's tables name. */

import type { Catalog, Opened, OpsRole } from '../catalog.ts';
import type { TableDef, TableEntry } from '../facts/types.ts';
import { elementOf } from './elements.ts';
import { pathIn } from './objects.ts';
import type { FunctionRef, Program } from './program.ts';
import type { Unit } from './unit.ts';

/** A table's member that names a function of the module. */
export interface TableFunction {
  readonly fn: FunctionRef;
  readonly file: Unit;
  readonly table: TableDef;
  readonly entry: TableEntry;
  readonly role: OpsRole;
}

/** One probe or bind with the functions of the same table that undo it. */
export interface Entry {
  readonly start: TableFunction;
  /** `.remove` or `.unbind`. */
  readonly end: TableFunction | undefined;
}

/** The functions that tables of known structs name, in the order of files and positions. */
export function tableFunctions(program: Program, catalog: Catalog): TableFunction[] {
  const out: TableFunction[] = [];
  const named = namedIn(program);
  for (const { file, table } of program.tables()) {
    const ops = catalog.ops.get(table.struct);
    if (!ops) continue;
    const isNode = ops.opened !== undefined && isOfNode(program, ops.opened, table, named);
    for (const written of table.entries) {
      const entry =
        ops.elements && written.member.endsWith(')')
          ? elementOf(program, ops.elements, written)
          : written;
      const role = entry && ops.members[entry.member];
      const fn = role && program.resolve(entry.value, file);
      if (fn) out.push({ fn, file, table, entry, role: isNode ? 'node-file' : role });
    }
  }
  return out;
}

/** The structs of the tables that name something, by its name. */
function namedIn(program: Program): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  for (const { table } of program.tables()) {
    for (const { value } of table.entries) {
      const structs = found.get(value);
      if (structs) structs.add(table.struct);
      else found.set(value, new Set([table.struct]));
    }
  }
  return found;
}

/** Whether nothing makes a file of the table that stays open when the device is gone. */
function isOfNode(
  program: Program,
  opened: Opened,
  { name }: TableDef,
  named: ReadonlyMap<string, ReadonlySet<string>>,
): boolean {
  return (
    !opened.tables.some((struct) => named.get(name)?.has(struct)) &&
    !program.handingsOf(name).some(({ call }) => {
      const argument = call && opened.calls[call.callee];
      const value = argument === undefined ? undefined : call?.args[argument]?.value;
      // A member or variable that is given the table may be a device's or a file's.
      return call === undefined || (value && pathIn(value)?.root === name);
    })
  );
}

/** Whether two are one element of one table. */
export function isSameTableFunction(a: TableFunction, b: TableFunction): boolean {
  return (
    a.fn === b.fn &&
    a.file === b.file &&
    a.table === b.table &&
    a.role === b.role &&
    a.entry.member === b.entry.member &&
    a.entry.value === b.entry.value
  );
}

/** Probes and binds, each with its undoing. */
export function entriesOf(functions: readonly TableFunction[]): Entry[] {
  const starts = functions.filter((found) => found.role === 'probe' || found.role === 'bind');
  return starts.map((start) => {
    const wanted: OpsRole = start.role === 'probe' ? 'remove' : 'unbind';
    return {
      start,
      end: functions.find((found) => found.table === start.table && found.role === wanted),
    };
  });
}
