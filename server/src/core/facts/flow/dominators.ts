/**
 * Which blocks every way to a block passes, found once for a function: the immediate dominators as Cooper, Harvey and
 * Kennedy find them ("A Simple, Fast Dominance Algorithm"), numbered so that one comparison answers a question.
 */

export class Dominators {
  /** When each rank's part of the tree begins and ends. */
  private readonly begin: Int32Array;
  private readonly end: Int32Array;

  /**
   * @param count of the blocks in reverse postorder; the first is where the function begins
   * @param previous the ranks from which a rank is entered
   */
  constructor(count: number, previous: (rank: number) => readonly number[]) {
    const above = new Int32Array(count).fill(-1);
    above[0] = 0;
    const common = (left: number, right: number): number => {
      let [a, b] = [left, right];
      while (a !== b)
        if (a > b) a = above[a] ?? 0;
        else b = above[b] ?? 0;
      return a;
    };
    for (let changed = true; changed; ) {
      changed = false;
      for (let rank = 1; rank < count; rank++) {
        let found = -1;
        for (const one of previous(rank))
          if ((above[one] ?? -1) >= 0) found = found < 0 ? one : common(one, found);
        if (found !== above[rank]) {
          above[rank] = found;
          changed = true;
        }
      }
    }
    this.begin = new Int32Array(count);
    this.end = new Int32Array(count);
    this.number(above, count);
  }

  /** Numbers the tree: who is below another begins after it and ends before it. */
  private number(above: Int32Array, count: number): void {
    const { begin, end } = this;
    // In reverse postorder whoever is above comes first: sizes add up from the end on.
    const sizes = new Int32Array(count).fill(1);
    for (let rank = count - 1; rank > 0; rank--)
      sizes[above[rank] ?? 0] = (sizes[above[rank] ?? 0] ?? 0) + (sizes[rank] ?? 0);
    const next = new Int32Array(count);
    next[0] = 1;
    end[0] = count;
    for (let rank = 1; rank < count; rank++) {
      const parent = above[rank] ?? 0;
      const at = next[parent] ?? 0;
      begin[rank] = at;
      end[rank] = at + (sizes[rank] ?? 0);
      next[parent] = end[rank] ?? 0;
      next[rank] = at + 1;
    }
  }

  /** Whether every way to `rank` passes `first`, itself included. */
  isAbove(first: number, rank: number): boolean {
    const at = this.begin[rank] ?? 0;
    return (this.begin[first] ?? 0) <= at && at < (this.end[first] ?? 0);
  }
}
