/** In which phase of a driver's life a function can run, by the tables that name its callers. */
import type { OpsRole } from '../catalog.ts';
import type { TableFunction } from './entries.ts';
import type { FunctionRef, Program } from './program.ts';
import { reachedFrom } from './reach.ts';

/** The functions that the tables' functions of the given roles run, each with the entry that reaches it first. */
export function reachedByRoles(
  program: Program,
  functions: readonly TableFunction[],
  roles: ReadonlySet<OpsRole>,
): Map<FunctionRef, TableFunction> {
  const out = new Map<FunctionRef, TableFunction>();
  for (const entry of functions) {
    if (!roles.has(entry.role)) continue;
    for (const fn of reachedFrom(program, entry.fn)) if (!out.has(fn)) out.set(fn, entry);
  }
  return out;
}
