/**
 * `check --format b4-review`: what `b4 review` wants of a `review-perpatch-check-cmd`, which gets the
 * mail on stdin: a list of results, here one for each patch.
 */
import type { Finding } from '../../core/result.ts';
import type { Added } from '../added.ts';
import { styleFor } from './style.ts';
import { findingBlocks, foundWords } from './text.ts';

type Status = 'pass' | 'warn' | 'fail';

export interface B4Result {
  readonly tool: 'driver-teardown';
  readonly status: Status;
  readonly summary: string;
  readonly details?: string;
}

function resultOf(findings: readonly Finding[], before: string): B4Result {
  const isAny = (severity: string): boolean => findings.some((one) => one.severity === severity);
  const status = isAny('error') ? 'fail' : isAny('warning') ? 'warn' : 'pass';
  const summary = `${before}${foundWords(findings)}`;
  const result = { tool: 'driver-teardown', status, summary } as const;
  if (findings.length === 0) return result;
  return { ...result, details: findingBlocks(findings, styleFor(false)).join('\n') };
}

/** What could not be judged is not passed. */
export function b4Problem(summary: string): string {
  return shown([{ tool: 'driver-teardown', status: 'warn', summary }]);
}

function shown(results: readonly B4Result[]): string {
  return `${JSON.stringify(results, null, 2)}\n`;
}

export function renderB4Review({ findings, patches }: Added): string {
  if (patches === undefined || patches.length < 2) return shown([resultOf(findings, '')]);
  return shown(patches.map((one) => resultOf(one.findings, `${one.patch.subject ?? ''}: `)));
}
