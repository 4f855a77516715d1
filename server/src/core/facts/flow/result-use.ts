/** What keeps the result of a call, and whether anybody looks at it. */
import type { AssignFact, CallFact, Decision, FunctionFacts, Value } from '../types.ts';
import type { Event } from './events.ts';
import type { Graph } from './graph.ts';

/** `dropped`: nobody can look at it; `overwritten`: kept in a variable that is written again before it is read. */
export type ResultFate = 'dropped' | 'overwritten' | 'kept';

/** The assignment that keeps the call's result in a local variable. */
export function holderOf(fn: FunctionFacts, call: CallFact): AssignFact | undefined {
  return fn.assigned
    .ofCall(fn.assigned.numberOf(call))
    .find(({ target }) => target.steps.length === 0 && target.address === 0);
}

/** @param events calls and assignments by block */
export function fateOfResult(
  fn: FunctionFacts,
  graph: Graph,
  events: readonly (readonly Event[])[],
  call: CallFact,
): ResultFate {
  if (call.use === 'ignored') return 'dropped';
  if (call.use !== 'assigned') return 'kept';
  const holder = holderOf(fn, call);
  return holder && isOverwritten(fn, graph, events, holder) ? 'overwritten' : 'kept';
}

/** Whether every way on from an assignment writes the variable again before anything reads it. */
function isOverwritten(
  fn: FunctionFacts,
  graph: Graph,
  events: readonly (readonly Event[])[],
  holder: AssignFact,
): boolean {
  const name = holder.target.root;
  if (!fn.locals.some((local) => local.name === name) || fn.altered.includes(name)) return false;
  /** What happens to the variable in a block. */
  const inBlock = (block: number, after: number): 'read' | 'written' | 'nothing' => {
    for (const event of events[block] ?? []) {
      if (event.end <= after) continue;
      if (isRead(fn, event, name)) return 'read';
      if (event.kind === 'assign' && isWritten(fn.assigns[event.index], name)) return 'written';
    }
    const { test, exit } = fn.blocks[block] ?? {};
    const read =
      (test && decides(test, name)) ||
      // Nobody knows whether a way that just ends was meant to.
      (exit && (exit.value === null || mentions(exit.value, name)));
    return read || (graph.next[block] ?? []).length === 0 ? 'read' : 'nothing';
  };
  const first = inBlock(holder.block, holder.end);
  if (first !== 'nothing') return first === 'written';
  const seen = new Set(graph.next[holder.block]);
  for (const block of seen) {
    const found = inBlock(block, -1);
    if (found === 'read') return false;
    if (found === 'nothing') for (const to of graph.next[block] ?? []) seen.add(to);
  }
  return true;
}

function isWritten(assign: AssignFact | undefined, name: string): boolean {
  return (
    assign !== undefined &&
    assign.target.root === name &&
    assign.target.steps.length === 0 &&
    assign.target.address === 0
  );
}

function isRead(fn: FunctionFacts, { kind, index }: Event, name: string): boolean {
  if (kind === 'call') {
    const call = fn.calls[index];
    return (
      call !== undefined &&
      ((call.through !== null && mentions(call.through, name)) ||
        call.args.some((arg) => mentions(arg.value, name)))
    );
  }
  const assign = fn.assigns[index];
  if (!assign) return false;
  const { target, value, adds } = assign;
  const through = target.steps.length > 0 || target.address !== 0 || adds === true;
  return mentions(value, name) || target.steps.includes('[]') || (through && target.root === name);
}

function decides(test: Decision, name: string): boolean {
  switch (test.kind) {
    case 'is':
      return mentions(test.value, name);
    case 'compare':
      return mentions(test.left, name) || mentions(test.right, name);
    case 'not':
      return decides(test.of, name);
    case 'all':
    case 'any':
      return test.of.some((part) => decides(part, name));
    case 'switch':
      return mentions(test.value, name);
    // What a macro does with what it is given is not known.
    case 'macro':
      return true;
    case 'build':
      return false;
  }
}

/** Whether a value can name a variable: what stands in an index is not kept, so any index can. */
function mentions(value: Value, name: string): boolean {
  switch (value.kind) {
    case 'path':
      return value.root === name || value.steps.includes('[]');
    case 'choice':
      return value.of.some((part) => mentions(part, name));
    case 'words':
      return value.words.includes(name);
    default:
      return false;
  }
}
