/** Which steps the order view shows, as plain data: by scope, by text, and only those with findings. */
import { say } from '#say';
import type { OrderStep } from '../../../server/src/lsp/protocol.ts';
import { fileName, scopeWords, stepName } from './order-words.ts';

export interface OrderFilter {
  readonly scope: NonNullable<OrderStep['scope']> | 'all';
  /** Every word of it must occur somewhere in a step. */
  readonly text: string;
  readonly findingsOnly: boolean;
}

export const noFilter: OrderFilter = { scope: 'all', text: '', findingsOnly: false };

export function isFiltering({ scope, text, findingsOnly }: OrderFilter): boolean {
  return scope !== 'all' || text.trim() !== '' || findingsOnly;
}

/** Whether a step is shown. */
export function passes(step: OrderStep, { scope, text, findingsOnly }: OrderFilter): boolean {
  if (findingsOnly && step.findings.length === 0 && step.marks.length === 0) return false;
  if (scope !== 'all' && step.scope !== scope) return false;
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  if (words.length === 0) return true;
  const where = searched(step).toLowerCase();
  return words.every((word) => where.includes(word));
}

/** What the text is looked for in: everything that the view says of a step. */
function searched(step: OrderStep): string {
  const marks = step.marks.map(({ text }) => text);
  const findings = step.findings.flatMap(({ rule, message }) => [rule, message]);
  return [
    stepName(step),
    step.action,
    step.argument,
    step.kind,
    step.releases,
    step.group,
    step.function,
    fileName(step.registered),
    step.conditional,
    step.repeats,
    ...marks,
    ...findings,
  ].join('\n');
}

/** The filter in words; undefined when everything is shown. */
export function describeFilter(filter: OrderFilter): string | undefined {
  if (!isFiltering(filter)) return undefined;
  const { scope, text, findingsOnly } = filter;
  const parts = [
    ...(scope === 'all' ? [] : [say('{0} only', scopeWords[scope])]),
    ...(text.trim() === '' ? [] : [`“${text.trim()}”`]),
    ...(findingsOnly ? [say('findings only')] : []),
  ];
  return say('Filter: {0}', parts.join(', '));
}
