/** What the module frees by hand, through its own functions: each call with the object that it frees. */
import type { Argument, CallFact } from '../facts/types.ts';
import { originOf, pathIn } from './objects.ts';
import type { CallSite, FunctionRef, Program } from './program.ts';

/** A call that ends a resource, seen where the object is no longer a bare parameter. */
export interface FreeSite {
  readonly fn: FunctionRef;
  readonly call: CallFact;
  readonly object: Argument;
  /** The calls from here down to the free itself, which is the last. */
  readonly calls: readonly CallSite[];
}

/** A function that frees what one of its parameters points to. */
export interface FreedParameter {
  readonly fn: FunctionRef;
  readonly param: number;
  readonly calls: readonly CallSite[];
}

export interface Frees {
  readonly sites: readonly FreeSite[];
  readonly parameters: readonly FreedParameter[];
}

const maximumRise = 6;

/**
 * Follows every call of the functions to the object that they are given. @param functions name to the freed
 * argument's index
 */
export function freesOf(program: Program, functions: ReadonlyMap<string, number>): Frees {
  const sites: FreeSite[] = [];
  const parameters: FreedParameter[] = [];
  const follow = (found: readonly CallSite[], index: number, below: readonly CallSite[]): void => {
    for (const site of found) {
      const { caller, call } = site;
      const object = call.args[index];
      const path = object && pathIn(object.value);
      if (!object || !path) continue;
      const origin = originOf(caller, path, call.start);
      const calls = [site, ...below];
      if (origin.param < 0 || origin.path.steps.length > 0 || origin.path.address !== 0) {
        sites.push({ fn: caller, call, object, calls });
        continue;
      }
      if (parameters.some((one) => one.fn === caller && one.param === origin.param)) continue;
      parameters.push({ fn: caller, param: origin.param, calls });
      if (calls.length < maximumRise) follow(program.callersOf(caller), origin.param, calls);
    }
  };
  for (const [name, index] of functions) follow(program.callsOf(name), index, []);
  return { sites, parameters };
}
