/** Which managed call took a resource: a clock, a mapping, an interrupt. */
import type { Catalog, ManagedApi } from '../catalog.ts';
import type { CallFact, Value } from '../facts/types.ts';
import { memberKey, originOf, pathIn } from './objects.ts';
import type { FunctionRef, Program } from './program.ts';

export interface HeldResource {
  readonly api: ManagedApi;
  readonly fn: FunctionRef;
  readonly call: CallFact;
  /** Every object that can be meant comes from such a call: of an array some element may not. */
  readonly only: boolean;
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
  const { call, path: from } = originOf(fn, path, before);
  // A local that is given a value more than once can hold any of them.
  if (call && from.steps.length === 0) {
    const api = catalog.managed.get(call.callee);
    return api?.role === 'acquire' && path.steps.length === 0 && givenOnce(fn, path.root)
      ? { api, fn, call, only: true }
      : undefined;
  }
  const key = memberKey(program, fn, path, before);
  if (!key || key.tag === '') return undefined;
  const stores = program.storesInto(key).filter(({ assign }) => !isNothing(assign.value));
  const held = stores.flatMap((store): HeldResource[] => {
    const taken = takenIn(store);
    const by = taken && catalog.managed.get(taken.callee);
    return taken && by?.role === 'acquire'
      ? [{ api: by, fn: store.fn, call: taken, only: true }]
      : [];
  });
  const [first] = held;
  if (!first || held.length === stores.length) return first;
  const isArray = stores.every(({ assign }) => assign.target.steps.at(-1) === '[]');
  return isArray && stores.every((store) => held.some(({ fn: by }) => by === store.fn))
    ? { ...first, only: false }
    : undefined;
}

/** The call whose result is stored, at once or over a local that has no other value. */
function takenIn({ fn, assign }: ReturnType<Program['storesTo']>[number]): CallFact | undefined {
  const { value } = assign;
  if (value.kind === 'call') return fn.facts.calls[value.call];
  const path = pathIn(value);
  if (!path || path.steps.length > 0 || !givenOnce(fn, path.root)) return undefined;
  const { call, path: from } = originOf(fn, path, assign.start);
  return from.steps.length === 0 ? (call ?? undefined) : undefined;
}

function isNothing(value: Value): boolean {
  return value.kind === 'literal' || (value.kind === 'path' && value.root === 'NULL');
}

function givenOnce(fn: FunctionRef, root: string): boolean {
  return (
    fn.facts.assigns.filter(
      (a) => a.target.root === root && a.target.steps.length === 0 && a.value.kind !== 'literal',
    ).length === 1
  );
}
