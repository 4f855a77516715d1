/** Work items and timers that probe sets up and that nothing in the module ever stops. */
import type { Catalog } from '../catalog.ts';
import type { FunctionRef, Program } from './program.ts';
import { keysOf, shareMember } from './stops.ts';
import type { Worker, Workers } from './workers.ts';

/** What stops one: to destroy its queue does too. */
const groups = new Set(['work', 'workqueue', 'timer']);

/**
 * The workers that are started, on a queue of the kernel's, and stopped nowhere. A stop whose object
 * is not known can be anybody's: there are none then.
 * @param probed the functions that the way in runs
 */
export function unstoppedWorkers(
  program: Program,
  catalog: Catalog,
  workers: Workers,
  probed: ReadonlySet<FunctionRef>,
): readonly Worker[] {
  const open = workers.all.filter(
    (worker) =>
      probed.has(worker.init.caller) &&
      isSetUp(catalog, worker) &&
      worker.keys.length > 0 &&
      workers.isStarted(worker) &&
      workers.queuesOf(worker).length === 0,
  );
  if (open.length === 0) return [];
  const stopped = catalog.data.deviceReleases
    .filter(({ group }) => groups.has(group))
    .flatMap((release) =>
      program
        .callsOf(release.name)
        .map(({ caller, call }) => keysOf(program, caller, call, release.object ?? -1)),
    );
  if (stopped.some((keys) => keys.length === 0)) return [];
  return open.filter((worker) => !stopped.some((keys) => shareMember(keys, worker.keys)));
}

/** Whether the way in sets it up each time, one or each of several. */
function isSetUp({ flows }: Catalog, { init: { caller, call } }: Worker): boolean {
  return flows
    .of(caller.facts)
    .around(call)
    .every(({ kind }) => kind === 'loop');
}
