/** A section that somebody waits for is entered, and one way out of the function does not leave it. */
import { callLink } from '../chains.ts';
import type { HeldExit } from '../facts/flow/held.ts';
import { type LeftOpen, leftOpen } from '../hazards/left-open.ts';
import { placeInside } from '../places.ts';
import type { FunctionRef } from '../program/program.ts';
import type { Place } from '../result.ts';
import type { Rule, RuleFinding } from './rule.ts';

export const sectionNeverLeft: Rule = {
  id: 'section-never-left',
  summary:
    'a way out of a function does not leave the section that it has entered: unplug waits for ever',
  defaultSeverity: 'warning',
  run: (pass) => leftOpen(pass).map(findingOf),
};

function findingOf({ section, site, exits, leaves }: LeftOpen): RuleFinding {
  const { caller, call } = site;
  const [first] = exits;
  const where = first && first.exit.start >= 0 ? 'returns here' : 'comes to its end';
  return {
    severity: 'warning',
    confidence: 'likely',
    place: first ? exitPlace(caller, first) : placeInside(caller, call),
    function: caller.name,
    message: `\`${caller.name}\` ${where} without ${section.leaves}(): the section of ${section.name}() never ends, and ${section.waits} waits for it for ever`,
    timelines: ['unbind', 'unplug-open'],
    fixes: [],
    identity: [section.name],
    chain: [
      callLink(site, 'allocation', `${section.name}() enters the section`),
      ...exits.map((exit) => ({
        role: 'note' as const,
        place: exitPlace(caller, exit),
        function: caller.name,
        message: `the function is left here, still in it`,
      })),
      ...leaves.map((one) =>
        callLink({ caller, call: one }, 'release', `${section.leaves}() leaves it on other ways`),
      ),
    ],
  };
}

/** The return, or the brace at the end of the body. */
function exitPlace(fn: FunctionRef, { exit }: HeldExit): Place {
  const { body } = fn.facts;
  return exit.start < 0
    ? placeInside(fn, { start: body.end - 1, end: body.end })
    : placeInside(fn, { start: exit.start, end: exit.start + 'return'.length });
}
