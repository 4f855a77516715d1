/** What was taken by hand and is given back by a managed action: the action's step stands for it. */
import { shareMember } from '../program/stops.ts';
import type { Pass } from '../rules/rule.ts';
import { identify } from './identity.ts';
import type { Deeds } from './trace.ts';
import { stopsOf } from './words.ts';

/** Whether an action of the same way releases what `taken` takes by hand. */
export function isGivenToAction(pass: Pass, taken: Deeds, way: readonly Deeds[]): boolean {
  const { deed } = taken;
  if (deed.does !== 'take') return false;
  const held = objectOf(pass, taken);
  return way.some(({ deed: other }) => {
    const target = other.does === 'acquire' ? other.registration?.target : undefined;
    if (!target) return false;
    return stopsOf(pass, target).some(
      ({ release, keys }) =>
        deed.take.releases.includes(release.name) &&
        (keys.length === 0 || held.length === 0 || shareMember(keys, held)),
    );
  });
}

function objectOf(pass: Pass, { frame, call, deed }: Deeds) {
  if (deed.does !== 'take') return [];
  const index = frame.fn.facts.calls.indexOf(call);
  const { object } = deed.take;
  const value =
    object === 'return'
      ? frame.fn.facts.assigns.find((one) => one.value.kind === 'call' && one.value.call === index)
          ?.target
      : call.args[object.argument]?.value;
  return (value && identify(pass.program, frame, { value }, call.end)?.keys) ?? [];
}
