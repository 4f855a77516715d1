/** A registration whose failure nobody sees, or after whose failure nobody releases. */

import type { ManagedApi } from '../catalog.ts';
import type { ResultFate } from '../facts/flow/flow.ts';
import type { CallFact } from '../facts/types.ts';
import { registerOrReset, returnError } from '../fixes/check-result.ts';
import { type DroppedAnswer, droppedAnswers } from '../hazards/dropped-answers.ts';
import { withoutOwnNames } from '../own-names.ts';
import { namePlace, placeInside } from '../places.ts';
import type { FunctionRef } from '../program/program.ts';
import type { Registration } from '../program/registrations.ts';
import type { ChainLink } from '../result.ts';
import type { Pass, Rule, RuleFinding } from './rule.ts';

const checked = new Set<ManagedApi['role']>(['add-action', 'init-object', 'acquire']);

/** A call that registers, by itself or through the driver's wrappers. */
interface Site {
  readonly fn: FunctionRef;
  readonly call: CallFact;
  readonly api: ManagedApi;
  readonly registration: Registration | undefined;
}

export const uncheckedRegistration: Rule = {
  id: 'unchecked-registration',
  summary: 'a managed registration can fail unseen, or fails without releasing what it was for',
  defaultSeverity: 'warning',
  run(pass) {
    const dropped = droppedAnswers(pass).filter(({ site }) => !isTest(site.caller));
    const direct = sitesOf(pass).flatMap((site) => {
      const fate = pass.catalog.flows.of(site.fn.facts).fateOf(site.call);
      if (fate !== 'kept')
        return isIgnored(site.api) || isTest(site.fn) ? [] : [unseen(pass, site, fate)];
      return site.registration && leaks(pass, site.registration)
        ? [leaking(pass, site.registration)]
        : [];
    });
    return [...direct, ...dropped.map(unheard)];
  },
};

/** The driver's own function failed, and its caller goes on. */
function unheard({ site: { caller, call }, callee, api, failing }: DroppedAnswer): RuleFinding {
  const place = placeInside(caller, call);
  return {
    severity: 'warning',
    confidence: 'likely',
    place,
    function: caller.name,
    message: `when \`${callee.name}\` fails, as ${failing.call.callee}() in ${failing.caller === callee ? 'it' : `\`${failing.caller.name}\``} can, \`${caller.name}\` goes on with what it left half set up; its result is ignored`,
    timelines: ['unbind', 'unplug-open'],
    chain: [
      {
        role: 'registration',
        place: placeInside(failing.caller, failing.call),
        function: failing.caller.name,
        message: `${api.name}() can fail`,
      },
      {
        role: 'call',
        place,
        function: caller.name,
        message: `\`${callee.name}\` answers the error, and nobody looks at it`,
      },
      {
        role: 'note',
        place: namePlace(caller),
        function: caller.name,
        message: `\`${caller.name}\` goes on as if it had succeeded`,
      },
    ],
    fixes: [],
    identity: [
      call.callee,
      'answer',
      call.args.map(({ text }) => withoutOwnNames(caller, text)).join(),
    ],
  };
}

function sitesOf(pass: Pass): Site[] {
  const registered = new Map(
    pass.registrations.map((registration) => [registration.call, registration]),
  );
  const direct = [...pass.catalog.managed.values()]
    .filter((api) => checked.has(api.role) && api.returns === 'error')
    .flatMap((api) =>
      pass.program.callsOf(api.name).map(
        ({ caller, call }): Site => ({
          fn: caller,
          call,
          api,
          registration: registered.get(call),
        }),
      ),
    );
  const wrapped = [...registered.values()].flatMap((registration): Site[] => {
    const {
      fn,
      call,
      api,
      wrappers: [wrapper],
    } = registration;
    if (!wrapper || pass.catalog.managed.has(call.callee)) return [];
    const answers =
      api.returns === 'error' &&
      wrapper.facts.returns.name === 'int' &&
      wrapper.facts.returns.pointers === 0;
    return answers ? [{ fn, call, api, registration }] : [];
  });
  // The kernel's own definition of an API hands the result on as it likes.
  return [...direct, ...wrapped].filter(({ fn }) => !pass.catalog.managed.has(fn.name));
}

/** What the registration gives back later, for messages. */
function nameOf({ registration, api, call }: Site): string {
  return registration ? `\`${registration.callback}\`` : `the ${api.kind} of ${call.callee}()`;
}

function unseen(pass: Pass, site: Site, fate: ResultFate): RuleFinding {
  const { fn, call, api, registration } = site;
  const late = api.scope === 'drm' ? 'at the last drm_dev_put()' : 'at unbind';
  const how =
    fate === 'dropped' ? 'its result is ignored' : 'its result is overwritten before it is tested';
  const result = !registration
    ? `\`${fn.name}\` goes on without ${nameOf(site)}, which would live until ${api.scope === 'drm' ? 'the last drm_dev_put()' : 'unbind'}`
    : api.orReset
      ? `${nameOf(site)} has run at once instead of ${late}, and \`${fn.name}\` goes on`
      : `${nameOf(site)} does not run ${late}: what it releases is leaked`;
  const policy = api.ignorable === 'old-name';
  return {
    severity: policy ? 'hint' : 'warning',
    confidence: 'certain',
    place: placeInside(fn, call),
    function: fn.name,
    message: `when ${call.callee}() fails, ${result}; ${how}`,
    timelines: ['unbind', 'unplug-open'],
    chain: [
      {
        role: 'registration',
        place: placeInside(fn, call),
        function: fn.name,
        message: `${call.callee}() answers an error number, and ${how}`,
      },
      registration?.target
        ? callbackLink(registration, 'what would be released')
        : {
            role: 'note',
            place: namePlace(fn),
            function: fn.name,
            message: `\`${fn.name}\` goes on as if it had succeeded`,
          },
    ],
    fixes: () => (fate === 'dropped' ? returnError(pass, fn, call) : []),
    identity: [
      call.callee,
      registration?.callback ?? '',
      withoutOwnNames(fn, call.args[api.object ?? api.data ?? 0]?.text ?? ''),
    ],
  };
}

/** Whether the failure of an API that does not run the action itself leaves the resource taken. */
function leaks(pass: Pass, { api, call, fn, target, wrappers }: Registration): boolean {
  if (
    api.orReset ||
    api.returns !== 'error' ||
    wrappers.length > 0 ||
    !target ||
    pass.catalog.managed.has(fn.name)
  )
    return false;
  if (call.use !== 'assigned' && call.use !== 'tested' && call.use !== 'returned') return false;
  // Any call on the way out can be the release: then nothing is claimed.
  const cleaning = pass.catalog.flows
    .of(fn.facts)
    .whenFailed(call)
    .filter(
      (other) =>
        pass.program.resolve(other.callee, fn.file) !== undefined || isRelease(pass, other),
    );
  return cleaning.length === 0 && takenBefore(pass, fn, call, target);
}

/** Whether the function has taken, above the registration, something that the callback releases. */
function takenBefore(pass: Pass, fn: FunctionRef, call: CallFact, target: FunctionRef): boolean {
  const released = new Set(
    [...pass.graph.reachedFrom([target])].flatMap((reached) =>
      reached.facts.calls.map((other) => other.callee),
    ),
  );
  const { takes, memory } = pass.catalog.data;
  const above = fn.facts.calls.filter((other) => other.end <= call.start);
  return (
    above.some((other) =>
      [...takes, ...memory].some(
        (entry) => entry.name === other.callee && entry.releases.some((name) => released.has(name)),
      ),
    ) ||
    (above.some((other) => pass.catalog.acquires.has(other.callee)) &&
      pass.effects.releasesOf(target).length > 0)
  );
}

/** Whether its failure costs nothing that matters, or is told elsewhere. */
function isIgnored({ ignorable }: ManagedApi): boolean {
  return ignorable === 'harmless' || ignorable === 'told';
}

/** KUnit code runs on a machine that is thrown away. */
function isTest(fn: FunctionRef): boolean {
  return /(^|\/)(self)?tests\//.test(fn.file.path);
}

function isRelease(pass: Pass, call: CallFact): boolean {
  const freed = pass.catalog.data.memory.some((entry) => entry.releases.includes(call.callee));
  const given = pass.catalog.data.takes.some((entry) => entry.releases.includes(call.callee));
  return (
    freed ||
    given ||
    pass.catalog.releases.has(call.callee) ||
    pass.catalog.deviceReleases.has(call.callee) ||
    !/print|err|warn|dbg|info|ERR/.test(call.callee)
  );
}

function leaking(pass: Pass, registration: Registration): RuleFinding {
  const { fn, call, api, callback } = registration;
  const chain: ChainLink[] = [
    {
      role: 'registration',
      place: placeInside(fn, call),
      function: fn.name,
      message: `${api.name}() does not run the action when it fails`,
    },
    callbackLink(registration, 'what it releases stays taken then'),
  ];
  return {
    severity: 'warning',
    confidence: 'likely',
    place: placeInside(fn, call),
    function: fn.name,
    message: `when ${api.name}() fails, \`${callback}\` runs neither now nor ${api.scope === 'drm' ? 'at the last drm_dev_put()' : 'at unbind'}, and \`${fn.name}\` releases nothing itself`,
    timelines: ['probe-fail'],
    chain,
    fixes: () => registerOrReset(pass, registration),
    identity: [api.name, callback],
  };
}

function callbackLink(
  { target, callback, fn, callbackArgument }: Registration,
  what: string,
): ChainLink {
  return {
    role: 'callback',
    place: target ? namePlace(target) : placeInside(fn, callbackArgument),
    function: target?.name ?? fn.name,
    message: `\`${callback}\`: ${what}`,
  };
}
