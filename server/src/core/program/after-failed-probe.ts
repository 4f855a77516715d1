/** What a failed probe leaves: whether it goes with something else, and whether the next probe fails on it. */
import type { ManualTake } from '../catalog.ts';
import type { CallFact, PathValue } from '../facts/types.ts';
import type { Pass } from '../pass.ts';
import { originOf, pathIn } from './objects.ts';
import type { CallSite, FunctionRef } from './program.ts';

/** An entry in the folder of a device that is not the bound one: it goes with that device. */
export function goesWithChild(pass: Pass, take: ManualTake, site: CallSite): boolean {
  const argument =
    take.within && take.object !== 'return' ? site.call.args[take.object.argument] : undefined;
  const path = argument && pathIn(argument.value);
  return path !== undefined && isInChild(pass, site.caller, path, site.call);
}

/** Whether another probe, after one that has failed, cannot take the same. */
export function isInTheWay(
  pass: Pass,
  take: Pick<ManualTake, 'exclusive' | 'automatic'>,
  site: CallSite,
): boolean {
  const { caller, call } = site;
  if (take.exclusive !== true) return false;
  // A result that is only logged lets the next probe go on.
  if (pass.catalog.flows.of(caller.facts).failureOf(call) === undefined) return false;
  const names = new Set(
    [...call.args, ...caller.facts.assigns].flatMap(({ value }) => pathIn(value)?.root ?? []),
  );
  if (take.automatic?.some((word) => names.has(word))) return false;
  return !call.args.some(({ value }) => {
    const path = pathIn(value);
    return path !== undefined && isInChild(pass, caller, path, call);
  });
}

/**
 * Whether a path leads into the `struct device` within a struct of the kernel that no driver of the module is bound
 * to.
 */
function isInChild(pass: Pass, fn: FunctionRef, written: PathValue, { start }: CallFact): boolean {
  const { program } = pass;
  const from = program.typeOfRoot(fn, written.root);
  const path =
    written.steps.length === 0 && from?.pointers === 1
      ? originOf(fn, written, start).path
      : written;
  if (path.address !== 1) return false;
  const bound = new Set(
    pass.tableFunctions.flatMap(({ role, fn: { facts } }) =>
      role === 'probe' ? [facts.params[0]?.type.name ?? ''] : [],
    ),
  );
  // The folder may be that of a member of the device: `&wiphy->dev.kobj`.
  for (let length = path.steps.length; length > 0; length--) {
    const member = program.memberOf(fn, { ...path, steps: path.steps.slice(0, length) });
    const tag = member?.tag ?? '';
    if (tag === '' || tag === 'device') continue;
    // What the module does not define is the kernel's.
    return !bound.has(tag) && program.struct(tag) === undefined;
  }
  return false;
}
