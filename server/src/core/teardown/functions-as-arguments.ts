/**
 * Functions that reach a member as an argument: `add(dev, foo_init)` stores its parameter, and somebody
 * calls the member later. The call graph follows tables and plain assignments; this is the way between.
 */
import type { CallFact, Value } from '../facts/types.ts';
import type { Pass, Question } from '../pass.ts';
import { pathIn } from '../program/objects.ts';
import type { CallSite, FunctionRef, Program } from '../program/program.ts';
import type { Frame } from '../program/run-through.ts';
import { sameItems } from '../queries/same.ts';

export class FunctionsAsArguments {
  private readonly pass: Pass;

  constructor(pass: Pass) {
    this.pass = pass;
  }

  /** The functions that a call through a member can mean. */
  targetsOf(call: CallFact): readonly FunctionRef[] {
    const member = call.callee === '' ? memberOf(call) : undefined;
    return member === undefined ? [] : this.pass.ask(passedTo, member);
  }

  /** The calls that can mean a function by way of a member that was given it as an argument. */
  callersOf(fn: FunctionRef): readonly CallSite[] {
    return this.pass.ask(callers, fn);
  }
}

/** The functions that callers pass to be stored in a member. */
const passedTo: Question<string, readonly FunctionRef[]> = {
  answer: ({ program }, member) => {
    const found = new Set<FunctionRef>();
    for (const { fn, assign } of program.storesTo(member)) {
      const from = pathIn(assign.value);
      if (from?.steps.length !== 0) continue;
      const param = fn.facts.params.findIndex((one) => one.name === from.root);
      if (param < 0) continue;
      for (const { caller, call } of program.callersOf(fn)) {
        const argument = call.args[param];
        const path = argument && pathIn(argument.value);
        if (!path || path.steps.length > 0 || program.typeOfRoot(caller, path.root)) continue;
        const target = program.resolve(path.root, caller.file);
        if (target) found.add(target);
      }
    }
    return [...found];
  },
  equal: (a, b) => sameItems(a, b),
};

const callers: Question<FunctionRef, readonly CallSite[]> = {
  answer: (pass, fn) => {
    const { program } = pass;
    const members = new Set<string>();
    for (const { fn: giver, assign, call } of program.handingsOfFunction(fn)) {
      const target = assign || !call ? undefined : program.resolve(call.callee, giver.file);
      if (!target) continue;
      for (const { target: stored, value } of target.facts.assigns) {
        const from = pathIn(value);
        const member = stored.steps.findLast((step) => step !== '[]');
        if (member === undefined || from?.steps.length !== 0) continue;
        if (target.facts.params.some((one) => one.name === from.root)) members.add(member);
      }
    }
    return [...members]
      .filter((member) => pass.ask(passedTo, member).includes(fn))
      .flatMap((member) => program.callsThrough(member));
  },
  equal: (a, b) => sameItems(a, b),
};

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
