/**
 * Steps of one way out in the wrong order, though nothing was freed: the panel loses its power, then it is told to
 * go dark. Which step ends what another needs is the catalogue's.
 */
import type { NeededStep, StepOrder } from '../catalog.ts';
import type { CallFact } from '../facts/types.ts';
import type { Pass, Question } from '../pass.ts';
import type { Ways } from '../program/call-graph.ts';
import { memberKey, originOf, pathIn, sameMember } from '../program/objects.ts';
import type { CallSite, FunctionRef } from '../program/program.ts';
import type { Way } from './ways.ts';

export interface OutOfOrder {
  readonly order: StepOrder;
  /** The calls down to the one that ends it, and to the first that needs it, from one function. */
  readonly ended: Way;
  readonly needed: Way;
  /** Where the needed step talks to the device, when that lies in a callback of the driver. */
  readonly through: Way;
}

/** Each function of a way out that has two steps the wrong way round, once for each order. */
export function stepsOutOfOrder(pass: Pass): OutOfOrder[] {
  return pass.catalog.data.stepOrders.flatMap((order) => {
    if (pass.program.callsOf(order.name).length === 0) return [];
    const ends = pass.graph.waysTo([order.name]);
    return pass
      .ask(wayOut, null)
      .flatMap((fn) => (ends.has(fn) ? (inFunction(pass, order, fn, ends) ?? []) : []));
  });
}

/** What the ways out of the module's drivers run. */
const wayOut: Question<null, readonly FunctionRef[]> = {
  answer: (pass) => [
    ...pass.graph.reachedFrom(
      pass.tableFunctions.flatMap(({ fn, role }) =>
        role === 'remove' || role === 'unbind' || role === 'shutdown' ? [fn] : [],
      ),
    ),
  ],
};

/** What a step needs, as a list of the kernel's calls and how to judge one. */
interface Need {
  readonly step: NeededStep | undefined;
  readonly ways: Ways;
  readonly through: Way;
}

function inFunction(
  pass: Pass,
  order: StepOrder,
  fn: FunctionRef,
  ends: Ways,
): OutOfOrder | undefined {
  const needs = needsOf(pass, order);
  if (needs.length === 0) return undefined;
  const flow = pass.catalog.flows.of(fn.facts);
  const follows = (a: CallFact, b: CallFact) => b.start > a.end && flow.canFollow(a, b);
  for (const end of fn.facts.calls) {
    const ended = wayFrom(pass, fn, end, order.name, ends);
    if (!ended) continue;
    for (const call of fn.facts.calls) {
      if (!follows(end, call)) continue;
      const isBack = fn.facts.calls.some(
        (one) => order.begins.includes(one.callee) && follows(end, one) && follows(one, call),
      );
      if (isBack) continue;
      for (const need of needs) {
        const needed = need.step
          ? wayFrom(pass, fn, call, need.step.name, need.ways)
          : wayToTalk(pass, fn, call, order, need.ways);
        if (needed && isSame(pass, order, ended, need.step, needed))
          return { order, ended, needed, through: need.through };
      }
    }
  }
  return undefined;
}

/** The steps that need it in this module: those that run a callback count where that talks to the device. */
function needsOf(pass: Pass, { needed, talks = [] }: StepOrder): Need[] {
  const talking = pass.graph.waysTo(talks);
  const steps = needed.flatMap((step): Need[] => {
    const ways = pass.graph.waysTo([step.name]);
    const { runs } = step;
    if (!runs) return [{ step, ways, through: [] }];
    const callback = pass.tableFunctions.find(
      ({ fn, table, entry }) =>
        table.struct === runs.struct && entry.member === runs.member && talking.has(fn),
    );
    return callback ? [{ step, ways, through: talking.from(callback.fn) }] : [];
  });
  return talks.length > 0 ? [...steps, { step: undefined, ways: talking, through: [] }] : steps;
}

/** The calls from one in a function to a call of that name: itself, or what the function that it calls leads to. */
function wayFrom(
  pass: Pass,
  caller: FunctionRef,
  call: CallFact,
  name: string,
  ways: Ways,
): Way | undefined {
  return call.callee === name ? [{ caller, call }] : wayBelow(pass, caller, call, ways);
}

function wayToTalk(
  pass: Pass,
  caller: FunctionRef,
  call: CallFact,
  { talks = [] }: StepOrder,
  ways: Ways,
): Way | undefined {
  return talks.includes(call.callee) ? [{ caller, call }] : wayBelow(pass, caller, call, ways);
}

function wayBelow(pass: Pass, caller: FunctionRef, call: CallFact, ways: Ways): Way | undefined {
  const [target, other] = pass.graph.targetsOf(caller, call);
  return target && !other && ways.has(target)
    ? [{ caller, call }, ...ways.from(target)]
    : undefined;
}

/** Whether both work on one object, where the catalogue wants that; an array's elements are not told apart. */
function isSame(
  pass: Pass,
  order: StepOrder,
  ended: Way,
  step: NeededStep | undefined,
  needed: Way,
): boolean {
  if (step?.object === undefined) return true;
  const [a, b] = [ended.at(-1), needed.at(-1)];
  if (!a || !b) return false;
  const [left, right] = [objectOf(pass, a, order.object), objectOf(pass, b, step.object)];
  if (!left || !right || left.isElement || right.isElement) return false;
  if (left.key && right.key)
    return left.key.tag !== '' && left.key.tag === right.key.tag && sameMember(left.key, right.key);
  return a.caller === b.caller && left.root !== undefined && left.root === right.root;
}

function objectOf(pass: Pass, { caller, call }: CallSite, argument: number) {
  const value = call.args[argument]?.value;
  const path = value && pathIn(value);
  if (!path) return undefined;
  const origin = originOf(caller, path, call.start).path;
  return {
    key: memberKey(pass.program, caller, path, call.start),
    root: origin.steps.length === 0 ? origin.root : undefined,
    isElement: path.steps.includes('[]') || origin.steps.includes('[]'),
  };
}
