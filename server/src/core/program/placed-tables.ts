/** The tables of a unit: the object of a definition stays while its text does, wherever it moves. */

import { type ItemText, type Named, type SourceFile, tableOf } from '../facts/source-file.ts';
import type { TableDef, TableEntry } from '../facts/types.ts';
import type { Span } from '../text.ts';

/** Whether a table is wanted, by its struct's tag and the words that it mentions. */
export type WantedTable = (tag: string, mentions: Int32Array) => boolean;

/** A list of anything but numbers. */
const designator = /\{[^{]*[a-z_]/;

/** One table of a unit: the object of its definition stays while its text does, wherever it moves. */
export class UnitTable {
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

/** Something of a table whose offsets count from the start of the file, wherever its item is. */
class Placed {
  private readonly at: UnitTable;
  private readonly span: Span;

  constructor(at: UnitTable, span: Span) {
    this.at = at;
    this.span = span;
  }

  get start(): number {
    return this.at.base + this.span.start;
  }

  get end(): number {
    return this.at.base + this.span.end;
  }
}

class PlacedTable extends Placed implements TableDef {
  readonly name: string;
  readonly struct: string;
  readonly entries: readonly TableEntry[];

  constructor(at: UnitTable, table: TableDef) {
    super(at, table);
    this.name = table.name;
    this.struct = table.struct;
    this.entries = table.entries.map((entry) => new PlacedEntry(at, entry));
  }
}

class PlacedEntry extends Placed implements TableEntry {
  readonly member: string;
  readonly value: string;

  constructor(at: UnitTable, entry: TableEntry) {
    super(at, entry);
    this.member = entry.member;
    this.value = entry.value;
  }
}
