/**
 * Functions of other modules, as the linker gives them to this one: what is exported and called, and
 * what runs through that. The rest of such a module stays out, so that nothing of its own life (its
 * probe, its tables) is taken for this module's.
 */
import type { Catalog } from '../catalog.ts';
import type { SourceFile, SourceFunction } from '../facts/source-file.ts';
import type { FunctionFacts, Value } from '../facts/types.ts';

/** Another module of the tree. */
export interface ForeignModule {
  readonly files: readonly SourceFile[];
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

/** The files of a module with the functions only that calls of its exports can run. */
export function reachedPart({
  files,
  exports,
}: ForeignModule): (readonly [SourceFile, readonly SourceFunction[]])[] {
  const linked = new Map<string, SourceFunction>();
  const fileOf = new Map<SourceFunction, ReadonlyMap<string, SourceFunction>>();
  for (const file of files) {
    const own = new Map<string, SourceFunction>();
    for (const fn of file.functions) {
      if (!fn.isStatic || file.path.endsWith('.h')) linked.set(fn.name, fn);
      own.set(fn.name, fn);
      fileOf.set(fn, own);
    }
  }
  const reached = new Set([...exports].flatMap((name) => linked.get(name) ?? []));
  for (const fn of reached) {
    for (const name of namesIn(fn.facts)) {
      const target = fileOf.get(fn)?.get(name) ?? linked.get(name);
      if (target) reached.add(target);
    }
  }
  return files.map((file) => [file, file.functions.filter((fn) => reached.has(fn))]);
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
