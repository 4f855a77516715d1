/**
 * What was taken by hand and not given back yet, in the order in which it was taken. A long probe takes thousands of
 * things, and a long remove() asks for each: so they are found by who ends them, and by what is known of the object.
 */
import { type Identity, isSame } from './identity.ts';
import type { Item } from './ledger.ts';
import type { TraceEvent } from './trace.ts';

/** Those of one name or member: each element that is written as a number by itself. */
interface Alike {
  readonly byElements: Map<string, Set<Item>>;
  /** How many subscripts there are. */
  readonly depths: Set<number>;
}

const anyElement = '*';
const nobody: ReadonlySet<Item> = new Set();

export class HeldByHand {
  private items: Item[];
  /** Made for the first that asks: most courses of failures give nothing back by hand. */
  private made: Index | null = null;

  constructor(items: readonly Item[] = []) {
    this.items = [...items];
  }

  copy(): HeldByHand {
    return new HeldByHand(this.items);
  }

  get size(): number {
    return this.items.length;
  }

  add(item: Item): void {
    this.items.push(item);
    this.made?.add(item);
  }

  delete(items: readonly Item[]): void {
    this.items = this.items.filter((one) => !items.includes(one));
    if (this.made) for (const item of items) this.made.delete(item);
  }

  /** What a function of that name ends, the newest last. */
  endedBy(ender: string): ReadonlySet<Item> {
    return this.index.endedBy(ender);
  }

  /** What of that is an object, the newest first. */
  same(ender: string, object: Identity | null): Item[] {
    return object ? this.index.same(ender, object) : [];
  }

  private get index(): Index {
    if (!this.made) {
      this.made = new Index();
      for (const item of this.items) this.made.add(item);
    }
    return this.made;
  }
}

class Index {
  private readonly numbers = new Map<Item, number>();
  private readonly byEnder = new Map<string, Set<Item>>();
  private readonly byObject = new Map<string, Alike>();

  add(item: Item): void {
    this.numbers.set(item, this.numbers.size);
    const { object } = item;
    for (const ender of endersOf(item.traced.traceEvent)) {
      insert(this.byEnder, ender, item);
      for (const label of object ? labelsOf(object) : []) {
        const key = `${ender} ${label}`;
        const alike = this.byObject.get(key) ?? { byElements: new Map(), depths: new Set() };
        this.byObject.set(key, alike);
        alike.depths.add(object?.elements.length ?? 0);
        insert(alike.byElements, numbersIn(object?.elements ?? []), item);
      }
    }
  }

  delete(item: Item): void {
    const { object } = item;
    for (const ender of endersOf(item.traced.traceEvent)) {
      this.byEnder.get(ender)?.delete(item);
      for (const label of object ? labelsOf(object) : [])
        this.byObject
          .get(`${ender} ${label}`)
          ?.byElements.get(numbersIn(object?.elements ?? []))
          ?.delete(item);
    }
  }

  endedBy(ender: string): ReadonlySet<Item> {
    return this.byEnder.get(ender) ?? nobody;
  }

  same(ender: string, object: Identity): Item[] {
    const found = new Set<Item>();
    for (const label of labelsOf(object)) {
      const alike = this.byObject.get(`${ender} ${label}`);
      for (const items of alike ? bucketsOf(alike, object) : [])
        for (const item of items) if (isSame(item.object, object)) found.add(item);
    }
    return [...found].sort((a, b) => (this.numbers.get(b) ?? 0) - (this.numbers.get(a) ?? 0));
  }
}

function insert(map: Map<string, Set<Item>>, key: string, item: Item): void {
  const known = map.get(key);
  if (known) known.add(item);
  else map.set(key, new Set([item]));
}

/** The functions that give something back by hand. */
export function endersOf(traceEvent: TraceEvent): readonly string[] {
  if (traceEvent.does === 'take') return traceEvent.take.releases;
  return traceEvent.does === 'acquire' ? (traceEvent.endedBy ?? []) : [];
}

/** By what two identities can be the same. */
function labelsOf({ name, keys }: Identity): Set<string> {
  return new Set([`name ${name}`, ...keys.map(({ member }) => `member ${member}`)]);
}

/** Elements that are written as numbers, so that others are others. */
function numbersIn(elements: readonly string[]): string {
  return elements.length > 0 && elements.every((one) => /^\[\s*\d/.test(one))
    ? elements.join()
    : anyElement;
}

function bucketsOf({ byElements, depths }: Alike, { elements }: Identity): Iterable<Set<Item>> {
  const written = numbersIn(elements);
  if (written === anyElement || depths.size > 1) return byElements.values();
  return [written, anyElement].flatMap((one) => byElements.get(one) ?? []);
}
