/** The callbacks that run at teardown, and what has ended before each of them runs. */
import type { TableFunction } from '../program/entries.ts';
import type { FunctionRef } from '../program/program.ts';
import type { Acquisition } from './acquisitions.ts';

/** A callback that runs at teardown, and where that was arranged. */
export interface Late {
  readonly fn: FunctionRef;
  readonly scope: 'bound' | 'drm';
  /** The registration; drm_driver.release has none. */
  readonly at: Acquisition | undefined;
  /** Position in the order of registration. */
  readonly index: number;
}

/** The actions of an entry in the order of their registration, and the module's drm_driver.release. */
export function lateCallbacksOf(
  tables: readonly TableFunction[],
  order: readonly Acquisition[],
): Late[] {
  const actions = order.flatMap((one, index): Late[] => {
    const fn = one.registration?.target;
    return fn ? [{ fn, scope: one.api.scope, at: one, index }] : [];
  });
  const release = tables.find((one) => one.role === 'last-put');
  return release
    ? [...actions, { fn: release.fn, scope: 'drm', at: undefined, index: -1 }]
    : actions;
}

/**
 * Whether what `by` took is given back before `late` runs. drm_driver.release comes before the drmm list, after
 * devres.
 */
export function endsBefore(late: Late, by: Acquisition, position: number): boolean {
  if (by === late.at) return false;
  if (late.scope === 'drm' && by.api.scope === 'bound') return true;
  return late.at !== undefined && by.api.scope === late.scope && position > late.index;
}
