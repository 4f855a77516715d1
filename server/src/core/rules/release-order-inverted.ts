/** A release that works on something which an earlier step of the teardown has ended already. */

import { lateCause } from '../causes.ts';
import { callWords } from '../chains.ts';
import type { CallFact } from '../facts/types.ts';
import { convertToDevm } from '../fixes/convert-to-devm.ts';
import { moveRegistration } from '../fixes/move-registration.ts';
import { told } from '../fixes/offer.ts';
import { evictAll } from '../fixes/remove-calls.ts';
import { namePlace, placeInside } from '../places.ts';
import { type Entry, entriesOf } from '../program/entries.ts';
import type { CallSite, FunctionRef } from '../program/program.ts';
import { wayTo } from '../program/reach.ts';
import { type Use, usesIn } from '../program/uses.ts';
import type { ChainLink, Confidence, Fix, Severity, Timeline } from '../result.ts';
import { type Acquisition, AcquisitionOrder } from '../teardown/acquisitions.ts';
import { type EndedAtUnbind, endedAtUnbindBy, endedByHand } from '../teardown/ended-at-unbind.ts';
import { endsBefore, type Late, lateCallbacksOf } from '../teardown/late-callbacks.ts';
import type { Pass, Rule, RuleFinding } from './rule.ts';

interface Found {
  readonly late: Late;
  readonly endedEarly: EndedAtUnbind;
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
    const walk = new AcquisitionOrder(pass.program, pass.catalog, pass.registrations);
    const found = entriesOf(pass.tableFunctions).flatMap((entry) =>
      judgeEntry(pass, entry, walk.from(entry.start.fn)),
    );
    const seen = new Set<string>();
    return found.filter((one) => {
      const key = `${one.place.file}:${one.place.start}:${one.identity.join()}`;
      return !seen.has(key) && seen.add(key) !== undefined;
    });
  },
};

function judgeEntry(pass: Pass, entry: Entry, acquired: readonly Acquisition[]): RuleFinding[] {
  // A helper that runs for each tile counts where it runs first: its inner order is the same each time.
  const order = [
    ...new Map([...acquired].reverse().map((one) => [one.call, one])).values(),
  ].reverse();
  const endedEarly = order.flatMap((one) => endedAtUnbindBy(pass, one));
  const byHand = entry.end ? endedByHand(pass.program, pass.catalog, entry.end.fn) : [];
  const position = new Map(order.map((one, i) => [one, i]));
  const pivot = order.findIndex((one) => one.api.role === 'device-alloc');
  return lateCallbacksOf(pass.tableFunctions, order).flatMap((late) => {
    const earlier = endedEarly.filter(
      (one) => one.by && endsBefore(late, one.by, position.get(one.by) ?? 0),
    );
    const ended = [...earlier, ...byHand.filter((one) => !isQueue(one))];
    const direct = usesOf(pass, late, ended).map((found) =>
      findingOf(pass, found, pivot, position),
    );
    const worst = ['error', 'warning', 'hint']
      .map((severity) => direct.find((one) => one.severity === severity))
      .find((one) => one !== undefined);
    return worst || late.scope !== 'drm'
      ? worst
        ? [worst]
        : []
      : evictions(pass, late, ended, entry);
  });
}

/** Queues and what runs on them have a rule of their own. */
function isQueue(endedEarly: EndedAtUnbind): boolean {
  return (
    endedEarly.what === 'workqueue' || endedEarly.what === 'work' || endedEarly.what === 'timer'
  );
}

function usesOf(
  pass: Pass,
  late: Late,
  ended: readonly EndedAtUnbind[],
  from: FunctionRef = late.fn,
  through: readonly CallSite[] = [],
): Found[] {
  const { releases } = pass.catalog;
  return [
    ...usesAmong(
      pass,
      late,
      ended.filter(({ stays }) => !stays),
      from,
      through,
    ),
    // Unpin, then put; detach, then free: the rungs of one ladder in their order.
    ...usesAmong(
      pass,
      late,
      ended.filter(({ stays }) => stays),
      from,
      through,
      releases,
    ),
  ];
}

/** @param next functions whose call is the step that comes after the end, no use */
function usesAmong(
  pass: Pass,
  late: Late,
  ended: readonly EndedAtUnbind[],
  from: FunctionRef,
  through: readonly CallSite[],
  next?: { has(name: string): boolean },
): Found[] {
  pass.program.queries.effort.spend(ended.length);
  const wanted = new Map<string, EndedAtUnbind['key'][]>();
  for (const { key } of ended) {
    const last = key.member.slice(key.member.lastIndexOf('.') + 1);
    const known = wanted.get(last);
    if (known) known.push(key);
    else wanted.set(last, [key]);
  }
  if (wanted.size === 0) return [];
  // Freeing what a scope owns is manual-free-of-managed-memory's; an assertion follows nothing.
  const { memory, observers } = pass.catalog.data;
  const others = new Set([
    ...memory.flatMap((entry) => entry.releases),
    ...observers.map((one) => one.name),
  ]);
  const counts = ({ callee }: CallFact) =>
    !others.has(callee) &&
    !next?.has(callee) &&
    !pass.catalog.managed.has(callee) &&
    !/assert/i.test(callee);
  return usesIn(pass, from, { wanted, counts }).flatMap((use) => {
    const endedEarly = ended.find(
      (one) => one.key.tag === use.key.tag && one.key.member === use.key.member,
    );
    return endedEarly ? [{ late, endedEarly, use, through }] : [];
  });
}

/** A late eviction copies BOs with the driver's own engine: harm when that has ended and remove() did not evict. */
function evictions(
  pass: Pass,
  late: Late,
  ended: readonly EndedAtUnbind[],
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
  const found = members.flatMap((member) => usesOf(pass, late, ours, member.fn, way));
  const worst = [...found].sort(
    (a, b) =>
      Number(b.endedEarly.only) - Number(a.endedEarly.only) || a.use.way.length - b.use.way.length,
  )[0];
  if (!worst) return [];
  const { endedEarly, use } = worst;
  // Far below, the move of a BO only may come by.
  const near = endedEarly.only && use.way.length <= nearby;
  return [
    make(
      worst,
      near ? 'warning' : 'hint',
      near ? 'likely' : 'possible',
      ['unbind', 'unplug-open'],
      `\`${late.fn.name}\` evicts at the last drm_dev_put(), and moving a BO uses the ${endedEarly.what} \`${endedEarly.key.member}\`${holderText(endedEarly)}, which is ${endText(endedEarly)} before; evict in remove()`,
      () => evictionFixes(pass, entry, way),
    ),
  ];
}

/** A member's own name says too little to one who has not read the driver. */
function holderText({ key }: EndedAtUnbind): string {
  return key.tag === '' ? '' : ` of struct ${key.tag}`;
}

function fixesOf(pass: Pass, { late, endedEarly }: Found, converts: boolean): Fix[] {
  if (converts && late.at?.registration && endedEarly.by)
    return convertToDevm(pass, late.at.registration);
  const name = late.fn.name;
  if (late.at && endedEarly.by)
    return moveRegistration(
      pass,
      late.at,
      endedEarly.by,
      `Register \`${name}\` after \`${endedEarly.key.member}\` is taken`,
    );
  return byHand(
    'move-registration',
    `Release \`${endedEarly.key.member}\` in \`${name}\` itself`,
    'it changes what runs before and after it',
  );
}

function evictionFixes(pass: Pass, entry: Entry, way: readonly CallSite[]): Fix[] {
  const last = way[way.length - 1];
  return last ? evictAll(pass, entry.end ? [entry.end.fn] : [], last) : [];
}

/** A remedy that is told, not done. */
function byHand(id: string, title: string, reason: string): Fix[] {
  return [told(id, title, reason)];
}

function endText({ how, ender }: EndedAtUnbind): string {
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
  const { endedEarly, use, late } = found;
  const { scope } = late;
  const arranged = endedEarly.only && endedEarly.always && (late.at?.conditional ?? null) === null;
  const sure = arranged && !use.conditional;
  // What remove() releases by hand it often releases for good reason; what devm ends is gone each time.
  const severity = sure ? 'error' : arranged && endedEarly.how !== 'hand' ? 'warning' : 'hint';
  const condition = severity === 'warning' ? ', whenever its conditions lead there' : '';
  const last = use.way[use.way.length - 1];
  const inside = endedEarly.by !== undefined && endedEarly.by.api.scope === scope;
  const before = inside
    ? `${endedEarly.how === 'managed' ? `${endedEarly.ender}()` : `\`${endedEarly.ender}\``} was registered later and goes first`
    : `that is ${endText(endedEarly)}`;
  const when = scope === 'drm' ? 'at the last drm_dev_put()' : 'at unbind';
  const timelines: Timeline[] =
    inside ||
    endedEarly.how === 'hand' ||
    (endedEarly.by && (position.get(endedEarly.by) ?? 0) > pivot && pivot >= 0)
      ? ['unbind', 'unplug-open']
      : ['unplug-open'];
  const after = endedEarly.by !== undefined && (position.get(endedEarly.by) ?? 0) > late.index;
  const fixes = () => fixesOf(pass, found, scope === 'drm' && !inside && !after);
  const confidence = { error: 'certain', warning: 'likely', hint: 'possible' } as const;
  return make(
    found,
    severity,
    confidence[severity],
    timelines,
    `\`${late.fn.name}\` uses \`${use.written}\` in ${last?.call.callee ? `${last.call.callee}()` : 'an access'} ${when}${condition}, but ${before}`,
    fixes,
  );
}

function make(
  { late, endedEarly, use, through }: Found,
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
      place: placeInside(endedEarly.site.caller, endedEarly.site.call),
      function: endedEarly.site.caller.name,
      message: `\`${endedEarly.key.member}\` is ${endText(endedEarly)}`,
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
    causes: late.scope === 'drm' && endedEarly.by?.api.scope !== 'drm' ? [lateCause(place)] : [],
    // What an eviction needs first of all that is gone may change; that it comes too late does not.
    identity: [
      late.fn.name,
      ...(through.length > 0 ? [] : [endedEarly.key.tag, endedEarly.key.member]),
    ],
  };
}
