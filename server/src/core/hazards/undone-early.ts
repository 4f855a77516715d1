/**
 * An error way of probe that undoes what no step has done yet: every failure jumps to one label, or calls the whole
 * way out, and an interrupt is freed that was not requested, a work cancelled that nothing has set up.
 */
import type { Unbegun } from '../catalog.ts';
import type { Flow } from '../facts/flow/flow.ts';
import type { CallFact } from '../facts/types.ts';
import type { Pass } from '../pass.ts';
import { pathIn } from '../program/objects.ts';
import type { CallSite, FunctionRef } from '../program/program.ts';
import { bindingsOf } from '../teardown/bindings.ts';
import { beginsOf, type EarlyEnd, endsOf, keyOf } from './early-ends.ts';
import { comesBefore, type Way } from './ways.ts';

export interface UndoneEarly extends EarlyEnd {
  /** The step of probe that fails. */
  readonly failing: CallSite;
}

/** Each call of an error way once, with the first step whose failure leads there too early. */
export function undoneEarly(pass: Pass): UndoneEarly[] {
  const enders = new Map(pass.catalog.data.unbegun.map((one) => [one.name, one]));
  const leads = pass.graph.waysTo(enders.keys());
  const found = new Map<CallFact, UndoneEarly>();
  for (const start of new Set(bindingsOf(pass).flatMap(({ starts }) => starts))) {
    const down = pass.graph.waysDown(start, undefined, leads);
    for (const fn of down.functions()) {
      if (pass.program.isForeign(fn)) continue;
      const flow = pass.catalog.flows.of(fn.facts);
      for (const call of fn.facts.calls) {
        if (flow.isOnFailure(call) || flow.failureOf(call) === undefined) continue;
        const failing = { caller: fn, call };
        for (const undoing of flow.whenFailed(call)) {
          if (found.has(undoing) || !isCertain(flow, call, undoing)) continue;
          for (const one of endsAt(pass, enders, { caller: fn, call: undoing })) {
            const begins = beginsOf(pass, start, one);
            const [begin] = begins;
            const way = [...down.to(fn), failing];
            const isLater = (other: Way) =>
              comesBefore(pass, way, other) && !areTurns(pass, way, other);
            if (begin && begins.every(isLater) && !isPrepared(failing, one))
              found.set(undoing, { ...one, begin, failing });
          }
        }
      }
    }
  }
  return [...found.values()];
}

/** Whether two calls lie in one loop: an earlier turn has begun what the way out of this one ends. */
function areTurns({ catalog }: Pass, first: Way, then: Way): boolean {
  const at = first.findIndex(({ call }, i) => call !== then[i]?.call);
  const [a, b] = [first[at], then[at]];
  if (!a || !b || a.caller !== b.caller) return false;
  const flow = catalog.flows.of(a.caller.facts);
  const around = new Set(flow.around(b.call));
  return flow.around(a.call).some((context) => context.kind === 'loop' && around.has(context));
}

/** Whether something before has been handed the object or a part of it: `INIT_LIST_HEAD(&x->bridge.list)`. */
function isPrepared({ caller, call }: CallSite, { key }: Pick<EarlyEnd, 'key'>): boolean {
  const name = key.member.split('.').at(-1) ?? '';
  return caller.facts.calls.some(
    ({ start, args }) =>
      start < call.start &&
      args.some(({ value }) => {
        const path = pathIn(value);
        return path?.address === 1 && path.steps.includes(name);
      }),
  );
}

/** What a call of an error way ends: by itself, or as the function that it runs does each time. */
function endsAt(
  pass: Pass,
  enders: ReadonlyMap<string, Unbegun>,
  site: CallSite,
): Omit<EarlyEnd, 'begin'>[] {
  const ender = enders.get(site.call.callee);
  if (ender) {
    const key = keyOf(pass, site, ender);
    return key ? [{ key, ender, end: [site] }] : [];
  }
  const [target, other]: readonly FunctionRef[] = pass.graph.targetsOf(site.caller, site.call);
  if (!target || other || target === site.caller) return [];
  return endsOf(pass, target).map((one) => ({ ...one, end: [site, ...one.end] }));
}

/** Whether nothing but the failure itself decides on the call: `if (x->irq) free_irq()` asks first. */
function isCertain(flow: Flow, failing: CallFact, undoing: CallFact): boolean {
  const outer = new Set(flow.around(failing));
  const own = flow.around(undoing).filter((context) => !outer.has(context));
  return own.every((context) => flow.meaningOf(context) === 'failure');
}
