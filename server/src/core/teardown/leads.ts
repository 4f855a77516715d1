/** Which functions lead to anything that a trace notes: found upwards from the calls, on the index. */
import type { Catalog, MilestoneRole } from '../catalog.ts';
import type { Pass, Question } from '../pass.ts';
import type { FunctionRef } from '../program/program.ts';
import { sameItems, sameSet } from '../queries/same.ts';
import { FunctionsAsArguments } from './functions-as-arguments.ts';
import { PastedFunctions } from './pasted-names.ts';

/** Which way is traced: `in` is probe and bind, `out` what takes them apart. */
export type Direction = 'in' | 'out';

const milestonesIn = new Set<MilestoneRole>(['dev-alloc', 'dev-get', 'dev-put', 'register']);
const milestonesOut = new Set<MilestoneRole>([
  'dev-get',
  'dev-put',
  'unregister',
  'unplug',
  'shutdown',
  'poll-fini',
  'mode-config-cleanup',
  'clear-dma',
  'evict',
  'runtime-pm-disable',
]);

/** The milestones that are noted on a way. */
export function milestonesOn(direction: Direction): ReadonlySet<MilestoneRole> {
  return direction === 'in' ? milestonesIn : milestonesOut;
}

/**
 * What takes by hand, as far as a trace notes it: a reference of runtime PM is taken and dropped around every
 * use of the hardware, those to nodes and devices are counts.
 * @param counts with the counts
 */
export function takesOf({ data }: Catalog, counts = false): Catalog['data']['takes'] {
  const enables = new Set(
    data.milestones.filter((one) => one.role === 'runtime-pm-enable').map((one) => one.name),
  );
  return data.takes.filter(
    (one) =>
      (one.group !== 'runtime-pm' || enables.has(one.name)) && (counts || one.reference !== true),
  );
}

/** The functions that free plain memory. */
export function freesOf({ data }: Catalog): ReadonlySet<string> {
  return new Set(data.memory.flatMap((one) => one.releases));
}

/**
 * What is given back by functions that end nothing of the parent device: schedulers, pools, bridges. By the
 * function.
 */
export function otherEndsOf(catalog: Catalog, counts = false): ReadonlyMap<string, string> {
  const known = (name: string) => catalog.deviceReleases.has(name) || catalog.releases.has(name);
  return new Map(
    takesOf(catalog, counts)
      .filter(({ group }) => group !== 'runtime-pm' && group !== 'notifier')
      .flatMap(({ group, releases }) =>
        releases.flatMap((name) => (known(name) ? [] : [[name, group] as const])),
      ),
  );
}

/** The functions that lead to anything worth noting, each once. */
export const leadsTo: Question<Direction | `${Direction} counts`, ReadonlySet<FunctionRef>> = {
  answer: findLeads,
  equal: sameSet,
};

function findLeads(pass: Pass, asked: Direction | `${Direction} counts`): ReadonlySet<FunctionRef> {
  const leads = new Set<FunctionRef>();
  const direction = asked.startsWith('in') ? 'in' : 'out';
  for (const name of names(pass.catalog, direction, asked.endsWith('counts')))
    for (const caller of pass.program.functionsCalling(name)) leads.add(caller);
  for (const { fn } of pass.registrations) leads.add(fn);
  for (const fn of pass.ask(pastedCallers, null)) leads.add(fn);
  const passed = new FunctionsAsArguments(pass);
  // A set hands out what is added while it is walked.
  for (const fn of leads) {
    for (const caller of pass.graph.callingFunctions(fn)) leads.add(caller);
    for (const { caller } of passed.callersOf(fn)) leads.add(caller);
  }
  return leads;
}

/** The functions that call what a macro of the module defines. */
const pastedCallers: Question<null, readonly FunctionRef[]> = {
  answer: ({ program, catalog }) => [...new PastedFunctions(program, catalog).callers()],
  equal: (a, b) => sameItems(a, b),
};

function* names(catalog: Catalog, direction: Direction, counts: boolean): Generator<string> {
  yield* catalog.managed.keys();
  for (const one of catalog.data.managedHelpers) yield one.name;
  for (const one of catalog.data.devresGroups) yield one.name;
  for (const one of catalog.data.dispatches) yield one.name;
  const roles = milestonesOn(direction);
  for (const one of catalog.data.milestones) if (roles.has(one.role)) yield one.name;
  if (direction === 'in') {
    const takes = takesOf(catalog, counts);
    for (const { name } of takes) yield name;
    for (const { releases } of takes) yield* releases;
    return;
  }
  yield* catalog.deviceReleases.keys();
  yield* catalog.releases.keys();
  yield* freesOf(catalog);
  yield* otherEndsOf(catalog, counts).keys();
}
