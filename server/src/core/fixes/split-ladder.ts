/**
 * A label that gives back what an `_or_reset` action has given back already: the steps above still need
 * it, so that its statements stay and the failed registration leaves below them.
 */

import type { CallFact } from '../facts/types.ts';
import type { Pass } from '../pass.ts';
import { pathIn } from '../program/objects.ts';
import type { CallSite, FunctionRef } from '../program/program.ts';
import type { Fix } from '../result.ts';
import { EditSet } from './edits.ts';
import { offered, told } from './offer.ts';
import { type Code, codeOf, statementOf } from './sources.ts';
import { indentAt } from './text/lines.ts';
import type { Placed, Statement } from './text/statements.ts';

const id = 'split-ladder';
const title = 'Leave below what the action has given back';

/** What fails, what its action runs, and what is given back once more. */
export interface Ladder {
  /** The registration, or the call of the function that is nothing else. */
  readonly step: CallSite;
  readonly action: FunctionRef;
  /** The call below the label. */
  readonly again: CallSite;
}

export function splitLadder(pass: Pass, { step, action, again }: Ladder): Fix[] {
  const manual = (reason: string): Fix[] => [told(id, title, reason)];
  const { caller } = step;
  const code = codeOf(pass, caller);
  const placed = code && statementOf(code, step.call);
  if (!code || !placed || again.caller !== caller)
    return manual(`\`${again.caller.name}\` gives it back for more than this step`);
  const jump = jumpOf(code, placed);
  if (!jump) return manual(`\`${caller.name}\` does not leave this step by one goto`);
  const { statements } = code;
  const label = statements.findIndex((one) => one.kind === 'label' && one.word === jump.label);
  if (label < 0) return manual(`the label \`${jump.label}\` is not one of the function's own list`);
  const rest = statements.slice(label + 1);
  const done = rest.findIndex((one) => !isDone(pass, code, action, one));
  const left = done < 0 ? [] : rest.slice(done);
  const calls = rest.slice(0, Math.max(done, 0));
  const [next] = left;
  if (!next || calls.length === 0 || !isIn(code, calls, again.call))
    return manual(
      `below \`${jump.label}\` other things are given back first: the labels have to be put in another order`,
    );
  const more = left.find(
    (one) => one.kind !== 'label' && one.word !== 'return' && isDone(pass, code, action, one),
  );
  if (more)
    return manual(
      `below \`${jump.label}\` stands between what the action does not do what it does`,
    );
  const edits = new EditSet();
  const { path } = caller.file;
  const first = left.find((one) => one.kind !== 'label');
  if (next.kind === 'label') edits.put(path, jump, `goto ${next.word};`);
  else if (first?.word === 'return') edits.put(path, jump, code.text.slice(first.start, first.end));
  else {
    const name = freshLabel(code, next);
    if (name === undefined) return manual('no name is left for a label below it');
    edits.put(path, jump, `goto ${name};`);
    const start = next.start - indentAt(code.text, next.start).length;
    edits.put(path, { start, end: start }, `${name}:\n`);
  }
  return [
    offered(id, `Leave below what \`${action.name}\` has given back`, edits, { safety: 'safe' }),
  ];
}

/** `if (err) goto label;` below the step, or the step in its condition. */
function jumpOf(
  { text }: Code,
  { statement, list, index }: Placed,
): { readonly start: number; readonly end: number; readonly label: string } | undefined {
  const test = statement.word === 'if' ? statement : list[index + 1];
  if (test?.word !== 'if' || test.otherwise) return undefined;
  const jumps = [...text.slice(test.start, test.end).matchAll(/\bgoto\s+(\w+)\s*;/g)];
  const [only] = jumps;
  if (!only || jumps.length !== 1) return undefined;
  const start = test.start + only.index;
  return { start, end: start + only[0].length, label: only[1] ?? '' };
}

function isIn({ fn }: Code, list: readonly Statement[], call: CallFact): boolean {
  return list.some(
    (one) => fn.def.start + call.start >= one.start && fn.def.start + call.end <= one.end,
  );
}

/** Whether the action does what a statement of the way out does: the same call, or the same assignment. */
function isDone(pass: Pass, code: Code, action: FunctionRef, one: Statement): boolean {
  if (one.kind !== 'plain' || one.word === 'return' || one.word === 'goto') return false;
  const { fn } = code;
  const calls = fn.facts.calls.filter((call) => isIn(code, [one], call));
  const [call] = calls;
  const said = (of: FunctionRef, given: CallFact) =>
    given.args.map(({ text, value }) => nameOf(pass, of, value) ?? text.replace(/\s+/g, ''));
  if (call && calls.length === 1)
    return action.facts.calls.some(
      (other) =>
        other.callee === call.callee &&
        other.callee !== '' &&
        other.context < 0 &&
        said(action, other).join() === said(fn, call).join(),
    );
  const plain = /^[^=]*->([\w.]+)\s*=\s*([^=][^]*);$/;
  const [, member, value] = plain.exec(code.text.slice(one.start, one.end)) ?? [];
  const own = codeOf(pass, action);
  return (
    calls.length === 0 &&
    member !== undefined &&
    (own?.statements.some((other) => {
      const [, same, equal] = plain.exec(own.text.slice(other.start, other.end)) ?? [];
      return other.kind === 'plain' && same === member && equal === value;
    }) ??
      false)
  );
}

/** What an argument means in any function: the type of its variable, and the way from there. */
function nameOf(
  { program }: Pass,
  fn: FunctionRef,
  value: CallFact['args'][number]['value'],
): string | undefined {
  const path = pathIn(value);
  const type = path && program.typeOfRoot(fn, path.root);
  return path && type?.tagged ? `${path.address} ${type.name} ${path.steps.join('.')}` : undefined;
}

/** `err_` with what the label does first. */
function freshLabel({ fn, text }: Code, next: Statement): string | undefined {
  const words = /^(\w+)/.exec(next.word)?.[1];
  const taken = new Set(fn.facts.labels.map(({ name }) => name));
  const prefix = /^(err|error|out|fail)_/.exec([...taken][0] ?? '')?.[1] ?? 'err';
  const name = `${prefix}_${words ?? 'undo'}`;
  return taken.has(name) || !/^\w+\s*\(/.test(text.slice(next.start, next.end)) ? undefined : name;
}
