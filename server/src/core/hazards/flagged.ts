/** Whether a way to a use is barred by a flag that the way out has set: `if (foo->gone) return;`. */
import type { Condition, FunctionFacts, Value } from '../facts/types.ts';
import type { Pass, Question } from '../pass.ts';
import { pathIn } from '../program/objects.ts';
import type { FunctionRef } from '../program/program.ts';
import { directWays } from './ends.ts';
import type { Way } from './ways.ts';

/** Whether some call on the way depends on a member that `end` or what it calls stores to. */
export function isFlagged(pass: Pass, way: Way, end: FunctionRef): boolean {
  return dependsOn(pass, way, pass.ask(storedBy, end));
}

/** Whether some call on the way depends on one of the members. */
export function dependsOn(pass: Pass, way: Way, members: ReadonlySet<string>): boolean {
  if (members.size === 0) return false;
  return way.some(({ caller, call }) => {
    const flow = pass.catalog.flows.of(caller.facts);
    if (flow.isAlways(call)) return false;
    // What stands around the call, and what left the function before it.
    return caller.facts.contexts.some(
      (context) =>
        (flow.around(call).includes(context) || (context.exits && context.start < call.start)) &&
        context.test !== undefined &&
        membersOf(caller.facts, context.test).some((member) => members.has(member)),
    );
  });
}

const everything = { has: () => true };

/** The members that the way out stores to, and those that it hands on by address: `atomic_set(&x->gone, 1)`. */
const storedBy: Question<FunctionRef, ReadonlySet<string>> = {
  answer: (pass, end) => {
    const found = new Set<string>();
    for (const fn of directWays(pass, end, everything).functions()) {
      const handed = fn.facts.calls
        .filter(({ callee }) => callee !== '' && !pass.program.resolve(callee, fn.file))
        .flatMap(({ args }) => args.flatMap(({ value }) => pathIn(value) ?? []))
        .filter(({ address }) => address === 1);
      for (const { steps } of [...fn.facts.assigns.map(({ target }) => target), ...handed]) {
        const member = steps.at(-1);
        if (member !== undefined && member !== '[]') found.add(member);
      }
    }
    return found;
  },
};

function membersOf(facts: FunctionFacts, test: Condition): readonly string[] {
  switch (test.kind) {
    case 'is':
      return membersIn(facts, test.value);
    case 'compare':
      return [...membersIn(facts, test.left), ...membersIn(facts, test.right)];
    case 'not':
      return membersOf(facts, test.of);
    default:
      return test.of.flatMap((one) => membersOf(facts, one));
  }
}

function membersIn(facts: FunctionFacts, value: Value): readonly string[] {
  switch (value.kind) {
    case 'path':
      return value.steps;
    case 'words':
      return value.test ? membersOf(facts, value.test) : value.words;
    case 'choice':
      return value.of.flatMap((one) => membersIn(facts, one));
    case 'call':
      return (facts.calls[value.call]?.args ?? []).flatMap((one) => membersIn(facts, one.value));
    default:
      return [];
  }
}
