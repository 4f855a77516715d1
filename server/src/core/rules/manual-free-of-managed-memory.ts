/** Something freed by hand that a managed scope frees again. */

import type { ManagedApi } from '../catalog.ts';
import { callLink, callWords, tableLink } from '../chains.ts';
import { namesAsked } from '../facts/flow/conditions.ts';
import { deleteCalls, deleteLastCall } from '../fixes/delete-call.ts';
import { told } from '../fixes/offer.ts';
import { isNeverDecided } from '../hazards/constant-members.ts';
import { type DoubleEnd, doubleEnds } from '../hazards/doubles.ts';
import { freedParts } from '../hazards/freed-structs.ts';
import { withoutOwnNames } from '../own-names.ts';
import { placeInside } from '../places.ts';
import { type FreeSite, type Frees, freesOf } from '../program/frees.ts';
import type { MemoryOrigin } from '../program/memory.ts';
import { pathIn } from '../program/objects.ts';
import type { CallSite } from '../program/program.ts';
import { registeredBefore } from '../program/registered-before.ts';
import type { Registration } from '../program/registrations.ts';
import type { ChainLink, Fix, Scope, Timeline } from '../result.ts';
import { timelinesOf } from '../teardown/failing.ts';
import type { Pass, Rule, RuleFinding } from './rule.ts';

const when: Readonly<Record<Scope, string>> = {
  bound: 'at unbind',
  drm: 'at the last drm_dev_put()',
};
const always: readonly Timeline[] = ['unbind', 'unplug-open', 'probe-fail'];

export const manualFreeOfManagedMemory: Rule = {
  id: 'manual-free-of-managed-memory',
  summary: 'memory or a resource that a managed scope owns is freed by hand, and so twice',
  defaultSeverity: 'error',
  run(pass) {
    const { memory, managed } = pass.catalog.data;
    const plain = freesOf(
      pass.program,
      new Map(memory.flatMap((entry) => entry.releases.map((name) => [name, 0] as const))),
    );
    const early = managed.filter((api) => api.role === 'free-memory' && api.kind === 'memory');
    const families = early.map((api) => ({
      api,
      frees: freesOf(pass.program, new Map([[api.name, api.data ?? 0]])),
    }));
    return [
      ...plain.sites.flatMap((site) => ofManaged(pass, site, undefined)),
      ...families.flatMap(({ api, frees }) =>
        frees.sites.flatMap((site) => ofManaged(pass, site, api)),
      ),
      ...ownedByActions(pass, plain),
      ...doubleEnds(pass).flatMap((one) => ofResource(pass, one)),
      ...wrongFamily(pass),
      ...partsOfManaged(pass),
    ];
  },
};

/** kfree() of managed memory, or the early free of the other scope. */
function ofManaged(pass: Pass, site: FreeSite, family: ManagedApi | undefined): RuleFinding[] {
  if (site.calls.some((one) => isNeverDecided(pass, one))) return [];
  const { origins, complete, resolved } = pass.memory.of(site.fn, site.object.value);
  const owned = origins.filter(
    (one) => one.api?.role === 'alloc-memory' && one.api.scope !== family?.scope,
  );
  const [first] = owned;
  // A name that stands for other memory as well tells nothing.
  if (!first?.api || owned.length !== origins.length || !resolved) return [];
  if (owned.every((one) => isOnOtherBranch(pass, site, one))) return [];
  const object = site.object.text.trim();
  const { scope } = first.api;
  const chosen = isChosenBelow(pass, site);
  return [
    {
      severity: chosen ? 'hint' : complete ? 'error' : 'warning',
      confidence: chosen ? 'possible' : complete ? 'certain' : 'likely',
      place: placeInside(site.fn, site.call),
      function: site.fn.name,
      message: `${site.calls.at(-1)?.call.callee}() frees \`${object}\` by hand, but ${first.call.callee}() owns it and frees it again ${when[scope]}${complete ? '' : ', as every allocation of its type in this module'}${chosen ? `; whether it is freed depends on \`${chosen}\`` : ''}`,
      timelines: timelinesOf(pass, site.calls, always),
      identity: [withoutOwnNames(site.fn, object)],
      chain: [
        ...wayDown(site),
        ...owned.map(
          (one): ChainLink => ({
            role: 'allocation',
            place: placeInside(one.fn, one.call),
            function: one.fn.name,
            message: `${one.call.callee}() frees it ${when[scope]}`,
          }),
        ),
      ],
      fixes: fixesOf(pass, site, `the memory goes ${when[scope]} by itself`),
    },
  ];
}

/** One name for two objects: the branch that frees never sees this allocation. */
function isOnOtherBranch(pass: Pass, { fn, call }: FreeSite, origin: MemoryOrigin): boolean {
  return origin.fn === fn && pass.catalog.flows.of(fn.facts).areExclusive(origin.call, call);
}

/** What a function that frees its argument asks before it does, when that is something else than the argument. */
function isChosenBelow(pass: Pass, { calls }: FreeSite): string | undefined {
  for (const { caller, call } of calls.slice(1)) {
    const flow = pass.catalog.flows.of(caller.facts);
    const names = call.args.map(({ value }) => pathIn(value)?.root);
    const asked = flow
      .around(call)
      .find(
        (one) =>
          one.test !== undefined &&
          (one.kind === 'if' || one.kind === 'else') &&
          flow.meaningOf(one) === undefined &&
          namesAsked(flow, one.test).some(
            (name) =>
              !names.includes(name) && caller.facts.params.some((param) => param.name === name),
          ),
      );
    if (asked) return asked.text;
  }
  return undefined;
}

/** A function that frees what one action frees is one mistake, however many objects it does so with. */
function freedToo({ fn, call }: FreeSite, { callback }: Registration): string {
  return `frees too ${placeInside(fn, call).file} ${fn.name} ${callback}`;
}

/**
 * Takes the call out, alone or with the others of its function that are too much: all are known once one is asked
 * for.
 */
function fixesOf(pass: Pass, site: FreeSite, why: string): () => Fix[] {
  const all = pass.once.get<CallSite[]>('frees by hand', () => []);
  const [first, second] = site.calls;
  if (first && !second) all.push(first);
  return () => {
    const together = deleteCalls(
      pass,
      all.filter(({ caller }) => caller === site.fn),
      why,
    );
    // One of several alike would leave the others, and a label for each.
    return together && first && all.includes(first)
      ? [together]
      : deleteLastCall(pass, site.calls, why);
  };
}

function wayDown(site: FreeSite): ChainLink[] {
  return site.calls.map(({ caller, call }, i) => ({
    role: i === site.calls.length - 1 ? 'release' : 'call',
    place: placeInside(caller, call),
    function: caller.name,
    message: i === site.calls.length - 1 ? `${call.callee}() frees it by hand` : callWords(call),
  }));
}

/** kfree() of what an action frees once it is registered. */
function ownedByActions(pass: Pass, plain: Frees): RuleFinding[] {
  const actions = pass.registrations.flatMap((registration) => {
    const { target, data, fn } = registration;
    const freed =
      target &&
      plain.parameters.find(
        (one) =>
          one.fn === target &&
          one.param === target.facts.params.length - 1 &&
          one.calls[0]?.call.context === -1,
      );
    if (!freed || !data || canBeTakenBack(pass, registration)) return [];
    return pass.memory
      .of(fn, data.value)
      .origins.filter((one) => one.scope === 'manual')
      .map((origin) => ({ registration, freed, origin }));
  });
  if (actions.length === 0) return [];
  const targets = new Set(actions.map(({ registration }) => registration.target));
  return plain.sites.flatMap((site) => {
    if (targets.has(site.fn)) return [];
    const { origins, complete } = pass.memory.of(site.fn, site.object.value);
    const owner = actions.find(
      ({ origin }) => origins.length === 1 && origins[0]?.call === origin.call,
    );
    if (!owner || !registeredBefore(pass, site, owner.registration)) return [];
    const { registration, freed, origin } = owner;
    const { scope } = registration.api;
    const object = site.object.text.trim();
    return [
      {
        severity: complete ? 'error' : 'warning',
        confidence: complete ? 'certain' : 'likely',
        place: placeInside(site.fn, site.call),
        function: site.fn.name,
        message: `${site.calls.at(-1)?.call.callee}() frees \`${object}\` by hand, but \`${registration.callback}\` frees it again ${when[scope]}`,
        timelines: ['probe-fail'],
        identity: [withoutOwnNames(site.fn, object), registration.callback],
        chain: [
          ...wayDown(site),
          {
            role: 'allocation',
            place: placeInside(origin.fn, origin.call),
            function: origin.fn.name,
            message: `it comes from ${origin.call.callee}()`,
          },
          {
            role: 'registration',
            place: placeInside(registration.fn, registration.call),
            function: registration.fn.name,
            message: `${registration.api.name}() registers \`${registration.callback}\` for it`,
          },
          ...freed.calls.map(
            ({ caller, call }): ChainLink => ({
              role: 'release',
              place: placeInside(caller, call),
              function: caller.name,
              message: `${call.callee}() frees it ${when[scope]}`,
            }),
          ),
        ],
        fixes: fixesOf(pass, site, `\`${registration.callback}\` frees it`),
        causes: [freedToo(site, registration)],
      },
    ];
  });
}

/** An action that the module releases or removes by hand may leave the freeing to others. */
function canBeTakenBack(pass: Pass, { callback }: Registration): boolean {
  return pass.catalog.data.managed.some(
    (api) =>
      (api.role === 'remove-action' || api.role === 'release-action') &&
      pass.program
        .callsOf(api.name)
        .some(
          ({ call }) => call.args[api.callback ?? -1]?.text.trim().replace(/^&/, '') === callback,
        ),
  );
}

/** iounmap(), clk_put(), led_classdev_unregister() and the like of what a managed call took or registered. */
function ofResource(pass: Pass, { site, held }: DoubleEnd): RuleFinding[] {
  const [last] = site.calls.slice(-1);
  if (!last || site.calls.some((one) => isNeverDecided(pass, one))) return [];
  const object = site.object.text.trim();
  return [
    {
      severity: held.only ? 'error' : 'warning',
      confidence: held.only ? 'certain' : 'likely',
      place: placeInside(site.fn, site.call),
      function: site.fn.name,
      message: `${last.call.callee}() gives back \`${object}\` by hand, but ${held.api.name}() gives it back again ${when[held.api.scope]}`,
      timelines: timelinesOf(pass, site.calls, always),
      identity: [withoutOwnNames(site.fn, object)],
      chain: [
        ...wayDown(site),
        {
          role: 'allocation',
          place: placeInside(held.fn, held.call),
          function: held.fn.name,
          message: `${held.api.name}() gives it back ${when[held.api.scope]}`,
        },
      ],
      fixes: fixesOf(pass, site, `it is given back ${when[held.api.scope]} by itself`),
    },
  ];
}

/** Releasing an action in a scope where it was never registered. */
function wrongFamily(pass: Pass): RuleFinding[] {
  return pass.catalog.data.managed
    .filter((api) => api.role === 'release-action' || api.role === 'remove-action')
    .flatMap((api) =>
      pass.program.callsOf(api.name).flatMap(({ caller, call }): RuleFinding[] => {
        const callback = call.args[api.callback ?? -1]?.text.trim().replace(/^&/, '') ?? '';
        const registered = pass.registrations.filter((one) => one.callback === callback);
        const [first] = registered;
        if (!first || registered.some((one) => one.api.scope === api.scope)) return [];
        const fix: Fix = told(
          'other-family',
          'Release it in the scope that it was registered in',
          `\`${callback}\` is registered by ${first.api.name}(): the owner argument changes with the call`,
        );
        return [
          {
            severity: 'error',
            confidence: 'certain',
            place: placeInside(caller, call),
            function: caller.name,
            message: `${api.name}() looks for \`${callback}\` among the actions of ${api.scope === 'drm' ? 'the drm_device' : 'the device'}, but ${first.api.name}() registered it ${first.api.scope === 'drm' ? 'with the drm_device' : 'with the device'}`,
            timelines: always,
            identity: [callback, api.scope],
            chain: registered
              .map(
                (one): ChainLink => ({
                  role: 'registration',
                  place: placeInside(one.fn, one.call),
                  function: one.fn.name,
                  message: `${one.api.name}() registers it`,
                }),
              )
              .concat({
                role: 'release',
                place: placeInside(caller, call),
                function: caller.name,
                message: `${api.name}() does not find it`,
              }),
            fixes: [fix],
          },
        ];
      }),
    );
}

/** A destructor that frees a mode-setting object which lies inside memory of a managed scope. */
function partsOfManaged(pass: Pass): RuleFinding[] {
  return freedParts(pass).map(({ destructor, site, tag, init }) => ({
    severity: 'error',
    confidence: 'likely',
    place: placeInside(site.caller, site.call),
    function: site.caller.name,
    message: `${site.call.callee}() frees the ${init.object.struct} alone, which lies inside a \`struct ${tag}\` that a managed scope owns`,
    timelines: always,
    identity: ['part', tag],
    chain: [
      tableLink(destructor),
      callLink(
        { caller: init.fn, call: init.call },
        'note',
        `the object is a member of \`struct ${tag}\``,
      ),
      callLink(site, 'release', 'frees a part of it by hand'),
    ],
    fixes: [],
  }));
}
