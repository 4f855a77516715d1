/**
 * On which ways something that is held stays so: from the call that takes it, or from where a function
 * begins, to the calls that run meanwhile and to the answers with which the function is left.
 */
import type { CallFact, Context, Exit, FunctionFacts } from '../types.ts';
import { beginning, type Exits } from './exits.ts';
import type { Explorer, Outcome, Start } from './explore.ts';
import { anything, type Known, type Mask, resultName } from './known.ts';

export interface Held {
  /** The calls that can run while it is held. */
  readonly calls: ReadonlySet<CallFact>;
  /** What the function can answer when it still is held, and when it is no more. */
  readonly outcome: Outcome;
  /** Each way in which the function can be left; none where there are too many ways to tell. */
  readonly exits: readonly HeldExit[];
}

/** A way out of the function, with whether it is held there. */
export interface HeldExit {
  readonly exit: Exit;
  readonly block: number;
  readonly held: boolean;
}

/** Where it begins to be held: behind a call that answers so, or in the caller. */
export type HeldFrom =
  | { readonly call: CallFact; readonly answer: Mask }
  | { readonly known: Known };

/** @param effects what calls do to it, by what they answer */
export function heldFrom(
  fn: FunctionFacts,
  { explorer, exits }: { readonly explorer: Explorer; readonly exits: Exits },
  from: HeldFrom,
  effects: ReadonlyMap<CallFact, Outcome>,
): Held {
  const all: Held = {
    calls: new Set(fn.calls),
    outcome: { held: anything, ended: 0 },
    exits: [],
  };
  const starts = 'call' in from ? startsBehind(fn, exits, from) : [startWith(from.known)];
  const calls = new Set<CallFact>();
  const marks = new Map([...effects].map(([call, effect]) => [fn.assigned.numberOf(call), effect]));
  const { states, complete } = explorer.explore(starts, {
    marks,
    ...('call' in from ? { behind: fn.assigned.numberOf(from.call) } : {}),
    clears: loopsThatEnd(fn, effects, 'call' in from ? from.call : undefined),
    call: (index, _, marked) => {
      const call = fn.calls[index];
      if (marked && call) calls.add(call);
    },
  });
  if (!complete || starts.length === 0) return all;
  const outcome = { held: 0, ended: 0 };
  const found: HeldExit[] = [];
  for (const { block, exits: left } of states)
    for (const { exit, known, marked } of left) {
      const answer = exit.value === null ? anything : explorer.reader.of(exit.value, known);
      if (marked) outcome.held |= answer;
      else outcome.ended |= answer;
      found.push({ exit, block, held: marked });
    }
  return { calls, outcome, exits: found };
}

function startWith(known: Known): Start {
  return { ...beginning, known, marked: true };
}

function startsBehind(
  fn: FunctionFacts,
  exits: Exits,
  { call, answer }: Extract<HeldFrom, { call: CallFact }>,
): Start[] {
  const index = fn.assigned.numberOf(call);
  const { at, explored } = exits.whole();
  if (!explored.complete) return [];
  return (at.get(index) ?? []).map((known) => ({
    block: call.block,
    after: call.end - 1,
    known: answer === anything ? known : new Map(known).set(resultName(index), answer),
    marked: true,
  }));
}

/**
 * The blocks that decide on another turn of a loop that ends all: what a loop has taken is more than none,
 * so that the loop that gives it back has a turn as well.
 */
function loopsThatEnd(
  { blocks, contexts }: FunctionFacts,
  effects: ReadonlyMap<CallFact, Outcome>,
  taken: CallFact | undefined,
): ReadonlySet<number> {
  const loopsOf = (call: CallFact): Context[] => {
    const out: Context[] = [];
    for (let at = contexts[call.context]; at; at = contexts[at.parent])
      if (at.kind === 'loop') out.push(at);
    return out;
  };
  const around = new Set(taken ? loopsOf(taken) : []);
  const bodies = new Set(
    [...effects].flatMap(([call, { held }]) =>
      held === 0
        ? loopsOf(call)
            .filter((loop) => !around.has(loop))
            .map(({ block }) => block)
        : [],
    ),
  );
  if (bodies.size === 0) return bodies;
  return new Set(
    blocks.flatMap(({ next, test }, i) => (test && next.some((to) => bodies.has(to)) ? [i] : [])),
  );
}
