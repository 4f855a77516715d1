/** What a body says that is looked up by name over all files: calls, stores, names that are handed on. */

import type { AssignFact, CallFact, FunctionFacts, Value } from '../facts/types.ts';
import type { FunctionRef } from './function-ref.ts';
import { pathIn } from './objects.ts';

/** A call with the function that makes it. */
export interface CallSite {
  readonly caller: FunctionRef;
  readonly call: CallFact;
}

/** An assignment to a member with the function that makes it. */
export interface Store {
  readonly fn: FunctionRef;
  readonly assign: AssignFact;
}

/** One body's part of an index: the names under which it is found, and what is found there. */
type Entry<T> = readonly [name: string, item: T];

export interface Entries {
  readonly calls: readonly Entry<CallSite>[];
  /** Calls through an expression, by the member that they go through. */
  readonly through: readonly Entry<CallSite>[];
  readonly stores: readonly Entry<Store>[];
  /** Where the name of a global is handed on: as an argument, or into a member or a variable. */
  readonly handed: readonly Entry<Handing>[];
}

/** A place where a function's name, or another global's, is handed on. */
export interface Handing {
  readonly fn: FunctionRef;
  /** Absent for an argument. */
  readonly assign: AssignFact | undefined;
  /** The call whose argument it is. */
  readonly call: CallFact | undefined;
}

/** What is listed by name over all files. */
export interface JoinedItem {
  calls: CallSite;
  through: CallSite;
  stores: Store;
  handed: Handing;
}

export type Joined = keyof JoinedItem;

export const joinedKinds: readonly Joined[] = ['calls', 'through', 'stores', 'handed'];

export function entriesOf(fn: FunctionRef, facts: FunctionFacts): Entries {
  const sites = facts.calls.map((call): Entry<CallSite> => [call.callee, { caller: fn, call }]);
  const own = new Set([...facts.params, ...facts.locals].map(({ name }) => name));
  const handed: Entry<Handing>[] = [];
  const hand = (value: Value, assign: AssignFact | undefined, call?: CallFact): void => {
    if (value.kind === 'choice') for (const one of value.of) hand(one, assign, call);
    const path = pathIn(value);
    if (path && path.steps.length === 0 && !own.has(path.root))
      handed.push([path.root, { fn, assign, call }]);
  };
  for (const call of facts.calls) for (const { value } of call.args) hand(value, undefined, call);
  for (const assign of facts.assigns) hand(assign.value, assign);
  return {
    calls: sites,
    through: sites
      .filter(([name]) => name === '')
      .map(([, site]) => [memberThrough(site.call), site]),
    stores: facts.assigns.flatMap((assign): Entry<Store>[] => {
      const last = lastStep(assign.target.steps);
      return last === undefined ? [] : [[last, { fn, assign }]];
    }),
    handed,
  };
}

/** The member that a call goes through, `''` when it is no member. */
function memberThrough(call: CallFact): string {
  const path = call.through ? pathIn(call.through) : undefined;
  return (path && lastStep(path.steps)) ?? '';
}

/** The last step that is no index. */
export function lastStep(steps: readonly string[]): string | undefined {
  return steps.findLast((step) => step !== '[]');
}
