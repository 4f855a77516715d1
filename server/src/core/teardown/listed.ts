/** What goes on a list though no managed function is called by name: hybrids, and what helpers of the kernel take. */
import type { ManagedApi, ManualTake } from '../catalog.ts';
import type { TracedCall } from './trace.ts';

/** What goes on the devres list of a device that was enabled with a managed function. */
export function listing(traced: readonly TracedCall[]): TracedCall[] {
  const before = new Set<string>();
  return traced.map((one) => {
    const { traceEvent } = one;
    if (traceEvent.does === 'acquire') before.add(traceEvent.api.name);
    if (traceEvent.does !== 'take') return one;
    const { take } = traceEvent;
    return take.listedAfter?.some((name) => before.has(name))
      ? {
          ...one,
          traceEvent: {
            does: 'acquire',
            api: listedApi(take),
            registration: undefined,
            endedBy: take.releases,
          },
        }
      : one;
  });
}

/** A function as the managed one that it is then. */
function listedApi({ name, group, object, source }: ManualTake): ManagedApi {
  return {
    name,
    scope: 'bound',
    role: 'acquire',
    device: 0,
    owner: 'device',
    ...(object === 'return' ? { returns: 'pointer' } : { object: object.argument }),
    kind: group,
    ...(source === undefined ? {} : { source }),
  };
}

/** A managed function as a helper calls it: the helper's arguments are not its own, and the helper answers an error. */
export function helperApi(
  { name, scope, owner, kind, source }: ManagedApi,
  device: number,
): ManagedApi {
  return {
    name,
    scope,
    role: 'acquire',
    device,
    owner,
    kind,
    returns: 'error',
    ...(source === undefined ? {} : { source }),
  };
}
