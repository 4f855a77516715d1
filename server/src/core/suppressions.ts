/** Takes away what a comment silences, and says which comments silence nothing or do not say why. */

import type { Suppression } from './facts/types.ts';
import { placeIn } from './places.ts';
import type { Unit } from './program/unit.ts';
import type { Finding } from './result.ts';
import type { RuleFinding } from './rules/rule.ts';
import {
  describeReasonless,
  suppressionWithoutReason,
} from './rules/suppression-without-reason.ts';
import { describeUnused, unusedSuppression } from './rules/unused-suppression.ts';
import { positionAt } from './text.ts';

/** What a comment needs to know of a finding. */
type Silenceable = Pick<Finding, 'rule' | 'place' | 'message'>;

/** One suppression with its file and what it has silenced. */
export interface Suppressing {
  readonly file: Unit;
  readonly suppression: Suppression;
  readonly silenced: Silenceable[];
}

/**
 * Applies the comments of all files to the findings.
 * @param isOff whether a rule is not run: then nobody can tell whether a comment about it is needed
 */
export function applySuppressions<T extends Silenceable>(
  files: readonly Unit[],
  findings: readonly T[],
  isOff: (rule: string) => boolean,
): { readonly kept: T[]; readonly reports: ReadonlyMap<string, readonly RuleFinding[]> } {
  const all = files.flatMap((file) =>
    file.suppressions.map((suppression): Suppressing => ({ file, suppression, silenced: [] })),
  );
  const kept = findings.filter((finding) => {
    const by = all.filter((one) => silences(one, finding));
    for (const one of by) one.silenced.push(finding);
    return by.length === 0;
  });
  const unused = all.flatMap((one) => {
    const needless = one.suppression.rules.filter(
      (rule) => !isOff(rule) && !one.silenced.some((finding) => finding.rule === rule),
    );
    // Other modules that include a header may need what it says.
    const counts =
      one.suppression.rules.length === 0 || (needless.length > 0 && !one.file.path.endsWith('.h'));
    return counts ? [describeUnused(one, needless)] : [];
  });
  const reasonless = all
    .filter((one) => one.suppression.reason === null && one.suppression.rules.length > 0)
    .map(describeReasonless);
  return {
    kept,
    reports: new Map([
      [unusedSuppression.id, unused],
      [suppressionWithoutReason.id, reasonless],
    ]),
  };
}

function silences({ file, suppression }: Suppressing, { rule, place }: Silenceable): boolean {
  return (
    suppression.rules.includes(rule) &&
    place.file === file.path &&
    place.start < suppression.covers.end &&
    place.end > suppression.covers.start
  );
}

/** The function that a suppression stands in or above, `''` for none. */
export function functionOf({ file, suppression }: Suppressing): string {
  const { covers } = suppression;
  return file.functions.find((fn) => fn.start < covers.end && fn.end > covers.start)?.name ?? '';
}

/** The first line of what a suppression covers. */
export function coveredPlace({ file, suppression }: Suppressing) {
  const { start, end } = suppression.covers;
  const { line } = positionAt(file.lineStarts, start);
  const lineEnd = (file.lineStarts[line + 1] ?? end + 1) - 1;
  return placeIn(file, { start, end: Math.max(start, Math.min(end, lineEnd)) });
}
