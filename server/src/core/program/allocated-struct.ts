/** Which struct an allocating call makes, read from its size, its type argument or who takes its result. */
import type { CallFact, PathValue, TypeRef } from '../facts/types.ts';
import type { FunctionRef, Program } from './program.ts';

/**
 * The tag of the struct that a call allocates (the element's, for an array); undefined when it is no struct or not
 * known.
 */
export function allocatedStruct(
  program: Program,
  fn: FunctionRef,
  call: CallFact,
): string | undefined {
  for (const { text } of call.args) {
    const named = /\b(?:sizeof\s*\(\s*|struct_size_t\s*\(\s*|^\s*)struct\s+(\w+)\s*(?:\)|,|$)/.exec(
      text,
    )?.[1];
    if (named !== undefined) return named;
    const measured =
      /\bsizeof\s*\(?\s*(\*?)\s*([A-Za-z_][\w.>\-[\]]*)/.exec(text) ??
      /\b(?:struct_size\s*\(\s*)(\*?)([A-Za-z_][\w.>-]*)\s*,/.exec(text);
    if (measured)
      return pointedTo(
        program,
        fn,
        measured[2] ?? '',
        measured[1] === '*' || text.includes('struct_size'),
      );
    const dereferenced = /^\s*\*\s*([A-Za-z_][\w.>-]*)\s*$/.exec(text)?.[1];
    if (dereferenced !== undefined) return pointedTo(program, fn, dereferenced, true);
  }
  return receiverOf(program, fn, call);
}

/** The struct that an expression is, or points to. */
function pointedTo(
  program: Program,
  fn: FunctionRef,
  written: string,
  dereferenced: boolean,
): string | undefined {
  const indexed = (written.match(/\[/g) ?? []).length;
  const [root = '', ...steps] = written.replace(/\[[^\]]*\]?/g, '').split(/->|\./);
  const type = typeOf(program, fn, { kind: 'path', root, steps, address: 0 });
  return type?.tagged && type.pointers - (dereferenced ? 1 : 0) - indexed === 0
    ? type.name
    : undefined;
}

function receiverOf(program: Program, fn: FunctionRef, call: CallFact): string | undefined {
  const index = fn.facts.assigned.numberOf(call);
  const taken = fn.facts.assigns.find(
    (assign) => assign.value.kind === 'call' && assign.value.call === index,
  );
  const type = taken && typeOf(program, fn, taken.target);
  return type?.tagged && type.pointers === 1 ? type.name : undefined;
}

/** The declared type of a path. */
export function typeOf(program: Program, fn: FunctionRef, path: PathValue): TypeRef | undefined {
  return path.steps.some((step) => step !== '[]')
    ? program.memberOf(fn, path)?.type
    : program.typeOfRoot(fn, path.root);
}
