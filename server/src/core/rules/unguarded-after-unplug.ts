/** What an open file reaches after unplug touches registers with no drm_dev_enter() around. */
import { callLink, tableLink, wayLinks } from '../chains.ts';
import { guardAccess } from '../fixes/guard-access.ts';
import { isPlainWay } from '../hazards/ends.ts';
import { isFlagged } from '../hazards/flagged.ts';
import { endedMappingOf, type RegisterMapping } from '../hazards/register-mappings.ts';
import { unbinders } from '../hazards/unbinders.ts';
import { isMeant, isOpen, type Way } from '../hazards/ways.ts';
import { namePlace } from '../places.ts';
import type { Ways } from '../program/call-graph.ts';
import type { TableFunction } from '../program/entries.ts';
import { guardingFunctions } from '../program/guarding.ts';
import { lateUsersOf } from '../program/late-users.ts';
import type { FunctionRef } from '../program/program.ts';
import { bindingsOf, firstWith, waysToRole } from '../teardown/bindings.ts';
import type { Pass, Rule, RuleFinding } from './rule.ts';

export const unguardedAfterUnplug: Rule = {
  id: 'unguarded-after-unplug',
  summary: 'an entry point of an open file reaches registers without drm_dev_enter()',
  defaultSeverity: 'hint',
  run(pass) {
    const unplugs = waysToRole(pass, 'unplug');
    const remove = bindingsOf(pass).flatMap(({ ends }) => firstWith(unplugs, ends) ?? [])[0];
    if (!remove) return [];
    const ways = waysToRegisters(pass);
    const seen = new Set<FunctionRef>();
    return pass.tableFunctions.flatMap((entry): RuleFinding[] => {
      const { fn } = entry;
      if (entry.role !== 'open-file' || seen.has(fn) || !ways.has(fn)) return [];
      const span = spanOf(pass, entry);
      if (!span) return [];
      seen.add(fn);
      const way = ways.from(fn);
      const access = way.at(-1);
      const mapping = access && isMeant(pass, way, ways) && endedMappingOf(pass, access);
      if (!mapping || isTold(pass, mapping, fn)) return [];
      if (isBarred(pass, way)) return [];
      return [findingOf(pass, { entry, span, way, mapping, ways }, unplugs.from(remove))];
    });
  },
};

/** So many calls, some under conditions, are no evidence any more: one of them is false after remove(). */
const longest = 7;

/**
 * Whether the way is closed by then: it asks for what remove() or a devm action clears, or leads through a
 * dispatcher.
 */
function isBarred(pass: Pass, way: Way): boolean {
  return (
    !isOpen(pass, way) ||
    (way.length > longest && !isPlainWay(pass, way)) ||
    unbinders(pass).some((out) => isFlagged(pass, way, out))
  );
}

/** Whether remove() unmaps by hand what a late callback uses: that is `open-file-uses-ended`. */
function isTold(pass: Pass, { keys, managed }: RegisterMapping, fn: FunctionRef): boolean {
  if (managed) return false;
  return lateUsersOf(pass)
    .of(keys, undefined)
    .some(({ root, certain }) => certain && root.fn === fn);
}

interface Found {
  readonly entry: TableFunction;
  readonly span: Span;
  readonly way: Way;
  readonly mapping: RegisterMapping;
  readonly ways: Ways;
}

/**
 * `close`: a last close or put comes to it; `after`: it can begin after unplug; `under-way`: it can only go on
 * then.
 */
type Span = 'close' | 'after' | 'under-way';

function spanOf({ catalog }: Pass, { table, entry }: TableFunction): Span | undefined {
  const ops = catalog.ops.get(table.struct);
  if (ops?.guarded?.includes(entry.member)) return undefined;
  if (ops?.closing?.includes(entry.member)) return 'close';
  return ops?.lasting?.includes(entry.member) ? 'after' : 'under-way';
}

function accessesOf(pass: Pass): readonly string[] {
  return pass.catalog.data.milestones
    .filter(({ role }) => role === 'mmio-access')
    .map(({ name }) => name);
}

function waysToRegisters(pass: Pass): Ways {
  return pass.graph.waysTo(
    accessesOf(pass),
    ({ caller, call }) => !pass.catalog.flows.of(caller.facts).isGuarded(call),
    guardingFunctions(pass.program, pass.catalog),
  );
}

/** The calls of a function that lead to registers, for the guard around them. */
function reaching(pass: Pass, fn: FunctionRef, ways: Ways) {
  const wanted = new Set(accessesOf(pass));
  const flow = pass.catalog.flows.of(fn.facts);
  return fn.facts.calls.filter(
    (call) =>
      !flow.isGuarded(call) &&
      (wanted.has(call.callee) ||
        pass.graph.targetsOf(fn, call).some((target) => ways.has(target))),
  );
}

function findingOf(pass: Pass, found: Found, unplug: Way): RuleFinding {
  const { entry, span, way, mapping, ways } = found;
  const { fn } = entry;
  const sure = span !== 'under-way' && isPlainWay(pass, way);
  const when =
    span !== 'under-way'
      ? 'can run after drm_dev_unplug()'
      : 'can still be under way when drm_dev_unplug() returns';
  const by = `${mapping.site.call.callee}()`;
  return {
    severity: !sure ? 'hint' : span === 'close' ? 'warning' : 'info',
    confidence: sure ? 'likely' : 'possible',
    place: namePlace(fn),
    function: fn.name,
    message: `\`${fn.name}\` ${when}, and reaches registers${whereOf(way)} with no drm_dev_enter(): unbind unmaps what ${by} has mapped`,
    timelines: ['unplug-open'],
    fixes: () => guardAccess(pass, fn, reaching(pass, fn, ways)),
    identity: [],
    chain: [
      tableLink(entry),
      ...wayLinks(way, 'touches registers'),
      callLink(mapping.site, 'note', `${by} maps them until unbind`),
      ...wayLinks(unplug, 'unplugs the device, with files open', 'note'),
    ],
  };
}

function whereOf(way: Way): string {
  const last = way.at(-1);
  return last ? ` in \`${last.caller.name}\`` : '';
}
