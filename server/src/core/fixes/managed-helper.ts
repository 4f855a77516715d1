/** The kernel's own managed twin of a call that takes: what remove() gives back by hand goes with it. */

import type { CallFact } from '../facts/types.ts';
import type { Pass } from '../pass.ts';
import { pathIn } from '../program/objects.ts';
import type { CallSite, FunctionRef } from '../program/program.ts';
import type { Fix } from '../result.ts';
import { checkCall } from './checked-call.ts';
import { deleteStatement } from './delete-call.ts';
import { editCall } from './edit-call.ts';
import { EditSet } from './edits.ts';
import { boundDeviceAt } from './expressions.ts';
import { laterEndOnWayOut } from './later-ends.ts';
import { offered } from './offer.ts';

/**
 * @param taken the call that takes
 * @param release the call on the way out that gives it back
 * @param others further calls that do, on error paths
 * @returns undefined where this kernel has no such twin, or the place does not allow it
 */
export function useManagedHelper(
  pass: Pass,
  taken: CallSite,
  release: CallSite,
  others: readonly CallSite[],
): Fix | undefined {
  const { caller, call } = taken;
  const twin = pass.catalog.managed.get(`devm_${call.callee}`);
  if (call.callee === '' || twin?.scope !== 'bound' || twin.owner !== 'device' || twin.device !== 0)
    return undefined;
  if (laterEndOnWayOut(pass, release)) return undefined;
  if (!release.caller.isStatic && release.caller.facts.calls.length === 1) return undefined;
  const device = boundDeviceAt(pass, caller, call.start);
  const written = call.args.map(({ text }) => text);
  const args = startsWithDevice(pass, caller, call) ? written : [device, ...written];
  if (!args.every((arg) => arg !== undefined)) return undefined;
  const edits = new EditSet();
  if (call.use !== 'ignored') editCall(pass, caller, call, twin.name, new Map(), edits, args);
  else if (checkCall(pass, caller, call, edits, { name: twin.name, args }) !== undefined)
    return undefined;
  for (const site of new Map([release, ...others].map((one) => [one.call, one])).values())
    if (deleteStatement(pass, site, edits) !== undefined) return undefined;
  return offered('managed-helper', `Use ${twin.name}()`, edits, {
    notice: `it is given back after \`${release.caller.name}\` now, in reverse order of the devm registrations`,
  });
}

/** Whether a call is handed the struct device first already, as its twin is. */
function startsWithDevice({ program }: Pass, fn: FunctionRef, { args }: CallFact): boolean {
  const [first] = args;
  const path = first && pathIn(first.value);
  if (!path) return false;
  if (path.steps.length > 0) return path.address === 1 && path.steps.at(-1) === 'dev';
  return program.typeOfRoot(fn, path.root)?.name === 'device';
}
