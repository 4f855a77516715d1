/** Expressions as `Value`s. */
import type { Ast } from '../syntax/ast.ts';
import type { PathValue, Value } from './types.ts';

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
    case 'identifier':
    case 'field_expression':
    case 'subscript_expression':
    case 'pointer_expression':
      return pathOf(ast, at) ?? wordsOf(ast, at);
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
    default:
      return wordsOf(ast, at);
  }
}

/** `&m->q.vm[i]` as a path, undefined when it is rooted in something else than a name. */
export function pathOf(ast: Ast, node: number): PathValue | undefined {
  let at = node;
  let address: -1 | 0 | 1 = 0;
  const steps: string[] = [];
  for (;;) {
    at = bare(ast, at);
    switch (ast.type(at)) {
      case 'identifier':
        return { kind: 'path', root: ast.textOf(at), steps: steps.reverse(), address };
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
      default:
        return undefined;
    }
    at = ast.child(at, 'argument');
    if (at < 0) return undefined;
  }
}

function wordsOf(ast: Ast, node: number): Value {
  const words: string[] = [];
  const walk = (at: number): void => {
    if (words.length >= 24) return;
    const type = ast.type(at);
    if (type === 'identifier') words.push(ast.textOf(at));
    for (const child of ast.children(at)) walk(child);
  };
  walk(node);
  return { kind: 'words', words };
}
