/** What becomes of the error number that a call returns. */
import type { AssignFact, CallFact, FunctionFacts, PathValue, Value } from '../facts/types.ts';

/** `dropped`: nobody can look at it; `overwritten`: kept in a variable that is written again before it is read. */
export type ResultFate = 'dropped' | 'overwritten' | 'kept';

export function fateOfResult(fn: FunctionFacts, call: CallFact): ResultFate {
  if (call.use === 'ignored') return 'dropped';
  if (call.use !== 'assigned') return 'kept';
  const holder = holderOf(fn, call);
  return holder && isOverwritten(fn, holder) ? 'overwritten' : 'kept';
}

/** The assignment that keeps the call's result in a local variable. */
export function holderOf(fn: FunctionFacts, call: CallFact): AssignFact | undefined {
  const index = fn.calls.indexOf(call);
  return fn.assigns.find(
    (a) =>
      a.value.kind === 'call' &&
      a.value.call === index &&
      a.target.steps.length === 0 &&
      a.target.address === 0,
  );
}

/** The assignment that keeps the call's result, in a variable or in a member. */
export function keeperOf(fn: FunctionFacts, call: CallFact): AssignFact | undefined {
  const index = fn.calls.indexOf(call);
  return fn.assigns.find(
    (a) => a.value.kind === 'call' && a.value.call === index && a.target.address === 0,
  );
}

/** Finds an expression in a condition's text. */
export function mentionOf({ root, steps }: PathValue): RegExp {
  const rest = steps
    .map((step) => (step === '[]' ? '\\s*\\[[^\\]]*\\]' : `\\s*(?:->|\\.)\\s*${step}\\b`))
    .join('');
  return new RegExp(`\\b${root}\\b${rest}`);
}

/** Whether the next write in the same straight line comes before any mention of the variable. */
function isOverwritten(fn: FunctionFacts, holder: AssignFact): boolean {
  const name = holder.target.root;
  if (!fn.locals.some((local) => local.name === name)) return false;
  const next = fn.assigns.find(
    (a) =>
      a.start > holder.end &&
      a.context === holder.context &&
      a.target.root === name &&
      a.target.steps.length === 0,
  );
  if (!next) return false;
  const between = (start: number) => start >= holder.end && start <= next.end;
  const mentions = new RegExp(`\\b${name}\\b`);
  return (
    !fn.contexts.some(
      (context) => (between(context.start) || between(context.end)) && mentions.test(context.text),
    ) &&
    !fn.calls.some(
      (call) => between(call.start) && call.args.some((arg) => mentions.test(arg.text)),
    ) &&
    !fn.assigns.some(
      (a) =>
        a !== holder &&
        between(a.start) &&
        (mentionedIn(a.value, name) || a.target.steps.includes(name)),
    ) &&
    !fn.returnsOf.some((r) => between(r.start) && r.value && mentionedIn(r.value, name)) &&
    !fn.labels.some((label) => between(label.start)) &&
    !fn.gotos.some((jump) => between(jump.start))
  );
}

function mentionedIn(value: Value, name: string): boolean {
  switch (value.kind) {
    case 'path':
      return value.root === name;
    case 'choice':
      return value.of.some((part) => mentionedIn(part, name));
    case 'words':
      return value.words.includes(name);
    default:
      return false;
  }
}

/** The calls that run only when `call` failed: those of the exiting branches that test its result, and below the labels they jump to. */
export function failureCalls(fn: FunctionFacts, call: CallFact): readonly CallFact[] {
  const name = holderOf(fn, call)?.target.root;
  const tests = fn.contexts.filter(
    (context) =>
      context.kind === 'if' &&
      context.start > call.start &&
      (call.use === 'tested'
        ? context.text.includes(call.callee)
        : name !== undefined && new RegExp(`\\b${name}\\b`).test(context.text)),
  );
  const branch = tests[0];
  if (!branch) return [];
  const jumps = fn.gotos.filter((jump) => jump.start >= branch.start && jump.start < branch.end);
  const labels = fn.labels.filter((label) => jumps.some((jump) => jump.label === label.name));
  const from = Math.min(...labels.map((label) => label.start));
  return fn.calls.filter(
    (other) => (other.start >= branch.start && other.start < branch.end) || other.start > from,
  );
}
