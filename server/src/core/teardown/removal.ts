/** Where a way out takes the drm_device from user space. */
import { wayLinks } from '../chains.ts';
import type { Pass } from '../pass.ts';
import type { FunctionRef } from '../program/program.ts';
import type { ChainLink } from '../result.ts';
import { type Binding, firstWith, waysToRole } from './bindings.ts';

export interface Removal {
  /** The calls from the end function down to the unregistering one. */
  readonly chain: readonly ChainLink[];
  /** Everything that the way out runs. */
  readonly functions: ReadonlySet<FunctionRef>;
}

/** The removal of a binding; undefined when its way out leaves the drm_device registered. */
export function reachRemoval(pass: Pass, binding: Binding): Removal | undefined {
  const ways = waysToRole(pass, 'unregister', 'unplug', 'dev-put');
  const named = waysToRole(pass, 'unregister', 'unplug');
  const from = firstWith(named, binding.ends);
  const other = from ?? firstWith(ways, binding.ends);
  if (!other) return undefined;
  return {
    chain: wayLinks(
      (from ? named : ways).from(other),
      'takes the drm_device from user space',
      'note',
    ),
    functions: pass.graph.reachedFrom(binding.ends),
  };
}
