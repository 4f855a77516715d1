/**
 * Functions of other modules, as the linker gives them to this one: what is exported and called, and
 * what runs through that. The rest of such a module stays out, so that nothing of its own life (its
 * probe, its tables) is taken for this module's.
 */
import type { Catalog } from '../catalog.ts';
import type { FileFacts, FunctionFacts, Value } from '../facts/types.ts';

/** Another module of the tree. */
export interface ForeignModule {
  readonly files: readonly FileFacts[];
  /** The names that it exports and that are called from outside. */
  readonly exports: ReadonlySet<string>;
}

/** The names that the catalogue explains: nobody needs to read their source. */
export function explainedNames({ data }: Catalog): ReadonlySet<string> {
  const names = new Set<string>();
  const lists = [
    data.managed,
    data.acquires,
    data.releases,
    data.takes,
    data.deviceReleases,
    data.milestones,
    data.guards,
    data.memory,
    data.casts,
    data.callbacks,
    data.observers,
  ];
  for (const list of lists) for (const { name } of list) names.add(name);
  for (const { releases } of [...data.memory, ...data.takes])
    for (const name of releases) names.add(name);
  for (const { inits, cleanups } of data.kms)
    for (const name of Object.keys({ ...inits, ...cleanups })) names.add(name);
  return names;
}

/** The module with the functions only that calls of its exports can run. */
export function reachedPart({ files, exports }: ForeignModule): ForeignModule {
  const linked = new Map<string, FunctionFacts>();
  for (const file of files) {
    for (const { facts } of file.functions)
      if (!facts.isStatic || file.path.endsWith('.h')) linked.set(facts.name, facts);
  }
  const fileOf = new Map<FunctionFacts, ReadonlyMap<string, FunctionFacts>>();
  for (const file of files) {
    const own = new Map(file.functions.map(({ facts }) => [facts.name, facts]));
    for (const { facts } of file.functions) fileOf.set(facts, own);
  }
  const reached = new Set([...exports].flatMap((name) => linked.get(name) ?? []));
  for (const fn of reached) {
    for (const name of namesIn(fn)) {
      const target = fileOf.get(fn)?.get(name) ?? linked.get(name);
      if (target) reached.add(target);
    }
  }
  return {
    exports,
    files: files.map((file) => ({
      ...file,
      functions: file.functions.filter(({ facts }) => reached.has(facts)),
    })),
  };
}

/** The names that a body calls or hands on: among them are its callbacks. */
function* namesIn(fn: FunctionFacts): Generator<string> {
  for (const call of fn.calls) {
    yield call.callee;
    for (const { value } of call.args) yield* plainNames(value);
  }
  for (const { value } of fn.assigns) yield* plainNames(value);
}

function* plainNames(value: Value): Generator<string> {
  if (value.kind === 'path' && value.steps.length === 0) yield value.root;
  if (value.kind === 'choice') for (const one of value.of) yield* plainNames(one);
}
