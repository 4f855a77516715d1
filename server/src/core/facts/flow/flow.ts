/**
 * The questions about one function's ways: what runs before what, what excludes what, how each call
 * fails and what runs then, what an exit answers, what has to hold for a call to run. Each has its one
 * answer here.
 */
import type {
  CallFact,
  Condition,
  Context,
  Exit,
  FunctionFacts,
  ReturnFact,
  TypeRef,
  Value,
} from '../types.ts';
import { type Explored, Explorer, type Left, type Start } from './explore.ts';
import { Graph, type Point } from './graph.ts';
import {
  anything,
  type FlowWords,
  type Known,
  type Mask,
  nameOf,
  negative,
  positive,
  resultName,
  zero,
} from './known.ts';
import { fateOfResult, type ResultFate } from './results.ts';

export type { ResultFate };

/** What leaving a function means: `value` when what a call answers, or the caller gives, decides. */
export type ExitKind = 'success' | 'error' | 'value';

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

/** What can run in a function. */
export interface Open {
  readonly calls: ReadonlySet<CallFact>;
  readonly blocks: ReadonlySet<number>;
}

/** Reads functions with the kernel's words; each function once. */
export class Flows {
  private readonly words: FlowWords;
  private readonly known = new WeakMap<FunctionFacts, Flow>();

  constructor(words: FlowWords) {
    this.words = words;
  }

  of(fn: FunctionFacts): Flow {
    let flow = this.known.get(fn);
    if (!flow) {
      flow = new Flow(fn, this.words);
      this.known.set(fn, flow);
    }
    return flow;
  }
}

/** What the whole function does. */
interface Whole {
  readonly explored: Explored;
  /** What can be known where a call runs. */
  readonly at: ReadonlyMap<number, readonly Known[]>;
  /** Whether what begins in a state can end well; by the state's place. */
  readonly ends: readonly boolean[];
}

const maximumKnown = 8;

export class Flow {
  readonly facts: FunctionFacts;
  private readonly words: FlowWords;
  private readonly opens = new Map<string, Open>();
  private madeGraph: Graph | null = null;
  private madeExplorer: Explorer | null = null;
  private readonly failures = new Map<CallFact, Failure | null>();
  private readonly sections = new Map<string, ReadonlySet<CallFact>>();
  private made: Whole | null = null;
  private failed: ReadonlySet<CallFact> | null = null;
  private jumped: ReadonlySet<number> | null = null;

  constructor(fn: FunctionFacts, words: FlowWords) {
    this.facts = fn;
    this.words = words;
  }

  /** Made for the first question that needs it: most are answered by a look at what is called. */
  get graph(): Graph {
    this.madeGraph ??= new Graph(this.facts, (test, way) => {
      if (test.kind === 'macro') return test.loop || way === 0 || this.words.maybe.has(test.name);
      // `while (1)` has no way around, `if (0)` none in.
      if (test.kind === 'is' && test.value.kind === 'literal')
        return (test.value.text === '0' || test.value.text === 'false') === (way === 1);
      return true;
    });
    return this.madeGraph;
  }

  private get explorer(): Explorer {
    this.madeExplorer ??= new Explorer(this.facts, this.graph, this.words);
    return this.madeExplorer;
  }

  /** The innermost loop around a call. */
  loopOf(call: CallFact): Context | undefined {
    return this.around(call).find((context) => context.kind === 'loop');
  }

  /** What stands around a call, the innermost first. */
  around(call: Pick<CallFact, 'context'>): Context[] {
    const out: Context[] = [];
    for (let at = this.facts.contexts[call.context]; at; at = this.facts.contexts[at.parent])
      out.push(at);
    return out;
  }

  /** Whether `then` can run once `first` has, in one turn of each loop. */
  canFollow(first: Point, then: Point): boolean {
    return this.graph.canFollow(first, then);
  }

  /** Whether a run passes one of the two at most: they are on branches that exclude each other. */
  areExclusive(a: Point, b: Point): boolean {
    return this.graph.areExclusive(a, b);
  }

  /** Whether `first` has run whenever `then` runs. */
  dominates(first: Point, then: Point): boolean {
    return this.graph.dominates(first, then);
  }

  /** Whether the call runs each time the function does. */
  isAlways(call: Point): boolean {
    return this.graph.isAlways(call);
  }

  /** Calls that have run whenever `point` is reached. */
  before(point: Point): CallFact[] {
    return this.facts.calls.filter((call) => call.end < point.end && this.dominates(call, point));
  }

  /** What a return can mean, all ways to it together. */
  kindOf(one: ReturnFact): ExitKind {
    const kinds = new Set(
      this.lefts()
        .filter(({ exit }) => exit.start === one.start)
        .map((left) => this.kindOfLeft(left)),
    );
    const [only] = kinds;
    return kinds.size === 1 && only ? only : 'value';
  }

  /** How the function can end. */
  kinds(): ReadonlySet<ExitKind> {
    return new Set(this.lefts().map((left) => this.kindOfLeft(left)));
  }

  /** Whether only a failure leads to the call, or what runs after it can do nothing but fail. */
  isOnFailure(call: CallFact): boolean {
    this.failed ??= this.callsOfFailure();
    return this.failed.has(call);
  }

  /** Whether a jump alone leads to the call, past the end of the straight way. */
  isJumpedTo(call: CallFact): boolean {
    return this.jumpedTo().has(call.block);
  }

  /**
   * How the failure of a call leaves the function: undefined when its result is dropped, forgiven, or
   * asked for something else than success.
   */
  failureOf(call: CallFact): Failure | undefined {
    let found = this.failures.get(call);
    if (found === undefined) {
      found = this.findFailure(call) ?? null;
      this.failures.set(call, found);
    }
    return found ?? undefined;
  }

  /** How the function can end once a context is entered. */
  kindsFrom({ block }: Context): ReadonlySet<ExitKind> {
    const { states } = this.whole().explored;
    const seen = new Set(states.flatMap((state, i) => (state.block === block ? [i] : [])));
    const kinds = new Set<ExitKind>();
    for (const i of seen) {
      for (const to of states[i]?.next ?? []) seen.add(to);
      for (const left of states[i]?.exits ?? []) kinds.add(this.kindOfLeft(left));
    }
    return kinds;
  }

  /**
   * What runs when the call has failed and not when it has gone well: the clean-up of its failure, also
   * where that does not leave the function.
   */
  whenFailed(call: CallFact): readonly CallFact[] {
    const failure = this.failureOf(call);
    if (failure) return failure.cleanup;
    const index = this.facts.calls.indexOf(call);
    const [bad, well] = [negative, zero | positive].map((mask) =>
      this.followed(index, this.startsAfter(index, mask)),
    );
    return bad && well ? bad.calls.filter((one) => !well.calls.includes(one)) : [];
  }

  /** What a value can be when a condition holds, or does not; undefined when that cannot be. */
  maskUnder(test: Condition, holds: boolean, value: Value): Mask | undefined {
    const { reader } = this.explorer;
    const name = value.kind === 'path' ? nameOf(value) : undefined;
    const known =
      name === undefined ? undefined : reader.assume(test, holds, new Map([[name, anything]]));
    return known && reader.of(value, known);
  }

  /** What becomes of the error number that a call returns. */
  fateOf(call: CallFact): ResultFate {
    return fateOfResult(this.facts, this.graph, call);
  }

  /** Whether the device has been found to be there, and no section been left since, whenever `call` runs. */
  isGuarded(call: CallFact): boolean {
    return this.guarded(true).has(call);
  }

  /** Whether the call runs only where the device was found to be there, in the section or after it. */
  needsDevice(call: CallFact): boolean {
    return this.guarded(false).has(call);
  }

  /** Whether one of the calls of these names has to answer something before `call` runs. */
  holdsBefore(call: CallFact, names: readonly string[]): boolean {
    if (!this.facts.calls.some((one) => names.includes(one.callee))) return false;
    return this.marked(`holds ${names.join(' ')}`, (callee) =>
      names.includes(callee) ? 'set' : undefined,
    ).has(call);
  }

  /** What can run when parameters have these values; all where there are too many ways to tell. */
  given(known: Known): Open {
    const key = JSON.stringify([...known]);
    let open = this.opens.get(key);
    if (!open) {
      open = this.openGiven(known);
      this.opens.set(key, open);
    }
    return open;
  }

  private openGiven(known: Known): Open {
    const { calls, blocks } = this.facts;
    const run = new Set<CallFact>();
    const { states, complete } = this.explorer.explore([{ block: 0, after: -1, known }], {
      call: (index) => {
        const call = calls[index];
        if (call) run.add(call);
      },
    });
    return complete
      ? { calls: run, blocks: new Set(states.map((state) => state.block)) }
      : { calls: new Set(calls), blocks: new Set(blocks.keys()) };
  }

  /** What a kernel function does with a result; undefined for any other call. */
  helperOf(call: number): ReturnType<Explorer['reader']['helperOf']> {
    return this.explorer.reader.helperOf(call);
  }

  /** What an argument can be, known from itself alone. */
  maskOf(value: CallFact['args'][number]['value'], known: Known = new Map()): Mask {
    return this.explorer.reader.of(value, known);
  }

  private guarded(left: boolean): ReadonlySet<CallFact> {
    const { guards } = this.words;
    if (!this.facts.calls.some(({ callee }) => guards.get(callee) === 'enter')) return none;
    return this.marked(left ? 'section' : 'entered', (callee) => {
      const role = guards.get(callee);
      return role === 'enter' ? 'set' : left && role === 'exit' ? 'clear' : undefined;
    });
  }

  /** The calls that run with the mark set, whichever way leads to them. */
  private marked(
    name: string,
    markOf: (callee: string) => 'set' | 'clear' | undefined,
  ): ReadonlySet<CallFact> {
    const known = this.sections.get(name);
    if (known) return known;
    const marks = new Map(
      this.facts.calls.flatMap(({ callee }, i) => {
        const mark = markOf(callee);
        return mark ? [[i, mark] as const] : [];
      }),
    );
    const found = new Set<number>();
    const open = new Set<number>();
    const { complete } = this.explorer.explore([start], {
      marks,
      call: (index, _, marked) => (marked ? found : open).add(index),
    });
    const calls = new Set(
      complete ? this.facts.calls.filter((_, i) => found.has(i) && !open.has(i)) : [],
    );
    this.sections.set(name, calls);
    return calls;
  }

  private whole(): Whole {
    if (this.made) return this.made;
    const at = new Map<number, Map<string, Known>>();
    const explored = this.explorer.explore([start], {
      call: (index, known) => {
        const list = at.get(index) ?? new Map<string, Known>();
        list.set(JSON.stringify([...known].sort()), new Map(known));
        at.set(index, list);
      },
    });
    this.made = {
      explored,
      at: new Map(
        [...at].map(([index, list]) => [
          index,
          list.size <= maximumKnown ? [...list.values()] : [new Map<string, Mask>()],
        ]),
      ),
      ends: this.endingWell(explored),
    };
    return this.made;
  }

  private endingWell({ states }: Explored): boolean[] {
    const from: number[][] = states.map(() => []);
    const well: number[] = [];
    for (const [i, state] of states.entries()) {
      for (const to of state.next) from[to]?.push(i);
      if (state.exits.some((left) => this.kindOfLeft(left) !== 'error')) well.push(i);
    }
    const ends = states.map(() => false);
    for (const i of well) ends[i] = true;
    for (let i = well.pop(); i !== undefined; i = well.pop())
      for (const before of from[i] ?? [])
        if (!ends[before]) {
          ends[before] = true;
          well.push(before);
        }
    return ends;
  }

  private callsOfFailure(): ReadonlySet<CallFact> {
    const { explored, ends } = this.whole();
    if (!explored.complete) return none;
    const fine = new Set<number>();
    const reached = new Set<number>();
    for (const [i, { block }] of explored.states.entries()) {
      reached.add(block);
      if (ends[i]) fine.add(block);
    }
    // A function that cannot end well fails on purpose.
    if (!ends[0]) return none;
    return new Set(
      this.facts.calls.filter(
        ({ block }) => (reached.has(block) && !fine.has(block)) || !this.graph.isReached(block),
      ),
    );
  }

  private lefts(): Left[] {
    return this.whole().explored.states.flatMap((state) => state.exits);
  }

  private kindOfLeft({ exit, known }: Left): ExitKind {
    const below = this.isBelow(exit);
    if (exit.value === null) return below ? 'error' : 'success';
    const kind = kindOfMask(this.facts.returns, this.explorer.reader.of(exit.value, known));
    if (kind !== 'value') return kind;
    if (below || this.reports(exit, known)) return 'error';
    return 'value';
  }

  /** Below the end of the straight way, what is not known to be well is a failure. */
  private isBelow({ start: at }: Exit): boolean {
    const one = this.facts.returnsOf.find((other) => other.start === at);
    if (one) return this.jumpedTo().has(one.block);
    const last = this.facts.blocks.findIndex((block) => block.exit?.start === at);
    return last >= 0 && this.jumpedTo().has(last);
  }

  /** `return fail(dev, ret)` with an error at hand. */
  private reports({ value }: Exit, known: Known): boolean {
    return (
      value?.kind === 'call' &&
      this.facts.calls[value.call]?.args.some((arg) => {
        const mask = this.explorer.reader.of(arg.value, known);
        return mask === negative || (mask === (negative | positive) && this.isNumber(arg.value));
      }) === true
    );
  }

  private isNumber(value: Value): boolean {
    const local =
      value.kind === 'path' && value.steps.length === 0 && value.address === 0
        ? this.facts.locals.find((one) => one.name === value.root)
        : undefined;
    return local?.type.pointers === 0 && !isBool(local.type);
  }

  private jumpedTo(): ReadonlySet<number> {
    if (this.jumped) return this.jumped;
    const gotos = new Set(this.facts.gotos.map((jump) => jump.block));
    const straight = new Set([0]);
    for (const block of straight)
      if (!gotos.has(block)) for (const to of this.graph.next[block] ?? []) straight.add(to);
    this.jumped = new Set([...this.facts.blocks.keys()].filter((block) => !straight.has(block)));
    return this.jumped;
  }

  private findFailure(call: CallFact): Failure | undefined {
    const index = this.facts.calls.indexOf(call);
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
    const call = this.facts.calls[index];
    const { at, explored } = this.whole();
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
    const own = this.facts.calls[index];
    const runs = new Set<number>();
    const { states, complete } = this.explorer.explore(starts, {
      // A loop that gets to the call again tries anew: that is not this failure.
      stop: index,
      call: (one) => {
        if (one !== index && this.explorer.reader.helperOf(one) === undefined) runs.add(one);
      },
    });
    if (!complete || !own || starts.length === 0) return undefined;
    const kinds = states.flatMap((state) => state.exits.map((left) => this.kindOfLeft(left)));
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
      const { next: ways = [], test } = this.facts.blocks[state.block] ?? {};
      if (!to) return null;
      if (test && ways.length > 1 && (this.graph.next[state.block] ?? []).length > 1)
        return { block: state.block, way: ways.indexOf(to.block) };
      i = next;
    }
    return null;
  }

  private inOrder(calls: readonly number[]): CallFact[] {
    return calls
      .flatMap((index) => this.facts.calls[index] ?? [])
      .sort((a, b) => this.graph.rankOf(a.block) - this.graph.rankOf(b.block) || a.end - b.end);
  }
}

const none: ReadonlySet<CallFact> = new Set();
const start: Start = { block: 0, after: -1, known: new Map() };

/** An error number, an error pointer and no pointer are failures; so is false where true is well. */
function kindOfMask(type: TypeRef, mask: Mask): ExitKind {
  if (type.pointers > 0) {
    // What was looked at and not found bad is well.
    if ((mask & positive) === 0) return 'error';
    return mask === anything ? 'value' : 'success';
  }
  if (isBool(type)) return mask === positive ? 'success' : mask === zero ? 'error' : 'value';
  if ((mask & zero) === 0 && (mask & negative) !== 0) return 'error';
  return (mask & negative) === 0 ? 'success' : 'value';
}

function isBool({ name, pointers }: TypeRef): boolean {
  return pointers === 0 && /^_*bool$/i.test(name);
}
