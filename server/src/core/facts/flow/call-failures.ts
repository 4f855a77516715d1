/** How calls fail: which way that takes, and what runs on it. */
import type { CallFact, Decision, FunctionFacts, Value } from '../types.ts';
import type { Exits } from './exits.ts';
import type { Explored, Explorer, Start } from './explore.ts';
import type { Graph } from './graph.ts';
import { anything, type Known, type Mask, negative, positive, resultName, zero } from './known.ts';

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
  private askedLater: ReadonlySet<number> | null = null;
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
    const index = this.fn.assigned.numberOf(call);
    const [bad, well] = [negative, zero | positive].map((mask) =>
      this.followed(index, this.startsAfter(index, mask)),
    );
    return bad && well ? bad.calls.filter((one) => !well.calls.includes(one)) : [];
  }

  private findFailure(call: CallFact): Failure | undefined {
    const index = this.fn.assigned.numberOf(call);
    if (index < 0 || call.use === 'ignored') return undefined;
    const starts = (mask: Mask) => this.startsAfter(index, mask);
    const open = this.followed(index, starts(anything), true);
    const ways = ([negative, zero] as const).flatMap((mask) => {
      const failed = this.followed(index, starts(mask), true);
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

  /**
   * What can run after a call, whose result is known to the start.
   * @param brief that it can end well is all that is wanted where it can: what is known of the whole function says so
   */
  private followed(
    index: number,
    starts: readonly Start[],
    brief = false,
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
    const isBrief = brief && own !== undefined && this.isBrief(index, own);
    const { states, complete, ended } = this.explorer.explore(starts, {
      // A loop that gets to the call again tries anew: that is not this failure.
      stop: index,
      ...(isBrief
        ? {
            enough: ({ block, known, exits }) =>
              exits.length > 0
                ? exits.some((left) => this.exits.kindOfLeft(left) !== 'error')
                : this.exits.endsWell(block, without(known, resultName(index))) === true,
          }
        : {}),
      call: (one) => {
        if (one !== index && this.explorer.reader.helperOf(one) === undefined) runs.add(one);
      },
    });
    if (!complete || !own || starts.length === 0) return undefined;
    if (ended) return { calls: [], edge: null, fine: true, blocks: 0, key: 'fine' };
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

  /**
   * Whether what follows a call is what the whole function tells of the blocks behind it: a way that comes back to
   * the call ends there, and what asks for its result later asks for what is known of it.
   */
  private isBrief(index: number, call: CallFact): boolean {
    this.askedLater ??= resultsAskedLater(this.fn);
    return !this.askedLater.has(index) && !this.graph.isRepeated(call);
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

function without(known: Known, name: string): Known {
  if (!known.has(name)) return known;
  const rest = new Map(known);
  rest.delete(name);
  return rest;
}

/** The calls whose results are looked at in other blocks than their own. */
function resultsAskedLater({ blocks, calls, assigns }: FunctionFacts): ReadonlySet<number> {
  const found = new Set<number>();
  const look = (value: Value, block: number): void => {
    if (value.kind === 'choice') for (const one of value.of) look(one, block);
    else if (value.kind === 'words') {
      if (value.test) ask(value.test, block);
    } else if (value.kind === 'call') {
      const call = calls[value.call];
      if (call && call.block !== block) found.add(value.call);
      for (const arg of call?.args ?? []) if (arg.value.kind !== 'path') look(arg.value, block);
    }
  };
  const ask = (test: Decision, block: number): void => {
    switch (test.kind) {
      case 'is':
      case 'switch':
        look(test.value, block);
        break;
      case 'compare':
        look(test.left, block);
        look(test.right, block);
        break;
      case 'not':
        ask(test.of, block);
        break;
      case 'all':
      case 'any':
        for (const part of test.of) ask(part, block);
    }
  };
  for (const [i, { test, exit }] of blocks.entries()) {
    if (test) ask(test, i);
    if (exit?.value) look(exit.value, i);
  }
  for (const { value, block } of assigns) look(value, block);
  for (const call of calls) for (const { value } of call.args) look(value, call.block);
  return found;
}
