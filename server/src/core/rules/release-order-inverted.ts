/** A release that works on something which an earlier step of the teardown has ended already. */
import { callWords } from '../chains.ts';
import type { CallFact } from '../facts/types.ts';
import { convertToDevm } from '../fixes/convert-to-devm.ts';
import { moveRegistration } from '../fixes/move-registration.ts';
import { evictAll } from '../fixes/remove-calls.ts';
import { namePlace, placeInside } from '../places.ts';
import { endsBefore, type Late, latesOf } from '../program/late.ts';
import type { CallSite, FunctionRef } from '../program/program.ts';
import { wayTo } from '../program/reach.ts';
import { type Torn, tornBy, tornByHand } from '../program/torn.ts';
import { type Use, Uses } from '../program/uses.ts';
import type { ChainLink, Confidence, Fix, Severity, Timeline } from '../result.ts';
import { type Entry, entriesOf } from '../teardown/entries.ts';
import { type Acquisition, TeardownWalk } from '../teardown/walk.ts';
import type { Pass, Rule, RuleFinding } from './rule.ts';

interface Found {
  readonly late: Late;
  readonly torn: Torn;
  readonly use: Use;
  /** The eviction that leads into the driver's tables. */
  readonly through: readonly CallSite[];
}

/** Calls from the driver's move down to the use. */
const nearby = 4;

export const releaseOrderInverted: Rule = {
  id: 'release-order-inverted',
  summary: 'a release uses what an earlier step of the teardown has already ended',
  defaultSeverity: 'error',
  run(pass) {
    const walk = new TeardownWalk(pass.program, pass.catalog, pass.registrations);
    const uses = new Uses(pass.program, pass.catalog);
    const found = entriesOf(pass.tableFunctions).flatMap((entry) =>
      judgeEntry(pass, uses, entry, walk.from(entry.start.fn)),
    );
    const seen = new Set<string>();
    return found.filter((one) => {
      const key = `${one.place.file}:${one.place.start}:${one.identity.join()}`;
      return !seen.has(key) && seen.add(key) !== undefined;
    });
  },
};

function judgeEntry(
  pass: Pass,
  uses: Uses,
  entry: Entry,
  acquired: readonly Acquisition[],
): RuleFinding[] {
  // A helper that runs for each tile counts where it runs first: its inner order is the same each time.
  const order = [
    ...new Map([...acquired].reverse().map((one) => [one.call, one])).values(),
  ].reverse();
  const torn = order.flatMap((one) => tornBy(pass, one));
  const byHand = entry.end ? tornByHand(pass.program, pass.catalog, entry.end.fn) : [];
  const position = new Map(order.map((one, i) => [one, i]));
  const pivot = order.findIndex((one) => one.api.role === 'device-alloc');
  return latesOf(pass.tableFunctions, order).flatMap((late) => {
    const earlier = torn.filter(
      (one) => one.by && endsBefore(late, one.by, position.get(one.by) ?? 0),
    );
    const ended = [...earlier, ...byHand.filter((one) => !isQueue(one))];
    const direct = usesOf(uses, pass, late, ended).map((found) =>
      findingOf(pass, found, pivot, position),
    );
    const worst = ['error', 'warning', 'hint']
      .map((severity) => direct.find((one) => one.severity === severity))
      .find((one) => one !== undefined);
    return worst || late.scope !== 'drm'
      ? worst
        ? [worst]
        : []
      : evictions(pass, uses, late, ended, entry);
  });
}

/** Queues and what runs on them have a rule of their own. */
function isQueue(torn: Torn): boolean {
  return torn.what === 'workqueue' || torn.what === 'work' || torn.what === 'timer';
}

function usesOf(
  uses: Uses,
  pass: Pass,
  late: Late,
  ended: readonly Torn[],
  from: FunctionRef = late.fn,
  through: readonly CallSite[] = [],
): Found[] {
  const wanted = new Map<string, Torn['key'][]>();
  for (const { key } of ended) {
    const last = key.member.split('.').pop() ?? key.member;
    wanted.set(last, [...(wanted.get(last) ?? []), key]);
  }
  if (wanted.size === 0) return [];
  // Freeing what a scope owns is manual-free-of-managed-memory's; an assertion follows nothing.
  const { memory, observers } = pass.catalog.data;
  const others = new Set([
    ...memory.flatMap((entry) => entry.releases),
    ...observers.map((one) => one.name),
  ]);
  const query = {
    wanted,
    counts: ({ callee }: CallFact) =>
      !others.has(callee) && !pass.catalog.managed.has(callee) && !/assert/i.test(callee),
  };
  return uses.of(from, query).flatMap((use) => {
    const torn = ended.find(
      (one) => one.key.tag === use.key.tag && one.key.member === use.key.member,
    );
    return torn ? [{ late, torn, use, through }] : [];
  });
}

/** A late eviction copies BOs with the driver's own engine: harm when that has ended and remove() did not evict. */
function evictions(
  pass: Pass,
  uses: Uses,
  late: Late,
  ended: readonly Torn[],
  entry: Entry,
): RuleFinding[] {
  const callers = new Map(pass.catalog.data.callbacks.map((one) => [one.name, one]));
  const way = wayTo(pass.program, late.fn, callers.keys());
  const caller = callers.get(way?.[way.length - 1]?.call.callee ?? '');
  if (!way || !caller || (entry.end && wayTo(pass.program, entry.end.fn, callers.keys())))
    return [];
  const ours = ended.filter(
    (one) => (one.how === 'action' || one.what === 'memory') && one.by?.api.scope !== 'drm',
  );
  const members = pass.tableFunctions.filter(
    (one) => one.table.struct === caller.struct && caller.members.includes(one.entry.member),
  );
  const found = members.flatMap((member) => usesOf(uses, pass, late, ours, member.fn, way));
  const worst = [...found].sort(
    (a, b) => Number(b.torn.only) - Number(a.torn.only) || a.use.way.length - b.use.way.length,
  )[0];
  if (!worst) return [];
  const { torn, use } = worst;
  // Far below, the move of a BO only may come by.
  const near = torn.only && use.way.length <= nearby;
  return [
    make(
      worst,
      near ? 'warning' : 'hint',
      near ? 'likely' : 'possible',
      ['unbind', 'unplug-open'],
      `\`${late.fn.name}\` evicts at the last drm_dev_put(), and moving a BO needs \`${torn.key.member}\`, which is ${endText(torn)} before; evict in remove()`,
      () => evictionFixes(pass, entry, way),
    ),
  ];
}

function fixesOf(pass: Pass, { late, torn }: Found, converts: boolean): Fix[] {
  if (converts && late.at?.registration && torn.by)
    return convertToDevm(pass, late.at.registration);
  const name = late.fn.name;
  if (late.at && torn.by)
    return moveRegistration(
      pass,
      late.at,
      torn.by,
      `Register \`${name}\` after \`${torn.key.member}\` is taken`,
    );
  return byHand(
    'move-registration',
    `Release \`${torn.key.member}\` in \`${name}\` itself`,
    'it changes what runs before and after it',
  );
}

function evictionFixes(pass: Pass, entry: Entry, way: readonly CallSite[]): Fix[] {
  const last = way[way.length - 1];
  return last ? evictAll(pass, entry.end ? [entry.end.fn] : [], last) : [];
}

/** A remedy that is told, not done. */
function byHand(id: string, title: string, reason: string): Fix[] {
  return [{ id, title, safety: 'manual', preferred: false, edits: [], reason, creates: [] }];
}

function endText({ how, ender }: Torn): string {
  if (how === 'hand') return `released by ${ender}() in remove()`;
  return how === 'managed'
    ? `devm (${ender}()) and gone at unbind`
    : `released by the devm action \`${ender}\` at unbind`;
}

function findingOf(
  pass: Pass,
  found: Found,
  pivot: number,
  position: ReadonlyMap<Acquisition, number>,
): RuleFinding {
  const { torn, use, late } = found;
  const { scope } = late;
  const arranged = torn.only && torn.always && (late.at?.conditional ?? null) === null;
  const sure = arranged && !use.conditional;
  // What remove() releases by hand it often releases for good reason; what devm ends is gone each time.
  const severity = sure ? 'error' : arranged && torn.how !== 'hand' ? 'warning' : 'hint';
  const condition = severity === 'warning' ? ', whenever its conditions lead there' : '';
  const last = use.way[use.way.length - 1];
  const inside = torn.by !== undefined && torn.by.api.scope === scope;
  const before = inside
    ? `${torn.how === 'managed' ? `${torn.ender}()` : `\`${torn.ender}\``} was registered later and goes first`
    : `that is ${endText(torn)}`;
  const when = scope === 'drm' ? 'at the last drm_dev_put()' : 'at unbind';
  const timelines: Timeline[] =
    inside || torn.how === 'hand' || (torn.by && (position.get(torn.by) ?? 0) > pivot && pivot >= 0)
      ? ['unbind', 'unplug-open']
      : ['unplug-open'];
  const after = torn.by !== undefined && (position.get(torn.by) ?? 0) > late.index;
  const fixes = () => fixesOf(pass, found, scope === 'drm' && !inside && !after);
  const confidence = { error: 'certain', warning: 'likely', hint: 'possible' } as const;
  return make(
    found,
    severity,
    confidence[severity],
    timelines,
    `\`${late.fn.name}\` uses \`${use.written}\` in ${last?.call.callee ?? 'a call'}() ${when}${condition}, but ${before}`,
    fixes,
  );
}

function make(
  { late, torn, use, through }: Found,
  severity: Severity,
  confidence: Confidence,
  timelines: readonly Timeline[],
  message: string,
  fixes: RuleFinding['fixes'],
): RuleFinding {
  const site = late.at ? { caller: late.at.fn, call: late.at.call } : undefined;
  const place = site ? placeInside(site.caller, site.call) : namePlace(late.fn);
  const scope = late.scope === 'drm' ? 'the last drm_dev_put()' : 'unbind';
  const steps = (sites: readonly CallSite[], end: string): ChainLink[] =>
    sites.map(({ caller, call }, i) => ({
      role: i === sites.length - 1 ? 'release' : 'call',
      place: placeInside(caller, call),
      function: caller.name,
      message: i === sites.length - 1 ? end : callWords(call),
    }));
  const chain: ChainLink[] = [
    ...(site
      ? [
          {
            role: 'registration' as const,
            place,
            function: site.caller.name,
            message: `registered here: it runs at ${scope}`,
          },
        ]
      : []),
    {
      role: 'callback',
      place: namePlace(late.fn),
      function: late.fn.name,
      message: `\`${late.fn.name}\` runs at ${scope}`,
    },
    ...steps(through, 'evicts: each BO is moved by the functions of the driver'),
    ...steps(use.way, `works on \`${use.written}\``),
    {
      role: 'allocation',
      place: placeInside(torn.site.caller, torn.site.call),
      function: torn.site.caller.name,
      message: `\`${torn.key.member}\` is ${endText(torn)}`,
    },
  ];
  return {
    severity,
    confidence,
    place,
    function: site?.caller.name ?? late.fn.name,
    message,
    timelines,
    chain,
    fixes,
    // What an eviction needs first of all that is gone may change; that it comes too late does not.
    identity: [late.fn.name, ...(through.length > 0 ? [] : [torn.key.tag, torn.key.member])],
  };
}
