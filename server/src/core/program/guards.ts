/** What has to hold before a call runs: a condition around it, or an early exit above it. */
import type { Catalog } from '../catalog.ts';
import type { CallFact, FunctionFacts } from '../facts/types.ts';
import type { FunctionRef, Program } from './program.ts';

/**
 * Whether drm_dev_enter() has to succeed before `call` runs. Read are `if (drm_dev_enter(…)) { call }`
 * and `if (!drm_dev_enter(…)) return; … call`, with a local that holds the answer, too.
 */
export function isGuarded(fn: FunctionFacts, call: CallFact, catalog: Catalog): boolean {
  const enters = fn.calls.filter(
    (other) => other.start < call.start && catalog.guards.get(other.callee)?.role === 'enter',
  );
  if (enters.length === 0) return false;
  const left = fn.calls.some(
    (other) =>
      other.context === -1 &&
      other.start < call.start &&
      catalog.guards.get(other.callee)?.role === 'exit',
  );
  const names = enters.flatMap((enter) => [enter.callee, ...holders(fn, enter)]);
  return !left && holdsBefore(fn, call, names);
}

/** The functions in which a call can be guarded: they call drm_dev_enter() themselves. */
export function guardingFunctions(program: Program, catalog: Catalog): ReadonlySet<FunctionRef> {
  const enters = [...catalog.guards.values()].filter(({ role }) => role === 'enter');
  return new Set(enters.flatMap(({ name }) => program.functionsCalling(name)));
}

/** Whether the call is reached only when drm_dev_enter() succeeded before it, in its section or after. */
export function needsDevice(fn: FunctionFacts, call: CallFact, catalog: Catalog): boolean {
  const enters = fn.calls.filter(
    (other) => other.start < call.start && catalog.guards.get(other.callee)?.role === 'enter',
  );
  return (
    enters.length > 0 &&
    holdsBefore(
      fn,
      call,
      enters.flatMap((enter) => [enter.callee, ...holders(fn, enter)]),
    )
  );
}

/** Whether a condition that names one of `words` has to be true before `call` runs. */
export function holdsBefore(fn: FunctionFacts, call: CallFact, words: readonly string[]): boolean {
  for (let at = call.context; at >= 0; at = fn.contexts[at]?.parent ?? -1) {
    const context = fn.contexts[at];
    if (context?.kind === 'if' && words.some((word) => asserts(context.text, word))) return true;
  }
  return fn.contexts.some(
    (context) =>
      context.kind === 'if' &&
      context.exits &&
      context.parent === -1 &&
      context.end <= call.start &&
      words.some((word) => denies(context.text, word)),
  );
}

/** Whether a call stands in a loop. */
export function isLooped(fn: FunctionFacts, call: CallFact): boolean {
  for (let at = call.context; at >= 0; at = fn.contexts[at]?.parent ?? -1)
    if (fn.contexts[at]?.kind === 'loop') return true;
  return false;
}

/** The words themselves and the predicates that answer one of them: `bool has_x(d) { return IS_X(d); }`. */
export function predicatesOf(program: Program, words: readonly string[]): string[] {
  const known = new Set(words);
  // A set hands out what is added while it is walked.
  for (const word of known) {
    for (const { caller, call } of program.callsOf(word)) {
      const { calls, returnsOf } = caller.facts;
      const value = returnsOf.length === 1 ? returnsOf[0]?.value : undefined;
      if (value?.kind === 'call' && calls[value.call] === call) known.add(caller.name);
    }
  }
  return [...known];
}

/** The locals that hold the result of a call. */
function holders(fn: FunctionFacts, call: CallFact): string[] {
  return fn.assigns
    .filter(
      (a) =>
        a.value.kind === 'call' && fn.calls[a.value.call] === call && a.target.steps.length === 0,
    )
    .map((a) => a.target.root);
}

function asserts(condition: string, word: string): boolean {
  return new RegExp(`(^|[^!\\w])${word}\\b`).test(condition) && !condition.includes('||');
}

function denies(condition: string, word: string): boolean {
  return new RegExp(`!\\s*${word}\\b`).test(condition) && !condition.includes('&&');
}
