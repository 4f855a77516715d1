/** One kind of thing that is looked up by name, over all files of a program. */
import type { Joined, JoinedItem, Unit } from './unit.ts';

export class JoinedIndex {
  private readonly kind: Joined;
  private units: readonly Unit[] = [];
  /** The files that have something under a name; made on the first question. */
  private holders: Map<string, Unit[]> | null = null;
  private readonly lists = new Map<string, readonly JoinedItem[Joined][]>();

  constructor(kind: Joined) {
    this.kind = kind;
  }

  /** What all files have under a name: in their order, and in source order in each. */
  get(name: string): readonly JoinedItem[Joined][] {
    const known = this.lists.get(name);
    if (known) return known;
    this.holders ??= this.findHolders();
    const lists = (this.holders.get(name) ?? []).map((unit) => unit.under(this.kind, name));
    const list = lists.length === 1 ? (lists[0] ?? []) : lists.flat();
    this.lists.set(name, list);
    return list;
  }

  /** Other files. @returns the names that were asked for */
  reset(units: readonly Unit[]): string[] {
    const asked = [...this.lists.keys()];
    this.units = units;
    this.holders = null;
    this.lists.clear();
    return asked;
  }

  /** The files have other things under a name than before. */
  renew(name: string): void {
    this.lists.delete(name);
    if (!this.holders) return;
    const holders = this.units.filter((unit) => unit.under(this.kind, name).length > 0);
    if (holders.length > 0) this.holders.set(name, holders);
    else this.holders.delete(name);
  }

  private findHolders(): Map<string, Unit[]> {
    const holders = new Map<string, Unit[]>();
    for (const unit of this.units) {
      for (const name of unit.namesUnder(this.kind)) {
        const list = holders.get(name);
        if (list) list.push(unit);
        else holders.set(name, [unit]);
      }
    }
    return holders;
  }
}
