/** Whether statements may be skipped when the device is gone. */
import type { CallFact } from '../facts/types.ts';
import type { Pass } from '../pass.ts';
import { type FreedParameter, freesOf } from '../program/frees.ts';
import { pathIn, showPath } from '../program/objects.ts';
import type { FunctionRef } from '../program/program.ts';

/**
 * Why a section that is left out after unplug must not hold these calls: what gives back, destroys or
 * unlocks has to run then too, and to look something up is no access.
 * @param calls those of the guarded statements
 * @param reaching those of them that lead to registers
 */
export function obstacleToGuard(
  pass: Pass,
  fn: FunctionRef,
  calls: readonly CallFact[],
  reaching: readonly CallFact[],
): string | undefined {
  const ending = calls.find((call) => ends(pass, fn, call));
  if (ending)
    return `${nameOf(ending)}() gives something back, which it has to when the device is gone, too`;
  const silent = calls.find((call) => call.use === 'ignored' && completes(pass, fn, call));
  if (silent)
    return `${nameOf(silent)}() gives something back on its way and cannot say that it did not: others may wait for that`;
  if (reaching.every((call) => finds(pass, fn, call)))
    return `${reaching.map(nameOf).join('(), ')}() only finds what is worked on below`;
  return undefined;
}

/**
 * Why calls must not be left out where the rest of the function goes on: what they write down would not
 * be so. A slot that is told to the hardware and to the driver's own map stays taken then.
 */
export function obstacleToSkip(
  pass: Pass,
  fn: FunctionRef,
  calls: readonly CallFact[],
): string | undefined {
  const run = pass.graph.reachedFrom(calls.flatMap((call) => pass.graph.targetsOf(fn, call)));
  for (const one of run) {
    const written = one.facts.assigns.find(
      ({ target: { root, steps } }) =>
        steps.length > 0 &&
        !one.facts.locals.some((local) => local.name === root && local.type.pointers === 0),
    );
    if (written)
      return `\`${one.name}\` writes \`${showPath(written.target)}\` on the way, which the rest of \`${fn.name}\` goes on with`;
  }
  return undefined;
}

/** The called function, or the last member of what a call goes through. */
function nameOf({ callee, through }: CallFact): string {
  return callee || ((through && pathIn(through)?.steps.at(-1)) ?? 'it');
}

function hasWord(pass: Pass, call: CallFact, role: 'ends' | 'finds'): boolean {
  const name = nameOf(call);
  const words = new Set([name, ...name.split('_')]);
  return pass.catalog.data.callWords.some((one) => one.role === role && words.has(one.word));
}

/** Whether a call gives something back: by what the catalogue or its name says, or by what it does to its arguments. */
function ends(pass: Pass, fn: FunctionRef, call: CallFact): boolean {
  const { catalog } = pass;
  return (
    catalog.releases.has(call.callee) ||
    catalog.data.takes.some(({ releases }) => releases.includes(call.callee)) ||
    hasWord(pass, call, 'ends') ||
    pass.graph
      .targetsOf(fn, call)
      .some(
        (target) =>
          freedParameters(pass).some((one) => one.fn === target) ||
          pass.effects.releasesOf(target).some(({ object }) => object !== null),
      )
  );
}

/** Whether what a call runs ends anything, at any depth. */
function completes(pass: Pass, fn: FunctionRef, call: CallFact): boolean {
  return [...pass.graph.reachedFrom(pass.graph.targetsOf(fn, call))].some((one) =>
    one.facts.calls.some(
      (inner) => pass.catalog.releases.has(inner.callee) || hasWord(pass, inner, 'ends'),
    ),
  );
}

/** The functions of the module that free what a parameter points to. */
function freedParameters(pass: Pass): readonly FreedParameter[] {
  return pass.once.get('freed parameters', () => {
    const names = pass.catalog.data.memory.flatMap(({ releases }) => releases);
    return freesOf(pass.program, new Map(names.map((name) => [name, 0]))).parameters;
  });
}

/** Whether all that comes of a call is a pointer to something. */
function finds(pass: Pass, { facts }: FunctionRef, call: CallFact): boolean {
  if (hasWord(pass, call, 'finds')) return true;
  const index = facts.assigned.numberOf(call);
  const holder = facts.assigns.find(({ value }) => value.kind === 'call' && value.call === index);
  const local = facts.locals.find(
    ({ name }) => holder?.target.steps.length === 0 && name === holder.target.root,
  );
  return (local?.type.pointers ?? 0) > 0;
}
