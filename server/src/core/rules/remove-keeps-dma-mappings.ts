/** A TTM or shmem driver whose remove leaves user space's objects mapped for DMA. */
import { tableLink, wayLinks } from '../chains.ts';
import { placeInside } from '../places.ts';
import { isLooped } from '../program/guards.ts';
import type { CallSite } from '../program/program.ts';
import { type Binding, bindingsOf, firstWith, waysToRole } from '../teardown/bindings.ts';
import { reachRemoval } from '../teardown/removal.ts';
import type { Pass, Rule, RuleFinding } from './rule.ts';

export const removeKeepsDmaMappings: Rule = {
  id: 'remove-keeps-dma-mappings',
  summary: 'remove neither evicts the buffer objects nor drops their DMA mappings',
  defaultSeverity: 'info',
  run(pass) {
    for (const binding of bindingsOf(pass)) {
      const finding = judge(pass, binding);
      if (finding) return [finding];
    }
    return [];
  },
};

function judge(pass: Pass, binding: Binding): RuleFinding | undefined {
  const { end, ends, starts, start } = binding;
  const manages = waysToRole(pass, 'ttm-init');
  const from = firstWith(manages, starts);
  const way = from ? manages.from(from) : [];
  const last = way[way.length - 1];
  const removal = reachRemoval(pass, binding);
  if (!last || (end && !removal) || ownsNoDmaPages(last)) return undefined;
  if (firstWith(waysToRole(pass, 'clear-dma'), ends) || evictsEveryDomain(pass, binding)) return undefined;
  return {
    severity: 'info', confidence: 'possible', place: placeInside(last.caller, last.call), function: last.caller.facts.name,
    message: `${end ? `\`${end.fn.facts.name}\` neither evicts` : 'there is no remove function that evicts'} the buffer objects of this TTM device ${end ? 'nor drops' : 'or drops'} their DMA mappings: those of open files outlive unbind`,
    timelines: ['unplug-open'], fixes: [], identity: [start.fn.facts.name],
    chain: [...wayLinks(way, 'buffer objects are mapped for DMA from here on', 'allocation'), tableLink(end ?? start), ...(removal?.chain ?? [])],
  };
}

/** A TTM device without a struct device maps nothing for DMA. */
function ownsNoDmaPages({ call }: CallSite): boolean {
  return call.args.some((argument) => argument.text.trim() === 'NULL');
}

/** Eviction counts when it walks the memory types: one of them alone leaves the others mapped. */
function evictsEveryDomain(pass: Pass, { ends }: Binding): boolean {
  const evicts = waysToRole(pass, 'evict');
  const from = firstWith(evicts, ends);
  return from !== undefined && evicts.from(from).some(({ caller, call }) => isLooped(caller.facts, call));
}
