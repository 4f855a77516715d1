/**
 * Who takes which of many modules: this thread the largest that is left, the others the smallest. So no two
 * of the largest are in memory at once, and all threads end at about the same time, somewhere in the middle.
 */

/** Shared by the threads of one run: how many were taken in all, and from which end. */
export type Turns = SharedArrayBuffer;

/** Which end of the list a thread takes from. */
export type End = 'largest' | 'smallest';

const taken = 0;
const counted = { largest: 1, smallest: 2 } as const;

export function newTurns(): Turns {
  return new SharedArrayBuffer(3 * Int32Array.BYTES_PER_ELEMENT);
}

/**
 * The next position that nobody has taken.
 * @param count how many there are, the largest first
 * @returns undefined when all are taken
 */
export function takeTurn(turns: Turns, count: number, end: End): number | undefined {
  const numbers = new Int32Array(turns);
  // Whoever gets one of the `count` numbers has a place of its own from its end: the ends cannot cross.
  if (Atomics.add(numbers, taken, 1) >= count) return undefined;
  const before = Atomics.add(numbers, counted[end], 1);
  return end === 'largest' ? before : count - 1 - before;
}
