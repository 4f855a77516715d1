/** Runtime PM that probe enables and no way out disables. */
import { functionLink, tableLink, wayLinks } from '../chains.ts';
import { enableManaged } from '../fixes/check-result.ts';
import { placeInside } from '../places.ts';
import {
  type ClosedBinding,
  closedBindingsOf,
  firstWith,
  waysToRole,
} from '../teardown/bindings.ts';
import type { Pass, Rule, RuleFinding } from './rule.ts';

export const runtimePmLeftEnabled: Rule = {
  id: 'runtime-pm-left-enabled',
  summary: 'probe enables runtime PM and no way out disables it',
  defaultSeverity: 'hint',
  run(pass) {
    const found = new Map<object, RuleFinding>();
    for (const binding of closedBindingsOf(pass)) {
      const finding = judge(pass, binding);
      if (finding && !found.has(finding.call)) found.set(finding.call, finding.finding);
    }
    return [...found.values()];
  },
};

function judge(
  pass: Pass,
  { start, end, ends }: ClosedBinding,
): { readonly call: object; readonly finding: RuleFinding } | undefined {
  const enables = waysToRole(pass, 'runtime-pm-enable');
  const way = enables.from(start.fn);
  const last = way[way.length - 1];
  if (!last || firstWith(waysToRole(pass, 'runtime-pm-disable'), ends)) return undefined;
  if (pass.graph.unresolvedIn(pass.graph.reachedFrom([end.fn]))) return undefined;
  return {
    call: last.call,
    finding: {
      severity: 'hint',
      confidence: 'likely',
      place: placeInside(last.caller, last.call),
      function: last.caller.name,
      message: `\`${last.caller.name}\` enables runtime PM, and \`${end.fn.name}\` leaves it enabled after unbind`,
      timelines: ['unbind', 'probe-fail'],
      fixes: () => enableManaged(pass, last),
      identity: [end.fn.name],
      chain: [
        ...wayLinks(way, 'enables runtime PM', 'allocation'),
        tableLink(end),
        functionLink(
          end.fn,
          'callback',
          `neither \`${end.fn.name}\` nor a devm action disables it`,
        ),
      ],
    },
  };
}
