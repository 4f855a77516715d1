/** Whether a way to a use is barred by a flag that the way out has set: `if (foo->gone) return;`. */
import type { CallFact, Condition, PathValue, Value } from '../facts/types.ts';
import type { PairQuestion, Pass, Question } from '../pass.ts';
import { memberKey, pathIn } from '../program/objects.ts';
import type { FunctionRef } from '../program/program.ts';
import { standIn } from '../program/touches.ts';
import { directWays } from './ends.ts';
import { comesBefore, type Way } from './ways.ts';

/**
 * Whether some call on the way depends on a member that `end` or what it calls stores to.
 * @param ended on the way out of `end`, where what comes there may run already: a store that can only follow is late
 */
export function isFlagged(pass: Pass, way: Way, end: FunctionRef, ended?: Way): boolean {
  const members = new Set<string>();
  for (const [member, stores] of pass.ask(storedBy, end))
    if (!ended || stores.some((store) => !comesBefore(pass, ended, store))) members.add(member);
  return dependsOn(pass, way, members);
}

/** Whether some call on the way depends on one of the members, each given as `tag.member` and as `*.member`. */
export function dependsOn(pass: Pass, way: Way, members: ReadonlySet<string>): boolean {
  if (members.size === 0) return false;
  return way.some(({ caller, call }) =>
    pass.askBoth(decidedBy, caller, call).some((member) => members.has(member)),
  );
}

/** The members that decide whether a function comes to a call: what stands around it, and what left before it. */
const decidedBy: PairQuestion<FunctionRef, CallFact, readonly string[]> = {
  answer: (pass, caller, call) => {
    const flow = pass.catalog.flows.of(caller.facts);
    if (flow.isAlways(call)) return none;
    const around = flow.around(call);
    return caller.facts.contexts.flatMap((context) =>
      (around.includes(context) || (context.exits && context.start < call.start)) &&
      context.test !== undefined
        ? membersOf(pass, caller, context.test)
        : none,
    );
  },
};

const none: readonly string[] = [];

const everything = { has: () => true };

/**
 * The members that the way out stores to, and those that it hands on by address: `atomic_set(&x->gone, 1)`;
 * with their struct, where it is known. Each with the ways down to where that is done.
 */
const storedBy: Question<FunctionRef, ReadonlyMap<string, readonly Way[]>> = {
  answer: (pass, end) => {
    const found = new Map<string, Way[]>();
    const down = directWays(pass, end, everything);
    for (const fn of down.functions()) {
      const above = down.to(fn);
      const note = (path: PathValue, call: CallFact) => {
        for (const { tag, member } of memberIn(pass, fn, path))
          for (const name of [`${tag}.${member}`, `*.${member}`])
            found.set(name, [...(found.get(name) ?? []), [...above, { caller: fn, call }]]);
      };
      for (const one of fn.facts.assigns) note(one.target, standIn(one, one.context, one.block));
      for (const call of fn.facts.calls) {
        if (call.callee === '' || pass.program.resolve(call.callee, fn.file)) continue;
        for (const { value } of call.args) {
          const path = pathIn(value);
          if (path?.address === 1) note(path, call);
        }
      }
    }
    return found;
  },
};

/** The member that a tested path ends in, or that the local stands for. */
function memberAskedFor(pass: Pass, fn: FunctionRef, path: PathValue) {
  if (path.steps.length > 0) return memberIn(pass, fn, path);
  const key = memberKey(pass.program, fn, path, fn.facts.body.end);
  return key ? [key] : [];
}

/** The member that a path ends in. */
function memberIn(
  { program }: Pass,
  fn: FunctionRef,
  path: PathValue,
): readonly { readonly tag: string; readonly member: string }[] {
  const found = path.steps.at(-1) === '[]' ? undefined : program.memberOf(fn, path);
  return found ? [found] : [];
}

/** The members that a condition reads: by its struct, `foo.gone`, or as `*.gone` where that is not known. */
function membersOf(pass: Pass, fn: FunctionRef, test: Condition): readonly string[] {
  switch (test.kind) {
    case 'is':
      return membersIn(pass, fn, test.value);
    case 'compare':
      return [...membersIn(pass, fn, test.left), ...membersIn(pass, fn, test.right)];
    case 'not':
      return membersOf(pass, fn, test.of);
    default:
      return test.of.flatMap((one) => membersOf(pass, fn, one));
  }
}

function membersIn(pass: Pass, fn: FunctionRef, value: Value): readonly string[] {
  switch (value.kind) {
    case 'path':
      return memberAskedFor(pass, fn, value).map(({ tag, member }) => `${tag || '*'}.${member}`);
    case 'words':
      if (value.test) return membersOf(pass, fn, value.test);
      return [
        ...(value.paths ?? []).flatMap((path) => membersIn(pass, fn, path)),
        ...value.words
          .filter((word) => !pass.program.typeOfRoot(fn, word))
          .map((word) => `*.${word}`),
      ];
    case 'choice':
      return value.of.flatMap((one) => membersIn(pass, fn, one));
    case 'call':
      return askedBy(pass, fn, value.call);
    default:
      return [];
  }
}

/** What a call asks: of its arguments, and what a small function of the module answers by. */
function askedBy(pass: Pass, fn: FunctionRef, index: number): readonly string[] {
  const call = fn.facts.calls[index];
  if (!call) return [];
  const [target, other] = pass.graph.targetsOf(fn, call);
  const inside = target && !other && target !== fn ? pass.ask(askedInside, target) : [];
  return [...call.args.flatMap((one) => membersIn(pass, fn, one.value)), ...inside];
}

/** The members that decide what a function answers: `return !foo->gone`, `if (foo->gone) return false`. */
const askedInside: Question<FunctionRef, readonly string[]> = {
  answer: (pass, fn) => {
    if (fn.facts.returnsOf.length > 4 || fn.facts.calls.length > 8) return [];
    const tests = fn.facts.contexts.flatMap(({ exits, test }) => (exits && test ? [test] : []));
    return [
      ...tests.flatMap((test) => membersOf(pass, fn, test)),
      ...fn.facts.returnsOf.flatMap(({ value }) => (value ? membersIn(pass, fn, value) : [])),
    ];
  },
};
