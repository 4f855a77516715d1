/** What was taken by hand and is given back by a managed action: the action's step stands for it. */

import type { Pass } from '../pass.ts';
import { shareMember, stopsOf } from '../program/stops.ts';
import { identify } from './identity.ts';
import type { TracedCall } from './trace.ts';

/** Whether an action of the same way releases what `taken` takes by hand. */
export function isGivenToAction(
  pass: Pass,
  taken: TracedCall,
  way: readonly TracedCall[],
): boolean {
  const { traceEvent } = taken;
  if (traceEvent.does !== 'take') return false;
  const held = objectOf(pass, taken);
  return way.some(({ traceEvent: other }) => {
    const target = other.does === 'acquire' ? other.registration?.target : undefined;
    if (!target) return false;
    return stopsOf(pass, target).some(
      ({ release, keys }) =>
        traceEvent.take.releases.includes(release.name) &&
        (keys.length === 0 || held.length === 0 || shareMember(keys, held)),
    );
  });
}

function objectOf(pass: Pass, { frame, call, traceEvent }: TracedCall) {
  if (traceEvent.does !== 'take') return [];
  const index = frame.fn.facts.assigned.numberOf(call);
  const { object } = traceEvent.take;
  const value =
    object === 'return'
      ? frame.fn.facts.assigns.find((one) => one.value.kind === 'call' && one.value.call === index)
          ?.target
      : call.args[object.argument]?.value;
  return (value && identify(pass.program, frame, { value }, call.end)?.keys) ?? [];
}
