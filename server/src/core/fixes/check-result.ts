/** Makes a failed registration count: its result is returned, or the action runs at once. */

import type { CallFact } from '../facts/types.ts';
import type { Pass } from '../pass.ts';
import type { CallSite, FunctionRef } from '../program/program.ts';
import type { Registration } from '../program/registrations.ts';
import type { Fix } from '../result.ts';
import { checkCall } from './checked-call.ts';
import { editCall } from './edit-call.ts';
import { EditSet } from './edits.ts';
import { offered, told } from './offer.ts';

/** The fix for a result that is dropped: keep it and return it. */
export function returnError(pass: Pass, fn: FunctionRef, call: CallFact): Fix[] {
  const id = 'return-error';
  const title = `Return the error of ${call.callee}()`;
  const edits = new EditSet();
  const reason = checkCall(pass, fn, call, edits);
  if (reason !== undefined) return [told(id, title, reason)];
  return [offered(id, title, edits)];
}

/** The fix for an API that leaves the action alone when it fails: its twin that runs it. */
export function registerOrReset(pass: Pass, { api, call, fn }: Registration): Fix[] {
  const twin = pass.catalog.data.managed.find(
    (other) =>
      other.role === api.role &&
      other.scope === api.scope &&
      other.orReset &&
      other.name.startsWith(`${api.name}_`) &&
      other.owner === api.owner,
  );
  if (!twin) return [];
  const edits = new EditSet();
  editCall(pass, fn, call, twin.name, new Map(), edits);
  return [offered('or-reset', `Use ${twin.name}()`, edits, { safety: 'safe' })];
}

/** The fix for runtime PM that nothing disables: the managed call, which disables it at unbind. */
export function enableManaged(pass: Pass, { caller, call }: CallSite): Fix[] {
  const managed = pass.catalog.data.managed.find(
    (api) =>
      api.kind === 'runtime-pm' && api.role === 'acquire' && api.name.endsWith(`_${call.callee}`),
  );
  const id = 'manage-runtime-pm';
  const title = `Use ${managed?.name ?? 'a managed call'}()`;
  const manual = (reason: string): Fix[] => [told(id, title, reason)];
  if (!managed) return manual('this kernel has no managed call that enables runtime PM');
  const edits = new EditSet();
  const reason = checkCall(pass, caller, call, edits, {
    name: managed.name,
    args: call.args.map((arg) => arg.text),
  });
  if (reason !== undefined) return manual(reason);
  return [
    offered(id, title, edits, {
      notice:
        'it is disabled at unbind, after remove() and in reverse order of the devm registrations',
    }),
  ];
}
