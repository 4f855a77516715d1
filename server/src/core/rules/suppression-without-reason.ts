/** A suppression that does not say why. The driver reports it: core/suppressions.ts. */
import { placeIn } from '../places.ts';
import { coveredPlace, functionOf, type Suppressing } from '../suppressions.ts';
import type { Rule, RuleFinding } from './rule.ts';

export const suppressionWithoutReason: Rule = {
  id: 'suppression-without-reason',
  summary: 'a suppression does not say why the code is right',
  defaultSeverity: 'warning',
  run: () => [],
};

export function describeReasonless(one: Suppressing): RuleFinding {
  const { file, suppression, silenced } = one;
  const place = placeIn(file, suppression);
  const fn = functionOf(one);
  const names = suppression.rules.map((rule) => `\`${rule}\``).join(', ');
  return {
    severity: 'warning',
    confidence: 'certain',
    place,
    function: fn,
    message: `the suppression of ${names} gives no reason: say behind \`--\` why the code is right`,
    timelines: [],
    chain: [
      { role: 'note', place, function: fn, message: 'the comment' },
      {
        role: 'note',
        place: silenced[0]?.place ?? coveredPlace(one),
        function: fn,
        message: silenced[0] ? `silenced: ${silenced[0].message}` : 'what it is about',
      },
    ],
    fixes: [],
    identity: [...suppression.rules],
  };
}
