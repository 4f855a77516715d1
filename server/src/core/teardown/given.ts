/** What was taken by hand and is given back by a managed action: the action's step stands for it. */

import type { Pass } from '../pass.ts';
import type { MemberKey } from '../program/objects.ts';
import { shareMember, stopsOf } from '../program/stops.ts';
import { push } from '../push.ts';
import { identify } from './identity.ts';
import type { TracedCall } from './trace.ts';

/** Tells which of the things that a way takes by hand an action of the same way releases. */
export function givenToActions(
  pass: Pass,
  way: readonly TracedCall[],
): (taken: TracedCall) => boolean {
  let released: Map<string, (readonly MemberKey[])[]> | null = null;
  return (taken) => {
    const { traceEvent } = taken;
    if (traceEvent.does !== 'take') return false;
    released ??= releasedBy(pass, way);
    const all = traceEvent.take.releases.flatMap((name) => released?.get(name) ?? []);
    if (all.length === 0) return false;
    const held = objectOf(pass, taken);
    pass.program.queries.effort.spend(all.length >>> 3);
    return all.some((keys) => keys.length === 0 || held.length === 0 || shareMember(keys, held));
  };
}

/** What the actions of a way release, by the function that they release it with. */
function releasedBy(pass: Pass, way: readonly TracedCall[]): Map<string, (readonly MemberKey[])[]> {
  const released = new Map<string, (readonly MemberKey[])[]>();
  const targets = new Set(
    way.flatMap(({ traceEvent }) =>
      traceEvent.does === 'acquire' ? (traceEvent.registration?.target ?? []) : [],
    ),
  );
  for (const target of targets)
    for (const { release, keys } of stopsOf(pass, target)) push(released, release.name, keys);
  return released;
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
