/** What a driver registers for others to call: the functions that run through it, and until when. */
import type { NodeGroup } from '../catalog.ts';
import type { Pass, Question } from '../pass.ts';
import { pathIn } from '../program/objects.ts';
import type { CallSite, FunctionRef } from '../program/program.ts';
import { waysToCalls } from './ends.ts';
import type { Way } from './ways.ts';

/** One registration of such a thing. */
export interface Node {
  readonly group: NodeGroup;
  readonly site: CallSite;
  /** devres takes it down, after remove(). */
  readonly managed: boolean;
  readonly handlers: readonly FunctionRef[];
}

/** Every registration in the module that runs functions of it. */
export function nodesIn(pass: Pass): readonly Node[] {
  return pass.ask(nodes, null);
}

const nodes: Question<null, readonly Node[]> = {
  answer: (pass) =>
    pass.catalog.data.nodes.flatMap((group) =>
      group.begins.flatMap(({ name, managed = false, managedAfter = [] }) =>
        pass.program.callsOf(name).flatMap(({ caller, call }): Node[] => {
          const all = handlersOf(pass, group, tablesIn(pass, call));
          // A driver's parts have their own: those beside the call are meant, where there are any.
          const near = all.filter(({ file }) => file === caller.file);
          const handlers = near.length > 0 ? near : all;
          const site = { caller, call };
          const byDevres =
            managed || managedAfter.some((maker) => pass.program.callsOf(maker).length > 0);
          return handlers.length > 0 ? [{ group, site, managed: byDevres, handlers }] : [];
        }),
      ),
    ),
};

/** The tables that a registration is handed: `register_pm_notifier(&foo_nb)`. */
function tablesIn({ program }: Pass, { args }: CallSite['call']): ReadonlySet<string> {
  const roots = new Set(args.flatMap(({ value }) => pathIn(value)?.root ?? []));
  return new Set(
    program.tables().flatMap(({ table }) => (roots.has(table.name) ? [table.name] : [])),
  );
}

function handlersOf(
  pass: Pass,
  { runs = [], parameter }: NodeGroup,
  named: ReadonlySet<string>,
): readonly FunctionRef[] {
  const { program } = pass;
  const found = new Set<FunctionRef>();
  for (const { struct, members } of runs) {
    for (const { file, table } of program.tables()) {
      if (named.size > 0 && !named.has(table.name)) continue;
      for (const { member, value } of table.entries) {
        const isMeant = table.struct === struct && members.includes(member);
        const fn = isMeant ? program.resolve(value, file) : undefined;
        if (fn) found.add(fn);
      }
    }
    for (const { fn, assign } of members.flatMap((member) => program.storesTo(member))) {
      if (assign.value.kind !== 'path' || assign.value.steps.length > 0) continue;
      if (program.memberOf(fn, assign.target)?.tag !== struct) continue;
      const stored = program.resolve(assign.value.root, fn.file);
      if (stored) found.add(stored);
    }
  }
  if (parameter !== undefined)
    for (const fn of program.mentioning(parameter))
      if (fn.facts.params.some(({ type }) => type.name === parameter && type.pointers === 1))
        found.add(fn);
  return [...found];
}

/** Where a way out takes things of a group down. */
export function endsOfNodes(pass: Pass, end: FunctionRef, { ends }: NodeGroup): readonly Way[] {
  return waysToCalls(pass, end, ends);
}
