/** What a test tells of the steps before it: that they went well, or that one failed. */
import type { Condition, Context, Decision, FunctionFacts, PathValue, Value } from '../types.ts';
import { anything, nameOf, negative, positive, type Reader, zero } from './known.ts';

/** Whether being inside a context tells that the steps before have gone well, or that one has not. */
export function meaningOf(
  fn: FunctionFacts,
  reader: Reader,
  { kind, test }: Context,
): 'success' | 'failure' | undefined {
  const [value] = test ? valuesIn(test) : [];
  if (!test || !value || test.kind === 'all' || test.kind === 'any' || !isNumber(fn, reader, value))
    return undefined;
  const mask = maskUnder(reader, test, kind !== 'else', value);
  if (mask === undefined) return undefined;
  const bad = (mask & negative) !== 0;
  return bad === ((mask & zero) !== 0) ? undefined : bad ? 'failure' : 'success';
}

/** Which way a test takes when there is something at a path; undefined when it asks for something else. */
export function presence(test: Decision, { root, steps }: PathValue): 0 | 1 | undefined {
  const leads = (value: Value) =>
    value.kind === 'path' &&
    value.address === 0 &&
    value.root === root &&
    value.steps.every((step, i) => step === steps[i]);
  const isNothing = (value: Value) =>
    (value.kind === 'literal' || value.kind === 'path') && wordOf(value) === 'NULL';
  switch (test.kind) {
    case 'is':
      return leads(test.value) ? 0 : undefined;
    case 'not': {
      const inner = presence(test.of, { kind: 'path', root, steps, address: 0 });
      return inner === undefined ? undefined : inner === 0 ? 1 : 0;
    }
    case 'compare':
      return leads(test.left) && isNothing(test.right) ? (test.op === '!=' ? 0 : 1) : undefined;
    default:
      return undefined;
  }
}

function wordOf(value: Extract<Value, { kind: 'literal' | 'path' }>): string {
  return value.kind === 'literal' ? value.text : value.root;
}

/** Whether a context is entered when a call has failed: its result is an error or nothing, or tested itself. */
export function isFailureTest(fn: FunctionFacts, reader: Reader, context: Context): boolean {
  const { kind, test } = context;
  if (!test || (kind !== 'if' && kind !== 'else')) return false;
  if (meaningOf(fn, reader, context) === 'failure') return true;
  return valuesIn(test).some((value) => {
    if (value.kind === 'call') {
      const helper = reader.helperOf(value.call);
      return helper ? reader.keepsResult(helper.of) : kind === 'if';
    }
    const mask = reader.keepsResult(value)
      ? maskUnder(reader, test, kind === 'if', value)
      : undefined;
    return mask !== undefined && (mask & positive) === 0;
  });
}

/** What a value can be when a condition holds, or does not; undefined when that cannot be. */
export function maskUnder(
  reader: Reader,
  test: Condition,
  holds: boolean,
  value: Value,
): number | undefined {
  const name = value.kind === 'path' ? nameOf(value) : undefined;
  const known =
    name === undefined ? undefined : reader.assume(test, holds, new Map([[name, anything]]));
  return known && reader.of(value, known);
}

/** The values that a condition looks at. */
function valuesIn(test: Condition): Value[] {
  switch (test.kind) {
    case 'not':
      return valuesIn(test.of);
    case 'is':
      return [test.value];
    case 'compare':
      return [test.left];
    default:
      return test.of.flatMap(valuesIn);
  }
}

/** Whether a value is a local number that calls give. */
function isNumber(fn: FunctionFacts, reader: Reader, value: Value): boolean {
  if (value.kind !== 'path' || value.steps.length > 0 || value.address !== 0) return false;
  const type = fn.locals.find((local) => local.name === value.root)?.type;
  return type?.name === 'int' && type.pointers === 0 && reader.keepsResult(value);
}

/**
 * `if (!x)` where a call gives x: there is none. A call with so many arguments does something: its answer
 * is an error number.
 */
export function asksResult(fn: FunctionFacts, reader: Reader, test: Condition): boolean {
  switch (test.kind) {
    case 'not':
      return (
        (test.of.kind === 'is' &&
          test.of.value.kind === 'path' &&
          test.of.value.steps.length === 0 &&
          reader.keepsResult(test.of.value)) ||
        asksResult(fn, reader, test.of)
      );
    case 'is':
      return doesSomething(fn, test.value);
    case 'compare':
      return doesSomething(fn, test.left);
    default:
      return test.of.some((part) => asksResult(fn, reader, part));
  }
}

function doesSomething(fn: FunctionFacts, value: Value): boolean {
  return value.kind === 'call' && (fn.calls[value.call]?.args.length ?? 0) > 2;
}
