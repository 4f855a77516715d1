/** Whether two endings are of one object, and both happen. */

import type { CallFact } from '../../facts/types.ts';
import type { Pass, Question } from '../../pass.ts';
import { pathIn, sameMember } from '../../program/objects.ts';
import type { Frame } from '../../program/run-through.ts';
import { otherEndsOf } from '../leads.ts';
import type { Ending } from './endings.ts';
import { isRoot } from './set-anew.ts';

/**
 * Whether the two calls name what they give back in ways that cannot be the same: other expressions of
 * one function, or other literals beside it, as the name of a link.
 */
function areApart(first: Ending, second: Ending): boolean {
  const literals = ({ call }: Ending) =>
    call.args.flatMap(({ value, text }) => (value.kind === 'literal' ? [text.trim()] : [])).join();
  if (literals(first) !== literals(second)) return true;
  const words = ({ call }: Ending) => call.args.map(({ text }) => text.replace(/\s+/g, '')).join();
  return (
    first.frame.fn === second.frame.fn &&
    first.call.callee === second.call.callee &&
    words(first) !== words(second)
  );
}

/** Whether the error way of a registration ends what its action has ended when that failed: in one turn of a loop. */
function isOneTurn({ catalog }: Pass, { event }: Ending, second: Ending): boolean {
  const { traceEvent, frame, call } = event.traced;
  const registers = traceEvent.does === 'acquire' && traceEvent.registration?.api.orReset === true;
  if (event.runs !== 'callback' || !registers) return false;
  let at: Frame | null = second.frame;
  let below: CallFact | null = second.call;
  for (; at && at.fn !== frame.fn; at = at.parent) below = at.call;
  return below !== null && catalog.flows.of(frame.fn.facts).whenFailed(call).includes(below);
}

export function isTwice(pass: Pass, first: Ending, second: Ending): boolean {
  const isOne = isOneTurn(pass, first, second);
  if ((first.isOneOfSeveral || second.isOneOfSeveral) && !isOne) return false;
  const [one, other] = [first.event.traced, second.event.traced];
  // One registration that is passed for each of several objects is one for each.
  if (
    first.event.runs === 'callback' &&
    second.event.runs === 'callback' &&
    one.call === other.call
  )
    return false;
  if (first.call === second.call && first.event === second.event) return false;
  if (!sameMember(first.key, second.key) || !areOneKind(pass, first.call, second.call))
    return false;
  if (areApart(first, second) || !happenTogether(pass, first, second)) return false;
  if (areGivenOthers(first, second)) return false;
  const flow = pass.catalog.flows.of(first.frame.fn.facts);
  if (first.frame === second.frame && !flow.canFollow(first.call, second.call)) return false;
  // What the turn that failed had is not what the turns before it, or the other components, have.
  if (isOfFailedTurn(first) !== isOfFailedTurn(second) && !isOne) return false;
  if (elementOf(first) !== elementOf(second)) return false;
  if (first.object.name === second.object.name) return true;
  // A scheduler or pool of an array of them goes by one member all the same.
  if (otherEndsOf(pass.catalog).has(first.call.callee)) return false;
  // Two runs of one action are for two objects, unless both are shown to be the same.
  if (
    one.traceEvent.does === 'acquire' &&
    other.traceEvent.does === 'acquire' &&
    first.call === second.call
  )
    return false;
  return (
    isSingle(pass, first.key.tag) || first.object.steps.join('.') === second.object.steps.join('.')
  );
}

function isOfFailedTurn({ event }: Ending): boolean {
  return event.traced.failedTurn === true;
}

/** What both endings of a pair are known by: of one member, and of one element of it. */
export function keyOfEnding(one: Ending): string {
  return `${one.key.member} ${elementOf(one)}`;
}

/** Which element of an array it is: that of the turn that failed goes by the counter of whichever loop. */
function elementOf({ object }: Ending): string {
  return object.elements.map((one) => (/^\[\s*\d/.test(one) ? one : '[]')).join();
}

/** One local of one function, which the constants handed down choose among several objects: `end(foo, true)`. */
function areGivenOthers({ frame, call }: Ending, second: Ending): boolean {
  const path = call.args[0] && pathIn(call.args[0].value);
  const { assigns } = frame.fn.facts;
  return (
    path !== undefined &&
    call === second.call &&
    assigns.filter(({ target }) => isRoot(target, path.root)).length > 1 &&
    JSON.stringify([...frame.given]) !== JSON.stringify([...second.frame.given])
  );
}

/**
 * Whether the second happens whenever the first has: both always, or both at one place under a
 * condition that nothing changes meanwhile.
 */
function happenTogether({ program }: Pass, first: Ending, second: Ending): boolean {
  if (first.conditional === null && second.conditional === null) return true;
  if (first.conditional !== second.conditional || first.call !== second.call) return false;
  const named = new Set(first.conditional?.match(/[A-Za-z_]\w*/g) ?? []);
  const { facts } = first.frame.fn;
  if (facts.calls.some(({ callee }) => named.has(callee))) return false;
  const members = [...named].filter((name) => facts.locals.every((one) => one.name !== name));
  return members.every((name) => program.storesTo(name).length === 0);
}

/**
 * Whether the module keeps one struct of a kind: others of it would be held by other members. The kernel's own are
 * many.
 */
function isSingle({ program }: Pass, tag: string): boolean {
  return program.struct(tag) !== undefined && program.membersOfType(tag) <= 1;
}

/** Whether two calls give back what one call has taken. */
function areOneKind(pass: Pass, first: CallFact, second: CallFact): boolean {
  const ended = pass.ask(kindsEnded, null);
  const others = ended.get(second.callee);
  return ended.get(first.callee)?.some((kind) => others?.includes(kind)) === true;
}

/** The numbers of what each function of the kernel ends. */
const kindsEnded: Question<null, ReadonlyMap<string, readonly number[]>> = {
  answer: ({ catalog }) => {
    const found = new Map<string, number[]>();
    for (const [i, { releases }] of [...catalog.data.memory, ...catalog.data.takes].entries())
      for (const name of releases) found.set(name, [...(found.get(name) ?? []), i]);
    return found;
  },
};
