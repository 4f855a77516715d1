/**
 * Work that must not run any more when remove() goes on: a devm action would stop it after remove() has given
 * back by hand what it uses. It is stopped in remove(), right before the first of that ends.
 */

import type { MilestoneRole } from '../catalog.ts';
import type { CallFact } from '../facts/types.ts';
import type { Pass } from '../pass.ts';
import type { FunctionRef } from '../program/program.ts';
import { entriesInto } from '../program/touches.ts';
import { type Worker, workersIn } from '../program/workers.ts';
import type { Fix } from '../result.ts';
import { closedBindingsOf } from '../teardown/bindings.ts';
import { EditSet } from './edits.ts';
import { translated } from './expressions.ts';
import { putBefore, spotOf } from './insert.ts';
import { isEnd } from './later-ends.ts';
import { offered, told } from './offer.ts';

/** What remove() ends by hand of what the handler of a worker works with. */
interface Ended {
  readonly remove: FunctionRef;
  /** The call of `remove` that ends it, or leads to that. */
  readonly call: CallFact;
  readonly member: string;
}

const switchingOff: ReadonlySet<MilestoneRole> = new Set([
  'shutdown',
  'unregister',
  'unplug',
  'poll-fini',
]);

/**
 * The first call of remove() after which the handler must not run.
 * @returns undefined where remove() ends nothing that the handler works with: devres may stop it then
 */
export function endedUnder(pass: Pass, { init, handler }: Worker): Ended | undefined {
  const used = new Set(
    [...pass.graph.reachedFrom([handler])].flatMap((fn) =>
      entriesInto(pass, fn).map(({ tag, member }) => `${tag}.${member}`),
    ),
  );
  for (const { starts, end } of closedBindingsOf(pass)) {
    if (!pass.graph.isReachedFrom(init.caller, starts)) continue;
    for (const call of end.fn.facts.calls) {
      const member = endedBy(pass, end.fn, call, used);
      if (member !== undefined) return { remove: end.fn, call, member };
    }
  }
  return undefined;
}

/**
 * @param stop the call that stops it
 * @param base id and title of the fix
 */
export function cancelInRemove(
  pass: Pass,
  worker: Worker,
  { remove, call, member }: Ended,
  stop: string,
  id: string,
): Fix {
  const title = `Stop it in \`${remove.name}\` by ${stop}()`;
  const why = `\`${remove.name}\` gives \`${member}\` back, which it uses, before devm would stop it`;
  const manual = (reason: string): Fix => told(id, title, `${why}: ${reason}`);
  const { init } = worker;
  const index = pass.catalog.milestones.get(init.call.callee)?.object ?? 0;
  const written = translated(init.caller, init.call.args[index]?.text ?? '', remove, call.start);
  if (written === undefined) return manual(`\`${remove.name}\` has no pointer to it at hand`);
  const spot = spotOf(pass, remove, firstEnd(pass, remove, call));
  if (!spot || spot.placed.parent || spot.statement.kind === 'declaration')
    return manual('that stands under a condition');
  const later = remove.facts.calls.find(
    (one) => one.start > call.start && isOff(pass, remove, one),
  );
  if (later)
    return manual(`${later.callee}() comes after that, and may wait for it: move that up first`);
  const queued = isFinal(pass, stop) ? undefined : queuedFromOutside(pass, worker);
  if (queued)
    return manual(
      `\`${queued.name}\` can put it on its queue again after ${stop}(): switch that off first`,
    );
  const edits = new EditSet();
  putBefore(spot, [`${stop}(${written});`, ''], edits);
  return offered(id, title, edits, {
    notice: `${why}; a probe that fails once it is queued has to stop it, too`,
  });
}

/** The call before which it is stopped: of what follows the switching off, the first that gives anything back. */
function firstEnd(pass: Pass, remove: FunctionRef, ended: CallFact): CallFact {
  const above = remove.facts.calls.filter(({ start }) => start < ended.start);
  const after = above.findLastIndex((one) => isOff(pass, remove, one)) + 1;
  return above.slice(after).find((one) => leadsToEnd(pass, remove, one)) ?? ended;
}

function leadsToEnd(pass: Pass, fn: FunctionRef, call: CallFact): boolean {
  const ends = (at: FunctionRef, one: CallFact) => isEnd(pass, one) && !isBalanced(pass, at, one);
  return (
    ends(fn, call) ||
    [...pass.graph.reachedFrom(pass.graph.targetsOf(fn, call))].some((below) =>
      below.facts.calls.some((one) => ends(below, one)),
    )
  );
}

/**
 * The member that a call ends, or what it leads to does. What lies in the struct itself is there as long as that
 * is.
 */
function endedBy(
  pass: Pass,
  remove: FunctionRef,
  call: CallFact,
  used: ReadonlySet<string>,
): string | undefined {
  const below = [...pass.graph.reachedFrom(pass.graph.targetsOf(remove, call))];
  const found = [remove, ...below].flatMap((fn) =>
    entriesInto(pass, fn).filter(
      ({ tag, member, last, embedded, at }) =>
        (fn !== remove || at === call) &&
        last &&
        !embedded &&
        used.has(`${tag}.${member}`) &&
        at.callee !== '' &&
        isEnd(pass, at) &&
        !isBalanced(pass, fn, at),
    ),
  );
  return found[0]?.member;
}

/** The second of a pair whose first the function has run itself: what it unlocks it has locked. */
function isBalanced({ catalog }: Pass, { facts }: FunctionRef, call: CallFact): boolean {
  const words = call.callee.split('_');
  const firsts = catalog.data.callPairs.flatMap(({ first, second }) =>
    words.flatMap((word, i) => (word === second ? [[...words.slice(0, i), first].join('_')] : [])),
  );
  return facts.calls.some(
    (one) =>
      one.end <= call.start &&
      one.args[0]?.text === call.args[0]?.text &&
      firsts.some((name) => one.callee === name || one.callee.startsWith(`${name}_`)),
  );
}

/** What switches outputs off or takes user space away: it can wait for work. */
function isOff(pass: Pass, fn: FunctionRef, call: CallFact): boolean {
  const off = pass.catalog.data.milestones
    .filter(({ role }) => switchingOff.has(role))
    .map(({ name }) => name);
  const ways = pass.graph.waysTo(off);
  return off.includes(call.callee) || pass.graph.targetsOf(fn, call).some((one) => ways.has(one));
}

/** Whether a stop also keeps the work from being queued again. */
function isFinal({ catalog }: Pass, stop: string): boolean {
  return catalog.deviceReleases.get(stop)?.final === true;
}

/** What queues the worker and is neither its handler nor run by the way in. */
function queuedFromOutside(pass: Pass, worker: Worker): FunctionRef | undefined {
  const starts = closedBindingsOf(pass).flatMap((binding) => binding.starts);
  const own = pass.graph.reachedFrom([worker.handler]);
  const probed = pass.graph.reachedFrom(starts);
  return workersIn(pass)
    .startsOf(worker)
    .map(({ caller }) => caller)
    .find((fn) => !own.has(fn) && !probed.has(fn));
}
