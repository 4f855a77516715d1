/** How calls fail: which way that takes, and what runs on it. */
import type { CallFact, FunctionFacts } from '../types.ts';
import type { Exits } from './exits.ts';
import type { Explored, Explorer, Start } from './explore.ts';
import type { Graph } from './graph.ts';
import { anything, type Mask, negative, positive, resultName, zero } from './known.ts';

/** The edge that is taken when a call has failed: the `way`-th of the block's `next`. */
export interface FailingEdge {
  readonly block: number;
  readonly way: number;
}

/** How the failure of a call leaves its function. */
export interface Failure {
  readonly call: CallFact;
  /** What the call answers then: an error (number or pointer), or nothing. */
  readonly answers: 'error' | 'nothing';
  /** null when the result is returned without a test. */
  readonly edge: FailingEdge | null;
  /** The calls that run from there to the end of the function, in that order. */
  readonly cleanup: readonly CallFact[];
}

export class Failures {
  private readonly fn: FunctionFacts;
  private readonly graph: Graph;
  private readonly explorer: Explorer;
  private readonly exits: Exits;
  private readonly known = new Map<CallFact, Failure | null>();
  /** What runs only when a call has failed that the function goes on after. */
  private readonly differences = new Map<CallFact, readonly CallFact[]>();

  constructor(fn: FunctionFacts, graph: Graph, explorer: Explorer, exits: Exits) {
    this.fn = fn;
    this.graph = graph;
    this.explorer = explorer;
    this.exits = exits;
  }

  of(call: CallFact): Failure | undefined {
    let found = this.known.get(call);
    if (found === undefined) {
      found = this.findFailure(call) ?? null;
      this.known.set(call, found);
    }
    return found ?? undefined;
  }

  whenFailed(call: CallFact): readonly CallFact[] {
    const failure = this.of(call);
    if (failure) return failure.cleanup;
    const known = this.differences.get(call);
    if (known) return known;
    const found = this.difference(call);
    this.differences.set(call, found);
    return found;
  }

  private difference(call: CallFact): readonly CallFact[] {
    const index = this.fn.calls.indexOf(call);
    const [bad, well] = [negative, zero | positive].map((mask) =>
      this.followed(index, this.startsAfter(index, mask)),
    );
    return bad && well ? bad.calls.filter((one) => !well.calls.includes(one)) : [];
  }

  private findFailure(call: CallFact): Failure | undefined {
    const index = this.fn.calls.indexOf(call);
    if (index < 0 || call.use === 'ignored') return undefined;
    const starts = (mask: Mask) => this.startsAfter(index, mask);
    const open = this.followed(index, starts(anything));
    const ways = ([negative, zero] as const).flatMap((mask) => {
      const failed = this.followed(index, starts(mask));
      return failed && open && !failed.fine && failed.key !== open.key ? [{ mask, ...failed }] : [];
    });
    // Of two that end badly the test that is made for one of them ends it sooner.
    const [first, second] = ways;
    const found = first && second && second.blocks < first.blocks ? second : first;
    return (
      found && {
        call,
        answers: found.mask === negative ? 'error' : 'nothing',
        edge: found.edge,
        cleanup: found.calls,
      }
    );
  }

  /** Behind a call with what can be known there and of its result; none where it cannot run. */
  private startsAfter(index: number, mask: Mask): Start[] {
    const call = this.fn.calls[index];
    const { at, explored } = this.exits.whole();
    if (!call || !explored.complete) return [];
    return (at.get(index) ?? []).map((known) => ({
      block: call.block,
      after: call.end - 1,
      known: new Map(known).set(resultName(index), mask),
    }));
  }

  /** What can run after a call, whose result is known to the start. */
  private followed(
    index: number,
    starts: readonly Start[],
  ):
    | {
        readonly calls: CallFact[];
        readonly edge: FailingEdge | null;
        /** Whether an end is no error. */
        readonly fine: boolean;
        /** How much of the function runs. */
        readonly blocks: number;
        /** Tells two ways on apart. */
        readonly key: string;
      }
    | undefined {
    const own = this.fn.calls[index];
    const runs = new Set<number>();
    const { states, complete } = this.explorer.explore(starts, {
      // A loop that gets to the call again tries anew: that is not this failure.
      stop: index,
      call: (one) => {
        if (one !== index && this.explorer.reader.helperOf(one) === undefined) runs.add(one);
      },
    });
    if (!complete || !own || starts.length === 0) return undefined;
    const kinds = states.flatMap((state) => state.exits.map((left) => this.exits.kindOfLeft(left)));
    const blocks = new Set(states.map((state) => state.block));
    return {
      calls: this.inOrder([...runs]),
      edge: this.edgeOf(states),
      fine: kinds.length === 0 || kinds.some((kind) => kind !== 'error'),
      blocks: blocks.size,
      key: `${[...blocks].sort().join()} ${[...new Set(kinds)].sort().join()}`,
    };
  }

  /** The first test on the way that leaves one way out of several. */
  private edgeOf(states: Explored['states']): FailingEdge | null {
    const seen = new Set<number>();
    for (let i = 0; !seen.has(i); ) {
      seen.add(i);
      const state = states[i];
      const [next, other] = new Set(state?.next);
      if (!state || next === undefined || other !== undefined) return null;
      const to = states[next];
      const { next: ways = [], test } = this.fn.blocks[state.block] ?? {};
      if (!to) return null;
      if (test && ways.length > 1 && (this.graph.next[state.block] ?? []).length > 1)
        return { block: state.block, way: ways.indexOf(to.block) };
      i = next;
    }
    return null;
  }

  private inOrder(calls: readonly number[]): CallFact[] {
    return calls
      .flatMap((index) => this.fn.calls[index] ?? [])
      .sort((a, b) => this.graph.rankOf(a.block) - this.graph.rankOf(b.block) || a.end - b.end);
  }
}
