/** Which functions a function reaches through calls inside the module. */
import type { CallFact } from '../facts/types.ts';
import type { CallSite, FunctionRef, Program } from './program.ts';

const maximumDepth = 24;

/**
 * The first way from `fn` to a call that `wanted` accepts, as the calls along it, the wanted one last;
 * undefined when there is none. Depth first, in source order.
 * @param names the called names that `wanted` can accept: what leads to none of them is not looked into
 */
export function wayTo(
  program: Program,
  fn: FunctionRef,
  names: Iterable<string>,
  wanted: (call: CallFact, caller: FunctionRef) => boolean = () => true,
): CallSite[] | undefined {
  const known = new Set(names);
  const leads = callersOfAny(program, known);
  const seen = new Set<FunctionRef>();
  const visit = (at: FunctionRef, depth: number): CallSite[] | undefined => {
    if (seen.has(at) || depth > maximumDepth || !leads.has(at)) return undefined;
    seen.add(at);
    for (const call of at.facts.calls) {
      const site = { caller: at, call };
      if (known.has(call.callee) && wanted(call, at)) return [site];
      const callee = call.callee === '' ? undefined : program.resolve(call.callee, at.file);
      const rest = callee ? visit(callee, depth + 1) : undefined;
      if (rest) return [site, ...rest];
    }
    return undefined;
  };
  return visit(fn, 0);
}

/** The functions that lead to a call by one of the names, by calls inside the module. */
function callersOfAny(program: Program, names: ReadonlySet<string>): ReadonlySet<FunctionRef> {
  const found = new Set([...names].flatMap((name) => program.functionsCalling(name)));
  // A set hands out what is added while it is walked.
  for (const fn of found)
    for (const caller of program.functionsCalling(fn.name))
      if (program.resolve(fn.name, caller.file) === fn) found.add(caller);
  return found;
}

/** Every function that running `fn` can run, itself included. */
export function reachedFrom(program: Program, fn: FunctionRef): Set<FunctionRef> {
  const seen = new Set<FunctionRef>();
  const pending = [fn];
  for (let at = pending.pop(); at; at = pending.pop()) {
    if (seen.has(at)) continue;
    seen.add(at);
    for (const target of program.targetsOf(at)) pending.push(target);
  }
  return seen;
}
