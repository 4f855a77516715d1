/**
 * Drivers that make their device themselves when the module comes, and take it down when it goes (vkms, vgem): the
 * functions of module_init() and module_exit() are their probe and remove.
 */
import type { Catalog } from '../catalog.ts';
import type { Initcall } from '../catalog-entries.ts';
import type { TableDef } from '../facts/types.ts';
import type { Pass, Question } from '../pass.ts';
import type { Entry, TableFunction } from '../program/entries.ts';
import { initcallsIn } from '../program/initcalls.ts';
import type { FunctionRef } from '../program/program.ts';

/** Those of the module that lead to the making of a drm_device; a driver of a bus makes its own in probe. */
export function moduleEntriesOf(pass: Pass): readonly Entry[] {
  return pass.ask(moduleEntries, null);
}

/** Whether an entry comes and goes with its module: an open file keeps that, so nothing outlives it. */
export function isModuleEntry({ data }: Catalog, { table }: TableFunction): boolean {
  return data.initcalls.some(({ name }) => name === table.struct);
}

const moduleEntries: Question<null, readonly Entry[]> = {
  answer: (pass) => {
    const { program, catalog, graph } = pass;
    const makers = catalog.data.managed.filter(({ role }) => role === 'device-alloc');
    const ways = graph.waysTo(makers.map(({ name }) => name));
    return program.files.flatMap((file) => {
      const given = (does: Initcall['does']) =>
        initcallsIn(program, catalog, file, does).map(({ fn, macro }) => ({
          fn,
          file: fn.file,
          ...named(fn, macro),
        }));
      const [exit] = given('exit');
      return given('init')
        .filter(({ fn }) => ways.has(fn))
        .map((start) => ({
          start: { ...start, role: 'probe' as const },
          end: exit && { ...exit, role: 'remove' as const },
        }));
    });
  },
};

/** The macro as the table that names a function; where it stands nobody asks, the function is shown. */
function named(fn: FunctionRef, macro: string): Pick<TableFunction, 'table' | 'entry'> {
  const { start } = fn.def;
  const span = { start: start + fn.facts.nameStart, end: start + fn.facts.nameEnd };
  const entry = { ...span, member: macro, value: fn.name };
  const table: TableDef = { ...span, name: macro, struct: macro, entries: [entry] };
  return { table, entry };
}
