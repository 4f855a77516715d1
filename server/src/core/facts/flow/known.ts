/**
 * What is known of values on one way through a function: whether each can be an error, nothing, or
 * something. An error number and a pointer that `ERR_PTR()` makes are the same: both are negative.
 */
import type { ErrorHelper } from '../../catalog-entries.ts';
import type { CallFact, Condition, FunctionFacts, PathValue, Value } from '../types.ts';

/** What a kernel function does with a result (`errorHelper` in the catalogue's schema). */
export type Helper = Pick<ErrorHelper, 'argument' | 'answers'>;

/** The kernel's words that a function's flow is read with. */
export interface FlowWords {
  readonly helpers: ReadonlyMap<string, Helper>;
  /** Macros whose block may be passed over. */
  readonly maybe: ReadonlySet<string>;
  /** What begins and ends a section in which the device is there. */
  readonly guards: ReadonlyMap<string, 'enter' | 'exit'>;
}

/** A set of what a value can be: the bits of `negative`, `zero` and `positive`. */
export type Mask = number;
export const negative: Mask = 1;
export const zero: Mask = 2;
export const positive: Mask = 4;
export const anything: Mask = 7;

/** What is known, by the name of what holds it: `ret`, `foo->clk`, `#3` for the result of call 3. */
export type Known = ReadonlyMap<string, Mask>;

export const resultName = (call: number) => `#${call}`;

/** Under this name stands which constant a variable equals; it goes when the variable is written. */
export const equalName = (name: string, constant: string) => `${name}.=${constant}`;

/** A constant that is compared by how it is written: `FOO_CLK_PLL`, `2`. */
export function constantIn(value: Value): string | undefined {
  if (value.kind === 'literal') return /^[1-9]\d*$/.test(value.text) ? value.text : undefined;
  return value.kind === 'path' &&
    value.steps.length === 0 &&
    value.address === 0 &&
    /^[A-Z][A-Z0-9_]*$/.test(value.root)
    ? value.root
    : undefined;
}

/**
 * The name of a variable or member; undefined for what lies behind a pointer, and for an address. The
 * elements of an array go by one name: a loop's turn works on one of them.
 */
export function nameOf({ root, steps, address }: PathValue): string | undefined {
  return address === 0 ? [root, ...steps].join('.') : undefined;
}

export class Reader {
  private readonly calls: readonly CallFact[];
  private readonly words: FlowWords;
  /** What keeps the results of calls, by name. */
  private readonly keeping = new Set<string>();
  /** What a call's result is assigned to in the expression that tests it: `if ((ret = f()))`. */
  private readonly holders = new Map<number, string>();

  constructor({ calls, assigns }: Pick<FunctionFacts, 'calls' | 'assigns'>, words: FlowWords) {
    this.calls = calls;
    this.words = words;
    for (const { target, value, adds } of assigns) {
      const name = nameOf(target);
      if (value.kind !== 'call' || name === undefined) continue;
      this.keeping.add(name);
      if (!adds) this.holders.set(value.call, name);
    }
  }

  /** Whether a variable or member keeps the result of a call. */
  keepsResult(value: Value): boolean {
    const name = value.kind === 'path' ? nameOf(value) : undefined;
    return name !== undefined && this.keeping.has(name);
  }

  helperOf(call: number): (Helper & { readonly of: Value }) | undefined {
    const fact = this.calls[call];
    const helper = fact && this.words.helpers.get(fact.callee);
    const of = helper && fact.args[helper.argument]?.value;
    return helper && of && { ...helper, of };
  }

  /** What a value can be. */
  of(value: Value, known: Known): Mask {
    switch (value.kind) {
      case 'path': {
        if (value.address === 1) return positive;
        const name = nameOf(value);
        return (name === undefined ? undefined : known.get(name)) ?? anything;
      }
      case 'literal':
        return literalMask(value.text);
      case 'call':
        return known.get(resultName(value.call)) ?? this.answerOf(value.call, known);
      case 'choice':
        return this.choiceOf(value.of, known);
      case 'words':
        if (value.negative) return negative;
        if (!value.test) return anything;
        return (
          (this.assume(value.test, true, known) ? positive : 0) |
          (this.assume(value.test, false, known) ? zero : 0)
        );
    }
  }

  /** One of several: of the calls among them, the last that ran says it. `a() ?: b()` runs b where a is 0. */
  private choiceOf(values: readonly Value[], known: Known): Mask {
    const ran = values.filter((one) => one.kind === 'call' && known.has(resultName(one.call)));
    const plain = values.filter((one) => one.kind !== 'call');
    const from = ran.length > 0 ? ran.slice(-1) : plain.length > 0 ? plain : values;
    return from.reduce((mask, one) => mask | this.of(one, known), 0);
  }

  private answerOf(call: number, known: Known): Mask {
    const helper = this.helperOf(call);
    if (!helper) return anything;
    const mask = this.of(helper.of, known);
    switch (helper.answers) {
      case 'value':
      case 'taken':
      case 'returned':
        return mask;
      case 'is-error':
        return truth(mask, negative);
      case 'is-error-or-null':
        return truth(mask, negative | zero);
      case 'is-none':
        return zero | positive;
      case 'error':
        return mask === zero ? zero : negative;
      case 'error-or-zero':
        return (mask & negative ? negative : 0) | (mask & ~negative ? zero : 0);
    }
  }

  /** What is known when a condition holds, or does not; undefined when that cannot be. */
  assume(condition: Condition, holds: boolean, known: Known): Known | undefined {
    switch (condition.kind) {
      case 'not':
        return this.assume(condition.of, !holds, known);
      case 'is':
        return this.narrow(condition.value, holds ? negative | positive : zero, known);
      case 'compare':
        return this.compare(condition, holds, known);
      default: {
        // All hold, or none of any does: each is known. Else one that alone is open is.
        if ((condition.kind === 'all') === holds)
          return condition.of.reduce<Known | undefined>(
            (at, part) => at && this.assume(part, holds, at),
            known,
          );
        const open = condition.of.filter((part) => this.assume(part, holds, known));
        const [only] = open;
        return open.length === 1 && only
          ? this.assume(only, holds, known)
          : open.length > 0
            ? known
            : undefined;
      }
    }
  }

  private compare(
    { op, left, right }: Extract<Condition, { kind: 'compare' }>,
    holds: boolean,
    known: Known,
  ): Known | undefined {
    const same = this.isEqual(left, right, known);
    if (same !== undefined && (op === '==' || op === '!='))
      return same === ((op === '==') === holds) ? known : undefined;
    const l = this.of(left, known);
    const r = this.of(right, known);
    // `NULL == p`: the constant to the right.
    if (isConstant(left) && !isConstant(right))
      return this.compare(
        { kind: 'compare', op: mirrored[op], left: right, right: left },
        holds,
        known,
      );
    const real = holds ? op : denied[op];
    if (r === zero) return this.narrow(left, againstZero[real], known);
    if (r !== negative && r !== positive) return l === 0 ? undefined : known;
    // Of two of the same sign nothing is known; of others the signs tell.
    const below = r === positive ? negative | zero : 0;
    const above = r === negative ? zero | positive : 0;
    const fits =
      (real.startsWith('<')
        ? below
        : real.startsWith('>')
          ? above
          : real === '!='
            ? below | above
            : 0) | r;
    return this.narrow(left, fits, known);
  }

  /** Whether a variable that equals a constant equals this one; undefined when that is not known. */
  private isEqual(left: Value, right: Value, known: Known): boolean | undefined {
    const name = left.kind === 'path' ? nameOf(left) : undefined;
    const wanted = constantIn(right);
    if (name === undefined || wanted === undefined) return undefined;
    if (known.has(equalName(name, wanted))) return true;
    // A name and a number may be the same: of two names, or two numbers, they are not.
    const isNumber = /^\d/.test(wanted);
    const prefix = equalName(name, '');
    const other = keyWith(known, prefix);
    return other !== undefined && /^\d/.test(other.slice(prefix.length)) === isNumber
      ? false
      : undefined;
  }

  /** A value is one of what `to` says: what holds it is known better then. */
  narrow(value: Value, to: Mask, known: Known): Known | undefined {
    const held = value.kind === 'call' ? known.get(this.holders.get(value.call) ?? '') : undefined;
    const mask = this.of(value, known) & (held ?? anything) & to;
    if (mask === 0) return undefined;
    if (value.kind === 'path') {
      const name = nameOf(value);
      return name === undefined ? known : narrowed(known, name, mask);
    }
    if (value.kind === 'call') {
      const holder = this.holders.get(value.call);
      const own = narrowed(known, resultName(value.call), mask);
      const at = holder === undefined ? own : narrowed(own, holder, mask);
      return this.narrowHelper(value.call, mask, at);
    }
    if (value.kind === 'words' && value.test && (mask === zero || (mask & zero) === 0))
      return this.assume(value.test, mask !== zero, known);
    return known;
  }

  private narrowHelper(call: number, mask: Mask, known: Known): Known | undefined {
    const helper = this.helperOf(call);
    if (!helper) return known;
    const isTrue = (mask & zero) === 0;
    if (!isTrue && mask !== zero)
      return helper.answers === 'value' ? this.narrow(helper.of, mask, known) : known;
    switch (helper.answers) {
      case 'value':
      case 'taken':
        return this.narrow(helper.of, mask, known);
      case 'is-error':
      case 'error-or-zero':
        return this.narrow(helper.of, isTrue ? negative : zero | positive, known);
      case 'is-error-or-null':
        return this.narrow(helper.of, isTrue ? negative | zero : positive, known);
      default:
        return known;
    }
  }
}

const againstZero = {
  '==': zero,
  '!=': negative | positive,
  '<': negative,
  '<=': negative | zero,
  '>': positive,
  '>=': zero | positive,
} as const;
const mirrored = { '==': '==', '!=': '!=', '<': '>', '<=': '>=', '>': '<', '>=': '<=' } as const;
const denied = { '==': '!=', '!=': '==', '<': '>=', '<=': '>', '>': '<=', '>=': '<' } as const;

function keyWith(known: Known, prefix: string): string | undefined {
  for (const key of known.keys()) if (key.startsWith(prefix)) return key;
  return undefined;
}

/** With something else known of a name of which something is known. */
function narrowed(known: Known, name: string, mask: Mask): Known {
  const before = known.get(name);
  return before === undefined || before === mask ? known : new Map(known).set(name, mask);
}

function isConstant(value: Value): boolean {
  return value.kind === 'literal' || (value.kind === 'words' && value.negative === true);
}

function literalMask(text: string): Mask {
  if (/^(?:0[xX]?0*[uUlL]*|NULL|false)$/.test(text)) return zero;
  return text.startsWith('-') ? negative : positive;
}

/** True, false or either, for whether a value is one of `wanted`. */
function truth(mask: Mask, wanted: Mask): Mask {
  return (mask & wanted ? positive : 0) | (mask & ~wanted & anything ? zero : 0);
}
