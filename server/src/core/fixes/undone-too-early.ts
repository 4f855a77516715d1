/** A label that undoes what is done only below a step: who jumps there from above cleans up what was never set up. */
import type { CallFact } from '../facts/types.ts';
import type { Pass } from '../pass.ts';
import { kmsCleanups, kmsInits, sameObject } from '../program/kms-objects.ts';
import type { FunctionRef } from '../program/program.ts';

/**
 * @param at where the step ends, from the function's start
 * @param label where it would jump
 * @returns the call below the label that undoes too much
 */
export function undoneTooEarly(
  pass: Pass,
  fn: FunctionRef,
  at: number,
  label: string,
): CallFact | undefined {
  const from = fn.facts.labels.find((one) => one.name === label)?.start;
  if (from === undefined) return undefined;
  return fn.facts.calls.find(
    (call) =>
      call.start > from && (cleansLater(pass, fn, call, at) || givesLater(pass, fn, call, at)),
  );
}

/** A mode-setting object whose initialisation stands below the step. */
function cleansLater(pass: Pass, fn: FunctionRef, call: CallFact, at: number): boolean {
  const below = pass.graph.reachedFrom(pass.graph.targetsOf(fn, call));
  const keys = kmsCleanups(pass.program, pass.catalog)
    .filter((one) => one.call === call || below.has(one.fn))
    .flatMap((one) => one.keys);
  if (keys.length === 0) return false;
  const inits = kmsInits(pass.program, pass.catalog).filter(
    (one) =>
      one.fn === fn &&
      one.keys.some((key) => keys.some((own) => sameObject(pass.program, own, key))),
  );
  return inits.length > 0 && inits.every((one) => one.call.start > at);
}

/** What a call takes that stands below the step: told by the catalogue, and by the same words for the object. */
function givesLater(
  { catalog }: Pass,
  { facts }: FunctionRef,
  call: CallFact,
  at: number,
): boolean {
  const object = plain(call.args[catalog.deviceReleases.get(call.callee)?.object ?? 0]?.text ?? '');
  if (object === '') return false;
  const takes = catalog.data.takes.filter(({ releases }) => releases.includes(call.callee));
  const taking = facts.calls.filter((one) =>
    takes.some((take) => {
      if (take.name !== one.callee) return false;
      if (take.object !== 'return')
        return plain(one.args[take.object.argument]?.text ?? '') === object;
      const index = facts.calls.indexOf(one);
      const kept = facts.assigns.find(({ value }) => value.kind === 'call' && value.call === index);
      return kept !== undefined && [kept.target.root, ...kept.target.steps].join('->') === object;
    }),
  );
  return taking.length > 0 && taking.every(({ start }) => start > at);
}

function plain(text: string): string {
  return text.replace(/\s+/g, '').replaceAll('.', '->');
}
