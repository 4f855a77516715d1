/** Expressions as `Value`s. */
import type { Ast } from '../syntax/ast.ts';
import type { Comparison, Condition, PathValue, Value } from './types.ts';

/** Reads a call expression and answers its index among the calls of the function. */
export type CallReader = (node: number) => number;

const transparent = new Set(['parenthesized_expression', 'cast_expression']);

/** The node below parentheses and casts. */
export function bare(ast: Ast, node: number): number {
  let at = node;
  while (transparent.has(ast.type(at))) {
    const inner = ast.type(at) === 'cast_expression' ? ast.child(at, 'value') : ast.only(at);
    if (inner < 0) break;
    at = inner;
  }
  return at;
}

/**
 * Reads an expression. `words` holds identifiers only; the calls inside are read by `readCall` as a
 * side effect of the walk that the caller does anyway, so that none is read twice.
 */
export function readValue(ast: Ast, node: number, readCall: CallReader): Value {
  const at = bare(ast, node);
  switch (ast.type(at)) {
    case 'field_expression':
    case 'identifier':
    case 'subscript_expression':
    case 'pointer_expression':
      return targetOf(ast, at) ?? wordsOf(ast, at);
    case 'call_expression':
      return { kind: 'call', call: readCall(at) };
    case 'conditional_expression': {
      const parts = ['consequence', 'alternative']
        .map((field) => ast.child(at, field))
        .filter((part) => part >= 0);
      if (parts.length === 1) parts.unshift(ast.child(at, 'condition'));
      return { kind: 'choice', of: parts.map((part) => readValue(ast, part, readCall)) };
    }
    case 'assignment_expression':
      return readValue(ast, ast.child(at, 'right'), readCall);
    case 'number_literal':
    case 'string_literal':
    case 'char_literal':
    case 'concatenated_string':
    case 'true':
    case 'false':
    case 'null':
      return { kind: 'literal', text: ast.textOf(at).slice(0, 80) };
    case 'unary_expression':
      if (ast.text[ast.start(at)] === '-') return negated(ast, at);
      return isCondition(ast, at)
        ? { ...wordsOf(ast, at), test: readCondition(ast, at, readCall) }
        : wordsOf(ast, at);
    case 'binary_expression':
      return isCondition(ast, at)
        ? { ...wordsOf(ast, at), test: readCondition(ast, at, readCall) }
        : wordsOf(ast, at);
    case 'comma_expression':
      return readValue(ast, ast.child(at, 'right'), readCall);
    default:
      return wordsOf(ast, at);
  }
}

/** `-1` and `-ENODEV`; of anything else the words alone. */
function negated(ast: Ast, node: number): Value {
  const inner = bare(ast, ast.child(node, 'argument'));
  switch (ast.type(inner)) {
    case 'number_literal':
      return { kind: 'literal', text: `-${ast.textOf(inner)}`.slice(0, 80) };
    case 'identifier':
      return isConstant(ast.textOf(inner))
        ? { ...wordsOf(ast, node), negative: true }
        : wordsOf(ast, node);
    default:
      return wordsOf(ast, node);
  }
}

/** C writes the names of constants in capitals. */
function isConstant(name: string): boolean {
  return /^[A-Z][A-Z0-9_]*$/.test(name);
}

/**
 * `&m->q.vm[i]` as a path, undefined when it is rooted in something else than a name.
 * @param calls whether it may start at a call that something is behind of
 */
export function pathOf(ast: Ast, node: number, calls = false): PathValue | undefined {
  let at = node;
  let address: -1 | 0 | 1 = 0;
  const steps: string[] = [];
  for (;;) {
    at = bare(ast, at);
    switch (ast.type(at)) {
      case 'identifier':
        return { kind: 'path', root: ast.textOf(at), steps: packed(steps), address };
      case 'field_expression': {
        const field = ast.child(at, 'field');
        steps.push(field < 0 ? '?' : ast.textOf(field));
        break;
      }
      case 'subscript_expression':
        steps.push('[]');
        break;
      case 'pointer_expression':
        // `&` and `*` further in are no concern of lifetimes: `(*p)->x` is the object at p.
        if (steps.length === 0) address = ast.text[ast.start(at)] === '&' ? 1 : -1;
        break;
      case 'call_expression': {
        if (!calls || steps.length === 0 || steps.at(-1) === '[]') return undefined;
        const root = ast.textOf(at).replace(/\s+/g, ' ');
        return { kind: 'path', root, steps: packed(steps), address };
      }
      default:
        return undefined;
    }
    at = ast.child(at, 'argument');
    if (at < 0) return undefined;
  }
}

/** A path that may start at a call, as it is written: `to_foo(dev)->fini`, `&to_foo(dev)->work`. */
export function targetOf(ast: Ast, node: number): PathValue | undefined {
  return pathOf(ast, node, true);
}

const noSteps: readonly string[] = [];

/**
 * The steps from the root on; there are paths by the hundred thousand, and a list that has grown keeps room for
 * more.
 */
function packed(steps: string[]): readonly string[] {
  return steps.length === 0 ? noSteps : steps.reverse().slice();
}

function wordsOf(ast: Ast, node: number): Extract<Value, { kind: 'words' }> {
  const words: string[] = [];
  const paths: PathValue[] = [];
  const walk = (at: number, isInside: boolean): void => {
    if (words.length >= 24) return;
    const type = ast.type(at);
    if (type === 'identifier') words.push(ast.textOf(at));
    const isPath = type === 'field_expression' || type === 'subscript_expression';
    const path = isPath && !isInside ? targetOf(ast, at) : undefined;
    if (path) paths.push(path);
    for (let child = ast.first(at); child >= 0; child = ast.next(child))
      walk(child, path !== undefined && type !== 'argument_list');
  };
  walk(node, false);
  return paths.length === 0 ? { kind: 'words', words } : { kind: 'words', words, paths };
}

const comparisons: ReadonlySet<string> = new Set<Comparison>(['==', '!=', '<', '<=', '>', '>=']);

/** The operator between the operands of a binary expression, without comments. */
export function operatorOf(ast: Ast, node: number): string {
  const between = ast.text.slice(
    ast.end(ast.child(node, 'left')),
    ast.start(ast.child(node, 'right')),
  );
  return between.replace(/\/\*[^]*?\*\/|\/\/[^\n]*/g, '').trim();
}

function isComparison(op: string): op is Comparison {
  return comparisons.has(op);
}

/** Whether an expression answers true or false by its own operator. */
export function isCondition(ast: Ast, node: number): boolean {
  switch (ast.type(node)) {
    case 'unary_expression':
      return ast.text[ast.start(node)] === '!';
    case 'binary_expression': {
      const op = operatorOf(ast, node);
      return op === '&&' || op === '||' || isComparison(op);
    }
    default:
      return false;
  }
}

/** Reads a condition with the connectives in it. */
export function readCondition(ast: Ast, node: number, readCall: CallReader): Condition {
  const at = bare(ast, node);
  const part = (field: string) => readCondition(ast, ast.child(at, field), readCall);
  if (ast.type(at) === 'unary_expression' && ast.text[ast.start(at)] === '!')
    return { kind: 'not', of: part('argument') };
  if (ast.type(at) === 'binary_expression') {
    const op = operatorOf(ast, at);
    if (op === '&&') return { kind: 'all', of: [part('left'), part('right')] };
    if (op === '||') return { kind: 'any', of: [part('left'), part('right')] };
    if (isComparison(op))
      return {
        kind: 'compare',
        op,
        left: readValue(ast, ast.child(at, 'left'), readCall),
        right: readValue(ast, ast.child(at, 'right'), readCall),
      };
  }
  return { kind: 'is', value: readValue(ast, at, readCall) };
}
