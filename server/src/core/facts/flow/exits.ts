/** How a function can be left, and which of its calls lead to nothing but a failure. */
import type {
  CallFact,
  Context,
  Exit,
  FunctionFacts,
  ReturnFact,
  TypeRef,
  Value,
} from '../types.ts';
import type { Explored, Explorer, Left, Start } from './explore.ts';
import type { Graph } from './graph.ts';
import { anything, type Known, type Mask, negative, positive, zero } from './known.ts';
import { isFailureTest } from './tests.ts';

/** What leaving a function means: `value` when what a call answers, or the caller gives, decides. */
export type ExitKind = 'success' | 'error' | 'value';

/** What the whole function does. */
interface Whole {
  readonly explored: Explored;
  /** What can be known where a call runs. */
  readonly at: ReadonlyMap<number, readonly Known[]>;
  /** Whether what begins in a state can end well; by the state's place. */
  readonly ends: readonly boolean[];
}

const maximumKnown = 8;

/** Where a function begins, with nothing known. */
export const beginning: Start = { block: 0, after: -1, known: new Map() };

export class Exits {
  private readonly fn: FunctionFacts;
  private readonly graph: Graph;
  private readonly explorer: Explorer;
  private made: Whole | null = null;
  private failed: ReadonlySet<CallFact> | null = null;
  private jumped: ReadonlySet<number> | null = null;
  private readonly below = new Map<number, boolean>();
  private readonly from = new Map<number, ReadonlySet<ExitKind>>();

  constructor(fn: FunctionFacts, graph: Graph, explorer: Explorer) {
    this.fn = fn;
    this.graph = graph;
    this.explorer = explorer;
  }

  kindOf(one: ReturnFact): ExitKind {
    const kinds = new Set(
      this.lefts()
        .filter(({ exit }) => exit.start === one.start)
        .map((left) => this.kindOfLeft(left)),
    );
    const [only] = kinds;
    return kinds.size === 1 && only ? only : 'value';
  }

  kinds(): ReadonlySet<ExitKind> {
    return new Set(this.lefts().map((left) => this.kindOfLeft(left)));
  }

  kindsFrom({ block }: Context): ReadonlySet<ExitKind> {
    const known = this.from.get(block);
    if (known) return known;
    const kinds = this.findKindsFrom(block);
    this.from.set(block, kinds);
    return kinds;
  }

  private findKindsFrom(from: number): ReadonlySet<ExitKind> {
    const { states } = this.whole().explored;
    const seen = new Set(states.flatMap((state, i) => (state.block === from ? [i] : [])));
    const kinds = new Set<ExitKind>();
    for (const i of seen) {
      this.explorer.effort.spend();
      // There are no more kinds than these.
      if (kinds.size === 3) break;
      for (const to of states[i]?.next ?? []) seen.add(to);
      for (const left of states[i]?.exits ?? []) kinds.add(this.kindOfLeft(left));
    }
    return kinds;
  }

  /**
   * Whether the function can end well from a block with that known; undefined where the whole function does not tell.
   */
  endsWell(block: number, known: Known): boolean | undefined {
    const { explored, ends } = this.whole();
    const at = explored.numbers.of(block, known, false);
    return at === undefined ? undefined : ends[at];
  }

  isOnFailure(call: CallFact): boolean {
    this.failed ??= this.callsOfFailure();
    return this.failed.has(call);
  }

  whole(): Whole {
    if (this.made) return this.made;
    const at = new Map<number, Known[]>();
    let last: Known = new Map();
    const explored = this.explorer.explore([beginning], {
      call: (index, known) => {
        const list = at.get(index) ?? [];
        at.set(index, list);
        if (list.length > maximumKnown || list.some((one) => isSame(one, known))) return;
        // Calls one after the other mostly have one thing known.
        if (!isSame(last, known)) last = new Map(known);
        list.push(last);
      },
    });
    this.made = {
      explored,
      at: new Map(
        [...at].map(([index, list]) => [
          index,
          list.length <= maximumKnown ? list : [new Map<string, Mask>()],
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
    const below = this.belowFailures();
    return new Set(
      this.fn.calls.filter(
        ({ block }) =>
          (reached.has(block) && !fine.has(block)) ||
          below.has(block) ||
          !this.graph.isReached(block),
      ),
    );
  }

  /** The blocks past the end of the straight way that only tests for failure jump to: it may be mended there. */
  private belowFailures(): ReadonlySet<number> {
    const { contexts, gotos } = this.fn;
    const below = new Set(this.jumpedTo());
    const fine = new Set(
      gotos.flatMap(({ block, context }) => {
        const around = contexts[context];
        const failed = around && isFailureTest(this.fn, this.explorer.reader, around);
        return failed || below.has(block) ? [] : (this.graph.next[block] ?? []);
      }),
    );
    for (const block of fine) for (const to of this.graph.next[block] ?? []) fine.add(to);
    for (const block of fine) below.delete(block);
    return below;
  }

  private lefts(): Left[] {
    return this.whole().explored.states.flatMap((state) => state.exits);
  }

  kindOfLeft({ exit, known }: Left): ExitKind {
    const below = this.isBelow(exit);
    if (exit.value === null) return below ? 'error' : 'success';
    const kind = kindOfMask(this.fn.returns, this.explorer.reader.of(exit.value, known));
    if (kind !== 'value') return kind;
    if (below || this.reports(exit, known)) return 'error';
    return 'value';
  }

  /** Below the end of the straight way, what is not known to be well is a failure. */
  private isBelow({ start }: Exit): boolean {
    let below = this.below.get(start);
    if (below === undefined) {
      below = this.findsBelow(start);
      this.below.set(start, below);
    }
    return below;
  }

  private findsBelow(at: number): boolean {
    const one = this.fn.returnsOf.find((other) => other.start === at);
    if (one) return this.jumpedTo().has(one.block);
    const last = this.fn.blocks.findIndex((block) => block.exit?.start === at);
    return last >= 0 && this.jumpedTo().has(last);
  }

  /** `return fail(dev, ret)` with an error at hand. */
  private reports({ value }: Exit, known: Known): boolean {
    return (
      value?.kind === 'call' &&
      this.fn.calls[value.call]?.args.some((arg) => {
        const mask = this.explorer.reader.of(arg.value, known);
        return mask === negative || (mask === (negative | positive) && this.isNumber(arg.value));
      }) === true
    );
  }

  private isNumber(value: Value): boolean {
    const local =
      value.kind === 'path' && value.steps.length === 0 && value.address === 0
        ? this.fn.locals.find((one) => one.name === value.root)
        : undefined;
    return local?.type.pointers === 0 && !isBool(local.type);
  }

  /** The blocks that a jump alone leads to, past the end of the straight way. */
  jumpedTo(): ReadonlySet<number> {
    if (this.jumped) return this.jumped;
    const gotos = new Set(this.fn.gotos.map((jump) => jump.block));
    const straight = new Set([0]);
    for (const block of straight)
      if (!gotos.has(block)) for (const to of this.graph.next[block] ?? []) straight.add(to);
    this.jumped = new Set([...this.fn.blocks.keys()].filter((block) => !straight.has(block)));
    return this.jumped;
  }
}

const none: ReadonlySet<CallFact> = new Set();

function isSame(a: Known, b: Known): boolean {
  if (a.size !== b.size) return false;
  for (const [name, mask] of a) if (b.get(name) !== mask) return false;
  return true;
}

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
