/** In which functions a call can stand between drm_dev_enter() and its exit. */
import type { Catalog } from '../catalog.ts';
import type { FunctionRef, Program } from './program.ts';

/** The functions that call drm_dev_enter() themselves: found on the index. */
export function guardingFunctions(program: Program, catalog: Catalog): ReadonlySet<FunctionRef> {
  const enters = [...catalog.guards.values()].filter(({ role }) => role === 'enter');
  return new Set(enters.flatMap(({ name }) => program.functionsCalling(name)));
}
