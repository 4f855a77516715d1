/**
 * What the exit function of a module ends while something that its init function registered can still run:
 * a queue or memory that a variable of the file holds, which a notifier or a driver goes on to use.
 */

import { namesAsked } from '../facts/flow/conditions.ts';
import type { Pass, Question } from '../pass.ts';
import { initcallsIn } from '../program/initcalls.ts';
import { pathIn } from '../program/objects.ts';
import type { CallSite, FunctionRef } from '../program/program.ts';
import { directWays, type End, endedWhile, endersOf, isPlainForEach } from './ends.ts';
import { endsOfNodes, type Node, nodesIn } from './nodes.ts';
import type { Way } from './ways.ts';
import { firstWayTo } from './ways-down.ts';

/** The functions that run when a module is loaded and unloaded. */
export interface ModuleEntry {
  readonly init: FunctionRef;
  readonly exit: FunctionRef;
}

/** A registered thing that finds a variable's object gone. */
export interface UsedAtExit extends ModuleEntry {
  readonly node: Node;
  readonly end: End;
  readonly handler: FunctionRef;
  readonly way: Way;
}

/** The first such use of each node. */
export function usedAtExit(pass: Pass): UsedAtExit[] {
  return moduleLoadsOf(pass).flatMap((entry) => {
    const ends = endedVariables(pass, entry.exit);
    if (ends.length === 0) return [];
    return nodesIn(pass)
      .filter(({ site }) => pass.graph.isReachedFrom(site.caller, [entry.init]))
      .flatMap((node): UsedAtExit[] => {
        const stops = endsOfNodes(pass, entry.exit, node.group);
        if (stops.length === 0) return [];
        const found = ends
          .filter(endedWhile(pass, stops, false))
          .flatMap((end) => usesBy(pass, node, end, entry))
          .at(0);
        return found ? [found] : [];
      });
  });
}

/** The modules' own ways in and out. */
export function moduleLoadsOf(pass: Pass): readonly ModuleEntry[] {
  return pass.ask(entries, null);
}

const entries: Question<null, readonly ModuleEntry[]> = {
  answer: (pass) =>
    pass.program.files.flatMap((file) => {
      const [init] = initcallsIn(pass.program, pass.catalog, file, 'init');
      const [exit] = initcallsIn(pass.program, pass.catalog, file, 'exit');
      return init && exit ? [{ init: init.fn, exit: exit.fn }] : [];
    }),
};

/** The functions that run when a module is unloaded. */
export function moduleExits(pass: Pass): readonly FunctionRef[] {
  return pass.program.files.flatMap((file) =>
    initcallsIn(pass.program, pass.catalog, file, 'exit').map(({ fn }) => fn),
  );
}

/** What a way out ends of what variables hold that are no function's own. */
function endedVariables(
  pass: Pass,
  out: FunctionRef,
): readonly (End & { readonly name: string })[] {
  const enders = endersOf(pass);
  const leads = pass.graph.waysTo(enders.keys());
  if (!leads.has(out)) return [];
  const down = directWays(pass, out, leads);
  return [...down.functions()].flatMap((caller) =>
    caller.facts.calls.flatMap((call) => {
      const ender = enders.get(call.callee);
      const path =
        ender?.kind === 'ended' ? pathIn(call.args[ender.object]?.value ?? nothing) : null;
      if (!ender || !path || path.address !== 0 || path.steps.length > 0) return [];
      const name = path.root;
      if (!isVariable(pass, caller, name) || isGivenAfter(caller, name, call.end)) return [];
      const way = [...down.to(caller), { caller, call }];
      const always = way.every((site) => isPlainForEach(pass, site));
      return [
        { key: { tag: '', member: name }, kind: ender.kind, what: ender.what, way, always, name },
      ];
    }),
  );
}

const nothing = { kind: 'literal', text: '' } as const;

function isVariable({ program }: Pass, fn: FunctionRef, name: string): boolean {
  return !program.typeOfRoot(fn, name) && program.resolve(name, fn.file) === undefined;
}

/** `wq = NULL` afterwards: who asks sees it. */
function isGivenAfter({ facts }: FunctionRef, name: string, end: number): boolean {
  return facts.assigns.some(
    ({ target, start }) => target.root === name && target.steps.length === 0 && start > end,
  );
}

function usesBy(
  pass: Pass,
  node: Node,
  end: End & { readonly name: string },
  entry: ModuleEntry,
): UsedAtExit[] {
  const set = pass.ask(setBy, entry.exit);
  return node.handlers.flatMap((handler): UsedAtExit[] => {
    const way = firstWayTo(pass, handler, (fn) => usedIn(pass, fn, end.name));
    return way && !asksFor(pass, way, set) ? [{ ...entry, node, end, handler, way }] : [];
  });
}

/** The first call that is handed what a variable holds, and does more than look whether that is there. */
function usedIn(pass: Pass, fn: FunctionRef, name: string): CallSite | undefined {
  if (!isVariable(pass, fn, name)) return undefined;
  const { observers, errorHelpers } = pass.catalog.data;
  const looks = new Set([...observers, ...errorHelpers].map((one) => one.name));
  const call = fn.facts.calls.find(
    ({ callee, args }) =>
      !looks.has(callee) &&
      args.some(({ value }) => {
        const path = pathIn(value);
        return path?.root === name && path.address === 0;
      }),
  );
  return call && { caller: fn, call };
}

/** The variables that a way out stores to, or hands on by address: flags that others ask. */
const setBy: Question<FunctionRef, ReadonlySet<string>> = {
  answer: (pass, out) => {
    const found = new Set<string>();
    for (const { facts } of directWays(pass, out, { has: () => true }).functions()) {
      for (const { target } of facts.assigns) if (target.steps.length === 0) found.add(target.root);
      for (const { args } of facts.calls)
        for (const { value } of args) {
          const path = pathIn(value);
          if (path?.address === 1 && path.steps.length === 0) found.add(path.root);
        }
    }
    return found;
  },
};

/** Whether some call on a way depends on one of the variables. */
function asksFor({ catalog }: Pass, way: Way, names: ReadonlySet<string>): boolean {
  return way.some(({ caller, call }) => {
    const flow = catalog.flows.of(caller.facts);
    const around = flow.around(call);
    return caller.facts.contexts.some(
      (context) =>
        (around.includes(context) || (context.exits && context.start < call.start)) &&
        context.test !== undefined &&
        namesAsked(flow, context.test).some((name) => names.has(name)),
    );
  });
}
