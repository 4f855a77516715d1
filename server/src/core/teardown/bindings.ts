/**
 * What runs between bind and unbind of a driver: from a probe or bind function on, and back. Actions
 * that the way in registers with devm run at unbind too and belong to the way out.
 */
import type { MilestoneRole } from '../catalog.ts';
import type { Pass, Question } from '../pass.ts';
import type { Ways } from '../program/call-graph.ts';
import { entriesOf, type TableFunction } from '../program/entries.ts';
import type { FunctionRef } from '../program/program.ts';
import { sameItems } from '../queries/same.ts';

/** One driver of the module. */
export interface Binding {
  readonly start: TableFunction;
  /** `.remove` or `.unbind`; some drivers have none. */
  readonly end: TableFunction | undefined;
  /** Where the way in begins: `start`, and the load function of an older driver. */
  readonly starts: readonly FunctionRef[];
  /** Where the way out begins: `end` first, then devm actions and the unload function. */
  readonly ends: readonly FunctionRef[];
}

/** A binding with a function for the way out. */
export type ClosedBinding = Binding & { readonly end: TableFunction };

/** The bindings that have a function for the way out. */
export function closedBindingsOf(pass: Pass): ClosedBinding[] {
  return bindingsOf(pass).flatMap((binding) =>
    binding.end ? [{ ...binding, end: binding.end }] : [],
  );
}

/**
 * Of drivers that share a probe, the one whose way out does what the others' do not: an object is that one's.
 * Itself when it has the probe alone, or when all do, or none.
 */
export function ownerAmong(
  pass: Pass,
  binding: ClosedBinding,
  does: (end: FunctionRef) => boolean,
): ClosedBinding {
  const sharing = closedBindingsOf(pass).filter(
    ({ start, end }) => start.fn === binding.start.fn && end.fn !== binding.end.fn,
  );
  if (sharing.length === 0 || does(binding.end.fn)) return binding;
  return sharing.find(({ end }) => does(end.fn)) ?? binding;
}

/** One for each probe and bind. */
export function bindingsOf(pass: Pass): readonly Binding[] {
  return pass.ask(bindings, null);
}

const bindings: Question<null, readonly Binding[]> = {
  answer: findBindings,
  equal: (a, b) => sameItems(a, b, isSameBinding),
};

function isSameBinding(a: Binding, b: Binding): boolean {
  return (
    a.start === b.start &&
    a.end === b.end &&
    sameItems(a.starts, b.starts) &&
    sameItems(a.ends, b.ends)
  );
}

function findBindings(pass: Pass): Binding[] {
  const legacy = legacyOf(pass);
  const registering = waysToRole(pass, 'register');
  return entriesOf(pass.tableFunctions).flatMap(({ start, end }) => {
    if (isDrmTable(pass, start)) return [];
    const registers = registering.has(start.fn);
    const load = legacy.filter((one) => registers && one.role === 'probe').map((one) => one.fn);
    const unload = legacy.filter((one) => registers && one.role === 'remove').map((one) => one.fn);
    const starts = [start.fn, ...load];
    // The tables of a file work together: a component's master is taken apart by its platform device.
    const near = pass.tableFunctions
      .filter((one) => one.file === start.file && (one.role === 'remove' || one.role === 'unbind'))
      .map((one) => one.fn);
    return [
      {
        start,
        end,
        starts,
        ends: [
          ...new Set([...(end ? [end.fn] : []), ...unload, ...near, ...actionsOf(pass, starts)]),
        ],
      },
    ];
  });
}

/** The functions that reach a milestone of a role. */
export function waysToRole(pass: Pass, ...roles: readonly MilestoneRole[]): Ways {
  return pass.graph.waysTo(
    pass.catalog.data.milestones
      .filter((milestone) => roles.includes(milestone.role))
      .map((milestone) => milestone.name),
  );
}

/** The functions that reach the allocation of a drm_device, by devm or by any. */
export function waysToDrmDevice({ catalog, graph }: Pass, by: 'devm' | 'any' = 'any'): Ways {
  const { managed, milestones } = catalog.data;
  const byHand = by === 'any' ? milestones.filter(({ role }) => role === 'dev-alloc') : [];
  return graph.waysTo([
    ...managed.filter(({ role }) => role === 'device-alloc').map(({ name }) => name),
    ...byHand.map(({ name }) => name),
  ]);
}

/** Whether one of the functions has a way, and the first that has. */
export function firstWith(ways: Ways, functions: readonly FunctionRef[]): FunctionRef | undefined {
  return functions.find((fn) => ways.has(fn));
}

function isDrmTable(pass: Pass, found: TableFunction): boolean {
  const members = pass.catalog.ops.get(found.table.struct)?.members ?? {};
  return Object.values(members).includes('last-put');
}

/** Load and unload, which the core calls when the drm_device is registered and unregistered. */
function legacyOf(pass: Pass): TableFunction[] {
  return pass.tableFunctions.filter(
    (one) => isDrmTable(pass, one) && (one.role === 'probe' || one.role === 'remove'),
  );
}

/** The devm actions that are registered on the way in. */
function actionsOf(pass: Pass, starts: readonly FunctionRef[]): FunctionRef[] {
  const bound = pass.registrations.filter(
    (registration) => registration.api.scope === 'bound' && registration.target,
  );
  if (bound.length === 0) return [];
  // Only what leads to a registration is gone into: of a large driver's probe that is a small part.
  const leads = pass.graph.waysFrom(bound.map(({ fn, call }) => ({ caller: fn, call })));
  const reached = pass.graph.reachedFrom(starts, leads);
  return bound.flatMap((registration) =>
    registration.target && reached.has(registration.fn) ? [registration.target] : [],
  );
}
