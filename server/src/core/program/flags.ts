/** The names of the flags that an argument can hold, through locals and parameters. */
import type { Argument, Value } from '../facts/types.ts';
import type { FunctionRef, Program } from './program.ts';

const maximumRise = 3;

/** The words of an argument's expression; those of a local's assignments and of callers' arguments included. */
export function flagWords(
  program: Program,
  fn: FunctionRef,
  argument: Argument | undefined,
  before: number,
  rise = maximumRise,
): string[] {
  if (!argument) return [];
  const words = argument.text.match(/[A-Za-z_]\w*/g) ?? [];
  const more: string[] = [];
  for (const word of words) {
    const param = fn.facts.params.findIndex((p) => p.name === word);
    if (param >= 0 && rise > 0) {
      for (const { caller, call } of program.callersOf(fn))
        more.push(...flagWords(program, caller, call.args[param], call.start, rise - 1));
    }
    for (const assign of fn.facts.assigns) {
      if (assign.target.root === word && assign.target.steps.length === 0 && assign.start < before)
        more.push(...valueWords(assign.value));
    }
  }
  return [...words, ...more];
}

function valueWords(value: Value): readonly string[] {
  switch (value.kind) {
    case 'words':
      return value.words;
    case 'path':
      return [value.root, ...value.steps];
    case 'choice':
      return value.of.flatMap(valueWords);
    default:
      return [];
  }
}
