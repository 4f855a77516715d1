/** Which point of a function can run after which: the edges between its blocks. */
import type { Effort } from '../../effort.ts';
import type { Block, Decision, FunctionFacts } from '../types.ts';
import { Builds } from './builds.ts';
import { Dominators } from './dominators.ts';

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
  private readonly effort: Effort;
  /** For each rank, the ranks ahead of it as bits; made when somebody asks. */
  private ahead: readonly Uint32Array[] | null = null;
  private above: Dominators | null = null;
  private readonly always = new Map<number, boolean>();
  private readonly repeated = new Map<number, boolean>();
  /** Whether any edge leads back. */
  private readonly goesBack: boolean;

  constructor({ blocks }: Pick<FunctionFacts, 'blocks'>, effort: Effort, passes: Passes) {
    this.blocks = blocks;
    this.effort = effort;
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
    this.goesBack = this.next.some((ways, from) =>
      ways.some((to) => this.rankOf(to) <= this.rankOf(from)),
    );
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
    return this.isAhead(point.block, after.block) && !this.builds.exclude(point.block, after.block);
  }

  /** Whether each run passes one of two points at most, loops aside. */
  areExclusive(a: Point, b: Point): boolean {
    return a.block !== b.block && !this.canFollow(a, b) && !this.canFollow(b, a);
  }

  /** Whether `first` has run whenever `then` does. */
  dominates(first: Point, then: Point): boolean {
    if (first.block === then.block) return first.end <= then.end;
    // What an `#if` excludes depends on the block that is asked about.
    if (this.builds.areAsked)
      return !this.reaches(0, (block) => block === then.block, first.block, then.block);
    const [above, below] = [this.rank[first.block] ?? -1, this.rank[then.block] ?? -1];
    if (below < 0) return true;
    this.above ??= this.findAbove();
    return above >= 0 && this.above.isAbove(above, below);
  }

  /** Whether every run of the function passes the point, however it ends. */
  isAlways({ block }: Point): boolean {
    const known = this.always.get(block);
    if (known !== undefined) return known;
    const found = !this.reaches(0, (one) => (this.next[one] ?? []).length === 0, block);
    this.always.set(block, found);
    return found;
  }

  /**
   * Whether a way leads to a block.
   * @param taken the way that a test is known to take; undefined when it is open
   */
  comesTo(block: number, taken: (test: Decision) => 0 | 1 | undefined): boolean {
    const seen = new Set([0]);
    for (const at of seen) {
      this.effort.spend();
      if (at === block) return true;
      const { test, next: ways = [] } = this.blocks[at] ?? {};
      const way = test && taken(test);
      const only = way === undefined ? undefined : ways[way];
      for (const to of only === undefined ? (this.next[at] ?? []) : [only]) seen.add(to);
    }
    return false;
  }

  /**
   * Whether a way leads out of the function around a block.
   * @param taken the way that a test is known to take; undefined when it is open
   */
  reachesWith(without: number, taken: (test: Decision) => 0 | 1 | undefined): boolean {
    if (without === 0) return false;
    const seen = new Set([0]);
    for (const block of seen) {
      this.effort.spend();
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
    let known = this.repeated.get(block);
    if (known === undefined) {
      known =
        this.goesBack &&
        (this.next[block] ?? []).some((to) => this.reaches(to, (one) => one === block, -1));
      this.repeated.set(block, known);
    }
    return known;
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
      this.effort.spend();
      if (wanted(block)) return true;
      for (const to of this.next[block] ?? [])
        if (to !== without && (beside < 0 || !this.builds.exclude(to, beside))) seen.add(to);
    }
    return false;
  }

  /** Whether a way leads from a block to another without going back. */
  private isAhead(block: number, after: number): boolean {
    const [from, to] = [this.rank[block] ?? -1, this.rank[after] ?? -1];
    if (from < 0) return this.isAheadOfUnreached(block, after);
    if (to <= from) return false;
    this.ahead ??= this.findAhead();
    return (((this.ahead[from]?.[to >>> 5] ?? 0) >>> (to & 31)) & 1) === 1;
  }

  private findAbove(): Dominators {
    const { order, rank, previous } = this;
    this.effort.spend(order.length * 4);
    return new Dominators(order.length, (at) =>
      (previous[order[at] ?? 0] ?? []).map((block) => rank[block] ?? -1),
    );
  }

  /** From the last block on: what is ahead of one is what it leads to, and what is ahead of that. */
  private findAhead(): readonly Uint32Array[] {
    const { order, rank } = this;
    const words = (order.length + 31) >>> 5;
    this.effort.spend(order.length * (1 + words));
    const ahead: Uint32Array[] = order.map(() => none);
    for (let from = order.length - 1; from >= 0; from--) {
      const bits = new Uint32Array(words);
      for (const block of this.next[order[from] ?? 0] ?? []) {
        const to = rank[block] ?? -1;
        if (to <= from) continue;
        const further = ahead[to] ?? none;
        // What comes before `to` is not ahead of it.
        for (let i = to >>> 5; i < words; i++) bits[i] = (bits[i] ?? 0) | (further[i] ?? 0);
        bits[to >>> 5] = (bits[to >>> 5] ?? 0) | (1 << (to & 31));
      }
      ahead[from] = bits;
    }
    // The last turn of a loop leads on to what comes after the loop: the inner ones first.
    for (let head = order.length - 1; head >= 0; head--) {
      const turn = this.turnOf(head);
      if (turn.length === 0) continue;
      this.effort.spend(turn.length * words);
      const beyond = Uint32Array.from(ahead[head] ?? none);
      for (const one of turn) beyond[one >>> 5] = (beyond[one >>> 5] ?? 0) & ~(1 << (one & 31));
      for (const one of turn) {
        const bits = ahead[one] ?? none;
        for (let i = 0; i < words; i++) bits[i] = (bits[i] ?? 0) | (beyond[i] ?? 0);
      }
    }
    return ahead;
  }

  /** The blocks, by rank, of a loop that begins at one: what leads back to it without passing it. */
  private turnOf(head: number): readonly number[] {
    const { order, rank, previous } = this;
    const before = (at: number): number[] =>
      (previous[order[at] ?? 0] ?? []).map((block) => rank[block] ?? -1);
    const found = new Set(before(head).filter((from) => from >= head));
    if (found.size === 0) return [];
    this.effort.spend(found.size);
    for (const at of found) {
      if (at === head) continue;
      for (const from of before(at)) if (from > head) found.add(from);
    }
    found.delete(head);
    return [...found];
  }

  /** The same from a block that nothing leads to: what it leads to has been asked about least. */
  private isAheadOfUnreached(block: number, after: number): boolean {
    const seen = new Set<number>();
    const add = (from: number) => {
      this.effort.spend();
      for (const to of this.next[from] ?? []) if (this.rankOf(to) > this.rankOf(from)) seen.add(to);
    };
    add(block);
    for (const one of seen) add(one);
    return seen.has(after);
  }
}

const none = new Uint32Array(0);

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
