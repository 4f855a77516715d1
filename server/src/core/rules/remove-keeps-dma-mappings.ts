/** A TTM or shmem driver whose remove leaves user space's objects, or user memory, mapped for DMA. */
import { callLink, tableLink, wayLinks } from '../chains.ts';
import { clearMappings } from '../fixes/remove-calls.ts';
import { unmapNames, unmapUserMemory } from '../fixes/user-memory.ts';
import { placeInside } from '../places.ts';
import type { CallSite, FunctionRef } from '../program/program.ts';
import { type Binding, bindingsOf, firstWith, waysToRole } from '../teardown/bindings.ts';
import { evictsInOrder } from '../teardown/evictions.ts';
import { reachRemoval } from '../teardown/removal.ts';
import type { Pass, Rule, RuleFinding } from './rule.ts';

export const removeKeepsDmaMappings: Rule = {
  id: 'remove-keeps-dma-mappings',
  summary: 'remove neither evicts the buffer objects nor drops their DMA mappings',
  defaultSeverity: 'info',
  run(pass) {
    // One for a driver: objects of a TTM device say more than single mappings.
    for (const judge of [judgeDevice, judgeMappings]) {
      for (const binding of bindingsOf(pass)) {
        const finding = judge(pass, binding);
        if (finding) return [finding];
      }
    }
    return [];
  },
};

function judgeDevice(pass: Pass, binding: Binding): RuleFinding | undefined {
  const { end, ends, starts, start } = binding;
  const manages = waysToRole(pass, 'ttm-init');
  const from = firstWith(manages, starts);
  const way = from ? manages.from(from) : [];
  const last = way[way.length - 1];
  const removal = reachRemoval(pass, binding);
  if (!last || (end && !removal) || ownsNoDmaPages(last)) return undefined;
  if (firstWith(waysToRole(pass, 'clear-dma'), ends) || evictsEveryDomain(pass, binding))
    return undefined;
  return {
    severity: 'info',
    confidence: 'possible',
    place: placeInside(last.caller, last.call),
    function: last.caller.name,
    message: `${end ? `\`${end.fn.name}\` neither evicts` : 'there is no remove function that evicts'} the buffer objects of this TTM device ${end ? 'nor drops' : 'or drops'} their DMA mappings: those of open files outlive unbind`,
    timelines: ['unplug-open'],
    fixes: () => clearMappings(pass, ends, last),
    identity: [start.fn.name],
    chain: [
      ...wayLinks(way, 'buffer objects are mapped for DMA from here on', 'allocation'),
      tableLink(end ?? start),
      ...(removal?.chain ?? []),
    ],
  };
}

/** What ioctls and faults map one by one, with no list of the core's to find it again. */
function judgeMappings(pass: Pass, binding: Binding): RuleFinding | undefined {
  const { end, ends, starts } = binding;
  const removal = reachRemoval(pass, binding);
  if (!end || !removal || !firstWith(waysToRole(pass, 'register'), starts)) return undefined;
  const user = userMapping(pass);
  if (unmapsInLoop(pass, binding, user)) return undefined;
  const mapping =
    user ??
    sitesOf(pass, 'shmem-map').find(({ caller }) => !pass.graph.isReachedFrom(caller, starts));
  // The core's list holds buffer objects, no user memory.
  if (!mapping || (!user && firstWith(waysToRole(pass, 'clear-dma'), ends))) return undefined;
  const what = user ? 'user memory' : 'a shmem object';
  const kept = user ? 'user memory stays' : 'the objects of open files stay';
  return {
    severity: 'info',
    confidence: 'possible',
    place: placeInside(mapping.caller, mapping.call),
    function: mapping.caller.name,
    message: `\`${mapping.caller.name}\` maps ${what} for DMA and \`${end.fn.name}\` does not unmap it: ${kept} mapped past unbind`,
    timelines: ['unplug-open'],
    fixes: () => (user ? unmapUserMemory(pass, ends, user) : []),
    identity: [end.fn.name],
    chain: [
      callLink(mapping, 'allocation', `maps ${what} for DMA`),
      tableLink(end),
      ...removal.chain,
    ],
  };
}

/** Where pages of user memory are looked up and mapped: the innermost function that does both. */
function userMapping(pass: Pass): CallSite | undefined {
  const [ready] = sitesOf(pass, 'user-map');
  if (ready) return ready;
  const pages = waysToRole(pass, 'user-pages');
  const mapping = pass.graph.waysTo(
    pass.catalog.data.acquires.filter(({ kind }) => kind === 'dma-map').map(({ name }) => name),
  );
  const both = (fn: FunctionRef): boolean => pages.has(fn) && mapping.has(fn);
  const inner = pass.program.functions.find(
    (fn) => both(fn) && !pass.program.targetsOf(fn).some((target) => target !== fn && both(target)),
  );
  return inner && mapping.from(inner).at(-1);
}

function sitesOf(pass: Pass, role: 'shmem-map' | 'user-map'): readonly CallSite[] {
  const names = pass.catalog.data.milestones
    .filter((milestone) => milestone.role === role)
    .map(({ name }) => name);
  return pass.program.callsOfAny(names).filter(({ caller }) => !pass.program.isForeign(caller));
}

/**
 * Whether the way out unmaps one after the other.
 * @param user where user memory is mapped: what unmaps that stands in the same file
 */
function unmapsInLoop(pass: Pass, { ends }: Binding, user: CallSite | undefined): boolean {
  const unmaps = unmapNames(pass);
  const ways = pass.graph.waysTo(unmaps);
  const reached = pass.graph.reachedFrom(ends, ways);
  return [...reached].some(
    (fn) =>
      ways.has(fn) &&
      (!user || ways.from(fn).at(-1)?.caller.file === user.caller.file) &&
      ways
        .from(fn)
        .some(({ caller, call }) => pass.catalog.flows.of(caller.facts).loopOf(call) !== undefined),
  );
}

/** A TTM device without a struct device maps nothing for DMA. */
function ownsNoDmaPages({ call }: CallSite): boolean {
  return call.args.some((argument) => argument.text.trim() === 'NULL');
}

/** Eviction counts when it ends with what is mapped: in another order BOs land there after it was emptied. */
function evictsEveryDomain(pass: Pass, { ends }: Binding): boolean {
  return ends.some((end) => evictsInOrder(pass, end));
}
