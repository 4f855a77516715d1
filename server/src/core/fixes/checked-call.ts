/** Makes a statement that drops an error number keep it and leave with it. */
import type { CallFact } from '../facts/types.ts';
import type { Pass } from '../pass.ts';
import type { FunctionRef } from '../program/program.ts';
import type { EditSet } from './edits.ts';
import { declareInt } from './insert.ts';
import { type Code, codeOf, statementOf } from './sources.ts';
import { callText, columnAt, indentAt, shifted } from './text/lines.ts';
import type { Placed, Statement } from './text/statements.ts';
import { wayOut } from './way-out.ts';

/** A call by its text. */
export interface OtherCall {
  readonly name: string;
  readonly args: readonly string[];
}

interface Written {
  readonly holder: string;
  readonly leave: string;
  readonly call: string;
}

const keeps = /^(ret|err|rc|r|error|result|res|status)$/;

/**
 * Writes `ret = call(); if (ret) return ret;`, with the function's own variable and way out.
 * @param other another call in its place: name and arguments
 * @returns why it cannot be done, undefined when the edits are in
 */
export function checkCall(
  pass: Pass,
  fn: FunctionRef,
  call: CallFact,
  edits: EditSet,
  other?: OtherCall,
): string | undefined {
  const { facts } = fn;
  const code = codeOf(pass, fn);
  const placed = code && statementOf(code, call);
  if (!code || !placed) return `\`${facts.name}\` could not be read`;
  if (facts.returns.name !== 'int' || facts.returns.pointers > 0)
    return `\`${facts.name}\` returns no error number`;
  if (!isWhole(code, placed.statement, call)) return 'the call is not a statement of its own';
  const exit = wayOut(pass, code, placed);
  if ('reason' in exit) return exit.reason;
  const next = placed.list[placed.index + 1];
  const last = next && placed.parent === null && code.text.slice(next.start, next.end);
  const answers = last === 'return 0;' || last === `return ${holderIn(code) ?? ''};`;
  if (next && answers && exit.label === '') {
    edits.put(
      fn.file.path,
      { start: placed.statement.start, end: next.end },
      written(code, placed, 'return ', other),
    );
    return undefined;
  }
  const holder = holderIn(code) ?? freshHolder(code, edits);
  const leave = exit.label === '' ? `return ${holder};` : `goto ${exit.label};`;
  write(code, placed, { holder, leave, call: written(code, placed, `${holder} = `, other) }, edits);
  return undefined;
}

/** Whether a statement is the call alone. */
function isWhole({ fn, text }: Code, statement: Statement, call: CallFact): boolean {
  return (
    statement.kind === 'plain' &&
    statement.start === fn.def.start + call.start &&
    /^\s*;$/.test(text.slice(fn.def.start + call.end, statement.end))
  );
}

/** The statement with something before it, continued lines aligned again. */
function written(
  { text }: Code,
  { statement }: Placed,
  prefix: string,
  other: OtherCall | undefined,
): string {
  const indent = indentAt(text, statement.start);
  if (other) return callText(indent, prefix + other.name, other.args, ';');
  const column = columnAt(text, statement.start);
  return prefix + shifted(text, statement, column + 1, prefix.length);
}

/** The function's variable for error numbers. */
export function holderIn({ fn }: Code): string | undefined {
  return fn.facts.locals.find(
    (local) => local.type.name === 'int' && local.type.pointers === 0 && keeps.test(local.name),
  )?.name;
}

/** Declares one below the other declarations. */
export function freshHolder(code: Code, edits: EditSet): string {
  return declareInt(code, ['ret', 'err', 'rc', 'error'], edits);
}

function write(
  { fn, text }: Code,
  { statement, parent }: Placed,
  { holder, leave, call }: Written,
  edits: EditSet,
): void {
  const indent = indentAt(text, statement.start);
  const lines = `${call}\n${indent}if (${holder})\n${indent}\t${leave}`;
  if (parent?.statement.kind !== 'control') {
    const follows = /^[ \t]*\n[ \t]*(?=[^\s}])/.test(text.slice(statement.end)) ? '\n' : '';
    edits.put(fn.file.path, statement, lines + follows);
    return;
  }
  // The statement was all that a condition or loop controls: now it needs braces.
  const head = text.slice(0, statement.start).trimEnd().length;
  edits.put(fn.file.path, { start: head, end: head }, ' {');
  edits.put(fn.file.path, statement, `${lines}\n${indent.slice(0, -1)}}`);
}
