/** What can run again and again after probe: through open files, power management, resets and work items. */
import type { Catalog } from '../catalog.ts';
import type { TableFunction } from '../teardown/entries.ts';
import { pathIn } from './objects.ts';
import type { CallSite, FunctionRef, Program } from './program.ts';

/** Where run time begins, and why it can come more than once. */
export interface RunTimeRoot {
  readonly fn: FunctionRef;
  /** `an ioctl or file operation`, `resume`, `a work item`. */
  readonly reason: string;
}

/** Table members that run at each suspend, resume, reset or job, whatever struct they stand in. */
const repeated =
  /^(runtime_)?(suspend|resume|restore|thaw|freeze)|slot_reset|reset_(done|prepare|resume)|_job$/;

export function runTimeRoots(
  program: Program,
  catalog: Catalog,
  tables: readonly TableFunction[],
): RunTimeRoot[] {
  const roots: RunTimeRoot[] = [];
  for (const { fn, role, entry, table } of tables) {
    if (role === 'open-file' || role === 'node-file')
      roots.push({ fn, reason: `user space calls it through ${table.struct}.${entry.member}` });
    else if (role === 'other' && repeated.test(entry.member))
      roots.push({ fn, reason: `${table.struct}.${entry.member} runs it more than once` });
  }
  for (const milestone of catalog.data.milestones) {
    if (milestone.role !== 'init-work' || milestone.handler === undefined) continue;
    for (const { caller, call } of program.callsOf(milestone.name)) {
      const path = pathIn(call.args[milestone.handler]?.value ?? { kind: 'literal', text: '' });
      const fn =
        path && path.steps.length === 0 ? program.resolve(path.root, caller.file) : undefined;
      if (fn)
        roots.push({ fn, reason: 'it is a work item or timer, which can run more than once' });
    }
  }
  return roots;
}

/**
 * Every function that run time reaches, with the first way there: breadth first, in the order of the roots.
 * @param within what is not in it is not gone into
 */
export function reachedAtRunTime(
  program: Program,
  roots: readonly RunTimeRoot[],
  within: { has(fn: FunctionRef): boolean },
): Map<FunctionRef, { readonly root: RunTimeRoot; readonly way: readonly CallSite[] }> {
  const reached = new Map<FunctionRef, { root: RunTimeRoot; way: readonly CallSite[] }>();
  let wave: FunctionRef[] = [];
  for (const root of roots) {
    if (reached.has(root.fn) || !within.has(root.fn)) continue;
    reached.set(root.fn, { root, way: [] });
    wave.push(root.fn);
  }
  while (wave.length > 0) {
    const next: FunctionRef[] = [];
    for (const caller of wave) {
      const from = reached.get(caller);
      for (const { call, target } of from ? program.calleesOf(caller) : []) {
        if (!from || reached.has(target) || !within.has(target)) continue;
        reached.set(target, { root: from.root, way: [...from.way, { caller, call }] });
        next.push(target);
      }
    }
    wave = next;
  }
  return reached;
}
