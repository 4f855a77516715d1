/** An action that is released and registered again: releasing runs it, so it runs once too often. */

import type { ManagedApi } from '../catalog.ts';
import type { CallFact } from '../facts/types.ts';
import { EditSet } from '../fixes/edits.ts';
import { offered, told } from '../fixes/offer.ts';
import { placeInside } from '../places.ts';
import { originOf, pathIn } from '../program/objects.ts';
import type { FunctionRef } from '../program/program.ts';
import type { Registration } from '../program/registrations.ts';
import type { Fix } from '../result.ts';
import type { Pass, Rule, RuleFinding } from './rule.ts';

export const releaseThenReaddAction: Rule = {
  id: 'release-then-readd-action',
  summary: 'an action is released, which runs it, only to be registered again',
  defaultSeverity: 'warning',
  run(pass) {
    return pass.catalog.data.managed
      .filter((api) => api.role === 'release-action')
      .flatMap((api) =>
        pass.program.callsOf(api.name).flatMap(({ caller, call }) => {
          const again = pass.registrations.find((registration) =>
            isSame(caller, call, api, registration),
          );
          return again ? [findingOf(pass, caller, call, api, again)] : [];
        }),
      );
  },
};

/**
 * Whether the registration puts back what the call released: later in the function, with the same callback and
 * data.
 */
function isSame(
  fn: FunctionRef,
  call: CallFact,
  api: ManagedApi,
  registration: Registration,
): boolean {
  if (
    registration.fn !== fn ||
    registration.api.scope !== api.scope ||
    registration.call.start < call.end
  )
    return false;
  const callback = call.args[api.callback ?? -1];
  const path = callback && pathIn(callback.value);
  return (
    path?.root === registration.callback &&
    path.steps.length === 0 &&
    sameData(fn, call, api, registration)
  );
}

function sameData(
  fn: FunctionRef,
  call: CallFact,
  api: ManagedApi,
  registration: Registration,
): boolean {
  const [before, after] = [call.args[api.data ?? -1], registration.data];
  if (!before || !after) return false;
  const [released, added] = [pathIn(before.value), pathIn(after.value)];
  if (!released || !added) return before.text === after.text;
  // A variable that is written in between holds another object.
  const written = fn.facts.assigns.some(
    (a) =>
      a.target.root === released.root && a.start > call.end && a.start < registration.call.start,
  );
  const [from, to] = [
    originOf(fn, released, call.start).path,
    originOf(fn, added, registration.call.start).path,
  ];
  return (
    !written &&
    from.root === to.root &&
    from.address === to.address &&
    from.steps.join('.') === to.steps.join('.')
  );
}

/** What runs between the two: a resource that is taken anew there needs its release again. */
function between(fn: FunctionRef, call: CallFact, registration: Registration): readonly CallFact[] {
  return fn.facts.calls.filter(
    (other) =>
      other.start >= call.end &&
      other.end <= registration.call.start &&
      !/print|err|warn|dbg|assert/i.test(other.callee),
  );
}

function findingOf(
  pass: Pass,
  fn: FunctionRef,
  call: CallFact,
  api: ManagedApi,
  again: Registration,
): RuleFinding {
  const others = between(fn, call, again);
  const [first] = others;
  const end = api.scope === 'drm' ? 'the last drm_dev_put()' : 'unbind';
  return {
    severity: first ? 'hint' : 'warning',
    confidence: first ? 'possible' : 'certain',
    place: placeInside(fn, call),
    function: fn.name,
    message: `${api.name}() runs \`${again.callback}\` now, and ${again.call.callee}() registers it again for ${end}${first ? `; right where \`${first.callee || 'a call'}\` takes again what it released` : ''}`,
    timelines: ['unbind', 'unplug-open', 'probe-fail'],
    chain: [
      {
        role: 'release',
        place: placeInside(fn, call),
        function: fn.name,
        message: `${api.name}() takes \`${again.callback}\` off the list and runs it`,
      },
      {
        role: 'registration',
        place: placeInside(again.fn, again.call),
        function: again.fn.name,
        message: `registered again: it runs a second time at ${end}`,
      },
    ],
    fixes: () => (first ? [] : removeInstead(pass, fn, call, api)),
    identity: [api.name, again.callback],
  };
}

/** The API of the same scope that takes the action off the list without running it. */
function removeInstead(pass: Pass, fn: FunctionRef, call: CallFact, api: ManagedApi): Fix[] {
  const remove = pass.catalog.data.managed.find(
    (other) =>
      other.role === 'remove-action' && other.scope === api.scope && other.returns === 'void',
  );
  if (!remove) {
    const reason = `no API of this scope removes an action without running it: keep the first registration, or move it to where the second stands`;
    return [told('remove-action', 'Remove the action without running it', reason)];
  }
  const edits = new EditSet();
  edits.putInside(fn, { start: call.nameStart, end: call.nameEnd }, remove.name);
  return [
    offered(
      'remove-action',
      `Use ${remove.name}(): the action moves to the end of the list without running`,
      edits,
      { notice: `\`${call.callee}\` ran the callback here: check that nothing relied on that` },
    ),
  ];
}
