/** Makes a statement that drops an error number keep it and leave with it. */
import type { CallFact } from '../facts/types.ts';
import type { FunctionRef } from '../program/program.ts';
import type { Pass } from '../rules/rule.ts';
import type { EditSet } from './edits.ts';
import { declareInt } from './insert.ts';
import { type Code, codeOf, statementOf } from './sources.ts';
import { callText, columnAt, indentAt, shifted } from './text/lines.ts';
import type { Placed, Statement } from './text/statements.ts';
import { tokensOf } from './text/tokens.ts';

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
  const next = placed.list[placed.index + 1];
  if (next && placed.parent === null && code.text.slice(next.start, next.end) === 'return 0;') {
    edits.put(
      fn.file.path,
      { start: placed.statement.start, end: next.end },
      written(code, placed, 'return ', other),
    );
    return undefined;
  }
  const exit = exitAfter(pass, code, placed);
  if (exit === undefined) return `\`${facts.name}\` unwinds by goto: choose the label`;
  const holder = holderIn(code) ?? freshHolder(code, edits);
  const leave = exit === '' ? `return ${holder};` : `goto ${exit};`;
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

/**
 * The label that unwinds what was taken above the call: that of the next step, when nothing is taken
 * in between. `''` for a plain return, undefined when it cannot be told.
 */
export function exitAfter(
  pass: Pass,
  code: Code,
  { list, index, parent }: Placed,
): string | undefined {
  const { fn, text } = code;
  if (fn.facts.labels.length === 0) return '';
  if (parent !== null) return undefined;
  for (const [i, one] of list.slice(index + 1).entries()) {
    const body = text.slice(one.start, one.end);
    const leave = /\b(?:goto\s+(\w+)|(return)\b[^;]*);\s*\}?$/.exec(one.word === 'if' ? body : '');
    if (leave) {
      const label = leave[1] ?? '';
      return label !== '' && cleansModes(pass, code, label) ? undefined : label;
    }
    const step = list[index + 2 + i];
    const tested = step?.word === 'if';
    if (one.kind === 'label' || (!tested && takes(pass, body))) return undefined;
  }
  return undefined;
}

/** Whether a statement can take something: one that keeps a result, or calls what is known to take. */
function takes({ catalog }: Pass, text: string): boolean {
  const words = tokensOf(text).map((token) => token.text);
  return (
    (words.includes('=') && words.includes('(')) ||
    words.some(
      (word) => catalog.takes.has(word) || catalog.acquires.has(word) || catalog.plain.has(word),
    )
  );
}

/** Whether the way out from a label takes mode setting apart by hand: after a failed managed call once too often. */
function cleansModes(pass: Pass, { fn }: Code, label: string): boolean {
  const from = fn.facts.labels.find((one) => one.name === label)?.start ?? 0;
  return fn.facts.calls.some(
    (call) =>
      call.start > from && pass.catalog.milestones.get(call.callee)?.role === 'mode-config-cleanup',
  );
}
