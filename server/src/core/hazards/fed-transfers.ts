/** URBs that the way out kills while what submits them again can still run. */
import { conditionOf } from '../facts/flow/conditions.ts';
import type { Pass } from '../pass.ts';
import type { CallSite } from '../program/program.ts';
import { shareMember } from '../program/stops.ts';
import type { ClosedBinding } from '../teardown/bindings.ts';
import { type End, isPlainWay } from './ends.ts';
import { type Fed, type Feeder, firstOf, workerStops, workersBefore } from './feeders.ts';
import { keepsEndpoints, type TransferStop, transferStops, transfersIn } from './transfers.ts';
import { comesBefore } from './ways.ts';

/** One for each transfer, or for what holds several. */
export function fedTransfers(pass: Pass, binding: ClosedBinding): Fed[] {
  const stops = transferStops(pass, binding.end.fn).filter(({ keys }) => keys.length > 0);
  if (stops.length === 0) return [];
  const told = new Set<string>();
  return stops.flatMap((stop) => {
    const [key] = stop.keys;
    const name = `${key?.tag}.${key?.member}`;
    // What is stopped for good, or once more later, is over.
    const again = stops.some(
      (one) =>
        shareMember(one.keys, stop.keys) &&
        (one.final || (one !== stop && comesBefore(pass, stop.way, one.way))),
    );
    if (!key || again || told.has(name)) return [];
    const fed = fedBy(pass, binding, stop, stops);
    if (!fed) return [];
    told.add(name);
    // What starts it does so whenever nothing else fails.
    const sure = fed.end.always && fed.way.every((site) => goesWell(pass, site));
    return [
      isOver(pass, binding, stop)
        ? { ...fed, plain: false, doubt: byCore }
        : { ...fed, plain: sure },
    ];
  });
}

function goesWell({ catalog }: Pass, { caller, call }: CallSite): boolean {
  return conditionOf(catalog.flows.of(caller.facts), call) === null;
}

const byCore =
  ', where it is none of the endpoints that the core has disabled before: submitting fails there';

function fedBy(
  pass: Pass,
  binding: ClosedBinding,
  { way, keys }: TransferStop,
  stops: readonly TransferStop[],
): Fed | undefined {
  const [key] = keys;
  const { starts } = transfersIn(pass);
  const sites = starts.filter((one) => shareMember(one.keys, keys)).map(({ site }) => site);
  if (!key || sites.length === 0) return undefined;
  const always = isPlainWay(pass, way);
  const end: End = { key, kind: 'stopped', what: 'URB', way, always };
  const own = stops.filter((one) => shareMember(one.keys, keys)).map((one) => one.way);
  const candidates = [
    ...workersBefore(pass, binding, end, own, workerStops(pass, binding)),
    ...transfersBefore(pass, end, stops),
  ];
  return firstOf(pass, binding, end, candidates, pass.graph.waysFrom(sites));
}

/** The other transfers that are stopped only afterwards: their functions run until then. */
function transfersBefore(pass: Pass, end: End, stops: readonly TransferStop[]): Feeder[] {
  return transfersIn(pass).all.flatMap(({ keys, handlers }): Feeder[] => {
    if (shareMember(keys, [end.key])) return [];
    const halts = stops.filter((one) => shareMember(one.keys, keys));
    const [later] = halts;
    if (!later || !halts.every(({ way }) => comesBefore(pass, end.way, way))) return [];
    return handlers.map((fn) => ({
      kind: 'worker',
      fn,
      what: 'the function of another URB',
      stop: later.way,
    }));
  });
}

/** Whether the core has disabled its endpoint: nothing is submitted any more then. */
function isOver(pass: Pass, binding: ClosedBinding, { keys }: TransferStop): boolean {
  if (keepsEndpoints(pass, binding)) return false;
  const { all } = transfersIn(pass);
  const own = all.filter((one) => shareMember(one.keys, keys));
  return !(own.length > 0 ? own : all).some(({ control }) => control);
}
