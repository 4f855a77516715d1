/** Which point of a function can run after which: the edges between its blocks. */
import type { Block, Decision, FunctionFacts } from '../types.ts';
import { Builds } from './builds.ts';

/** A call, an assignment or a return: within a block what ends first runs first. */
export interface Point {
  readonly block: number;
  readonly end: number;
}

/** What an edge cannot be for: a macro's block that always runs has no way around it. */
export type Passes = (test: Decision, way: number) => boolean;

export class Graph {
  readonly next: readonly (readonly number[])[];
  readonly previous: readonly (readonly number[])[];
  /** The blocks in an order in which each comes before what it leads to, but for loops. */
  readonly order: readonly number[];
  private readonly blocks: readonly Block[];
  private readonly rank: readonly number[];
  private readonly builds: Builds;
  private readonly ahead = new Map<number, ReadonlySet<number>>();

  constructor({ blocks }: Pick<FunctionFacts, 'blocks'>, passes: Passes) {
    this.blocks = blocks;
    this.next = blocks.map((block: Block) =>
      block.next.filter((_, way) => !block.test || passes(block.test, way)),
    );
    this.builds = new Builds(blocks, this.next);
    const previous: number[][] = blocks.map(() => []);
    this.order = orderOf(this.next);
    const rank: number[] = blocks.map(() => -1);
    for (const [i, block] of this.order.entries()) rank[block] = i;
    this.rank = rank;
    for (const from of this.order) for (const to of this.next[from] ?? []) previous[to]?.push(from);
    this.previous = previous;
  }

  /** Whether the block can run at all. */
  isReached(block: number): boolean {
    return (this.rank[block] ?? -1) >= 0;
  }

  /** The place of a block in `order`; unreached blocks come last. */
  rankOf(block: number): number {
    const rank = this.rank[block] ?? -1;
    return rank < 0 ? this.order.length + block : rank;
  }

  /** Whether `after` can run once `point` has, without going back in a loop. */
  canFollow(point: Point, after: Point): boolean {
    if (point.block === after.block) return point.end < after.end;
    return (
      this.aheadOf(point.block).has(after.block) && !this.builds.exclude(point.block, after.block)
    );
  }

  /** Whether each run passes one of two points at most, loops aside. */
  areExclusive(a: Point, b: Point): boolean {
    return a.block !== b.block && !this.canFollow(a, b) && !this.canFollow(b, a);
  }

  /** Whether `first` has run whenever `then` does. */
  dominates(first: Point, then: Point): boolean {
    if (first.block === then.block) return first.end <= then.end;
    return !this.reaches(0, (block) => block === then.block, first.block, then.block);
  }

  /** Whether every run of the function passes the point, however it ends. */
  isAlways({ block }: Point): boolean {
    return !this.reaches(0, (one) => (this.next[one] ?? []).length === 0, block);
  }

  /**
   * Whether a way leads out of the function around a block.
   * @param taken the way that a test is known to take; undefined when it is open
   */
  reachesWith(without: number, taken: (test: Decision) => 0 | 1 | undefined): boolean {
    if (without === 0) return false;
    const seen = new Set([0]);
    for (const block of seen) {
      const next = this.next[block] ?? [];
      if (next.length === 0) return true;
      const { test, next: ways = [] } = this.blocks[block] ?? {};
      const way = test && taken(test);
      const only = way === undefined ? undefined : ways[way];
      for (const to of only === undefined ? next : [only]) if (to !== without) seen.add(to);
    }
    return false;
  }

  /** Whether a loop, or a jump back, can run the point again. */
  isRepeated({ block }: Point): boolean {
    return (this.next[block] ?? []).some((to) => this.reaches(to, (one) => one === block, -1));
  }

  /**
   * Whether a way leads from a block to one that is wanted, around `without`.
   * @param beside a block that the way has to be possible beside, where there is one
   */
  reaches(from: number, wanted: (block: number) => boolean, without: number, beside = -1): boolean {
    if (from === without) return false;
    const seen = new Set([from]);
    // A set hands out what is added while it is walked.
    for (const block of seen) {
      if (wanted(block)) return true;
      for (const to of this.next[block] ?? [])
        if (to !== without && (beside < 0 || !this.builds.exclude(to, beside))) seen.add(to);
    }
    return false;
  }

  /** The blocks after one, without going back. */
  private aheadOf(block: number): ReadonlySet<number> {
    const known = this.ahead.get(block);
    if (known) return known;
    const seen = new Set<number>();
    const add = (from: number) => {
      for (const to of this.next[from] ?? []) if (this.rankOf(to) > this.rankOf(from)) seen.add(to);
    };
    add(block);
    for (const one of seen) add(one);
    this.ahead.set(block, seen);
    return seen;
  }
}

/** Reverse postorder from the first block. Without recursion: some functions have thousands of blocks. */
function orderOf(next: readonly (readonly number[])[]): number[] {
  const done: number[] = [];
  const seen = new Set([0]);
  const stack: { readonly block: number; way: number }[] = [{ block: 0, way: 0 }];
  for (let top = stack[0]; top; top = stack[stack.length - 1]) {
    const ways = next[top.block] ?? [];
    // The last way first: in reverse the first way then stands first, as in the source.
    const to = ways[ways.length - 1 - top.way++];
    if (to === undefined) {
      done.push(top.block);
      stack.pop();
    } else if (!seen.has(to)) {
      seen.add(to);
      stack.push({ block: to, way: 0 });
    }
  }
  return done.reverse();
}
