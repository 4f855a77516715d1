/** Pointers to a memory that outlive the function that allocates it. */
import type { CallFact, PathValue, Value } from '../facts/types.ts';
import type { Pass } from '../pass.ts';
import { memberKey, originOf, pathIn, showPath } from '../program/objects.ts';
import type { FunctionRef } from '../program/program.ts';

/**
 * Who can still reach the memory after unbind: what it, or a part of it, was stored in, handed to or
 * returned to.
 */
export function escapeOf(pass: Pass, fn: FunctionRef, name: string): string | undefined {
  const { program } = pass;
  const leads = (value: Value): boolean => {
    const path = pathIn(value);
    return path !== undefined && partOf(fn, path, name);
  };
  const holders = new Set<string>();
  for (const assign of fn.facts.assigns)
    if (leads(assign.value) && assign.target.root !== name && assign.target.steps.length > 0)
      holders.add(showPath(assign.target));
  if (fn.facts.returnsOf.some((one) => one.value && leads(one.value))) {
    const stored = program.callersOf(fn).flatMap(({ caller, call }) => {
      const index = caller.facts.assigned.numberOf(call);
      return caller.facts.assigns.filter(
        ({ value, target, end }) =>
          value.kind === 'call' &&
          value.call === index &&
          memberKey(program, caller, target, end) !== undefined,
      );
    });
    for (const { target } of stored) holders.add(showPath(target));
    if (stored.length === 0) holders.add(`what ${fn.name}() returns`);
  }
  for (const call of fn.facts.calls)
    if (keepsPart(pass, fn, call, name)) holders.add(`what ${call.callee}() was given`);
  if (holders.size === 0) return undefined;
  const list = [...holders].map((holder) => (holder.includes('(') ? holder : `\`${holder}\``));
  return `${list.join(', ')} still points to this memory after unbind: check that nothing follows it then`;
}

/**
 * An object that lies in the memory and is handed out by itself, as an answer, into what others look
 * at, or to a function: who gets it does not know that the memory is more, and follows it as long as
 * he is there.
 */
export function partHandedOut(pass: Pass, fn: FunctionRef, name: string): string | undefined {
  const partIn = (value: Value | null): PathValue | undefined => {
    const path = value ? pathIn(value) : undefined;
    if (!path) return undefined;
    const at = path.root === name ? path : originOf(fn, path, Number.POSITIVE_INFINITY).path;
    return at.root === name && at.address === 1 && at.steps.length > 0 ? at : undefined;
  };
  const end = 'which lies in this memory: who has it can follow it after unbind';
  for (const { value } of fn.facts.returnsOf) {
    const part = partIn(value);
    if (part) return `${fn.name}() hands out \`${showPath(part)}\`, ${end}`;
  }
  for (const { target, value } of fn.facts.assigns) {
    const part = partIn(value);
    const kept = target.root !== name && (target.steps.length > 0 || target.address < 0);
    if (part && kept && !partOf(fn, target, name))
      return `\`${showPath(target)}\` is set to \`${showPath(part)}\`, ${end}`;
  }
  const call = fn.facts.calls.find((one) => keepsPart(pass, fn, one, name));
  return (
    call && `${call.callee}() is given a part of this memory: who has it can follow it after unbind`
  );
}

/** Whether a path means the object that a local points to, or a member that lies in it. */
function partOf(fn: FunctionRef, path: PathValue, name: string): boolean {
  const { path: at } = path.root === name ? { path } : originOf(fn, path, Number.POSITIVE_INFINITY);
  if (at.root !== name) return false;
  return at.steps.length === 0 || at.address === 1;
}

/** Whether a call gives a part of the memory to something else that it is about: an adapter to a connector. */
function keepsPart({ catalog }: Pass, fn: FunctionRef, call: CallFact, name: string): boolean {
  // What goes on a list is followed by who walks the list, whoever it is.
  const isTaken =
    catalog.takes.has(call.callee) && catalog.takes.get(call.callee)?.global === undefined;
  const known = catalog.milestones.has(call.callee) || isTaken;
  if (known || catalog.managed.get(call.callee)?.role === 'add-action') return false;
  const paths = call.args.map(({ value }) => pathIn(value));
  const part = paths.some((path) => path?.address === 1 && partOf(fn, path, name));
  const other = paths.some((path) => path !== undefined && !partOf(fn, path, name));
  return part && other;
}
