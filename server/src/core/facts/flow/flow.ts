/**
 * The questions about one function's ways: what runs before what, what excludes what, how each call
 * fails and what runs then, what an exit answers, what has to hold for a call to run. Each has its one
 * answer here.
 */

import { Effort } from '../../effort.ts';
import { push } from '../../push.ts';
import type {
  AssignFact,
  CallFact,
  Context,
  Decision,
  FunctionFacts,
  Local,
  PathValue,
  ReturnFact,
} from '../types.ts';
import { type Failure, Failures } from './call-failures.ts';
import { beginning, type ExitKind, Exits } from './exits.ts';
import { Explorer, type Outcome } from './explore.ts';
import { Graph, type Point } from './graph.ts';
import { type Held, type HeldFrom, heldFrom } from './held.ts';
import type { FlowWords, Known, Mask } from './known.ts';
import { type Standing, standsFor } from './origins.ts';
import { fateOfResult, type ResultFate } from './result-use.ts';
import { asksResult, meaningOf, presence } from './tests.ts';

export type { ExitKind, Failure, Held, HeldFrom, Outcome, ResultFate };

/** What can run in a function. */
export interface Open {
  readonly calls: ReadonlySet<CallFact>;
  readonly blocks: ReadonlySet<number>;
}

/** Reads functions with the kernel's words; each function once. */
export class Flows {
  /** Whatever is asked about ways, here and above, spends of this. */
  readonly effort = new Effort();
  private readonly words: FlowWords;
  private readonly known = new WeakMap<FunctionFacts, Flow>();

  constructor(words: FlowWords) {
    this.words = words;
  }

  of(fn: FunctionFacts): Flow {
    let flow = this.known.get(fn);
    if (!flow) {
      flow = new Flow(fn, this.words, this.effort);
      this.known.set(fn, flow);
    }
    return flow;
  }
}

export class Flow {
  readonly facts: FunctionFacts;
  private readonly words: FlowWords;
  readonly effort: Effort;
  private readonly opens = new Map<string, Open>();
  private madeGraph: Graph | null = null;
  private madeExplorer: Explorer | null = null;
  private madeExits: Exits | null = null;
  private madeFailures: Failures | null = null;
  private readonly meanings = new Map<Context, 'success' | 'failure' | 'nothing'>();
  private named: Map<string, CallFact[]> | null = null;
  private leaving: readonly Context[] | null = null;
  private readonly sections = new Map<string, ReadonlySet<CallFact>>();
  private readonly fates = new Map<CallFact, ResultFate>();
  private readonly nexts = new Map<CallFact, CallFact | null>();
  private readonly steps: (boolean | undefined)[] = [];

  constructor(fn: FunctionFacts, words: FlowWords, effort: Effort) {
    this.facts = fn;
    this.words = words;
    this.effort = effort;
  }

  /** Made for the first question that needs it: most are answered by a look at what is called. */
  get graph(): Graph {
    this.madeGraph ??= new Graph(this.facts, this.effort, (test, way) => {
      if (test.kind === 'macro') return test.loop || way === 0 || this.words.maybe.has(test.name);
      // `while (1)` has no way around, `if (0)` none in.
      if (test.kind === 'is' && test.value.kind === 'literal')
        return (test.value.text === '0' || test.value.text === 'false') === (way === 1);
      return true;
    });
    return this.madeGraph;
  }

  private get explorer(): Explorer {
    this.madeExplorer ??= new Explorer(this.facts, this.graph, this.words, this.effort);
    return this.madeExplorer;
  }

  private get exits(): Exits {
    this.madeExits ??= new Exits(this.facts, this.graph, this.explorer);
    return this.madeExits;
  }

  private get failures(): Failures {
    this.madeFailures ??= new Failures(this.facts, this.graph, this.explorer, this.exits);
    return this.madeFailures;
  }

  /** The calls of a function, in the order of the source. */
  callsOf(name: string): readonly CallFact[] {
    if (!this.named) {
      this.named = new Map();
      for (const call of this.facts.calls) push(this.named, call.callee, call);
    }
    return this.named.get(name) ?? [];
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

  /**
   * Whether the call runs each time the function does and there is something at the path, or at what leads
   * to it: `if (x->m) put(x->m)` leaves nothing behind.
   */
  isAlwaysWith(call: Point, path: PathValue): boolean {
    return (
      this.isAlways(call) || !this.graph.reachesWith(call.block, (test) => presence(test, path))
    );
  }

  /** Whether the call runs each time once some tests are known to take one way. */
  isAlwaysWhere(call: Point, taken: (test: Decision) => 0 | 1 | undefined): boolean {
    return this.isAlways(call) || !this.graph.reachesWith(call.block, taken);
  }

  /** Whether the call can run once some tests are known to take one way. */
  canRunWhere(call: Point, taken: (test: Decision) => 0 | 1 | undefined): boolean {
    return this.graph.comesTo(call.block, taken);
  }

  /** Whether the call runs in each turn of loops that count, and those run each time the function does. */
  isAlwaysCounted(call: Pick<CallFact, 'context'>): boolean {
    const around = this.around(call);
    const outer = around.at(-1);
    if (!outer || !around.every(({ kind, counts }) => kind === 'loop' && counts)) return false;
    const heads = this.graph.previous[outer.block] ?? [];
    return heads.some((block) => this.graph.isAlways({ block, end: outer.start }));
  }

  /** Calls that have run whenever `point` is reached. */
  before(point: Point): CallFact[] {
    return this.facts.calls.filter((call) => call.end < point.end && this.dominates(call, point));
  }

  /** What a return can mean, all ways to it together. */
  kindOf(one: ReturnFact): ExitKind {
    return this.exits.kindOf(one);
  }

  /** How the function can end. */
  kinds(): ReadonlySet<ExitKind> {
    return this.exits.kinds();
  }

  /** Whether only a failure leads to the call, or what runs after it can do nothing but fail. */
  isOnFailure(call: CallFact): boolean {
    return this.exits.isOnFailure(call);
  }

  /** Whether a jump alone leads to the call, past the end of the straight way. */
  isJumpedTo(call: CallFact): boolean {
    return this.exits.jumpedTo().has(call.block);
  }

  /**
   * How the failure of a call leaves the function: undefined when its result is dropped, forgiven, or
   * asked for something else than success.
   */
  failureOf(call: CallFact): Failure | undefined {
    return this.failures.of(call);
  }

  /** How the function can end once a context is entered. */
  kindsFrom(context: Context): ReadonlySet<ExitKind> {
    return this.exits.kindsFrom(context);
  }

  /** The first call behind another that can fail after it, on a way on which nothing has failed. */
  nextFailing(after: CallFact): CallFact | undefined {
    // Each step of probe asks it again for each of its timelines.
    let next = this.nexts.get(after);
    if (next === undefined) {
      next =
        this.facts.calls.find(
          (other, i) =>
            other.start > after.end &&
            this.steps[i] !== false &&
            this.canFollow(after, other) &&
            this.isFailingStep(i),
        ) ?? null;
      this.nexts.set(after, next);
    }
    return next ?? undefined;
  }

  private isFailingStep(i: number): boolean {
    let known = this.steps[i];
    if (known === undefined) {
      const call = this.facts.calls[i];
      known =
        call !== undefined &&
        // `IS_ERR(drm)` looks at what another step answered.
        this.helperOf(i) === undefined &&
        !this.isOnFailure(call) &&
        this.failureOf(call) !== undefined;
      this.steps[i] = known;
    }
    return known;
  }

  /**
   * What runs when the call has failed and not when it has gone well: the clean-up of its failure, also
   * where that does not leave the function.
   */
  whenFailed(call: CallFact): readonly CallFact[] {
    return this.failures.whenFailed(call);
  }

  /** Whether being inside a context tells that the steps before have gone well, or that one has not. */
  meaningOf(context: Context): 'success' | 'failure' | undefined {
    let meaning = this.meanings.get(context);
    if (meaning === undefined) {
      meaning = meaningOf(this.facts, this.explorer.reader, context) ?? 'nothing';
      this.meanings.set(context, meaning);
    }
    return meaning === 'nothing' ? undefined : meaning;
  }

  /** On which ways something that is held stays so; each question is another one, so that none is kept. */
  whileHeld(from: HeldFrom, effects: ReadonlyMap<CallFact, Outcome>): Held {
    return heldFrom(this.facts, { explorer: this.explorer, exits: this.exits }, from, effects);
  }

  /** The branches that leave the function, and ask for something else than whether a step has failed. */
  get leavings(): readonly Context[] {
    this.leaving ??= this.facts.contexts.filter(
      (context) =>
        context.kind === 'if' &&
        context.exits &&
        this.meaningOf(context) === undefined &&
        !(context.test && asksResult(this.facts, this.explorer.reader, context.test)),
    );
    return this.leaving;
  }

  /** What an expression leads to at a point when locals are replaced by what they hold there. */
  standsFor(path: PathValue, point: Point): Standing {
    return standsFor(this.facts, this.graph, path, point);
  }

  /**
   * The locals that `__free()` ends when the function is left because `call` failed, the last declared
   * first: those that are in scope and have not been handed on.
   */
  scopedAt(call: CallFact): readonly Local[] {
    const { locals, assigns, contexts } = this.facts;
    const around = new Set(this.around(call));
    const isInScope = ({ context }: AssignFact) => {
      const at = contexts[context];
      return at === undefined || around.has(at);
    };
    return locals
      .filter(({ name, cleanup }) => {
        const declared = assigns.find((one) => one.declares && one.target.root === name);
        return (
          cleanup !== undefined &&
          declared !== undefined &&
          isInScope(declared) &&
          declared.end < call.end &&
          this.dominates(declared, call) &&
          !this.isHandedOn(name, call)
        );
      })
      .reverse();
  }

  private isHandedOn(name: string, call: CallFact): boolean {
    return this.facts.calls.some((other, i) => {
      const helper = this.helperOf(i);
      return (
        (helper?.answers === 'taken' || helper?.answers === 'returned') &&
        helper.of.kind === 'path' &&
        helper.of.root === name &&
        this.canFollow(other, call)
      );
    });
  }

  /** What becomes of the error number that a call returns. */
  fateOf(call: CallFact): ResultFate {
    // Each step of probe asks it of all calls that lead to it.
    const known = this.fates.get(call);
    if (known) return known;
    const fate = fateOfResult(this.facts, this.graph, this.explorer.events, call);
    this.fates.set(call, fate);
    return fate;
  }

  /** Whether the device has been found to be there, and no section been left since, whenever `call` runs. */
  isGuarded(call: CallFact): boolean {
    return (
      this.guarded(true).has(call) || (!this.facts.calls.includes(call) && this.isInSection(call))
    );
  }

  /** The same for an access that is no call: a section was entered before it, and none left in between. */
  private isInSection(point: Point): boolean {
    const roleOf = ({ callee }: CallFact) => this.words.guards.get(callee);
    const { calls } = this.facts;
    return (
      calls.some((one) => roleOf(one) === 'enter' && this.dominates(one, point)) &&
      !calls.some((one) => roleOf(one) === 'exit' && this.canFollow(one, point))
    );
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
    const { complete } = this.explorer.explore([beginning], {
      marks,
      call: (index, _, marked) => (marked ? found : open).add(index),
    });
    const calls = new Set(
      complete ? this.facts.calls.filter((_, i) => found.has(i) && !open.has(i)) : [],
    );
    this.sections.set(name, calls);
    return calls;
  }
}

const none: ReadonlySet<CallFact> = new Set();
