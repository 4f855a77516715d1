/** remove() stops a work, a timer or a queue while what starts it can still run. */
import { functionLink, tableLink, wayLinks } from '../chains.ts';
import { fedTransfers } from '../hazards/fed-transfers.ts';
import { type Fed, fedAfterEnd, runsOf } from '../hazards/feeders.ts';
import { placeInside } from '../places.ts';
import type { Severity } from '../result.ts';
import { type ClosedBinding, closedBindingsOf } from '../teardown/bindings.ts';
import type { Pass, Rule, RuleFinding } from './rule.ts';

export const stoppedBeforeFeeder: Rule = {
  id: 'stopped-before-feeder',
  summary: 'remove() stops a work, timer or queue before what starts it again',
  defaultSeverity: 'warning',
  run(pass) {
    const seen = new Set<object>();
    return closedBindingsOf(pass)
      .filter(({ end }) => !seen.has(end.fn) && seen.add(end.fn))
      .flatMap((binding) =>
        [...fedAfterEnd(pass, binding), ...fedTransfers(pass, binding)].flatMap((fed) =>
          findingOf(pass, binding, fed),
        ),
      );
  },
};

function severityOf({ feeder, plain, doubt }: Fed): Severity {
  if (doubt !== undefined) return 'hint';
  if (feeder.kind === 'call') return plain ? 'info' : 'hint';
  return plain ? 'warning' : 'info';
}

function findingOf(pass: Pass, { end: out }: ClosedBinding, fed: Fed): RuleFinding[] {
  const { end, feeder, way, plain } = fed;
  const [at] = end.way.slice(-1);
  if (!at) return [];
  const severity = severityOf(fed);
  const { key, kind, what } = end;
  const name = feeder.fn.name;
  const verb = kind === 'stopped' ? 'stops' : 'destroys';
  const then = kind === 'stopped' ? 'starts it again' : 'puts work on it';
  const when = {
    worker: 'which is stopped only afterwards',
    node: `which can run until ${feeder.what} is gone`,
    close: 'when a file that is still open is done with it',
    call: 'when it is under way: no drm_dev_enter() makes unplug wait for it',
  }[feeder.kind];
  const isEnded = feeder.kind === 'worker' || feeder.kind === 'node';
  const words = isEnded ? '' : ` (${feeder.what})`;
  const doubt = fed.doubt ?? (plain ? '' : ', where its conditions lead there');
  return [
    {
      severity,
      confidence: severity === 'warning' ? 'likely' : 'possible',
      place: placeInside(at.caller, at.call),
      function: at.caller.name,
      message: `\`${out.fn.name}\` ${verb} the ${what} \`${key.member}\`, and \`${name}\`${words} ${then}, ${when}${doubt}`,
      timelines: isEnded ? ['unbind', 'unplug-open'] : ['unplug-open'],
      fixes: [],
      identity: [key.tag, key.member, name],
      chain: [
        tableLink(out),
        ...wayLinks(end.way, `${verb} \`${key.member}\``),
        functionLink(
          feeder.fn,
          'callback',
          `\`${name}\` runs ${when.replace('which is', 'until it is').replace('which can run ', '')}`,
        ),
        ...wayLinks(way, then, 'note'),
        ...(feeder.stop ? wayLinks(feeder.stop, `stops \`${name}\``, 'note') : []),
        ...(kind === 'stopped' ? runsOf(pass, key) : []).map((fn) =>
          functionLink(fn, 'note', `\`${fn.name}\` runs then`),
        ),
      ],
    },
  ];
}
