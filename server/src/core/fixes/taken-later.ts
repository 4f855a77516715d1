/**
 * What an action gives back only where something has happened at run time: code that an open file or a
 * worker runs takes it then, and can do so after unbind, when the action has run.
 */
import type { CallFact } from '../facts/types.ts';
import type { Pass } from '../pass.ts';
import { pathIn } from '../program/objects.ts';
import type { FunctionRef } from '../program/program.ts';

/** @returns why the action has to wait for the last put */
export function takenLater(
  pass: Pass,
  target: FunctionRef,
  running: Iterable<FunctionRef>,
): string | undefined {
  const own = pass.graph.reachedFrom([target]);
  const pairs = [...own].flatMap((fn) => conditional(pass, fn));
  if (pairs.length === 0) return undefined;
  for (const fn of running) {
    if (own.has(fn)) continue;
    const touched = new Set(membersIn(fn));
    const found = pairs.find(
      ({ members, takers }) =>
        members.some((member) => touched.has(member)) &&
        fn.facts.calls.some(({ callee }) => takers.some((taker) => isNamed(callee, taker))),
    );
    if (found)
      return `\`${fn.name}\` takes what ${found.release.callee}() gives back, and can do so after unbind: then nothing gives it back`;
  }
  return undefined;
}

interface Conditional {
  readonly release: CallFact;
  /** What the condition looks at. */
  readonly members: readonly string[];
  /** The names, or their beginnings, of what takes what the release gives back. */
  readonly takers: readonly string[];
}

/** The releases of a function that depend on a member. */
function conditional({ catalog }: Pass, { facts }: FunctionRef): Conditional[] {
  return facts.calls.flatMap((release): Conditional[] => {
    const takers = catalog.data.callPairs.flatMap(({ first, second }) => {
      const words = release.callee.split('_');
      return words.flatMap((word, i) =>
        word === second ? [[...words.slice(0, i), first].join('_')] : [],
      );
    });
    const members: string[] = [];
    for (let i = release.context; i >= 0; i = facts.contexts[i]?.parent ?? -1) {
      const context = facts.contexts[i];
      if (context?.kind === 'if')
        members.push(
          ...Array.from(context.text.matchAll(/(?:->|\.)(\w+)\b(?![\w.]|->)/g), (m) => m[1] ?? ''),
        );
    }
    return takers.length > 0 && members.length > 0 ? [{ release, members, takers }] : [];
  });
}

function isNamed(callee: string, name: string): boolean {
  return callee === name || callee.startsWith(`${name}_`);
}

/** The last names of what a function assigns or hands on by its address. */
function membersIn({ facts }: FunctionRef): string[] {
  const last = (steps: readonly string[]) => steps.at(-1)?.split('.').at(-1) ?? [];
  return [
    ...facts.assigns.flatMap(({ target }) => last(target.steps)),
    ...facts.calls.flatMap(({ args }) =>
      args.flatMap(({ value }) => {
        const path = pathIn(value);
        return path?.address === 1 ? last(path.steps) : [];
      }),
    ),
  ];
}
