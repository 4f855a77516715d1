/** At which end of a timeline something is over: with remove(), with devm at unbind, or only at the last put. */
import type { OrderRunner, OrderStep } from '../../../server/src/lsp/protocol.ts';

/** When a runner is over; `unseen` where nothing was seen to end it. */
export type RunnerEnd = 'remove' | 'devm' | 'last-put' | 'unseen';

/** Whether a step runs when the device is unbound already: at the last drm_dev_put(). */
export function isAfterUnbind({ phase }: Pick<OrderStep, 'phase'>): boolean {
  return phase === 'drmm' || phase === 'last-put' || phase === 'release';
}

/** @param steps those of the runner's timeline */
export function endOf(
  { until }: Pick<OrderRunner, 'until'>,
  steps: readonly Pick<OrderStep, 'phase'>[],
): RunnerEnd {
  const step = until === null ? undefined : steps[until - 1];
  if (step === undefined) return 'unseen';
  if (isAfterUnbind(step)) return 'last-put';
  return step.phase === 'devm' ? 'devm' : 'remove';
}
