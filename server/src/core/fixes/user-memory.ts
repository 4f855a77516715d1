/** User memory that stays mapped past unbind: no list of the core's holds it, each driver has its own. */

import type { Pass } from '../pass.ts';
import type { CallSite, FunctionRef } from '../program/program.ts';
import type { Fix } from '../result.ts';
import { told } from './offer.ts';

const id = 'unmap-user-memory';
const title = 'Unmap user memory once the drm_device is unplugged';
const notifiers = 'mmu_interval_notifier_ops';

/** The calls that unmap pages for DMA. */
export function unmapNames({ catalog }: Pass): string[] {
  return catalog.data.releases.filter(({ verb }) => verb === 'dma-unmaps').map(({ name }) => name);
}

/**
 * Says what the driver has for it, and what is missing: which mappings there are at unbind only a list
 * of the driver can tell.
 * @param user where user memory is mapped
 */
export function unmapUserMemory(pass: Pass, ends: readonly FunctionRef[], user: CallSite): Fix[] {
  const names = new Set(unmapNames(pass));
  const unmaps = pass.program.functions.find(
    (fn) => fn.file === user.caller.file && fn.facts.calls.some(({ callee }) => names.has(callee)),
  );
  const invalidate = pass.program
    .allTables(notifiers)
    .flatMap(({ table }) => table.entries)
    .find(({ member }) => member === 'invalidate');
  const step = [
    ...(invalidate ? [`what \`${invalidate.value}\` does before the pages go`] : []),
    ...(unmaps ? [`\`${unmaps.name}\``] : []),
  ];
  const how = step.length > 0 ? ` and do ${step.join(' and then ')} for each` : '';
  const reason = `no list of all of them is known: \`${ends[0]?.name ?? 'remove'}\` has to go over the open files' mappings once user space is out${how}`;
  return [told(id, title, reason)];
}
