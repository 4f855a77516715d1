/** The functions that run when a module comes and when it goes, as macros at file scope name them. */
import type { Catalog } from '../catalog.ts';
import type { Initcall } from '../catalog-entries.ts';
import type { FunctionRef, Program } from './program.ts';
import type { Unit } from './unit.ts';

export interface NamedByMacro {
  readonly fn: FunctionRef;
  readonly macro: string;
}

/** What the macros of a file name: `module_init(foo_init)`. */
export function initcallsIn(
  program: Program,
  { data }: Catalog,
  file: Unit,
  does: Initcall['does'],
): readonly NamedByMacro[] {
  const names = new Set(data.initcalls.filter((one) => one.does === does).map(({ name }) => name));
  return program
    .usesIn(file)
    .filter(({ macro }) => names.has(macro))
    .flatMap(({ macro, words }) =>
      words
        .flatMap((word) => program.resolve(word, file) ?? [])
        .map((fn): NamedByMacro => ({ fn, macro })),
    );
}
