/**
 * Functions that reach a member as an argument: `add(dev, foo_init)` stores its parameter, and somebody
 * calls the member later. The call graph follows tables and plain assignments; this is the way between.
 */
import type { CallFact, Value } from '../facts/types.ts';
import { pathIn } from '../program/objects.ts';
import type { CallSite, FunctionRef, Program } from '../program/program.ts';
import type { Frame } from './walker.ts';

export class PassedFunctions {
  private readonly program: Program;
  private byMember: ReadonlyMap<string, readonly FunctionRef[]> | null = null;

  constructor(program: Program) {
    this.program = program;
  }

  /** The functions that a call through a member can mean. */
  targetsOf(call: CallFact): readonly FunctionRef[] {
    const member = call.callee === '' ? memberOf(call) : undefined;
    return member === undefined ? [] : (this.members().get(member) ?? []);
  }

  /** The calls that can mean a passed function, with it. */
  *sites(): Generator<{ readonly site: CallSite; readonly target: FunctionRef }> {
    if (this.members().size === 0) return;
    for (const site of this.program.indirectCalls())
      for (const target of this.targetsOf(site.call)) yield { site, target };
  }

  private members(): ReadonlyMap<string, readonly FunctionRef[]> {
    if (this.byMember) return this.byMember;
    const found = new Map<string, FunctionRef[]>();
    const called = new Set(
      this.program.indirectCalls().flatMap(({ call }) => memberOf(call) ?? []),
    );
    for (const member of called) {
      for (const { fn, assign } of this.program.storesTo(member)) {
        const from = pathIn(assign.value);
        const param =
          from?.steps.length === 0
            ? fn.facts.params.findIndex((one) => one.name === from.root)
            : -1;
        if (param >= 0) add(found, member, this.passedTo(fn, param));
      }
    }
    this.byMember = found;
    return found;
  }

  private passedTo(fn: FunctionRef, param: number): FunctionRef[] {
    return this.program.callersOf(fn).flatMap(({ caller, call }) => {
      const argument = call.args[param];
      const path = argument && pathIn(argument.value);
      if (!path || path.steps.length > 0 || this.program.typeOfRoot(caller, path.root)) return [];
      return this.program.resolve(path.root, caller.file) ?? [];
    });
  }
}

/** The function that a name, or a parameter on the way down to a frame, means there. */
export function meantBy(program: Program, frame: Frame, value: Value): FunctionRef | undefined {
  let path = pathIn(value);
  for (let at: Frame | null = frame; at; at = at.parent) {
    if (!path || path.steps.length > 0) return undefined;
    const { root } = path;
    const param = at.fn.facts.params.findIndex((one) => one.name === root);
    if (param < 0)
      return program.typeOfRoot(at.fn, root) ? undefined : program.resolve(root, at.fn.file);
    const argument = at.call?.args[param];
    path = argument && pathIn(argument.value);
  }
  return undefined;
}

function memberOf(call: CallFact): string | undefined {
  const path = call.through ? pathIn(call.through) : undefined;
  return path?.steps.findLast((step) => step !== '[]');
}

function add(map: Map<string, FunctionRef[]>, key: string, values: readonly FunctionRef[]): void {
  if (values.length === 0) return;
  map.set(key, [...new Set([...(map.get(key) ?? []), ...values])]);
}
