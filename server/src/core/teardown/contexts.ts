/** What stands around a call: conditions, loops, and whether it lies on a way that only a failure takes. */
import type { CallFact, Context, FunctionFacts } from '../facts/types.ts';

/** The contexts around a call, the innermost first. */
function* around(fn: FunctionFacts, call: CallFact): Generator<Context> {
  for (let at = call.context; at >= 0; at = fn.contexts[at]?.parent ?? -1) {
    const context = fn.contexts[at];
    if (context) yield context;
  }
}

/** The innermost condition around a call that is not a test for failure. */
export function conditionOf(fn: FunctionFacts, call: CallFact): string | null {
  for (const context of around(fn, call)) {
    const words = conditionWords(fn, context);
    if (words !== null) return words;
  }
  return null;
}

function conditionWords(fn: FunctionFacts, { kind, text }: Context): string | null {
  switch (kind) {
    case 'if':
      return isSuccess(fn, text) ? null : `if (${text})`;
    case 'else':
      return isFailure(fn, text) ? null : `else of if (${text})`;
    case 'preprocessor':
      return text;
    case 'case':
      return `switch ${text}`;
    default:
      return null;
  }
}

/** `if (!err)`: the steps before have gone well. */
export function isSuccess(fn: FunctionFacts, text: string): boolean {
  const name = /^!\s*(\w+)$/.exec(text)?.[1];
  return name !== undefined && holdsResult(fn, name);
}

function isFailure(fn: FunctionFacts, text: string): boolean {
  const name = /^(\w+)(\s*<\s*0)?$/.exec(text)?.[1];
  return name !== undefined && holdsResult(fn, name);
}

/** Whether a local is a number that calls give. */
function holdsResult(fn: FunctionFacts, name: string): boolean {
  const type = fn.locals.find((local) => local.name === name)?.type;
  return (
    type !== undefined &&
    type.name === 'int' &&
    type.pointers === 0 &&
    fn.assigns.some((assign) => assign.target.root === name && assign.value.kind === 'call')
  );
}

/** What a step before made sure of: `if (!foo) return 0;` leaves the rest to those that have a foo. */
export function guardOf(fn: FunctionFacts, call: CallFact): string | null {
  const inside = new Set([-1, ...ancestors(fn, call)]);
  const guard = fn.contexts.findLast(
    (context) =>
      context.kind === 'if' &&
      context.exits &&
      context.end <= call.start &&
      inside.has(context.parent) &&
      leavesContent(fn, context),
  );
  if (!guard) return null;
  return denied(`if (${guard.text})`);
}

/** The condition turned round: `if (!x)` gives `if (x)`, `if (x < 2)` gives `unless (x < 2)`. */
export function denied(condition: string): string {
  const [, word = '', text = ''] = /^(if|unless) \((.*)\)$/.exec(condition) ?? [];
  if (word === '' || condition.includes('; ')) return `unless ${condition}`;
  if (word === 'unless') return `if (${text})`;
  const operand = /^!\s*(.+)$/.exec(text)?.[1];
  return operand !== undefined && isOperand(operand) ? `if (${operand})` : `unless (${text})`;
}

/** Whether an expression is one operand: a `!` before it denies all of it. */
function isOperand(text: string): boolean {
  let flat = text;
  for (let before = ''; before !== flat; ) {
    before = flat;
    flat = flat.replace(/\([^()]*\)/g, '');
  }
  return /^[\w.>\-[\]]+$/.test(flat);
}

function ancestors(fn: FunctionFacts, call: CallFact): number[] {
  const out: number[] = [];
  for (let at = call.context; at >= 0; at = fn.contexts[at]?.parent ?? -1) out.push(at);
  return out;
}

/** Whether a branch returns though nothing has failed. */
function leavesContent(fn: FunctionFacts, context: Context): boolean {
  const { start, end, text } = context;
  if (leavesWithError(fn, context) || isFailure(fn, text) || isSuccess(fn, text)) return false;
  const word = /^!\s*(\w+)$/.exec(text)?.[1];
  if (
    word !== undefined &&
    fn.assigns.some(
      (assign) =>
        assign.target.root === word &&
        assign.target.steps.length === 0 &&
        assign.value.kind === 'call',
    )
  )
    return false;
  // A call with so many arguments does something: its answer is an error number.
  if (
    fn.calls.some(
      (call) => call.use === 'tested' && call.args.length > 2 && text.includes(`${call.callee}(`),
    )
  )
    return false;
  return fn.returnsOf.some(
    (one) => one.start >= start && one.end <= end && one.value?.kind !== 'call',
  );
}

export function loopOf(fn: FunctionFacts, call: CallFact): string | null {
  for (const context of around(fn, call)) if (context.kind === 'loop') return context.text;
  return null;
}

/** Whether only a failure leads to the call: it stands below the last return of the straight way. */
export function isBelowReturn(fn: FunctionFacts, call: CallFact): boolean {
  return fn.returnsOf.some((one) => one.context === -1 && one.end <= call.start);
}

/** Whether only a failure leads to the call: below the last return, or in a branch that leaves with an error. */
export function isOnFailure(fn: FunctionFacts, call: CallFact): boolean {
  if (isBelowReturn(fn, call)) return true;
  for (const context of around(fn, call))
    if (
      context.exits &&
      (context.kind === 'if' || context.kind === 'else') &&
      leavesWithError(fn, context)
    )
      return true;
  return false;
}

function leavesWithError(fn: FunctionFacts, { start, end }: Context): boolean {
  const inside = (at: number) => at >= start && at < end;
  if (fn.gotos.some((jump) => inside(jump.start))) return true;
  return fn.returnsOf.some(
    ({ start: at, value }) =>
      inside(at) &&
      value !== null &&
      value.kind !== 'call' &&
      !(value.kind === 'literal' && /^(0|true)$/.test(value.text)),
  );
}

/** The calls below a branch that leaves with success. */
export function ladderBelow(fn: FunctionFacts, branch: Context): CallFact[] {
  const end =
    fn.returnsOf.find((one) => one.context === branch.parent && one.start > branch.end)?.end ??
    Number.POSITIVE_INFINITY;
  return fn.calls.filter((call) => call.start >= branch.end && call.end <= end);
}

/** Where a call finds its way on when it failed: the calls that run then, in order. */
export function ladderOf(fn: FunctionFacts, branch: Context): CallFact[] {
  const inside = fn.calls.filter((call) => call.start >= branch.start && call.start < branch.end);
  const jump = fn.gotos.find((one) => one.start >= branch.start && one.start < branch.end);
  const label = jump && fn.labels.find((one) => one.name === jump.label);
  if (!label) return inside;
  const end =
    fn.returnsOf.find((one) => one.context === -1 && one.start > label.start)?.end ??
    Number.POSITIVE_INFINITY;
  return [...inside, ...fn.calls.filter((call) => call.start >= label.start && call.end <= end)];
}
