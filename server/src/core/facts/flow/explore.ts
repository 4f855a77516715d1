/** Goes all ways through a function that what is known leaves open. */
import type { Effort } from '../../effort.ts';
import type { Decision, Exit, FunctionFacts, Value } from '../types.ts';
import { askedTwice, holdsOn } from './builds.ts';
import { type Event, eventsOf } from './events.ts';
import type { Graph } from './graph.ts';
import {
  anything,
  type FlowWords,
  type Known,
  type Mask,
  nameOf,
  negative,
  positive,
  Reader,
  resultName,
  zero,
} from './known.ts';
import { StateNumbers } from './state-numbers.ts';

/** A block that is entered with something known. */
export interface State {
  readonly block: number;
  readonly known: Known;
  /** A mark has been set on the way and not taken off. */
  readonly marked: boolean;
  /** The states that can be next, by their place in the list of all. */
  readonly next: number[];
  /** Whether the function is left here. */
  readonly exits: Left[];
}

export interface Left {
  readonly exit: Exit;
  readonly known: Known;
  readonly marked: boolean;
}

/** What a call can answer when the mark stays, and when it goes. */
export interface Outcome {
  readonly held: Mask;
  readonly ended: Mask;
}

/** Where to begin: behind the calls that end up to an offset. */
export interface Start {
  readonly block: number;
  readonly after: number;
  readonly known: Known;
  readonly marked?: true;
}

export interface Watch {
  /** A call that has run before the start; a way that comes to it again ends there. */
  readonly stop?: number;
  /** The same, where such a way goes on: another turn of a loop makes the call again. */
  readonly behind?: number;
  /** Hears of each call, with what is known before it. */
  call?(index: number, known: Known, marked: boolean): void;
  /** Asked of a state when it is met, and again when it is left: yes ends the exploration. */
  enough?(state: State): boolean;
  /** Calls that set the mark where they answer something, take it off, or do so by what they answer. */
  readonly marks?: ReadonlyMap<number, 'set' | 'clear' | Outcome>;
  /** Blocks that take the mark off. */
  readonly clears?: ReadonlySet<number>;
}

export interface Explored {
  readonly states: readonly State[];
  /** The places of the states, but for those that were begun in a block's middle. */
  readonly numbers: StateNumbers;
  /** False when there were too many ways. */
  readonly complete: boolean;
  /** Whether it was ended by who watches. */
  readonly ended: boolean;
}

/** What is known while a block is run. */
interface Now {
  readonly known: Map<string, Mask>;
  readonly marked: boolean;
}

const maximumStates = 4000;
const maximumPerBlock = 32;

export class Explorer {
  readonly reader: Reader;
  readonly events: readonly (readonly Event[])[];
  private readonly tracked: ReadonlySet<string>;
  /** Names that change in other ways than by assignments: nothing is known of them for long. */
  private readonly altered: ReadonlySet<string>;
  /** Calls that are one side of a choice: whether they ran is to be remembered. */
  private readonly chosen: ReadonlySet<number>;
  /** What more than one `#if` asks. */
  private readonly asked: ReadonlySet<string>;
  private readonly fn: FunctionFacts;
  private readonly graph: Graph;
  private readonly words: FlowWords;
  readonly effort: Effort;

  constructor(fn: FunctionFacts, graph: Graph, words: FlowWords, effort: Effort) {
    this.effort = effort;
    this.fn = fn;
    this.graph = graph;
    this.words = words;
    this.reader = new Reader(fn, words);
    this.events = eventsOf(fn);
    this.altered = new Set(fn.altered);
    this.chosen = new Set(
      fn.assigns.flatMap(({ value }) => (value.kind === 'choice' ? callsIn(value) : [])),
    );
    this.tracked = this.namesOfExits();
    this.asked = askedTwice(fn.blocks);
  }

  explore(starts: readonly Start[], watch: Watch = {}): Explored {
    const states: State[] = [];
    const numbers = new StateNumbers();
    const counts = new Map<number, number>();
    let complete = true;
    let ended = false;
    const numberOf = (block: number, known: Known, marked: boolean): number => {
      const count = counts.get(block) ?? 0;
      // Of too many ways to one block only that they get there is kept.
      const kept = count < maximumPerBlock ? known : new Map<string, Mask>();
      const { number, isNew } = numbers.add(block, kept, marked, states.length);
      if (!isNew) return number;
      counts.set(block, count + 1);
      const state = { block, known: kept, marked, next: [], exits: [] };
      states.push(state);
      ended ||= watch.enough?.(state) === true;
      return number;
    };
    const go = (state: State, after: number, first: boolean): void => {
      this.effort.spend(1 + state.known.size);
      for (const now of this.run(state, after, watch, state.exits, first))
        for (const [to, known] of this.waysOn(state.block, now.known))
          state.next.push(numberOf(to, known, now.marked));
      ended ||= state.exits.length > 0 && watch.enough?.(state) === true;
    };
    // A block that is begun in its middle is no state that a loop comes back to.
    for (const { block, known, marked = false } of starts)
      states.push({ block, known, marked, next: [], exits: [] });
    for (const [i, { after }] of starts.entries()) {
      const state = states[i];
      if (state) go(state, after, true);
    }
    for (let i = starts.length; i < states.length && !ended; i++) {
      if (i >= maximumStates) {
        complete = false;
        break;
      }
      const state = states[i];
      if (state) go(state, -1, false);
    }
    return { states, numbers, complete, ended };
  }

  /** The edges out of a block that can be taken, with what is known on each. */
  private *waysOn(block: number, known: Known): Generator<readonly [number, Known]> {
    const { next, test } = this.fn.blocks[block] ?? { next: [] };
    const open = this.graph.next[block] ?? [];
    for (const [way, to] of next.entries()) {
      if (!open.includes(to)) continue;
      const then = this.along(test, way, known);
      if (then) yield [to, then];
    }
  }

  private along(
    test: FunctionFacts['blocks'][number]['test'],
    way: number,
    known: Known,
  ): Known | undefined {
    if (!test || test.kind === 'macro') return known;
    if (test.kind === 'build') return this.builtWith(test, way, known);
    if (test.kind !== 'switch') return this.reader.assume(test, way === 0, known);
    const label = test.cases[way];
    if (label)
      return this.reader.assume(
        { kind: 'compare', op: '==', left: test.value, right: label },
        true,
        known,
      );
    // The way of all other values: what a case alone can be is none of them.
    return test.cases.reduce<Known | undefined>(
      (at, one) =>
        at && one
          ? this.reader.assume(
              { kind: 'compare', op: '!=', left: test.value, right: one },
              true,
              at,
            )
          : at,
      known,
    );
  }

  /** What two `#if`s ask is answered once. */
  private builtWith(
    test: Extract<Decision, { kind: 'build' }>,
    way: number,
    known: Known,
  ): Known | undefined {
    if (!this.asked.has(test.asks)) return known;
    const name = `#if ${test.asks}`;
    const mask = holdsOn(test, way) ? positive : zero;
    const before = known.get(name);
    if (before !== undefined) return before === mask ? known : undefined;
    return new Map(known).set(name, mask);
  }

  /** Runs a block; a call that sets a mark goes two ways. */
  private run(
    { block, known, marked }: State,
    after: number,
    watch: Watch,
    exits: Left[],
    first: boolean,
  ): Now[] {
    const cleared = !first && watch.clears?.has(block) === true;
    let ways: Now[] = [{ known: new Map(known), marked: marked && !cleared }];
    for (const event of this.events[block] ?? []) {
      if (event.end <= after) continue;
      if (event.kind === 'assign') {
        for (const way of ways) this.assign(event.index, way.known);
        continue;
      }
      // The end of the call itself is where such a way starts.
      if (event.index === watch.stop || (first && event.index === watch.behind)) {
        if (first) continue;
        return [];
      }
      for (const way of ways) {
        watch.call?.(event.index, way.known, way.marked);
        this.call(event.index, way.known);
      }
      const helper = this.reader.helperOf(event.index);
      if (helper?.answers === 'returned') {
        const { start } = this.fn.calls[event.index] ?? { start: -1 };
        for (const way of ways)
          exits.push({ exit: { value: helper.of, start }, known: way.known, marked: way.marked });
        return [];
      }
      const mark = watch.marks?.get(event.index);
      if (mark === 'clear') ways = ways.map((way) => ({ ...way, marked: false }));
      else if (mark === 'set') ways = ways.flatMap((way) => this.forked(way, event.index));
      else if (mark) ways = ways.flatMap((way) => this.parted(way, event.index, mark));
    }
    const exit = this.fn.blocks[block]?.exit;
    if (exit) for (const way of ways) exits.push({ exit, known: way.known, marked: way.marked });
    return ways;
  }

  private forked({ known, marked }: Now, call: number): Now[] {
    const name = resultName(call);
    return [
      { known: new Map(known).set(name, positive), marked: true },
      { known: new Map(known).set(name, zero), marked },
    ];
  }

  private parted(way: Now, call: number, { held, ended }: Outcome): Now[] {
    if (!way.marked) return [way];
    const answering = (mask: Mask, marked: boolean): Now[] =>
      mask === 0
        ? []
        : [
            {
              known: mask === anything ? way.known : new Map(way.known).set(resultName(call), mask),
              marked,
            },
          ];
    const all = [...answering(held, true), ...answering(ended, false)];
    return all.map((one, i) => (i === 0 ? one : { ...one, known: new Map(one.known) }));
  }

  private call(index: number, known: Map<string, Mask>): void {
    const fact = this.fn.calls[index];
    if (!fact) return;
    known.delete(resultName(index));
    if (this.chosen.has(index)) known.set(resultName(index), anything);
    // A macro of the driver's own can write to what it is given by name.
    const macro = /^[A-Z0-9_]+$/.test(fact.callee) && !this.words.helpers.has(fact.callee);
    for (const { value } of fact.args) {
      if (value.kind !== 'path' || (value.address !== 1 && !macro)) continue;
      forget(known, [value.root, ...value.steps].join('.'));
    }
  }

  private assign(index: number, known: Map<string, Mask>): void {
    const fact = this.fn.assigns[index];
    if (!fact) return;
    const name = nameOf(fact.target);
    if (name === undefined) return;
    const mask = this.reader.of(fact.value, known);
    const plain =
      fact.value.kind === 'literal' ||
      (fact.value.kind === 'words' && fact.value.negative === true);
    if (fact.value.kind === 'choice')
      for (const call of callsIn(fact.value))
        if (this.chosen.has(call)) known.delete(resultName(call));
    // `ret |= f()` stays an error where it was one.
    if (fact.adds && known.get(name) === negative) return;
    forget(known, name);
    if (this.altered.has(fact.target.root) || mask === anything) {
      if (this.tracked.has(name) && !this.altered.has(fact.target.root)) known.set(name, anything);
      return;
    }
    if (fact.adds && mask !== negative) return;
    if (this.tracked.has(name) || (!plain && mask !== (zero | positive))) known.set(name, mask);
  }

  /** What the function can answer, and what is assigned to that. */
  private namesOfExits(): ReadonlySet<string> {
    const names = new Set<string>();
    const add = (value: Value): void => {
      if (value.kind === 'path') {
        const name = nameOf(value);
        if (name !== undefined && !this.altered.has(value.root)) names.add(name);
      } else if (value.kind === 'call') {
        const helper = this.reader.helperOf(value.call);
        if (helper) add(helper.of);
        // `return fail(dev, ret)`
        else
          for (const arg of this.fn.calls[value.call]?.args ?? [])
            if (arg.value.kind === 'path') add(arg.value);
      } else if (value.kind === 'choice') for (const one of value.of) add(one);
    };
    for (const { exit } of this.fn.blocks) if (exit?.value) add(exit.value);
    this.fn.calls.forEach((call, i) => {
      if (this.words.helpers.get(call.callee)?.answers === 'returned')
        add({ kind: 'call', call: i });
    });
    const given = new Map<string, Value[]>();
    for (const { target, value } of this.fn.assigns) {
      const name = nameOf(target);
      if (name === undefined || value.kind === 'call') continue;
      const known = given.get(name);
      if (known) known.push(value);
      else given.set(name, [value]);
    }
    // A set is gone through in the order in which names come, those that come meanwhile included.
    for (const name of names) for (const value of given.get(name) ?? []) add(value);
    return names;
  }
}

function callsIn(value: Value): number[] {
  if (value.kind === 'call') return [value.call];
  return value.kind === 'choice' ? value.of.flatMap(callsIn) : [];
}

/** A variable is written: what was known of it and of what is in it goes. */
function forget(known: Map<string, Mask>, name: string): void {
  known.delete(name);
  const inside = `${name}.`;
  for (const key of known.keys()) if (key.startsWith(inside)) known.delete(key);
}
