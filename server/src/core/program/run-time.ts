/** What can run again and again after probe: through open files, power management, resets and work items. */
import type { CallFact } from '../facts/types.ts';
import { pathIn } from './objects.ts';
import type { CallSite, FunctionRef } from './program.ts';
import { Rounds, type RoundsContext } from './rounds.ts';
import { type Given, givenTo } from './run-through.ts';

/** Where run time begins, and why it can come more than once. */
export interface RunTimeRoot {
  readonly fn: FunctionRef;
  /** `an ioctl or file operation`, `resume`, `a work item`. */
  readonly reason: string;
  /** Calls in the function without which it would run once. */
  readonly rounds: readonly CallFact[];
}

/** A function that run time reaches. */
export interface AtRunTime {
  readonly fn: FunctionRef;
  readonly root: RunTimeRoot;
  readonly way: readonly CallSite[];
  /** What the calls of the way are known to hand over. */
  readonly given: Given;
}

/** Table members that run at each suspend, resume, reset or job, whatever struct they stand in. */
const repeated =
  /^(runtime_)?(suspend|resume|restore|thaw|freeze)|slot_reset|reset_(done|prepare|resume)|_job$/;

/** @param within what is not in it is no root that matters */
export function runTimeRoots(
  context: RoundsContext,
  within: { has(fn: FunctionRef): boolean },
): RunTimeRoot[] {
  const roots: RunTimeRoot[] = [];
  for (const { fn, role, entry, table } of context.tableFunctions) {
    const reason =
      role === 'open-file' || role === 'node-file'
        ? `user space calls it through ${table.struct}.${entry.member}`
        : role === 'other' && repeated.test(entry.member)
          ? `${table.struct}.${entry.member} runs it more than once`
          : undefined;
    if (reason !== undefined) roots.push({ fn, reason, rounds: [] });
  }
  const handlers = handlersOf(context).filter((fn) => within.has(fn));
  if (handlers.length === 0) return roots;
  const rounds = new Rounds(context);
  for (const fn of handlers) {
    const again = rounds.again(fn);
    if (again) roots.push({ fn, reason: again.reason, rounds: again.own });
  }
  return roots;
}

/** The handlers of work items, timers and tasklets. */
function handlersOf({ program, catalog }: RoundsContext): FunctionRef[] {
  const found = new Set<FunctionRef>();
  for (const { role, name, handler } of catalog.data.milestones) {
    if (role !== 'init-work' || handler === undefined) continue;
    for (const { caller, call } of program.callsOf(name)) {
      const path = pathIn(call.args[handler]?.value ?? { kind: 'literal', text: '' });
      const fn =
        path && path.steps.length === 0 ? program.resolve(path.root, caller.file) : undefined;
      if (fn) found.add(fn);
    }
  }
  return [...found];
}

const maximumWays = 8;

/**
 * Every function that run time reaches, with the first way there for each set of constants that is handed
 * down: breadth first, in the order of the roots.
 * @param within what is not in it is not gone into
 */
export function reachedAtRunTime(
  { program, catalog }: RoundsContext,
  roots: readonly RunTimeRoot[],
  within: { has(fn: FunctionRef): boolean },
): readonly AtRunTime[] {
  const out: AtRunTime[] = [];
  const seen = new Map<FunctionRef, Set<string>>();
  const reach = (one: AtRunTime): void => {
    const { fn, given } = one;
    if (!within.has(fn)) return;
    const known = seen.get(fn) ?? new Set<string>();
    const key = JSON.stringify([...given]);
    // What is reached with nothing known is reached with anything.
    if (known.has(key) || known.has('[]') || known.size >= maximumWays) return;
    seen.set(fn, known.add(key));
    out.push(one);
  };
  for (const root of roots) reach({ fn: root.fn, root, way: [], given: new Map() });
  // An array hands out what is added while it is walked.
  for (const from of out) {
    const { fn: caller, given } = from;
    const flow = catalog.flows.of(caller.facts);
    const open = given.size > 0 ? flow.given(given) : undefined;
    for (const { call, target } of program.calleesOf(caller)) {
      if (open?.calls.has(call) === false || !within.has(target)) continue;
      reach({
        fn: target,
        root: from.root,
        way: [...from.way, { caller, call }],
        given: givenTo(catalog.flows, { fn: caller, given }, call, target),
      });
    }
  }
  return out;
}
