/** Which functions a function reaches through calls inside the module. */
import type { CallFact } from '../facts/types.ts';
import type { CallSite, FunctionRef, Program } from './program.ts';

const maximumDepth = 24;

/**
 * The first way from `fn` to a call that `wanted` accepts, as the calls along it, the wanted one last;
 * undefined when there is none. Depth first, in source order.
 * @param enter decides whether to descend into a callee; all by default
 */
export function wayTo(
  program: Program,
  fn: FunctionRef,
  wanted: (call: CallFact, caller: FunctionRef) => boolean,
  enter: (callee: FunctionRef) => boolean = () => true,
): CallSite[] | undefined {
  const seen = new Set<FunctionRef>();
  const visit = (at: FunctionRef, depth: number): CallSite[] | undefined => {
    if (seen.has(at) || depth > maximumDepth) return undefined;
    seen.add(at);
    for (const call of at.facts.calls) {
      const site = { caller: at, call };
      if (wanted(call, at)) return [site];
      const callee = call.callee === '' ? undefined : program.resolve(call.callee, at.file);
      const rest = callee && enter(callee) ? visit(callee, depth + 1) : undefined;
      if (rest) return [site, ...rest];
    }
    return undefined;
  };
  return visit(fn, 0);
}

/** Every function that running `fn` can run, itself included. */
export function reachedFrom(program: Program, fn: FunctionRef): Set<FunctionRef> {
  const seen = new Set<FunctionRef>();
  const pending = [fn];
  for (let at = pending.pop(); at; at = pending.pop()) {
    if (seen.has(at)) continue;
    seen.add(at);
    for (const { target } of program.calleesOf(at)) pending.push(target);
  }
  return seen;
}
