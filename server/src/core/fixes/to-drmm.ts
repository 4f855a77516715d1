/** From devm to drmm: one allocation, where its function has the drm_device at hand. */

import { afterPutText, usedAfterPut } from '../hazards/after-put.ts';
import type { Pass } from '../pass.ts';
import { allocatedStruct } from '../program/allocated-struct.ts';
import { findUse } from '../program/drm-device.ts';
import type { MemoryOrigin } from '../program/memory.ts';
import type { Fix } from '../result.ts';
import { EditSet } from './edits.ts';
import { freedEarly } from './freed-early.ts';
import { offered, told } from './offer.ts';

const title = 'Allocate with the life of the drm_device (drmm)';

/**
 * @param obstacle why drmm memory would not do, from the rule
 */
export function toDrmm(pass: Pass, origin: MemoryOrigin, obstacle?: string): Fix[] {
  const { fn, call, api } = origin;
  const manual = (reason: string): Fix[] => [told('to-drmm', title, reason)];
  if (obstacle !== undefined) return manual(obstacle);
  if (!api || api.counterpart === undefined)
    return manual(`${call.callee}() has no drmm counterpart`);
  const freed = freedEarly(pass, origin);
  if (freed !== undefined) return manual(`${freed}() may free it early and has to change with it`);
  const device = findUse(fn, call);
  const owner = call.args[api.device];
  if (device === undefined || !owner)
    return manual(`\`${fn.name}\` has no drm_device before the allocation`);
  const tag = allocatedStruct(pass.program, fn, call);
  const late = tag === undefined ? undefined : usedAfterPut(pass, tag);
  if (late) return manual(afterPutText(late));
  const edits = new EditSet();
  edits.putInside(fn, { start: call.nameStart, end: call.nameEnd }, api.counterpart);
  edits.putInside(fn, owner, device);
  return [
    offered('to-drmm', title, edits, {
      notice:
        'drmm actions run last registered first: what works on this memory has to be registered after it',
    }),
  ];
}
