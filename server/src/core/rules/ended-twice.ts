/** Something that one timeline gives back twice. */
import { callLink, functionLink, tableLink, wayLinks } from '../chains.ts';
import { type Ladder, splitLadder } from '../fixes/split-ladder.ts';
import { type OffTwice, offTwice } from '../hazards/off-while-suspended.ts';
import { type PutTwice, type PutUntaken, putTwice, putUntaken } from '../hazards/references.ts';
import type { Pass } from '../pass.ts';
import { placeInside } from '../places.ts';
import type { ChainLink } from '../result.ts';
import type { Site } from '../teardown/loops.ts';
import { apartOf } from '../teardown/twice/apart.ts';
import type { Ending } from '../teardown/twice/endings.ts';
import { type EndedTwice, endedTwice } from '../teardown/twice.ts';
import type { Rule, RuleFinding } from './rule.ts';

export const endedTwiceRule: Rule = {
  id: 'ended-twice',
  summary: 'the same thing is given back by two steps of one way out',
  defaultSeverity: 'error',
  run(pass) {
    return [
      ...pass.ask(endedTwice, null).map((one) => findingOf(pass, one)),
      ...offTwice(pass).map(whileSuspended),
      ...putTwice(pass).map(referenceTwice),
      ...putUntaken(pass).map(untaken),
    ];
  },
};

/** A failing function puts the reference that it was given, and again where it always does. */
function referenceTwice({ fn, name, found, first, second, byAction }: PutTwice): RuleFinding {
  return {
    severity: 'warning',
    confidence: 'likely',
    place: placeInside(fn, second),
    function: fn.name,
    message: `\`${fn.name}\` puts its reference to \`${name}\` a second time where it has failed and put it before: somebody else's goes with that`,
    timelines: [],
    fixes: [],
    identity: ['reference', fn.name, found.callee],
    chain: [
      callLink({ caller: fn, call: found }, 'allocation', `\`${name}\` comes with one reference`),
      callLink(
        { caller: fn, call: first },
        'release',
        byAction ? 'its action has put it when this fails' : 'puts it where something has failed',
      ),
      callLink({ caller: fn, call: second }, 'release', 'puts it again'),
    ],
  };
}

/** The last close of a file puts what its open has not taken. */
function untaken({ open, close, tag, binding }: PutUntaken): RuleFinding {
  return {
    severity: 'warning',
    confidence: 'likely',
    place: placeInside(close.caller, close.call),
    function: close.caller.name,
    message: `\`${close.caller.name}\` puts a reference to \`${tag}\` that \`${open.name}\` has not taken: \`${binding.end.fn.name}\` puts the driver's own`,
    timelines: ['unbind', 'unplug-open'],
    fixes: [],
    identity: ['untaken', close.caller.name, tag],
    chain: [
      functionLink(open, 'callback', `\`${open.name}\` takes no reference`),
      callLink(close, 'release', 'puts one'),
      tableLink(binding.end),
    ],
  };
}

/** Runtime suspend has switched it off already. */
function whileSuspended({ binding, key, suspend, suspended, removed }: OffTwice): RuleFinding {
  const { end } = binding;
  const [at = removed.way[0]] = removed.way.slice(-1);
  if (at === undefined) throw new Error('a stop without a call');
  const what = removed.release.what;
  return {
    severity: 'warning',
    confidence: 'likely',
    place: placeInside(at.caller, at.call),
    function: at.caller.name,
    message: `\`${end.fn.name}\` switches the ${what} \`${key.member}\` off a second time where the idle device is suspended: \`${suspend.name}\` has done so before`,
    timelines: ['unbind', 'unplug-open'],
    fixes: [],
    identity: [end.fn.name, key.tag, key.member],
    chain: [
      functionLink(suspend, 'callback', `\`${suspend.name}\` runs when the device is idle`),
      ...wayLinks(suspended.way, 'switches it off for the first time'),
      tableLink(end),
      ...wayLinks(
        removed.way,
        'switches it off again: nothing has resumed the device, or asked whether it is suspended',
      ),
    ],
  };
}

function findingOf(pass: Pass, { first, second, timelines, failing }: EndedTwice): RuleFinding {
  const sites = apartOf(first, second);
  const byHand = second.event.runs === 'call' || first.event.runs === 'callback';
  // The call by hand is what is to be changed: the action has to stay for the other timelines.
  const [told, site, other] = byHand ? [second, sites[1], first] : [first, sites[0], second];
  const { fn } = site.frame;
  const step = failing?.call.callee === '' ? 'a call through a pointer' : failing?.call.callee;
  const when = failing ? `when \`${step}\` fails in \`${failing.frame.fn.name}\`` : 'at unbind';
  const what = told.call.args[0]?.text.replace(/\s+/g, ' ') ?? '';
  const does = site.call === told.call ? 'gives back' : `gives back (by \`${told.call.callee}\`)`;
  const doer = doerOf(other, sites[byHand ? 0 : 1]);
  return {
    severity: 'error',
    confidence: 'likely',
    place: placeInside(fn, site.call),
    function: fn.name,
    message: byHand
      ? `\`${site.call.callee}\` ${does} \`${what}\` a second time ${when}: ${doer} has done so before`
      : `\`${site.call.callee}\` ${does} \`${what}\` ${when}, and ${doer} does so again`,
    timelines,
    fixes: () => {
      const ladder = failing && ladderOf(first, site, failing);
      return ladder ? splitLadder(pass, ladder) : [];
    },
    identity: [sites[0].frame.fn.name, site.call.callee],
    chain: [
      ...(failing
        ? [
            callLink(
              { caller: failing.frame.fn, call: failing.call },
              'note',
              `when this fails, \`${failing.frame.fn.name}\` goes its error way`,
            ),
          ]
        : []),
      ...linksOf(first, sites[0], 'gives it back for the first time'),
      ...linksOf(second, sites[1], 'gives it back again'),
    ],
  };
}

/** The action that has run because its registration failed, where the function that undoes it by hand can tell. */
function ladderOf({ event }: Ending, again: Site, failing: Site): Ladder | undefined {
  const { traceEvent } = event.traced;
  const registration = traceEvent.does === 'acquire' ? traceEvent.registration : undefined;
  if (event.runs !== 'callback' || !registration?.target || !registration.api.orReset)
    return undefined;
  if (failing.call !== registration.call) return undefined;
  let step = failing;
  while (step.frame.fn !== again.frame.fn) {
    const { parent, call, fn } = step.frame;
    // A function that does more can fail for other reasons, where the action has not run.
    if (!parent || !call || fn.facts.calls.length !== 1) return undefined;
    step = { frame: parent, call };
  }
  return {
    step: { caller: step.frame.fn, call: step.call },
    action: registration.target,
    again: { caller: again.frame.fn, call: again.call },
  };
}

function doerOf({ event }: Ending, { frame }: Site): string {
  const { traceEvent } = event.traced;
  if (event.runs === 'call' || traceEvent.does !== 'acquire') return `\`${frame.fn.name}\``;
  return `the action \`${traceEvent.registration?.callback ?? frame.fn.name}\``;
}

/** What leads to an ending, and the ending. */
function linksOf({ event, frame, call }: Ending, site: Site, words: string): ChainLink[] {
  const { traced } = event;
  const registers =
    event.runs === 'callback' && traced.traceEvent.does === 'acquire'
      ? traced.traceEvent.registration
      : undefined;
  const leads: ChainLink[] = registers
    ? [
        callLink(
          { caller: traced.frame.fn, call: traced.call },
          'registration',
          `registers \`${registers.callback}\`${registers.api.orReset ? ', which runs at once where that fails' : ''}`,
        ),
      ]
    : site.call === call
      ? []
      : [
          callLink(
            { caller: site.frame.fn, call: site.call },
            'call',
            `calls \`${site.call.callee}\``,
          ),
        ];
  return [...leads, callLink({ caller: frame.fn, call }, 'release', words)];
}
