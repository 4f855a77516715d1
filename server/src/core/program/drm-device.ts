/** How a function names the drm_device. */
import type { CallFact } from '../facts/types.ts';
import type { FunctionRef } from './program.ts';

const isDevice = (type: { readonly name: string; readonly pointers: number }) =>
  type.name === 'drm_device' && type.pointers === 1;

/** A parameter or local of the function that is the drm_device and has its value before a call. */
export function findUse(fn: FunctionRef, before: CallFact): string | undefined {
  const param = fn.facts.params.find(({ type }) => isDevice(type));
  if (param) return param.name;
  const locals = fn.facts.locals.filter(({ type }) => isDevice(type));
  return locals.find(({ name }) =>
    fn.facts.assigns.some(
      (a) =>
        a.target.root === name &&
        a.target.steps.length === 0 &&
        a.context === -1 &&
        a.end <= before.start,
    ),
  )?.name;
}
