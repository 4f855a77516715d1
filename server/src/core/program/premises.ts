/**
 * What has to be so where a call runs, as far as it is asked by name: a member that the function leaves
 * alone, or a yes-or-no function of the module that only looks. Two calls that need opposite answers to
 * one question do not run in one life of a device.
 */
import type { Catalog } from '../catalog.ts';
import { unwrapped } from '../facts/flow/conditions.ts';
import type { Flow } from '../facts/flow/flow.ts';
import type { CallFact, Condition, PathValue, Value } from '../facts/types.ts';
import type { Span } from '../text.ts';
import type { CallSite, FunctionRef, Program } from './program.ts';

/** One question with the answer that is needed. */
export interface Premise {
  /** The function that is asked, `''` for a member. */
  readonly asks: string;
  readonly of: readonly PathValue[];
  readonly answer: boolean;
}

interface Context {
  readonly program: Program;
  readonly catalog: Catalog;
}

/** The premises of a call from the conditions around it. */
export function premisesOf(context: Context, fn: FunctionRef, call: CallFact): Premise[] {
  const flow = context.catalog.flows.of(fn.facts);
  return flow
    .around(call)
    .flatMap(({ kind, test }) =>
      test && (kind === 'if' || kind === 'else')
        ? partsOf(context, fn, flow, test, kind === 'if').filter(({ of }) =>
            of.every((path) => isLeftAlone(fn, path, call)),
          )
        : [],
    );
}

/** A question that a call is, answered with yes. */
export function questionOf(context: Context, fn: FunctionRef, call: CallFact): Premise | undefined {
  const value: Value = { kind: 'call', call: fn.facts.assigned.numberOf(call) };
  return asked(context, fn, value, true).find(({ of }) =>
    of.every((path) => isLeftAlone(fn, path, call)),
  );
}

/** The premises of a function in the words of the one that calls it. */
export function handedUp(
  premises: readonly Premise[],
  { call }: CallSite,
  from: FunctionRef,
): Premise[] {
  return premises.flatMap(({ asks, of, answer }) => {
    const renamed = of.flatMap((path) => {
      const index = from.facts.params.findIndex(({ name }) => name === path.root);
      const value = call.args[index]?.value;
      return value?.kind === 'path' && value.address === 0
        ? [{ ...path, root: value.root, steps: [...value.steps, ...path.steps] }]
        : [];
    });
    return renamed.length === of.length ? [{ asks, of: renamed, answer }] : [];
  });
}

/** The same in the words of the function that a call runs. */
export function handedDown(
  premises: readonly Premise[],
  { call }: CallSite,
  to: FunctionRef,
): Premise[] {
  return premises.flatMap(({ asks, of, answer }) => {
    const renamed = of.map((path) => renamedFor(path, call, to));
    return renamed.every((path) => path !== undefined) ? [{ asks, of: renamed, answer }] : [];
  });
}

export function contradict(a: readonly Premise[], b: readonly Premise[]): boolean {
  return a.some((one) =>
    b.some((other) => one.answer !== other.answer && keyOf(one) === keyOf(other)),
  );
}

function keyOf({ asks, of }: Premise): string {
  return `${asks}(${of.map(({ root, steps, address }) => `${address}${[root, ...steps].join('.')}`).join()})`;
}

function renamedFor(path: PathValue, call: CallFact, to: FunctionRef): PathValue | undefined {
  for (const [i, { value }] of call.args.entries()) {
    const name = to.facts.params[i]?.name;
    if (value.kind !== 'path' || value.address !== 0 || name === undefined) continue;
    const begins =
      value.root === path.root && value.steps.every((step, at) => step === path.steps[at]);
    if (begins) return { ...path, root: name, steps: path.steps.slice(value.steps.length) };
  }
  return undefined;
}

/** The parts of a condition that have to hold, or that none of may. */
function partsOf(
  context: Context,
  fn: FunctionRef,
  flow: Flow,
  condition: Condition,
  holds: boolean,
): Premise[] {
  const test = unwrapped(flow, condition);
  switch (test.kind) {
    case 'not':
      return partsOf(context, fn, flow, test.of, !holds);
    case 'is':
      return asked(context, fn, test.value, holds);
    case 'compare':
      return [];
    default:
      return (test.kind === 'all') === holds
        ? test.of.flatMap((part) => partsOf(context, fn, flow, part, holds))
        : [];
  }
}

function asked(context: Context, fn: FunctionRef, value: Value, answer: boolean): Premise[] {
  if (value.kind === 'path')
    return value.address === 0 && value.steps.length > 0 ? [{ asks: '', of: [value], answer }] : [];
  const call = value.kind === 'call' ? fn.facts.calls[value.call] : undefined;
  const of = call?.args.flatMap((arg) => (arg.value.kind === 'path' ? [arg.value] : []));
  return call &&
    of &&
    of.length === call.args.length &&
    of.length > 0 &&
    onlyLooks(context, fn, call)
    ? [{ asks: call.callee, of, answer }]
    : [];
}

/** Whether all that is written to the variable, or to the member, is written before the question. */
function isLeftAlone({ facts }: FunctionRef, { root, steps }: PathValue, asked: Span): boolean {
  return (
    !facts.altered.includes(root) &&
    facts.assigns.every(
      ({ target, end }) =>
        target.root !== root ||
        end <= asked.start ||
        (target.steps.length > 0
          ? !steps.join('.').startsWith(target.steps.join('.'))
          : target.address !== 0),
    )
  );
}

const maximumDepth = 3;

/** A function that writes nothing but its own variables, and calls nothing else. */
function onlyLooks(
  { program, catalog }: Context,
  from: FunctionRef,
  call: CallFact,
  depth = 0,
): boolean {
  if (catalog.data.observers.some(({ name }) => name === call.callee)) return true;
  if (depth >= maximumDepth) return false;
  const target = program.resolve(call.callee, from.file);
  // Of a function that the module does not show: an action would be called for itself somewhere.
  if (!target)
    return (
      call.callee !== '' &&
      call.use === 'tested' &&
      call.args.every(({ value }) => value.kind === 'path' && value.address === 0) &&
      program.callsOf(call.callee).every(({ call: other }) => other.use !== 'ignored')
    );
  return (
    target.facts.assigns.every((one) => one.target.steps.length === 0 && one.declares) &&
    target.facts.calls.every((inner) => onlyLooks({ program, catalog }, target, inner, depth + 1))
  );
}
