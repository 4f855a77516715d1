/** Which of two severities is worse. */
import type { Severity } from './result.ts';

const ranks: Readonly<Record<Severity, number>> = { error: 3, warning: 2, info: 1, hint: 0 };

/** Whether `severity` is `limit` or worse. */
export function isAtLeast(severity: Severity, limit: Severity): boolean {
  return ranks[severity] >= ranks[limit];
}
