/** The calls of a file that register or allocate something managed, through wrappers too. */
import type { ManagedApi, ManagedRole } from '../catalog.ts';
import type { CallFact } from '../facts/types.ts';
import type { Pass, Question } from '../pass.ts';
import type { FunctionRef } from '../program/program.ts';
import type { Registration } from '../program/registrations.ts';

export interface ManagedCall {
  readonly fn: FunctionRef;
  readonly call: CallFact;
  readonly api: ManagedApi;
  /** Set when the call registers a callback that it names. */
  readonly registration: Registration | undefined;
}

/** The roles that put something on a list; the others take it off again. */
const taking: ReadonlySet<ManagedRole> = new Set<ManagedRole>([
  'add-action',
  'alloc-memory',
  'acquire',
  'alloc-object',
  'init-object',
  'device-alloc',
]);

export function takes({ api }: ManagedCall): boolean {
  return taking.has(api.role);
}

function registrationsByCall(pass: Pass): ReadonlyMap<CallFact, Registration> {
  return pass.ask(byCall, null);
}

const byCall: Question<null, ReadonlyMap<CallFact, Registration>> = {
  answer: ({ registrations }) =>
    new Map(registrations.map((registration) => [registration.call, registration])),
};

/** What a call does to a managed list; undefined when it is no such call. */
export function managedCall(pass: Pass, fn: FunctionRef, call: CallFact): ManagedCall | undefined {
  const registration = registrationsByCall(pass).get(call);
  const api = registration?.api ?? pass.catalog.managed.get(call.callee);
  return api && { fn, call, api, registration };
}

/** Those of one file, in the order of the text. */
export function managedCallsIn(pass: Pass, path: string): ManagedCall[] {
  const functions = pass.program.functions.filter(({ file }) => file.path === path);
  return functions.flatMap((fn) =>
    fn.facts.calls.flatMap((call) => managedCall(pass, fn, call) ?? []),
  );
}
