/**
 * Members that hold one truth value for as long as a driver is bound: flags that nobody ever sets, or that are
 * set on the way in and never taken back. A test of such a flag guards nothing.
 */
import type { Condition, Decision, Value } from '../facts/types.ts';
import type { Pass, Question } from '../pass.ts';
import { pathIn } from '../program/objects.ts';
import type { CallSite, FunctionRef } from '../program/program.ts';

/** Whether a call is made each time once tests of such flags are decided. */
export function isAlwaysDecided(pass: Pass, { caller, call }: CallSite): boolean {
  const flow = pass.catalog.flows.of(caller.facts);
  return flow.isAlwaysWhere(call, (test) => decided(pass, caller, test));
}

/** Whether a call is never made: a flag that nobody sets stands before it. */
export function isNeverDecided(pass: Pass, { caller, call }: CallSite): boolean {
  const flow = pass.catalog.flows.of(caller.facts);
  return !flow.canRunWhere(call, (test) => decided(pass, caller, test));
}

/** The way that a test takes when flags alone decide it. */
function decided(pass: Pass, fn: FunctionRef, test: Decision): 0 | 1 | undefined {
  if (test.kind === 'switch' || test.kind === 'build' || test.kind === 'macro') return undefined;
  const holds = truthOf(pass, fn, test);
  return holds === undefined ? undefined : holds ? 0 : 1;
}

function truthOf(pass: Pass, fn: FunctionRef, test: Condition): boolean | undefined {
  switch (test.kind) {
    case 'is':
      return truthOfValue(pass, fn, test.value);
    case 'not': {
      const inner = truthOf(pass, fn, test.of);
      return inner === undefined ? undefined : !inner;
    }
    default:
      return undefined;
  }
}

function truthOfValue(pass: Pass, fn: FunctionRef, value: Value): boolean | undefined {
  if (value.kind === 'path') {
    if (value.address !== 0 || value.steps.at(-1) === '[]') return undefined;
    const found = pass.program.memberOf(fn, value);
    if (!found || found.tag === '' || found.type?.name !== 'bool' || found.type.pointers > 0)
      return undefined;
    return pass.ask(heldAlways, `${found.tag} ${found.member}`);
  }
  if (value.kind === 'words') return value.test && truthOf(pass, fn, value.test);
  if (value.kind !== 'call') return undefined;
  // A small function of the module that hands the flag out.
  const call = fn.facts.calls[value.call];
  const helper = call && pass.catalog.flows.of(fn.facts).helperOf(value.call);
  if (helper?.answers === 'value') return truthOfValue(pass, fn, helper.of);
  const [target, other] = call ? pass.graph.targetsOf(fn, call) : [];
  const [answer, another] = target?.facts.returnsOf ?? [];
  return target && !other && target !== fn && answer?.value && !another
    ? truthOfValue(pass, target, answer.value)
    : undefined;
}

/** What a flag, `tag member`, always is after the way in; undefined when it changes, or cannot be told. */
const heldAlways: Question<string, boolean | undefined> = {
  answer: (pass, name) => {
    const [tag = '', member = ''] = name.split(' ');
    const { program } = pass;
    if (!program.struct(tag) || member.includes('.')) return undefined;
    const isIt = (fn: FunctionRef, value: Value) => {
      const path = pathIn(value);
      const found = path && path.steps.at(-1) === member ? program.memberOf(fn, path) : undefined;
      return found !== undefined && (found.tag === tag || found.tag === '');
    };
    let set = false;
    for (const fn of program.mentioningMember(member)) {
      const { assigns, calls } = fn.facts;
      const flow = pass.catalog.flows.of(fn.facts);
      // Where its address goes, or the flag itself into a macro, somebody else may write to it.
      const isWritten = calls.some(({ callee, args }, i) =>
        args.some(
          ({ value }) =>
            isIt(fn, value) &&
            (isAddress(value) || (!/[a-z]/.test(callee) && flow.helperOf(i)?.answers !== 'value')),
        ),
      );
      const isLent = assigns.some(({ value }) => isAddress(value) && isIt(fn, value));
      if (isWritten || isLent) return undefined;
      for (const one of assigns) {
        if (!isIt(fn, one.target)) continue;
        const truth = literalTruth(one.value);
        if (truth === undefined || one.adds) return undefined;
        if (truth) {
          // Set anywhere but on the straight way in, it says something.
          if (one.context >= 0 || !isWayIn(pass, fn)) return undefined;
          set = true;
        } else if (!isWayIn(pass, fn)) return undefined;
      }
    }
    return program.isInTable(member) ? undefined : set;
  },
};

/** Whether a function runs on the way in, and nowhere else that matters: what it stores holds from then on. */
function isWayIn(pass: Pass, fn: FunctionRef): boolean {
  const roles = new Set(['probe', 'bind']);
  const runs = pass.tableFunctions.filter((one) => pass.graph.isReachedFrom(fn, [one.fn]));
  return runs.length > 0 && runs.every(({ role }) => roles.has(role));
}

function isAddress(value: Value): boolean {
  return value.kind === 'path' && value.address === 1;
}

function literalTruth(value: Value): boolean | undefined {
  const text =
    value.kind === 'literal'
      ? value.text
      : value.kind === 'path' && value.steps.length === 0
        ? value.root
        : undefined;
  if (text === 'true' || text === '1') return true;
  return text === 'false' || text === '0' ? false : undefined;
}
