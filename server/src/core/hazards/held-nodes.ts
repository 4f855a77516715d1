/**
 * What keeps the functions of a node from running though it is there: a reference, as runtime PM counts them. The
 * core drops its own before it calls remove(), and an idle device is suspended by then; with a delay it is not.
 */
import type { NodeGroup } from '../catalog.ts';
import type { Pass } from '../pass.ts';
import type { FunctionRef } from '../program/program.ts';
import type { ClosedBinding } from '../teardown/bindings.ts';
import { waysToCalls } from './ends.ts';
import { comesBefore, type Way } from './ways.ts';

/** Whether its functions can run during the way out: never, always, or unless a reference is held there. */
export type Idleness = 'never' | 'unless held' | 'always';

export function idlenessOf(
  pass: Pass,
  { starts, ends }: ClosedBinding,
  group: NodeGroup,
): Idleness {
  if (group.heldBy === undefined) return 'never';
  const { gets, puts } = referencesOf(pass, group.heldBy);
  const inProbe = (names: Iterable<string>) =>
    pass.program.callsOfAny(names).some(({ caller }) => pass.graph.isReachedFrom(caller, starts));
  // Probe keeps one as long as the driver is bound.
  if (inProbe(gets) && !inProbe(puts)) return 'always';
  const delays = pass.catalog.data.runtimePm.filter(({ does }) => does === 'delays');
  if (delays.some(({ name }) => pass.program.callsOf(name).length > 0)) return 'unless held';
  // Somebody else drops the last reference: what still runs then.
  const outside = pass.program
    .callsOfAny(puts)
    .some(
      ({ caller }) =>
        !pass.graph.isReachedFrom(caller, starts) && !pass.graph.isReachedFrom(caller, ends),
    );
  return outside ? 'unless held' : 'always';
}

/** Whether the way out has taken a reference before it comes to a place. */
export function isHeld(
  pass: Pass,
  out: FunctionRef,
  { heldBy = '' }: NodeGroup,
  way: Way,
): boolean {
  const { gets } = referencesOf(pass, heldBy);
  return waysToCalls(pass, out, gets).some((get) => comesBefore(pass, get, way));
}

function referencesOf({ catalog }: Pass, wanted: string) {
  const { milestones, takes } = catalog.data;
  const enables = new Set(
    milestones.filter(({ role }) => role === 'runtime-pm-enable').map(({ name }) => name),
  );
  const references = takes.filter(({ group, name }) => group === wanted && !enables.has(name));
  return {
    gets: references.map(({ name }) => name),
    puts: new Set(references.flatMap(({ releases }) => releases)),
  };
}
