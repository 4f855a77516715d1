/** Macros and small functions that lead from one part of an object to another: `to_foo(x)`. */
import type { Catalog } from '../catalog.ts';
import type { CallFact, PathValue } from '../facts/types.ts';
import { pathIn } from './objects.ts';
import type { FunctionRef, Program } from './program.ts';

/**
 * The index of the argument that a call answers the same object as: by the catalogue, or because it is
 * a macro of the module around such a call; undefined when it is neither.
 */
export function castArgument(
  program: Program,
  catalog: Catalog,
  call: CallFact,
): number | undefined {
  const known = catalog.data.casts.find((cast) => cast.name === call.callee);
  if (known) return known.argument;
  const macro = program.macro(call.callee);
  if (!macro) return undefined;
  const [, name = '', rest = ''] = /^\(?\s*(\w+)\s*\(([^]*)/.exec(macro.body) ?? [];
  const cast = catalog.data.casts.find((one) => one.name === name);
  const inner = cast && /^[\s(&*]*(\w+)/.exec(rest.split(',')[cast.argument] ?? '')?.[1];
  const index = inner === undefined ? -1 : macro.params.indexOf(inner);
  return index < 0 ? undefined : index;
}

/**
 * The path that a call of an accessor stands for in its caller: `foo_crtc(x)` is `&x->base.crtc` where a
 * macro or an inline function of the module says no more than that.
 */
export function accessedPath(
  program: Program,
  fn: FunctionRef,
  call: CallFact,
): PathValue | undefined {
  const macro = program.macro(call.callee);
  const inner = macro
    ? accessedByMacro(macro.params, macro.body)
    : accessedByFunction(program.resolve(call.callee, fn.file));
  const argument = inner && call.args[inner.param];
  const from = argument && pathIn(argument.value);
  if (!from || from.address === -1) return undefined;
  return {
    kind: 'path',
    root: from.root,
    steps: [...from.steps, ...inner.steps],
    address: inner.address,
  };
}

interface Accessed {
  readonly param: number;
  readonly steps: readonly string[];
  readonly address: 0 | 1;
}

/** `(&(e)->base)`, `((x)->base.encoder)`. */
function accessedByMacro(params: readonly string[], body: string): Accessed | undefined {
  const [, address = '', word = '', rest = ''] =
    /^[\s(]*(&?)[\s(]*(\w+)[\s)]*((?:(?:->|\.)\s*\w+\s*)+)[\s)]*$/.exec(body) ?? [];
  const param = params.indexOf(word);
  return param < 0
    ? undefined
    : { param, steps: rest.match(/\w+/g) ?? [], address: address === '' ? 0 : 1 };
}

function accessedByFunction(target: FunctionRef | undefined): Accessed | undefined {
  const [returned, ...others] = target?.facts.returnsOf ?? [];
  if (
    !target ||
    !returned?.value ||
    others.length > 0 ||
    target.facts.calls.length > 0 ||
    target.facts.assigns.length > 0
  )
    return undefined;
  const path = pathIn(returned.value);
  const param = target.facts.params.findIndex((one) => one.name === path?.root);
  return !path || param < 0 || path.steps.length === 0 || path.address === -1
    ? undefined
    : { param, steps: path.steps, address: path.address };
}
