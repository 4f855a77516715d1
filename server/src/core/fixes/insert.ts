/** New statements beside those that stand there. */
import type { CallFact } from '../facts/types.ts';
import type { Pass } from '../pass.ts';
import type { FunctionRef } from '../program/program.ts';
import type { EditSet } from './edits.ts';
import { afterDeclarations, type Code, codeOf, statementOf } from './sources.ts';
import { indentAt } from './text/lines.ts';
import type { Placed, Statement } from './text/statements.ts';
import { mentions, tokensOf } from './text/tokens.ts';

/** Where a statement can be put: in a list of statements, beside the one that holds a call. */
export interface Spot {
  readonly fn: FunctionRef;
  readonly text: string;
  readonly statement: Statement;
  readonly placed: Placed;
}

/** The statement around a call that stands in a list; what a condition controls alone counts as the condition. */
export function spotOf(pass: Pass, fn: FunctionRef, call: CallFact): Spot | undefined {
  const code = codeOf(pass, fn);
  let placed = code && statementOf(code, call);
  while (placed?.parent && placed.parent.statement.kind === 'control') placed = placed.parent;
  return code && placed ? { fn, text: code.text, statement: placed.statement, placed } : undefined;
}

/** Puts lines after a statement, with its indentation. */
export function putAfter(
  { fn, text, statement }: Spot,
  lines: readonly string[],
  edits: EditSet,
): void {
  const indent = indentAt(text, statement.start);
  const line = text.indexOf('\n', statement.end);
  // A comment at the line's end belongs to the statement.
  const at =
    line >= 0 && /^\s*(\/\*.*\*\/)?\s*$/.test(text.slice(statement.end, line))
      ? text.slice(0, line).trimEnd().length
      : statement.end;
  edits.put(
    fn.file.path,
    { start: at, end: at },
    lines.map((one) => `\n${one === '' ? '' : indent + one}`).join(''),
  );
}

/** Puts lines before a statement. */
export function putBefore(
  { fn, text, statement }: Spot,
  lines: readonly string[],
  edits: EditSet,
): void {
  const indent = indentAt(text, statement.start);
  edits.put(
    fn.file.path,
    { start: statement.start, end: statement.start },
    lines.map((one, i) => `${one}\n${lines[i + 1] === '' ? '' : indent}`).join(''),
  );
}

/** Declares an int below the other declarations, by the first of the names that the function does not use. */
export function declareInt(code: Code, names: readonly string[], edits: EditSet): string {
  const { fn, statements, text } = code;
  const used = tokensOf(text, fn.def.start, fn.def.end);
  const name = names.find((one) => mentions(used, one).length === 0) ?? `${names[0] ?? 'value'}_`;
  const at = afterDeclarations(code);
  const none = statements[0]?.kind !== 'declaration';
  edits.put(fn.file.path, { start: at, end: at }, `\n\tint ${name};${none ? '\n' : ''}`);
  return name;
}
