/**
 * What a driver still does to memory once it has put its drm_device by hand: with no file open, drmm has
 * freed its memory by then.
 */
import type { Pass } from '../pass.ts';
import type { CallSite, FunctionRef } from '../program/program.ts';
import { entriesInto } from '../program/touches.ts';
import { bindingsOf } from '../teardown/bindings.ts';

const maximumRise = 4;

/** A put, and the function that goes into a struct after it. */
export interface AfterPut {
  readonly put: CallSite;
  readonly use: CallSite;
  /** Devres runs it, after remove(). */
  readonly managed: boolean;
}

/**
 * The first use of a struct after the driver has put its drm_device: below the put, in what its callers go on
 * to do, or in what devres runs after remove().
 */
export function usedAfterPut(pass: Pass, tag: string): AfterPut | undefined {
  const { program, graph } = pass;
  // A drm_device of devm is put by devres: the driver's own put drops a reference that it took itself.
  if (program.callsOfAny(namesOf(pass, 'dev-alloc')).length === 0) return undefined;
  const bindings = bindingsOf(pass);
  const run = graph.reachedFrom(bindings.flatMap(({ starts, ends }) => [...starts, ...ends]));
  const gets = new Set(namesOf(pass, 'dev-get'));
  const puts = program.callsOfAny(namesOf(pass, 'dev-put')).filter(({ caller, call }) => {
    const taken = caller.facts.calls.some((one) => gets.has(one.callee) && one.start < call.start);
    return run.has(caller) && !taken;
  });
  for (const put of puts) {
    const use = useBelow(pass, put, tag, run, maximumRise);
    if (use) return { put, use, managed: false };
  }
  const out = graph.reachedFrom(bindings.flatMap(({ end }) => (end ? [end.fn] : [])));
  const put = puts.find(({ caller }) => out.has(caller));
  const use = put && managedUse(pass, tag, run);
  return put && use && { put, use, managed: true };
}

/** The hazard as the reason of a fix that gives the struct to drmm. */
export function afterPutText({ put, use, managed }: AfterPut): string {
  const how = use.call.callee === '' ? '' : `, in ${use.call.callee}()`;
  return managed
    ? `\`${put.caller.name}\` puts the drm_device, and drmm would free it there: devm runs \`${use.caller.name}\` after that, which works on it${how}`
    : `\`${put.caller.name}\` puts the drm_device, and drmm would free it there: \`${use.caller.name}\` works on it after that${how}`;
}

function namesOf({ catalog }: Pass, role: 'dev-alloc' | 'dev-get' | 'dev-put'): string[] {
  return catalog.data.milestones.filter((one) => one.role === role).map(({ name }) => name);
}

function useBelow(
  pass: Pass,
  { caller, call }: CallSite,
  tag: string,
  run: ReadonlySet<FunctionRef>,
  rise: number,
): CallSite | undefined {
  const flow = pass.catalog.flows.of(caller.facts);
  const here = entryIn(pass, caller, tag, (at) => flow.canFollow(call, at));
  if (here) return here;
  for (const later of caller.facts.calls) {
    if (!flow.canFollow(call, later)) continue;
    const targets = [...pass.graph.targetsOf(caller, later), ...dispatched(pass, later.callee)];
    for (const fn of pass.graph.reachedFrom(targets)) {
      const found = entryIn(pass, fn, tag, () => true);
      if (found) return found;
    }
  }
  if (rise === 0) return undefined;
  for (const above of pass.program.callersOf(caller)) {
    const found = run.has(above.caller) ? useBelow(pass, above, tag, run, rise - 1) : undefined;
    if (found) return found;
  }
  return undefined;
}

/** The functions of the module's tables that a call of the kernel's runs: the unbind of components. */
function dispatched({ catalog, tableFunctions }: Pass, callee: string): FunctionRef[] {
  const names = catalog.data.dispatches.filter(({ name }) => name === callee);
  return tableFunctions
    .filter(({ table, entry }) =>
      names.some(
        ({ struct, members }) => struct === table.struct && members.includes(entry.member),
      ),
    )
    .map(({ fn }) => fn);
}

/** What devres runs of the module's own, of what its way in registers. */
function managedUse(pass: Pass, tag: string, run: ReadonlySet<FunctionRef>): CallSite | undefined {
  for (const { api, target, fn } of pass.registrations) {
    if (api.scope !== 'bound' || !target || !run.has(fn)) continue;
    for (const reached of pass.graph.reachedFrom([target])) {
      const found = entryIn(pass, reached, tag, () => true);
      if (found) return found;
    }
  }
  return undefined;
}

function entryIn(
  pass: Pass,
  caller: FunctionRef,
  tag: string,
  counts: (at: CallSite['call']) => boolean,
): CallSite | undefined {
  const found = entriesInto(pass, caller).find((one) => one.tag === tag && counts(one.at));
  return found && { caller, call: found.at };
}
