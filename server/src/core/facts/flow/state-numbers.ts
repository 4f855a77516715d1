/**
 * The numbers of the states that a function was found in, by what tells them apart. What is known of a long function
 * are thousands of names: they are summed up in a number, and compared where that is the same.
 */
import { push } from '../../push.ts';
import type { Known } from './known.ts';

interface Numbered {
  readonly known: Known;
  readonly marked: boolean;
  readonly number: number;
}

export class StateNumbers {
  private readonly names = new Map<string, number>();
  private readonly found = new Map<number, Map<number, Numbered[]>>();

  of(block: number, known: Known, marked: boolean): number | undefined {
    return this.found
      .get(block)
      ?.get(this.sumOf(known))
      ?.find((one) => one.marked === marked && areSame(one.known, known))?.number;
  }

  /** The number of a state; the given one where nobody has added it before. */
  add(
    block: number,
    known: Known,
    marked: boolean,
    next: number,
  ): { readonly number: number; readonly isNew: boolean } {
    const number = this.of(block, known, marked);
    if (number !== undefined) return { number, isNew: false };
    const bySum = this.found.get(block) ?? new Map<number, Numbered[]>();
    this.found.set(block, bySum);
    push(bySum, this.sumOf(known), { known, marked, number: next });
    return { number: next, isNew: true };
  }

  /** The same for the same names, in whichever order. */
  private sumOf(known: Known): number {
    let sum = 0;
    for (const [name, mask] of known) {
      if (mask === 0) continue;
      let id = this.names.get(name);
      if (id === undefined) {
        id = Math.imul(this.names.size + 1, 0x9e3779b1);
        this.names.set(name, id);
      }
      sum = (sum + Math.imul(id ^ (id >>> 15), mask * 2 + 1)) | 0;
    }
    return sum;
  }
}

/** A value that can be nothing at all tells no states apart. */
function areSame(a: Known, b: Known): boolean {
  return (
    countOf(a) === countOf(b) && [...a].every(([name, mask]) => mask === 0 || b.get(name) === mask)
  );
}

function countOf(known: Known): number {
  let count = 0;
  for (const mask of known.values()) if (mask !== 0) count++;
  return count;
}
