/** Where a driver cleans up its mode-setting objects by hand on the way out, before devres. */
import type { Catalog } from '../catalog.ts';
import type { TableFunction } from './entries.ts';
import { reachedByRoles } from './phases.ts';
import type { CallSite, FunctionRef, Program } from './program.ts';
import { reachedFrom } from './reach.ts';
import type { Registration } from './registrations.ts';

/** What the joins offer that this needs. */
interface Known {
  readonly program: Program;
  readonly catalog: Catalog;
  readonly tableFunctions: readonly TableFunction[];
  readonly registrations: readonly Registration[];
}

export interface ModeConfigEnd {
  /** Everything that remove(), unbind() and devm actions run. */
  readonly leaving: ReadonlySet<FunctionRef>;
  readonly cleanup: CallSite | undefined;
  /** The components are unbound before it, in the same function. */
  readonly afterComponents: boolean;
}

export function modeConfigEnd({
  program,
  catalog,
  tableFunctions,
  registrations,
}: Known): ModeConfigEnd {
  const leaving = new Set(
    reachedByRoles(program, tableFunctions, new Set(['remove', 'unbind'] as const)).keys(),
  );
  for (const { target, api } of registrations)
    if (target && api.scope === 'bound')
      for (const fn of reachedFrom(program, target)) leaving.add(fn);
  const names = catalog.data.milestones.filter(({ role }) => role === 'mode-config-cleanup');
  const callers = new Set(names.flatMap(({ name }) => program.functionsCalling(name)));
  const sites = [...leaving].flatMap((caller) => {
    if (!callers.has(caller)) return [];
    const call = caller.facts.calls.find(
      (one) => catalog.milestones.get(one.callee)?.role === 'mode-config-cleanup',
    );
    return call ? [{ caller, call }] : [];
  });
  const afterComponents = sites.some(({ caller, call }) =>
    caller.facts.calls.some(
      (other) =>
        other.end <= call.start && catalog.deviceReleases.get(other.callee)?.group === 'component',
    ),
  );
  return { leaving, cleanup: sites[0], afterComponents };
}
