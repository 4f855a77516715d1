/** Fixes that move something to another scope: subsystems differ in whether they want such patches. */
import type { Fix } from '../result.ts';

const ids: ReadonlySet<string> = new Set([
  'to-devm',
  'to-devm-keep-memory',
  'to-drmm',
  'managed-wrapper',
  'managed-helper',
  'split',
  'stop-at-unbind',
  'devm-action',
  'manage-runtime-pm',
]);

/** The fix as one that is only told where the configuration wants no conversions. */
export function withoutConversion(fix: Fix): Fix {
  if (!ids.has(fix.id) || fix.safety === 'manual') return fix;
  const { id, title, creates } = fix;
  return {
    id,
    title,
    creates,
    safety: 'manual',
    preferred: false,
    edits: [],
    reason: 'conversions are not offered in this folder ("conversions" in the configuration)',
  };
}
