/** The texts that fixes rewrite. Facts say where; only the text says what stands there. */

import type { Pass } from '../pass.ts';
import { spanInside } from '../places.ts';
import type { FunctionRef } from '../program/program.ts';
import type { Unit } from '../program/unit.ts';
import { lineStartsOf, type Span } from '../text.ts';
import { type Placed, type Statement, statementAt, statementsOf } from './text/statements.ts';

/** The text of a file, undefined when there is none or it is not the one that the facts were read from. */
export function textOf(pass: Pass, file: Unit): string | undefined {
  return pass.once.get(`text ${file.path}`, () => {
    const text = pass.textOf(file.path);
    if (text === undefined) return undefined;
    const starts = lineStartsOf(text);
    const same =
      starts.length === file.lineStarts.length &&
      starts.every((start, i) => start === file.lineStarts[i]);
    return same ? text : undefined;
  });
}

/** A function with its text and statements. All offsets are of the file. */
export interface Code {
  readonly fn: FunctionRef;
  readonly text: string;
  readonly statements: readonly Statement[];
}

/** @returns undefined when the text is not at hand, or the function did not parse cleanly */
export function codeOf(pass: Pass, fn: FunctionRef): Code | undefined {
  const text = textOf(pass, fn.file);
  if (text === undefined || fn.facts.errors > 0) return undefined;
  return pass.once.get(`code ${fn.file.path}:${fn.def.start}`, () => ({
    fn,
    text,
    statements: statementsOf(text, spanInside(fn, fn.facts.body)),
  }));
}

/** The innermost statement around an offset inside the function's own text. */
export function statementOf({ fn, statements }: Code, { start }: Span): Placed | undefined {
  return statementAt(statements, fn.def.start + start);
}

/** Where declarations at the top of a body end: a new one goes there. */
export function afterDeclarations(code: Code): number {
  const { fn, statements } = code;
  const first = statements.findIndex((one) => one.kind !== 'declaration');
  const last = statements[(first < 0 ? statements.length : first) - 1];
  return last?.end ?? fn.def.start + fn.facts.body.start + 1;
}
