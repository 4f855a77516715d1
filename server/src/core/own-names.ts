/** How findings name what they are about, so that a finding is its cause and not its words. */
import type { FunctionRef } from './program/program.ts';

/** A word that is no member: `.bo` and `->bo` keep their names. */
const word = /(?<![\w.]|->\s*)[A-Za-z_]\w*/g;

/**
 * An expression without the names of the function's own variables, which say nothing: each stands as the
 * type that it was declared with. Members and what is visible elsewhere keep their names.
 */
export function withoutOwnNames(fn: FunctionRef, expression: string): string {
  const { params, locals } = fn.facts;
  const types = new Map([...locals, ...params].map(({ name, type }) => [name, type]));
  return expression
    .replace(/\s+/g, ' ')
    .trim()
    .replace(word, (name) => {
      const type = types.get(name);
      return type === undefined ? name : `<${type.name}>`;
    });
}
