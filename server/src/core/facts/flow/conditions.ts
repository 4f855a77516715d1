/** What has to hold for a call to run, in words for the reader; tests for failure are no conditions. */
import type { CallFact, Condition, Context, Value } from '../types.ts';
import type { Flow, Open } from './flow.ts';
import { zero } from './known.ts';

/**
 * The innermost condition around a call that is not a test for failure.
 * @param failed the call whose failure leads there: what asks for failure behind it has its answer
 */
export function conditionOf(flow: Flow, call: CallFact, failed?: CallFact): string | null {
  for (const context of flow.around(call)) {
    if (failed && context.start >= failed.end && isFailureOf(flow, context, failed)) continue;
    const words = conditionWords(flow, context);
    if (words !== null) return words;
  }
  return null;
}

/** Whether a condition asks for failure, or for what the call has left empty: `x->log = f(); if (!x->log)`. */
function isFailureOf(flow: Flow, context: Context, failed: CallFact): boolean {
  if (flow.meaningOf(context) === 'failure') return true;
  const { test } = context;
  const value = test?.kind === 'not' && test.of.kind === 'is' ? test.of.value : undefined;
  const index = flow.facts.assigned.numberOf(failed);
  const held = flow.facts.assigns.find(
    (one) => one.value.kind === 'call' && one.value.call === index,
  )?.target;
  return (
    value?.kind === 'path' &&
    held !== undefined &&
    value.root === held.root &&
    value.steps.join() === held.steps.join()
  );
}

function conditionWords(flow: Flow, context: Context): string | null {
  const { kind, text } = context;
  switch (kind) {
    case 'if':
      return flow.meaningOf(context) === 'success' ? null : `if (${text})`;
    case 'else':
      return flow.meaningOf(context) === 'success' ? null : denied(`if (${text})`);
    case 'preprocessor':
      return text;
    case 'case':
      return `switch ${text}`;
    default:
      return null;
  }
}

/**
 * What a step before made sure of: `if (!foo) return 0;` leaves the rest to those that have a foo.
 * @param open what can run at all; what cannot leaves nothing out
 */
export function guardOf(flow: Flow, call: CallFact, open?: Open): string | null {
  const { contexts } = flow.facts;
  const around = new Set(flow.around(call));
  flow.effort.spend(1 + (flow.leavings.length >>> 5));
  const guard = flow.leavings.findLast(
    (context) =>
      context.end <= call.start &&
      isWithin(contexts[context.parent], around) &&
      open?.blocks.has(context.block) !== false &&
      isContent(flow, context),
  );
  return guard ? denied(`if (${guard.text})`) : null;
}

function isWithin(parent: Context | undefined, around: ReadonlySet<Context>): boolean {
  return parent === undefined || around.has(parent);
}

/** Whether nothing has failed where a branch leaves the function. */
function isContent(flow: Flow, context: Context): boolean {
  const kinds = flow.kindsFrom(context);
  return kinds.size === 1 && kinds.has('success');
}

/** The condition turned round: `if (!x)` gives `if (x)`, `if (x < 2)` gives `unless (x < 2)`. */
export function denied(condition: string): string {
  if (condition.includes('; ')) {
    const parts = condition.split('; ').map(expressionOf);
    return parts.some((part) => part === null)
      ? `not where ${condition.replaceAll('; ', ' and ')}`
      : `unless (${parts.join(' && ')})`;
  }
  const [, word = '', text = ''] = /^(if|unless) \((.*)\)$/.exec(condition) ?? [];
  if (word === '') return `not ${condition}`;
  if (word === 'unless') return `if (${text})`;
  const operand = /^!\s*(.+)$/.exec(text)?.[1];
  return operand !== undefined && isOperand(operand) ? `if (${operand})` : `unless (${text})`;
}

/** One condition as an expression; null when it is no C. */
function expressionOf(condition: string): string | null {
  const [, word = '', text = ''] = /^(if|unless) \((.*)\)$/.exec(condition) ?? [];
  if (word === '') return null;
  const operand = isOperand(text) ? text : `(${text})`;
  return word === 'if' ? operand : `!${operand}`;
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

/** A condition without what only wraps it: `unlikely(!x)` is `!x`. */
export function unwrapped(flow: Flow, test: Condition): Condition {
  if (test.kind !== 'is') return test;
  const { value } = test;
  if (value.kind === 'words' && value.test) return unwrapped(flow, value.test);
  const helper = value.kind === 'call' ? flow.helperOf(value.call) : undefined;
  return helper?.answers === 'value' ? unwrapped(flow, { kind: 'is', value: helper.of }) : test;
}

/** Whether a condition, or a part of it, asks that there is nothing: `!x`, `x == NULL`, an empty list. */
export function asksForNone(flow: Flow, condition: Condition): boolean {
  const test = unwrapped(flow, condition);
  switch (test.kind) {
    case 'not':
      return true;
    case 'compare':
      return test.op === '==' && flow.maskOf(test.right) === zero;
    case 'is': {
      const answers =
        test.value.kind === 'call' ? flow.helperOf(test.value.call)?.answers : undefined;
      return answers === 'is-error-or-null' || answers === 'is-none';
    }
    default:
      return test.of.some((part) => asksForNone(flow, part));
  }
}

/** The parts one of which makes a condition hold. */
export function alternativesOf(flow: Flow, condition: Condition): Condition[] {
  const test = unwrapped(flow, condition);
  return test.kind === 'any' ? test.of.flatMap((part) => alternativesOf(flow, part)) : [test];
}

/** The variables and constants that a condition names, also in the calls that it makes. */
export function namesAsked(flow: Flow, test: Condition): string[] {
  switch (test.kind) {
    case 'not':
      return namesAsked(flow, test.of);
    case 'compare':
      return [...namesOf(flow, test.left), ...namesOf(flow, test.right)];
    case 'is':
      return namesOf(flow, test.value);
    default:
      return test.of.flatMap((part) => namesAsked(flow, part));
  }
}

function namesOf(flow: Flow, value: Value): string[] {
  switch (value.kind) {
    case 'path':
      return [value.root];
    case 'call':
      return flow.facts.calls[value.call]?.args.flatMap((arg) => namesOf(flow, arg.value)) ?? [];
    case 'choice':
      return value.of.flatMap((one) => namesOf(flow, one));
    case 'words':
      return [...value.words];
    case 'literal':
      return [];
  }
}
