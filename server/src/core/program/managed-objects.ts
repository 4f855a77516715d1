/** Which managed call took a resource: a clock, a mapping, an interrupt. */
import type { Catalog, ManagedApi } from '../catalog.ts';
import type { CallFact, Value } from '../facts/types.ts';
import { memberKey, originOf, pathIn } from './objects.ts';
import type { FunctionRef, Program } from './program.ts';

export interface HeldResource {
  readonly api: ManagedApi;
  readonly fn: FunctionRef;
  readonly call: CallFact;
}

/** The managed call whose result an expression is; undefined when it can be another's as well. */
export function heldResource(
  { program, catalog }: { readonly program: Program; readonly catalog: Catalog },
  fn: FunctionRef,
  value: Value,
  before: number,
): HeldResource | undefined {
  const path = pathIn(value);
  if (!path) return undefined;
  const { call } = originOf(fn, path, before);
  const api = call && catalog.managed.get(call.callee);
  // A local that is given a value more than once can hold any of them.
  if (call)
    return api?.role === 'acquire' && path.steps.length === 0 && givenOnce(fn, path.root)
      ? { api, fn, call }
      : undefined;
  const key = memberKey(program, fn, path, before);
  if (!key || key.tag === '') return undefined;
  const stores = program
    .storesTo(key.member.split('.').at(-1) ?? '')
    .filter(({ fn: other, assign }) => {
      const member = program.memberOf(other, assign.target);
      return (
        member?.tag === key.tag && member.member === key.member && assign.value.kind !== 'literal'
      );
    });
  const held = stores.map((store): HeldResource | undefined => {
    const taken =
      store.assign.value.kind === 'call'
        ? store.fn.facts.calls[store.assign.value.call]
        : undefined;
    const by = taken && catalog.managed.get(taken.callee);
    return taken && by?.role === 'acquire' ? { api: by, fn: store.fn, call: taken } : undefined;
  });
  return held.length > 0 && held.every((one) => one !== undefined) ? held[0] : undefined;
}

function givenOnce(fn: FunctionRef, root: string): boolean {
  return (
    fn.facts.assigns.filter(
      (a) => a.target.root === root && a.target.steps.length === 0 && a.value.kind !== 'literal',
    ).length === 1
  );
}
