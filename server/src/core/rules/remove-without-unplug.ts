/** A hot-pluggable driver that unregisters its drm_device without unplugging it. */
import { noUnplugCause } from '../causes.ts';
import { callLink, tableLink, wayLinks } from '../chains.ts';
import { unplug } from '../fixes/remove-calls.ts';
import { namePlace } from '../places.ts';
import {
  type ClosedBinding,
  closedBindingsOf,
  firstWith,
  waysToRole,
} from '../teardown/bindings.ts';
import type { Pass, Rule, RuleFinding } from './rule.ts';

export const removeWithoutUnplug: Rule = {
  id: 'remove-without-unplug',
  summary: 'remove on a hot-pluggable bus unregisters the drm_device but never unplugs it',
  defaultSeverity: 'info',
  run(pass) {
    return closedBindingsOf(pass).flatMap((binding) => judge(pass, binding));
  },
};

function judge(pass: Pass, { end, starts, ends }: ClosedBinding): RuleFinding[] {
  if (pass.catalog.ops.get(end.table.struct)?.hotplug !== true) return [];
  const registers = waysToRole(pass, 'register');
  const unregisters = waysToRole(pass, 'unregister');
  const start = firstWith(registers, starts);
  const from = firstWith(unregisters, ends);
  if (!start || !from || firstWith(waysToRole(pass, 'unplug'), ends)) return [];
  if (pass.graph.unresolvedIn(pass.graph.reachedFrom([end.fn]))) return [];
  const way = registers.from(start);
  const last = way[way.length - 1];
  return [
    {
      severity: 'info',
      confidence: 'likely',
      place: namePlace(end.fn),
      function: end.fn.name,
      message: `\`${end.fn.name}\` unregisters the drm_device but does not unplug it: open files reach the hardware after unbind`,
      timelines: ['unplug-open'],
      fixes: () => unplug(pass, ends),
      identity: ['unplug'],
      causes: [noUnplugCause(namePlace(end.fn))],
      chain: [
        ...(last
          ? [callLink(last, 'allocation', 'user space reaches the device from here on')]
          : []),
        tableLink(end),
        ...wayLinks(unregisters.from(from), 'takes the device from user space; open files go on'),
      ],
    },
  ];
}
