/** What an open file reaches after unplug touches registers with no drm_dev_enter() around. */
import { tableLink, wayLinks } from '../chains.ts';
import { guardAccess } from '../fixes/guard-access.ts';
import { lateHardware } from '../hazards/late-hardware.ts';
import { namePlace } from '../places.ts';
import { guardingFunctions } from '../program/guarding.ts';
import type { FunctionRef } from '../program/program.ts';
import { bindingsOf, firstWith, waysToRole } from '../teardown/bindings.ts';
import type { Rule, RuleFinding } from './rule.ts';

export const unguardedAfterUnplug: Rule = {
  id: 'unguarded-after-unplug',
  summary: 'an entry point of an open file reaches registers without drm_dev_enter()',
  defaultSeverity: 'hint',
  run(pass) {
    const unplugs = waysToRole(pass, 'unplug');
    const remove = bindingsOf(pass).flatMap(({ ends }) => firstWith(unplugs, ends) ?? [])[0];
    if (!remove) return [];
    const names = pass.catalog.data.milestones
      .filter((m) => m.role === 'mmio-access')
      .map((m) => m.name);
    const ways = pass.graph.waysTo(
      names,
      ({ caller, call }) => !pass.catalog.flows.of(caller.facts).isGuarded(call),
      guardingFunctions(pass.program, pass.catalog),
    );
    const wanted = new Set(names);
    const reaching = (fn: FunctionRef) =>
      fn.facts.calls.filter(
        (call) =>
          !pass.catalog.flows.of(fn.facts).isGuarded(call) &&
          (wanted.has(call.callee) ||
            pass.graph.targetsOf(fn, call).some((target) => ways.has(target))),
      );
    const seen = new Set<object>();
    const sure = new Set(
      pass
        .ask(lateHardware, null)
        .filter(({ plain, role, root }) => plain && role === 'mmio-access' && root.when === 'close')
        .map(({ root }) => root.fn),
    );
    const findings: RuleFinding[] = [];
    for (const found of pass.tableFunctions) {
      const { fn } = found;
      if (found.role !== 'open-file' || seen.has(fn) || !ways.has(fn)) continue;
      seen.add(fn);
      const way = ways.from(fn);
      const last = way[way.length - 1];
      findings.push({
        severity: sure.has(fn) ? 'warning' : 'hint',
        confidence: sure.has(fn) ? 'likely' : 'possible',
        place: namePlace(fn),
        function: fn.name,
        message: `\`${fn.name}\` runs for an open file and reaches registers${last ? ` in \`${last.caller.name}\`` : ''} with no drm_dev_enter(), after unplug has unmapped them`,
        timelines: ['unplug-open'],
        fixes: () => guardAccess(pass, fn, reaching(fn)),
        identity: [],
        chain: [
          tableLink(found),
          ...wayLinks(way, 'touches registers'),
          ...wayLinks(unplugs.from(remove), 'unplugs the device, with files open', 'note'),
        ],
      });
    }
    return findings;
  },
};
