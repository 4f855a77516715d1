/** What a driver registers for others to call: the functions that run through it, and until when. */
import type { NodeGroup, TableMaker } from '../catalog.ts';
import type { Pass, Question } from '../pass.ts';
import { pathIn } from '../program/objects.ts';
import type { CallSite, FunctionRef } from '../program/program.ts';
import { sameItems } from '../queries/same.ts';
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
  answer: (pass) => pass.catalog.data.nodes.flatMap((group) => pass.ask(nodesOf, group)),
  equal: sameItems,
};

const nodesOf: Question<NodeGroup, readonly Node[]> = {
  answer: (pass, group) =>
    group.begins.flatMap(
      ({ name, managed = false, managedAfter = [], handlers: given, given: of }) =>
        pass.program.callsOf(name).flatMap(({ caller, call }): Node[] => {
          if (of !== undefined && !call.args.some(({ text }) => text.includes(of))) return [];
          const all = given
            ? handedTo(pass, { caller, call }, given)
            : handlersOf(pass, group, { caller, call });
          // A driver's parts have their own: those beside the call are meant, where there are any.
          const near = all.filter(({ file }) => file === caller.file);
          const isGuess = group.ofDriver === true && new Set(all.map(({ file }) => file)).size > 1;
          const handlers = near.length > 0 ? near : isGuess ? [] : all;
          const site = { caller, call };
          const byDevres =
            managed || managedAfter.some((maker) => pass.program.callsOf(maker).length > 0);
          return handlers.length > 0 ? [{ group, site, managed: byDevres, handlers }] : [];
        }),
    ),
  equal: (a, b) =>
    sameItems(
      a,
      b,
      (one, other) =>
        one.managed === other.managed &&
        one.site.caller === other.site.caller &&
        one.site.call === other.site.call &&
        sameItems(one.handlers, other.handlers),
    ),
};

/** The functions among the arguments of a call. */
function handedTo(
  { graph }: Pass,
  { caller, call }: CallSite,
  indexes: readonly number[],
): readonly FunctionRef[] {
  return indexes.flatMap((index) => {
    const given = call.args[index];
    return given ? graph.handedAs(caller, given.value) : [];
  });
}

/** What the arguments of a registration name: tables, `register_pm_notifier(&foo_nb)`, and members, `&foo->nb`. */
interface Named {
  readonly tables: ReadonlySet<string>;
  readonly members: ReadonlySet<string>;
}

function namedIn(
  pass: Pass,
  { runs = [], makers = [] }: NodeGroup,
  { caller, call }: CallSite,
): Named {
  const { program } = pass;
  const paths = call.args.flatMap(({ value }) => pathIn(value) ?? []);
  const roots = new Set(paths.map(({ root }) => root));
  // A table of another kind tells nothing of those that run: `component_add(dev, &foo_ops)`.
  const kinds = new Set(runs.map(({ struct }) => struct));
  const written = program
    .tables()
    .flatMap(({ table }) => (kinds.has(table.struct) ? [table.name] : []));
  const byMacros = makers.flatMap((maker) => madeIn(pass, maker).map(({ table }) => table));
  return {
    tables: new Set(
      [...written, ...byMacros].filter(
        (name) => roots.has(name) && !program.typeOfRoot(caller, name),
      ),
    ),
    members: new Set(paths.flatMap(({ address, steps }) => (address === 1 ? steps.slice(-1) : []))),
  };
}

/** The tables that a macro makes at file scope, each with the functions that it names. */
function madeIn(pass: Pass, maker: TableMaker): readonly Made[] {
  return pass.ask(made, maker);
}

interface Made {
  readonly table: string;
  readonly functions: readonly FunctionRef[];
}

const made: Question<TableMaker, readonly Made[]> = {
  answer: ({ program }, { name, table = '', runs }) =>
    program.files.flatMap((file) =>
      program
        .usesIn(file)
        .filter(({ macro }) => macro === name)
        .map(({ words: [first = '', ...others] }) => ({
          table: first + table,
          functions: (runs ? runs.map((end) => first + end) : others).flatMap(
            (one) => program.resolve(one, file) ?? [],
          ),
        })),
    ),
  equal: (a, b) =>
    sameItems(
      a,
      b,
      (one, other) => one.table === other.table && sameItems(one.functions, other.functions),
    ),
};

function handlersOf(pass: Pass, group: NodeGroup, site: CallSite): readonly FunctionRef[] {
  const { program } = pass;
  const { runs = [], parameter, makers = [] } = group;
  const named = namedIn(pass, group, site);
  const isNamed = (table: string) => named.tables.size === 0 || named.tables.has(table);
  const found = new Set<FunctionRef>();
  for (const { struct, members } of runs) {
    for (const { file, table } of program.tables()) {
      if (table.struct !== struct || !isNamed(table.name)) continue;
      for (const { member, value } of table.entries) {
        const isMeant = members.includes(member) || isElement(group, member);
        const fn = isMeant ? program.resolve(value, file) : undefined;
        if (fn) found.add(fn);
      }
    }
    for (const fn of storedIn(pass, struct, members, named)) found.add(fn);
  }
  for (const { table, functions } of makers.flatMap((maker) => madeIn(pass, maker)))
    if (isNamed(table)) for (const fn of functions) found.add(fn);
  if (parameter !== undefined)
    for (const fn of program.mentioning(parameter))
      if (
        fn.facts.params.some(({ type }) => type.name === parameter && type.pointers === 1) &&
        !(group.alone && (fn.facts.params.length > 1 || program.callersOf(fn).length > 0))
      )
        found.add(fn);
  return [...found];
}

/** `RUNTIME_PM_OPS(0)`: what a macro among the elements is given. */
function isElement({ elements = [] }: NodeGroup, member: string): boolean {
  return elements.some((name) => member.startsWith(`${name}(`));
}

/** The functions that are stored into such a struct; where the registration names the member that it is, into that. */
function storedIn(
  { program }: Pass,
  struct: string,
  members: readonly string[],
  named: Named,
): readonly FunctionRef[] {
  const all = members
    .flatMap((member) => program.storesTo(member))
    .flatMap(({ fn, assign }) => {
      if (assign.value.kind !== 'path' || assign.value.steps.length > 0) return [];
      if (program.memberOf(fn, assign.target)?.tag !== struct) return [];
      const stored = program.resolve(assign.value.root, fn.file);
      return stored ? [{ stored, into: assign.target.steps.at(-2) ?? '' }] : [];
    });
  const meant = all.filter(({ into }) => named.members.has(into));
  return (meant.length > 0 ? meant : all).map(({ stored }) => stored);
}

/** Where a way out takes things of a group down. */
export function endsOfNodes(pass: Pass, end: FunctionRef, { ends }: NodeGroup): readonly Way[] {
  return waysToCalls(pass, end, ends);
}
