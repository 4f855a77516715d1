/** An action that is registered before what it ends is set up. */
import { errorWayCause } from '../causes.ts';
import { callLink, functionLink, wayLinks } from '../chains.ts';
import { type EarlyAction, earlyActions } from '../hazards/early-actions.ts';
import type { EarlyEnd } from '../hazards/early-ends.ts';
import { type UndoneEarly, undoneEarly } from '../hazards/undone-early.ts';
import { placeInside } from '../places.ts';
import type { Rule, RuleFinding } from './rule.ts';

export const actionBeforeSetup: Rule = {
  id: 'action-before-setup',
  summary:
    'an action is registered before what it ends is there: a failing probe runs it too early',
  defaultSeverity: 'warning',
  run: (pass) => [...earlyActions(pass).map(findingOf), ...undoneEarly(pass).map(errorWay)],
};

/** An error way, which is no action, and takes what is not there amiss all the same. */
function errorWay({ key, ender, end, begin, failing }: UndoneEarly): RuleFinding {
  const [first, ...below] = end;
  const { caller, call } = first ?? failing;
  const begins = begin.at(-1)?.call.callee ?? '';
  const step = failing.call.callee === '' ? 'a call through a pointer' : failing.call.callee;
  const runs =
    below.length > 0 ? `\`${call.callee}\` runs ${ender.name}()` : `${ender.name}() runs`;
  return {
    severity: 'warning',
    confidence: 'likely',
    place: placeInside(caller, call),
    function: caller.name,
    message: `when \`${step}\` fails in \`${caller.name}\`, ${runs} before ${begins}() has set up \`${key.member}\`: it ${ender.harm}`,
    timelines: ['probe-fail'],
    fixes: [],
    identity: ['error-way', ender.name, key.tag, key.member],
    causes: [errorWayCause(placeInside(failing.caller, failing.call))],
    chain: [
      callLink(failing, 'note', 'when this fails, the error way below runs'),
      ...linksOf({ key, ender, end, begin }),
    ],
  };
}

function findingOf({ registration, target, registered, ends, failing }: EarlyAction): RuleFinding {
  const { fn, call } = registration;
  const [first] = ends;
  const begins = first.begin.at(-1)?.call.callee ?? '';
  const step = failing?.call.callee === '' ? 'a call through a pointer' : failing?.call.callee;
  const when = failing
    ? `when \`${step}\` fails in \`${failing.caller.name}\``
    : 'when it cannot be registered';
  const more = ends.length > 1 ? `, and ${ends.length - 1} more` : '';
  return {
    severity: failing ? 'warning' : 'info',
    confidence: failing ? 'likely' : 'possible',
    place: placeInside(fn, call),
    function: fn.name,
    message: `\`${target.name}\` is registered before ${begins}() has set up \`${first.key.member}\`${more}: ${when}, it runs ${first.ender.name}(), which ${first.ender.harm}`,
    timelines: ['probe-fail'],
    fixes: [],
    identity: [target.name],
    chain: [
      ...wayLinks(registered, `registers \`${target.name}\``, 'registration'),
      ...(failing ? [callLink(failing, 'note', `when this fails, \`${target.name}\` runs`)] : []),
      functionLink(target, 'callback', `\`${target.name}\` undoes what is not there yet`),
      ...ends.flatMap(linksOf),
    ],
  };
}

function linksOf({ key, end, begin, ender }: EarlyEnd) {
  return [
    ...wayLinks(end, `${ender.harm}: \`${key.member}\` is not set up`),
    ...wayLinks(begin.slice(-1), `sets up \`${key.member}\`, later`, 'allocation'),
  ];
}
