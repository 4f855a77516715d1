/**
 * One file of a program, as an object that stays while its text changes: an edit in one function
 * leaves the other functions of the file the objects that they are, wherever they have moved to.
 */

import {
  type ItemText,
  type Named,
  type SourceFile,
  type SourceFunction,
  structsOf,
} from '../facts/source-file.ts';
import type { MacroDef, Suppression, TableDef } from '../facts/types.ts';
import { push } from '../push.ts';
import { FunctionRef, type UnitContext } from './function-ref.ts';
import { UnitTable, type WantedTable } from './placed-tables.ts';
import { addAll, addDifference, type Change, textOf } from './unit-change.ts';

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
