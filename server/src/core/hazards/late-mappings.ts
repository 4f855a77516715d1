/**
 * DMA mappings and DMA memory of the bound device that only the last close gives back: at that time its
 * DMA operations are torn down, and after a hot-unplug its IOMMU group is gone.
 */
import { type BoRelease, isMember } from '../catalog.ts';
import type { Pass } from '../pass.ts';
import type { TableFunction } from '../program/entries.ts';
import { type LateRoot, lateUsersOf } from '../program/late-users.ts';
import { originOf, pathIn } from '../program/objects.ts';
import type { FunctionRef } from '../program/program.ts';
import {
  type ClosedBinding,
  closedBindingsOf,
  firstWith,
  waysToRole,
} from '../teardown/bindings.ts';
import { directWays } from './ends.ts';
import { isOpen, type Way } from './ways.ts';

export interface LateMapping {
  readonly end: TableFunction;
  readonly root: LateRoot;
  /** From the callback down to the release, which is the last. */
  readonly way: Way;
  readonly release: BoRelease;
  /** The device sits on a bus from which it can be pulled. */
  readonly hot: boolean;
}

const driver = 'dma-api';

/** One for each driver of the module whose remove() gives nothing of the kind back. */
export function lateMappings(pass: Pass): LateMapping[] {
  const releases = new Map(
    pass.catalog.data.releases
      .filter((one) => one.driver === driver && (one.verb === 'frees' || one.verb === 'dma-unmaps'))
      .map((one) => [one.name, one]),
  );
  const evicted = new Set(pass.catalog.data.callbacks.map(({ struct }) => struct));
  const leads = pass.graph.waysTo(releases.keys());
  const registers = waysToRole(pass, 'register');
  const bindings = closedBindingsOf(pass).filter(
    ({ start, starts }) => start.role === 'probe' && firstWith(registers, starts),
  );
  if (bindings.length === 0) return [];
  const roots = lateUsersOf(pass)
    .rootsBut(undefined)
    // Objects on the lists of a memory manager are all told at once, by the rule of its clearing.
    .filter(
      ({ when, fn, table }) => when === 'close' && !evicted.has(table ?? '') && leads.has(fn),
    );
  return bindings.flatMap((binding) => {
    const given = givenBackBy(pass, binding, leads);
    for (const root of roots) {
      const found = firstOf(pass, root.fn, releases, leads, given);
      if (found) return [{ end: binding.end, root, hot: isHot(pass, binding), ...found }];
    }
    return [];
  });
}

/** The functions that the way out runs: what they give back is given back in time. */
function givenBackBy(
  pass: Pass,
  { ends }: ClosedBinding,
  leads: { has(fn: FunctionRef): boolean },
): ReadonlySet<FunctionRef> {
  return pass.graph.reachedFrom(
    ends.filter((fn) => leads.has(fn)),
    leads,
  );
}

function firstOf(
  pass: Pass,
  root: FunctionRef,
  releases: ReadonlyMap<string, BoRelease>,
  leads: { has(fn: FunctionRef): boolean },
  given: ReadonlySet<FunctionRef>,
): { readonly way: Way; readonly release: BoRelease } | undefined {
  const down = directWays(pass, root, leads);
  for (const caller of down.functions()) {
    if (given.has(caller)) continue;
    for (const call of caller.facts.calls) {
      const release = releases.get(call.callee);
      if (!release || pass.catalog.flows.of(caller.facts).isGuarded(call)) continue;
      const way = [...down.to(caller), { caller, call }];
      if (!isOfAnother(pass, way) && isOpen(pass, way)) return { way, release };
    }
  }
  return undefined;
}

/**
 * Whether the device is that of an importer, whose mapping is its own, which the functions on the way may hand
 * down.
 */
function isOfAnother({ program, catalog }: Pass, way: Way): boolean {
  let index = 0;
  for (const { caller, call } of way.toReversed()) {
    const path = pathIn(call.args[index]?.value ?? { kind: 'literal', text: '' });
    if (!path) return false;
    const { path: whole, param } = originOf(caller, path, call.start);
    if (whole.steps.length > 0) {
      const found = program.memberOf(caller, whole);
      return found !== undefined && isMember(catalog, found, 'importer');
    }
    if (param < 0) return false;
    index = param;
  }
  return false;
}

function isHot({ catalog }: Pass, { start }: ClosedBinding): boolean {
  return catalog.ops.get(start.table.struct)?.hotplug === true;
}
