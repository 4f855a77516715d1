/**
 * The order of release on each timeline, from the order of registration (docs/semantics.md).
 * devres runs last in, first out; the drmm list does so at the last put. With no open file the last
 * put is the devm action that devm_drm_dev_alloc() registered; with one it comes after all of devres.
 */
import type { ProbeFailure, TeardownStep } from '../result.ts';

/** What teardown works with: the steps in the order of registration, and the functions called by hand. */
export interface Registered {
  readonly steps: readonly TeardownStep[];
  /** Marks the step that drops the drm_device, if the module allocates one so. */
  readonly device: TeardownStep | undefined;
  readonly remove: TeardownStep | undefined;
  readonly release: TeardownStep | undefined;
}

/** The drmm chain as it runs at the last put. */
function lastPut({ release }: Registered, steps: readonly TeardownStep[]): TeardownStep[] {
  return [...(release ? [release] : []), ...steps.filter((step) => step.scope === 'drm').reverse()];
}

/** devres in reverse, with the last put at the device's own position when nothing else holds it. */
function devres(registered: Registered, steps: readonly TeardownStep[], holds: boolean): TeardownStep[] {
  const out: TeardownStep[] = [];
  for (const step of steps.filter((one) => one.scope === 'bound').reverse()) {
    if (step !== registered.device) out.push(step);
    else if (holds) out.push(step);
    else out.push({ ...step, phase: 'last-put' }, ...lastPut(registered, steps));
  }
  return out;
}

/** Unbind with no open file. */
export function unbind(registered: Registered): TeardownStep[] {
  const { steps, remove, device } = registered;
  const out = [...(remove ? [remove] : []), ...devres(registered, steps, false)];
  // Without devm_drm_dev_alloc() a put by hand, in remove or in a callback, is the last one.
  return device ? out : [...out, ...lastPut(registered, steps)];
}

/** Unbind or unplug while user space holds a file: the whole drmm chain moves behind devres. */
export function unplugOpen(registered: Registered): TeardownStep[] {
  const { steps, remove } = registered;
  return [...(remove ? [remove] : []), ...devres(registered, steps, true), ...lastPut(registered, steps)];
}

/** What runs when probe fails right after each registration: no remove, no drm_dev_unplug(). */
export function probeFailures(registered: Registered): ProbeFailure[] {
  return registered.steps.map((step, i) => {
    const done = registered.steps.slice(0, i + 1);
    const device = registered.device && done.includes(registered.device);
    const released = devres(registered, done, false);
    return { after: step.action, steps: device ? released : [...released, ...done.filter((one) => one.scope === 'drm').reverse()] };
  });
}
