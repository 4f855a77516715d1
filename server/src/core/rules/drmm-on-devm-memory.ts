/** A drmm registration on memory that devm frees at unbind: the action runs on freed memory. */

import type { ManagedApi } from '../catalog.ts';
import { memoryCause } from '../causes.ts';
import type { Argument, CallFact } from '../facts/types.ts';
import { toDrmm } from '../fixes/to-drmm.ts';
import { withoutOwnNames } from '../own-names.ts';
import { namePlace, placeInside } from '../places.ts';
import type { MemoryOrigin, Origins } from '../program/memory.ts';
import { reachedByRoles } from '../program/phases.ts';
import type { FunctionRef } from '../program/program.ts';
import type { ChainLink, Confidence, Severity, Timeline } from '../result.ts';
import type { Pass, Rule, RuleFinding } from './rule.ts';

/** Something that a drmm API will work on at the last put. */
interface Late {
  readonly fn: FunctionRef;
  readonly call: CallFact;
  readonly api: ManagedApi;
  readonly object: Argument;
  /** The action, when it is the module's own. */
  readonly target: FunctionRef | undefined;
}

export const drmmOnDevmMemory: Rule = {
  id: 'drmm-on-devm-memory',
  summary: 'a drmm action works on memory that devm has freed at unbind',
  defaultSeverity: 'error',
  run(pass) {
    const bind = reachedByRoles(pass.program, pass.tableFunctions, new Set(['bind'] as const));
    return lateUses(pass).flatMap((late) => {
      const origins = pass.memory.of(late.fn, late.object.value);
      const devm = origins.origins.filter(
        (one) => one.scope === 'bound' && one.api?.role === 'alloc-memory',
      );
      return devm.length > 0 ? [report(pass, late, origins, devm, bind)] : [];
    });
  },
};

function lateUses(pass: Pass): Late[] {
  const actions = pass.registrations.flatMap(({ fn, call, api, data, target }): Late[] => {
    if (api.scope !== 'drm' || !data || (target && !usesData(target))) return [];
    return [{ fn, call, api, object: data, target }];
  });
  const objects = pass.catalog.data.managed
    .filter((api) => api.role === 'init-object' && api.scope === 'drm')
    .flatMap((api) =>
      pass.program.callsOf(api.name).flatMap(({ caller, call }): Late[] => {
        const object = call.args[api.object ?? -1];
        return object ? [{ fn: caller, call, api, object, target: undefined }] : [];
      }),
    );
  return [...actions, ...objects];
}

/** Whether an action looks at its data at all. */
function usesData({ facts }: FunctionRef): boolean {
  return facts.paramUses.some((use) => use.param === facts.params.length - 1);
}

function report(
  pass: Pass,
  late: Late,
  origins: Origins,
  devm: readonly MemoryOrigin[],
  bind: ReadonlyMap<FunctionRef, unknown>,
): RuleFinding {
  const { fn, call, api, object, target } = late;
  const written = object.text.replace(/\s+/g, ' ').trim();
  const inBind = devm.some((one) => bind.has(one.fn));
  const { severity, confidence, assumption } = weigh(origins, devm);
  const who = target
    ? `\`${target.name}\` works on \`${written}\``
    : `what ${api.name}() registers works on \`${written}\``;
  const chain: ChainLink[] = [
    {
      role: 'registration',
      place: placeInside(fn, call),
      function: fn.name,
      message: `${api.name}() keeps \`${written}\` until the last drm_dev_put()`,
    },
  ];
  if (target)
    chain.push({
      role: 'callback',
      place: namePlace(target),
      function: target.name,
      message: `\`${target.name}\` works on it then`,
    });
  for (const one of devm) {
    chain.push({
      role: 'allocation',
      place: placeInside(one.fn, one.call),
      function: one.fn.name,
      message: `${one.call.callee}() frees it ${bind.has(one.fn) ? 'when the component is unbound' : 'at unbind'}`,
    });
  }
  const [first] = devm;
  return {
    severity,
    confidence,
    place: placeInside(fn, call),
    function: fn.name,
    message: `${who} at the last drm_dev_put(), but devm frees that memory ${inBind ? 'when the component is unbound' : 'at unbind'}${assumption}`,
    timelines: timelinesOf(pass, devm, inBind),
    chain,
    identity: [target?.name ?? api.name, withoutOwnNames(fn, written)],
    causes: devm.map((one) => memoryCause(placeInside(one.fn, one.call))),
    fixes: () => (first ? toDrmm(pass, first) : []),
  };
}

function weigh(
  origins: Origins,
  devm: readonly MemoryOrigin[],
): { severity: Severity; confidence: Confidence; assumption: string } {
  const only = devm.length === origins.origins.length;
  if (only && origins.complete) return { severity: 'error', confidence: 'certain', assumption: '' };
  if (only && origins.resolved)
    return {
      severity: 'warning',
      confidence: 'likely',
      assumption: ', as every allocation of its type in this module',
    };
  return { severity: 'hint', confidence: 'possible', assumption: '; not every way to it is known' };
}

/** With no file open the drmm actions run where the drm_device was allocated among the devm ones. */
function timelinesOf(pass: Pass, devm: readonly MemoryOrigin[], inBind: boolean): Timeline[] {
  const after = devm.some(({ fn, call }) =>
    fn.facts.calls.some(
      (other) =>
        other.start < call.start && pass.catalog.managed.get(other.callee)?.role === 'device-alloc',
    ),
  );
  return inBind || after ? ['unbind', 'unplug-open', 'probe-fail'] : ['unplug-open'];
}
