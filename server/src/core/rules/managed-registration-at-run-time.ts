/** A managed registration that each ioctl, resume or work item makes anew, and nothing takes back. */
import type { ManagedApi } from '../catalog.ts';
import { callWords } from '../chains.ts';
import { alternativesOf, asksForNone } from '../facts/flow/conditions.ts';
import type { CallFact, Value } from '../facts/types.ts';
import { namePlace, placeInside } from '../places.ts';
import { holdersOfResult } from '../program/holders.ts';
import { originOf, pathIn } from '../program/objects.ts';
import type { CallSite, FunctionRef } from '../program/program.ts';
import type { Registration } from '../program/registrations.ts';
import {
  type AtRunTime,
  type RunTimeRoot,
  reachedAtRunTime,
  runTimeRoots,
} from '../program/run-time.ts';
import { keysOf, shareMember } from '../program/stops.ts';
import type { ChainLink } from '../result.ts';
import type { Pass, Rule, RuleFinding } from './rule.ts';

const taking = new Set<ManagedApi['role']>([
  'add-action',
  'alloc-memory',
  'acquire',
  'alloc-object',
  'init-object',
]);

export const managedRegistrationAtRunTime: Rule = {
  id: 'managed-registration-at-run-time',
  summary: 'something managed is taken again and again after probe, and given back only at the end',
  defaultSeverity: 'warning',
  run(pass) {
    const registered = new Map(
      pass.registrations.map((registration) => [registration.call, registration]),
    );
    const wrappers = new Set(pass.registrations.flatMap((registration) => registration.wrappers));
    const findings: RuleFinding[] = [];
    const takers = new Set([...registered.values()].map((registration) => registration.fn));
    const names = [...pass.catalog.managed.values()]
      .filter((api) => taking.has(api.role) && api.release === undefined)
      .map((api) => api.name);
    for (const name of names)
      for (const caller of pass.program.functionsCalling(name)) takers.add(caller);
    const leads = pass.graph.waysTo([...names, ...registrars(pass)]);
    const told = new Set<CallFact>();
    for (const one of reachedAtRunTime(pass, runTimeRoots(pass, leads), leads)) {
      const { fn, root, way, given } = one;
      if (!takers.has(fn) || wrappers.has(fn) || way.some((site) => isOnce(pass, site))) continue;
      const open = given.size > 0 ? pass.catalog.flows.of(fn.facts).given(given) : undefined;
      for (const call of fn.facts.calls) {
        if (told.has(call) || open?.calls.has(call) === false || isLastRound(pass, one, call))
          continue;
        const registration = registered.get(call);
        const api = registration?.api ?? pass.catalog.managed.get(call.callee);
        if (
          !api ||
          !taking.has(api.role) ||
          api.release !== undefined ||
          isOnce(pass, { caller: fn, call }) ||
          isTakenBack(pass, fn, call, api, registration)
        )
          continue;
        told.add(call);
        findings.push(findingOf(pass, fn, call, api, registration, root, way));
      }
    }
    return findings;
  },
};

/** A handler that has itself run again only until it gets to the call: `if (!ready) { requeue(); return; }`. */
function isLastRound(pass: Pass, { root, way }: AtRunTime, call: CallFact): boolean {
  const flow = pass.catalog.flows.of(root.fn.facts);
  const first = way[0]?.call ?? call;
  return root.rounds.length > 0 && root.rounds.every((again) => flow.areExclusive(again, first));
}

/** The functions of the module that register something for their callers. */
function registrars(pass: Pass): string[] {
  return pass.registrations.flatMap(({ wrappers }) => wrappers.map(({ name }) => name));
}

/** Under `if (!x)`, or below `if (x) return`, or after something that fails the second time. */
function isOnce(pass: Pass, { caller, call }: CallSite): boolean {
  const { contexts, calls } = caller.facts;
  const flow = pass.catalog.flows.of(caller.facts);
  const around = flow.around(call);
  if (around.some(({ kind, test }) => kind === 'if' && test && asksForNone(flow, test)))
    return true;
  const early = contexts.some(
    ({ kind, exits, parent, end, test }) =>
      kind === 'if' &&
      exits &&
      end <= call.start &&
      (parent === -1 || around.some((one) => one === contexts[parent])) &&
      test !== undefined &&
      alternativesOf(flow, test).some(
        (one) => one.kind === 'is' && isState(pass, caller, one.value),
      ),
  );
  const exclusive = new Set(
    pass.catalog.data.takes.filter((take) => take.exclusive).map((take) => take.name),
  );
  return early || calls.some((other) => other.end <= call.start && exclusive.has(other.callee));
}

/** A member, or what a function of the module with a yes or no for an answer says of one. */
function isState(pass: Pass, caller: FunctionRef, value: Value): boolean {
  if (value.kind === 'path') return value.steps.length > 0;
  const call = value.kind === 'call' ? caller.facts.calls[value.call] : undefined;
  const asked = call && pass.program.resolve(call.callee, caller.file)?.facts.returns;
  return (
    asked?.name === 'bool' &&
    asked.pointers === 0 &&
    call?.args.some((arg) => (pathIn(arg.value)?.steps.length ?? 0) > 0) === true
  );
}

/** Whether anything in the module gives it back before the scope ends. */
function isTakenBack(
  pass: Pass,
  fn: FunctionRef,
  call: CallFact,
  api: ManagedApi,
  registration: Registration | undefined,
): boolean {
  const freeing = pass.catalog.data.managed.filter(
    (other) =>
      other.scope === api.scope &&
      (api.role === 'add-action'
        ? other.role === 'release-action' || other.role === 'remove-action'
        : other.role === 'free-memory'),
  );
  const held = holdersOfResult(pass.program, fn, call);
  const index = fn.facts.assigned.numberOf(call);
  const local = fn.facts.assigns.find(
    (a) => a.value.kind === 'call' && a.value.call === index,
  )?.target;
  const flow = pass.catalog.flows.of(fn.facts);
  return freeing.some((other) =>
    pass.program.callsOf(other.name).some((site) => {
      if (registration)
        return (
          pathIn(site.call.args[other.callback ?? -1]?.value ?? { kind: 'literal', text: '' })
            ?.root === registration.callback
        );
      // What undoes this run's own failure leaves the runs that go well; memory may have been handed on by then.
      const undoes = site.caller === fn && flow.isOnFailure(site.call);
      if (!undoes && api.kind === other.kind && sharesObject(pass, { caller: fn, call }, api, site))
        return true;
      return site.call.args.some((arg, i) => {
        const path = pathIn(arg.value);
        if (!path) return false;
        const type =
          path.steps.length === 0 ? pass.program.typeOfRoot(site.caller, path.root) : undefined;
        const own = local && pass.program.typeOfRoot(fn, local.root);
        return (
          (site.caller === fn && path.root === local?.root) ||
          shareMember(held, keysOf(pass.program, site.caller, site.call, i)) ||
          (type?.tagged === true && type.name === own?.name)
        );
      });
    }),
  );
}

/** Both name one object among their arguments: the interrupt's number, the struct that was registered. */
function sharesObject(pass: Pass, taken: CallSite, api: ManagedApi, given: CallSite): boolean {
  const keys = ({ caller, call }: CallSite) =>
    call.args.flatMap((_, i) => (i === api.device ? [] : keysOf(pass.program, caller, call, i)));
  return shareMember(keys(taken), keys(given));
}

/** The action is for an object that this run has made: it has to stay, and only their number grows. */
function isForOwnObject(
  pass: Pass,
  fn: FunctionRef,
  registration: Registration | undefined,
): boolean {
  const path = registration?.data && pathIn(registration.data.value);
  const made =
    path && path.steps.length === 0 ? originOf(fn, path, registration?.call.start ?? 0).call : null;
  return (
    made !== null &&
    made !== undefined &&
    !pass.catalog.data.casts.some((cast) => cast.name === made.callee)
  );
}

function findingOf(
  pass: Pass,
  fn: FunctionRef,
  call: CallFact,
  api: ManagedApi,
  registration: Registration | undefined,
  root: RunTimeRoot,
  way: readonly CallSite[],
): RuleFinding {
  const end = api.scope === 'drm' ? 'the last drm_dev_put()' : 'unbind';
  const what = registration
    ? `\`${registration.callback}\``
    : api.kind === 'memory'
      ? 'memory'
      : `the ${api.kind}`;
  const chain: ChainLink[] = [
    {
      role: 'registration',
      place: placeInside(fn, call),
      function: fn.name,
      message: `${call.callee}() takes it until ${end}`,
    },
    ...way.map(
      ({ caller, call: step }): ChainLink => ({
        role: 'call',
        place: placeInside(caller, step),
        function: caller.name,
        message: callWords(step),
      }),
    ),
    {
      role: 'note',
      place: namePlace(root.fn),
      function: root.fn.name,
      message: `\`${root.fn.name}\`: ${root.reason}`,
    },
  ];
  const own = isForOwnObject(pass, fn, registration);
  return {
    severity: own ? 'hint' : 'warning',
    confidence: own ? 'possible' : 'likely',
    place: placeInside(fn, call),
    function: fn.name,
    message: `each run of \`${root.fn.name}\` makes ${call.callee}() ${registration ? 'register' : 'take'} ${what} once more, and all of it stays until ${end}`,
    timelines: ['unbind', 'unplug-open'],
    chain,
    fixes: [],
    identity: [call.callee, registration?.callback ?? ''],
  };
}
