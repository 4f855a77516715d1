/** A comment that silences a rule which finds nothing there. The driver reports it: core/suppressions.ts. */

import { EditSet } from '../fixes/edits.ts';
import { offered } from '../fixes/offer.ts';
import { placeIn } from '../places.ts';
import type { Fix } from '../result.ts';
import { coveredPlace, functionOf, type Suppressing } from '../suppressions.ts';
import type { Rule, RuleFinding } from './rule.ts';

export const unusedSuppression: Rule = {
  id: 'unused-suppression',
  summary: 'a comment silences a rule that finds nothing there',
  defaultSeverity: 'info',
  run: () => [],
};

/** @param needless the rules of the comment that found nothing; empty when it names none at all */
export function describeUnused(one: Suppressing, needless: readonly string[]): RuleFinding {
  const { file, suppression } = one;
  const place = placeIn(file, suppression);
  const fn = functionOf(one);
  const names = needless.map((rule) => `\`${rule}\``).join(', ');
  const message =
    needless.length === 0
      ? 'the suppression names no rule, so it silences nothing'
      : `the suppression of ${names} silences nothing here`;
  return {
    severity: 'info',
    confidence: 'certain',
    place,
    function: fn,
    message,
    timelines: [],
    chain: [
      { role: 'note', place, function: fn, message: 'the comment' },
      { role: 'note', place: coveredPlace(one), function: fn, message: 'what it is about' },
    ],
    fixes: needless.length === suppression.rules.length ? removal(one) : [],
    identity: [...needless],
  };
}

function removal({ file, suppression }: Suppressing): Fix[] {
  if (!suppression.removal) return [];
  const edits = new EditSet();
  edits.put(file.path, suppression.removal, '');
  return [offered('delete-suppression', 'Delete the suppression', edits, { safety: 'safe' })];
}
