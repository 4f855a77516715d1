/** drm_dev_enter() and drm_dev_exit() around what reaches the hardware in a function that an open file runs. */

import type { CallFact } from '../facts/types.ts';
import type { Pass } from '../pass.ts';
import type { FunctionRef } from '../program/program.ts';
import type { Fix } from '../result.ts';
import { freshHolder, holderIn } from './checked-call.ts';
import { EditSet } from './edits.ts';
import { drmDeviceAt } from './expressions.ts';
import { obstacleToGuard, obstacleToSkip } from './guardable.ts';
import { declareInt } from './insert.ts';
import { offered, told } from './offer.ts';
import { type Code, codeOf, statementOf } from './sources.ts';
import { indentAt, shifted } from './text/lines.ts';
import type { Placed, Statement } from './text/statements.ts';
import { tokensOf } from './text/tokens.ts';

const id = 'guard-access';

/** What is written around the statements. */
interface Guard {
  readonly code: Code;
  readonly edits: EditSet;
  readonly enter: string;
  readonly exit: string;
  /** What the function answers when the device is gone: `''` for none. */
  readonly failure: string;
}

/** @param reaching the calls of `fn` that lead to the hardware with no guard */
export function guardAccess(pass: Pass, fn: FunctionRef, reaching: readonly CallFact[]): Fix[] {
  const names = (role: string) =>
    pass.catalog.data.guards.find((one) => one.role === role)?.name ?? '';
  const title = `Guard it with ${names('enter')}() in \`${fn.name}\``;
  const edits = new EditSet();
  const reason = guard(pass, fn, reaching, [names('enter'), names('exit')], edits);
  if (reason !== undefined) return [told(id, title, reason)];
  return [
    offered(id, title, edits, {
      notice: `what has to be skipped with it, the driver knows; after a failed probe ${names('enter')}() still succeeds`,
    }),
  ];
}

/** @returns why it cannot be done, undefined when the edits are in */
function guard(
  pass: Pass,
  fn: FunctionRef,
  reaching: readonly CallFact[],
  [enter = '', exit = '']: readonly string[],
  edits: EditSet,
): string | undefined {
  const code = codeOf(pass, fn);
  const placed = code && reaching.map((call) => statementOf(code, call));
  const [first] = placed ?? [];
  const last = placed?.at(-1);
  if (!code || !placed || !first || !last || placed.includes(undefined))
    return `\`${fn.name}\` could not be read`;
  if (fn.facts.calls.some((call) => call.callee === enter))
    return `\`${fn.name}\` has such a section already: what lies outside of it has to be seen`;
  if (placed.some((one) => one?.list !== first.list))
    return `${reaching.length} calls of \`${fn.name}\` reach registers, under different conditions`;
  const range = first.list.slice(first.index, last.index + 1);
  const inside = fn.facts.calls.filter((call) =>
    range.some(
      (one) => fn.def.start + call.start >= one.start && fn.def.start + call.end <= one.end,
    ),
  );
  const obstacle = obstacleToGuard(pass, fn, inside, reaching);
  if (obstacle !== undefined) return obstacle;
  const drm = drmDeviceAt(pass, fn, reaching[0]?.start ?? 0);
  if (drm === undefined) return `\`${fn.name}\` has no drm_device at hand`;
  const { returns } = fn.facts;
  const answers = returns.pointers === 0 && returns.name === 'int';
  if (!answers && (returns.pointers > 0 || returns.name !== 'void'))
    return `\`${fn.name}\` returns no error number`;
  const index = declareInt(code, ['idx', 'dev_idx', 'drm_idx'], edits);
  const guarded: Guard = {
    code,
    edits,
    enter: `${enter}(${drm}, &${index})`,
    exit: `${exit}(${index});`,
    failure: answers ? '-ENODEV' : '',
  };
  const leaves = isEarly(code, first) && isStraight(code, range);
  const kept = leaves && answers ? undefined : obstacleToSkip(pass, fn, inside);
  if (kept !== undefined) return kept;
  return leaves ? leaveFirst(guarded, range) : surround(guarded, first, last);
}

/** `if (!drm_dev_enter(…)) return …;` above, drm_dev_exit() below. */
function leaveFirst(
  { code, edits, enter, exit, failure }: Guard,
  range: readonly Statement[],
): undefined {
  const {
    text,
    fn: { file },
  } = code;
  const [first] = range;
  const last = range.at(-1);
  if (!first || !last) return undefined;
  const indent = indentAt(text, first.start);
  edits.put(
    file.path,
    { start: first.start, end: first.start },
    `if (!${enter})\n${indent}\treturn${failure === '' ? '' : ` ${failure}`};\n\n${indent}`,
  );
  if (last.word === 'return') answerLater(code, last, exit, edits);
  else edits.put(file.path, { start: last.end, end: last.end }, `\n${indent}${exit}`);
  return undefined;
}

/** `return f();` keeps the answer until the section is left. */
function answerLater(code: Code, last: Statement, exit: string, edits: EditSet): void {
  const {
    text,
    fn: { file },
  } = code;
  const indent = indentAt(text, last.start);
  const holder = holderIn(code) ?? freshHolder(code, edits);
  const value = shifted(
    text,
    { start: last.start + 'return '.length, end: last.end },
    0,
    holder.length + 3 - 'return '.length,
  );
  edits.put(
    file.path,
    last,
    `${holder} = ${value}\n${indent}${exit}\n\n${indent}return ${holder};`,
  );
}

/** `if (drm_dev_enter(…)) { …; drm_dev_exit(); }` around one statement, with an error where one is expected. */
function surround(
  { code, edits, enter, exit, failure }: Guard,
  first: Placed,
  last: Placed,
): string | undefined {
  const {
    text,
    fn: { file, facts },
  } = code;
  const { statement, parent } = first;
  if (statement !== last.statement)
    return `what reaches registers in \`${facts.name}\` has ways out between: each has to leave the section`;
  if (statement.kind !== 'plain' || statement.word === 'return')
    return 'it is part of a condition, or of the way out';
  if (parent?.statement.kind === 'control') return 'it is all that a condition controls';
  const written = text.slice(statement.start, statement.end);
  const holder = /^(\w+)\s*=[^=]/.exec(written)?.[1];
  if (holder === undefined && /^[\w.>()[\]*-]+\s*[-+*/|&^%]?=[^=]/.test(written))
    return 'what it would have answered is used below';
  if (holder !== undefined && (failure === '' || holder !== holderIn(code)))
    return 'what it would have answered is used below';
  const indent = indentAt(text, statement.start);
  const otherwise =
    holder === undefined ? '' : ` else {\n${indent}\t${holder} = ${failure};\n${indent}}`;
  const inner = shifted(text, statement, 0, 8);
  edits.put(
    file.path,
    statement,
    `if (${enter}) {\n${indent}\t${inner}\n${indent}\t${exit}\n${indent}}${otherwise}`,
  );
  return undefined;
}

/** Whether nothing has been taken before it: declarations, checks that leave, and plain assignments. */
function isEarly({ fn, text }: Code, { list, index, parent }: Placed): boolean {
  if (parent !== null) return false;
  return list.slice(0, index).every((one) => {
    if (one.kind === 'declaration') return true;
    const calls = fn.facts.calls.some(
      (call) => fn.def.start + call.start >= one.start && fn.def.start + call.end <= one.end,
    );
    return one.word === 'if'
      ? /\breturn\b[^;]*;\s*\}?$/.test(text.slice(one.start, one.end)) && !calls
      : one.kind === 'plain' && !calls;
  });
}

/** Whether nothing leaves between the first and the last statement, and nothing is declared there. */
function isStraight({ text }: Code, range: readonly Statement[]): boolean {
  return range.every((one, i) => {
    if (one.kind === 'declaration' || one.kind === 'label' || one.kind === 'directive')
      return false;
    const words = tokensOf(text, one.start, one.end).map((token) => token.text);
    const answer = i === range.length - 1 && one.word === 'return';
    return words.every(
      (word, at) => !(word === 'goto' || (word === 'return' && !(answer && at === 0))),
    );
  });
}
