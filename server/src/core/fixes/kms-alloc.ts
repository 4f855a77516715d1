/** One call in place of an allocation and an initialisation further down. */

import { holderOf } from '../facts/flow/result-use.ts';
import type { CallFact } from '../facts/types.ts';
import type { Pass } from '../pass.ts';
import type { KmsInit } from '../program/kms-objects.ts';
import type { MemoryOrigin } from '../program/memory.ts';
import type { FunctionRef } from '../program/program.ts';
import type { EditSet } from './edits.ts';
import { type Code, codeOf, statementOf } from './sources.ts';
import { callText, indentAt, linesToDelete } from './text/lines.ts';
import type { Placed, Statement } from './text/statements.ts';
import { mentions, tokensOf } from './text/tokens.ts';

export interface Together {
  readonly origin: MemoryOrigin;
  readonly init: KmsInit;
  /** The call that does both, with its arguments. */
  readonly name: string;
  readonly args: readonly string[];
}

/** The statements that are replaced, all of one list. */
interface Scene {
  readonly code: Code;
  readonly holder: string;
  readonly list: readonly Statement[];
  /** The allocation and the test of it. */
  readonly alloc: number;
  readonly check: number;
  /** The initialisation and the test of it, -1 where there is none. */
  readonly init: number;
  readonly initCheck: number;
}

/**
 * Writes the one call where the allocation is, or where the initialisation is when its arguments are
 * known only there.
 * @returns why it cannot be done
 */
export function allocateTogether(
  pass: Pass,
  together: Together,
  edits: EditSet,
): string | undefined {
  const scene = sceneOf(pass, together);
  if (typeof scene === 'string') return scene;
  const { code, list, alloc, check, init, initCheck, holder } = scene;
  const freed = list.slice(check + 1, init).find((one) => frees(pass, code, one, holder));
  if (freed) return 'the memory is freed by hand in between';
  const between = list.slice(check + 1, init);
  const early = isKnownAt(scene, together) && !between.some((one) => leavesWell(code, one));
  const moved = early ? [] : between.filter((one) => names(code, one, holder));
  const obstacle = early ? undefined : immovable(scene, moved, between);
  if (obstacle !== undefined) return obstacle;
  const text = written(scene, together, list[early ? alloc : init], moved);
  const file = code.fn.file.path;
  const gone = (one: Statement | undefined) =>
    one && edits.put(file, linesToDelete(code.text, one), '');
  const both = (from: number, to: number) => ({
    start: list[from]?.start ?? 0,
    end: list[to]?.end ?? 0,
  });
  if (early) {
    edits.put(file, both(alloc, check), text);
    gone({ ...list[init], ...both(init, initCheck < 0 ? init : initCheck) } as Statement);
  } else {
    gone({ ...list[alloc], ...both(alloc, check) } as Statement);
    for (const one of moved) gone(one);
    edits.put(file, both(init, initCheck < 0 ? init : initCheck), text);
  }
  return undefined;
}

function sceneOf(pass: Pass, { origin, init }: Together): Scene | string {
  const { fn, call } = origin;
  const code = codeOf(pass, fn);
  const holder = holderOf(fn.facts, call)?.target.root;
  if (fn !== init.fn || !code || holder === undefined)
    return 'allocation and initialisation lie in different functions';
  const at = statementOf(code, call);
  const start = statementOf(code, init.call);
  if (
    !at ||
    !start ||
    at.parent ||
    start.parent ||
    at.statement.kind !== 'plain' ||
    start.statement.kind !== 'plain'
  )
    return 'allocation or initialisation stands under a condition';
  const check = at.index + 1;
  if (!tests(code, at.list[check], holder)) return 'the allocation is not tested at once';
  const initCheck = initTest(code, start, init.call, fn);
  const jumped = at.list
    .slice(0, start.index)
    .some((one) => one.kind === 'label' || one.kind === 'directive');
  if (initCheck === undefined || jumped || start.index <= check)
    return 'the way from the allocation to the initialisation is not straight';
  return { code, holder, list: at.list, alloc: at.index, check, init: start.index, initCheck };
}

/**
 * The statement below that tests the initialisation, -1 when its result is dropped, undefined when it is something
 * else.
 */
function initTest(
  code: Code,
  { list, index, statement }: Placed,
  call: CallFact,
  fn: FunctionRef,
): number | undefined {
  if (call.use === 'ignored') return -1;
  const result = holderOf(fn.facts, call)?.target.root;
  const text = code.text.slice(statement.start, statement.end);
  if (result === undefined || !new RegExp(`^${result}\\s*=`).test(text)) return undefined;
  return tests(code, list[index + 1], result) ? index + 1 : undefined;
}

/** `if (!x)`, `if (x)`, `if (x < 0)`, with no else, that leaves. */
function tests({ text }: Code, one: Statement | undefined, name: string): boolean {
  if (one?.word !== 'if' || !one.head || one.otherwise) return false;
  const body = text.slice(one.head.end, one.end);
  return (
    new RegExp(`^\\(\\s*!?\\s*${name}\\s*((<|!=|==)\\s*(0|NULL)\\s*)?\\)$`).test(
      text.slice(one.head.start, one.head.end),
    ) && /\b(return|goto)\b/.test(body)
  );
}

/** Whether a statement leaves with success: then there is to be no object that somebody sees. */
function leavesWell({ text }: Code, one: Statement): boolean {
  return /\breturn\s*(?:0|NULL)?\s*;/.test(text.slice(one.start, one.end));
}

function names({ text }: Code, one: Statement, name: string): boolean {
  return mentions(tokensOf(text, one.start, one.end), name).length > 0;
}

function frees(pass: Pass, code: Code, one: Statement, holder: string): boolean {
  return (
    tokensOf(code.text, one.start, one.end).some(
      (token) => pass.catalog.managed.get(token.text)?.role === 'free-memory',
    ) && names(code, one, holder)
  );
}

/** Whether all that the arguments name has its final value above the allocation. */
function isKnownAt({ code, holder, list, alloc, init }: Scene, { args }: Together): boolean {
  const { facts } = code.fn;
  const tokens = args.flatMap((arg) => tokensOf(arg));
  const used = [...facts.params, ...facts.locals]
    .map((one) => one.name)
    .filter((name) => mentions(tokens, name).length > 0);
  if (used.includes(holder)) return false;
  const from = (list[alloc]?.start ?? 0) - code.fn.def.start;
  const to = (list[init]?.start ?? 0) - code.fn.def.start;
  return used.every((name) => {
    const given = facts.assigns.filter((a) => a.target.root === name && a.end <= to);
    const taken = facts.calls.some(
      (call) =>
        call.start >= from &&
        call.end <= to &&
        call.args.some((arg) => arg.text.includes(`&${name}`)),
    );
    if (taken || given.some((a) => a.end > from)) return false;
    return (
      facts.params.some((param) => param.name === name) ||
      given.some((a) => a.context === -1 && a.target.steps.length === 0)
    );
  });
}

/** Why what uses the memory in between cannot go below the new call. */
function immovable(
  { code, holder }: Scene,
  moved: readonly Statement[],
  between: readonly Statement[],
): string | undefined {
  const reason = `\`${holder}\` is used before the arguments of its initialisation are known`;
  if (moved.some((one) => one.kind !== 'plain')) return reason;
  const stay = between.filter((one) => !moved.includes(one));
  for (const one of moved) {
    const target = /^(\w+)\s*=[^=]/.exec(code.text.slice(one.start, one.end))?.[1];
    if (target !== undefined && stay.some((other) => names(code, other, target))) return reason;
  }
  return undefined;
}

/** The new statement, its test, and what has moved below them. */
function written(
  scene: Scene,
  { name, args }: Together,
  at: Statement | undefined,
  moved: readonly Statement[],
): string {
  const { code, holder } = scene;
  const indent = indentAt(code.text, at?.start ?? 0);
  const call = callText(indent, `${holder} = ${name}`, args, ';');
  const lines = moved.map((one) => `\n${indent}${code.text.slice(one.start, one.end)}`).join('');
  return `${call}\n${indent}if (IS_ERR(${holder}))${failure(scene)}${lines === '' ? '' : `\n${lines}`}`;
}

/** What happens when it fails: as where the initialisation failed, if that only said so and returned. */
function failure({ code, holder, list, check, init, initCheck }: Scene): string {
  const body = (index: number) => {
    const test = list[index];
    return test?.head ? code.text.slice(test.head.end, test.end) : '';
  };
  const error = (text: string, value: string) =>
    text
      .replace(new RegExp(`ERR_PTR\\(\\s*${value}\\s*\\)`, 'g'), `ERR_CAST(${holder})`)
      .replace(new RegExp(`(?<![\\w.>])${value}\\b`, 'g'), `PTR_ERR(${holder})`);
  const result = /^(\w+)\s*=/.exec(code.text.slice(list[init]?.start, list[init]?.end))?.[1];
  const late = body(initCheck);
  const plain =
    result !== undefined &&
    late !== '' &&
    !/\bgoto\b|=/.test(late) &&
    [...late.matchAll(/(\w+)\s*\(/g)].every(([, called = '']) =>
      /err|warn|print|dbg|ERR/.test(called),
    );
  if (!plain) return error(body(check), '-ENOMEM');
  // A message prints the error as the int that it was.
  const printed =
    mentions(tokensOf(late), result).length >
    [
      ...late.matchAll(
        new RegExp(`(return|ERR_PTR\\()\\s*${result}\\b|_probe\\([^,]*,\\s*${result}\\b`, 'g'),
      ),
    ].length;
  return printed
    ? late.replace(
        /\{(\s*)/,
        (_, space: string) => `{${space}${result} = PTR_ERR(${holder});${space}`,
      )
    : error(late, result);
}
