/** Macros and small functions that lead from one part of an object to another: `to_foo(x)`. */
import type { Catalog } from '../catalog.ts';
import type { CallFact } from '../facts/types.ts';
import type { Program } from './program.ts';

/**
 * The index of the argument that a call answers the same object as: by the catalogue, or because it is
 * a macro of the module around such a call; undefined when it is neither.
 */
export function castArgument(program: Program, catalog: Catalog, call: CallFact): number | undefined {
  const known = catalog.data.casts.find((cast) => cast.name === call.callee);
  if (known) return known.argument;
  const macro = program.macro(call.callee);
  if (!macro) return undefined;
  const [, name = '', rest = ''] = /^\(?\s*(\w+)\s*\(([^]*)/.exec(macro.body) ?? [];
  const cast = catalog.data.casts.find((one) => one.name === name);
  const inner = cast && /^[\s(&*]*(\w+)/.exec(rest.split(',')[cast.argument] ?? '')?.[1];
  const index = inner === undefined ? -1 : macro.params.indexOf(inner);
  return index < 0 ? undefined : index;
}
