/** What remove() alone gives back: given back by a devm action, which runs when probe fails too. */

import { holderOf } from '../facts/flow/result-use.ts';
import type { CallFact } from '../facts/types.ts';
import type { Pass } from '../pass.ts';
import { showPath } from '../program/objects.ts';
import type { CallSite, FunctionRef } from '../program/program.ts';
import type { Fix } from '../result.ts';
import { freshHolder, holderIn } from './checked-call.ts';
import { deleteStatement } from './delete-call.ts';
import { EditSet } from './edits.ts';
import { boundDeviceAt, variablesAt, withRoot } from './expressions.ts';
import { type Spot, spotOf } from './insert.ts';
import { laterEndOnWayOut } from './later-ends.ts';
import { offered, told } from './offer.ts';
import { type Code, codeOf, statementOf } from './sources.ts';
import { startWithComment } from './split-callback.ts';
import { callText, indentAt, linesToDelete } from './text/lines.ts';
import type { Placed } from './text/statements.ts';
import { mentions, tokensOf } from './text/tokens.ts';
import { undoneTooEarly } from './undone-too-early.ts';
import { wayOut } from './way-out.ts';

const id = 'devm-action';

/** What an action does: its statements and the one variable that they start from. */
export interface Action {
  readonly body: string;
  readonly root: string;
  readonly tag: string;
  readonly name: string;
}

/** A release that becomes one, and where it stands now. */
interface Moved extends Action {
  readonly spot: Spot;
}

/**
 * @param taken the call that takes
 * @param release the call on the way out that gives it back
 * @param others further calls that do, on error paths
 */
export function registerRelease(
  pass: Pass,
  taken: CallSite,
  release: CallSite,
  others: readonly CallSite[],
): Fix[] {
  const title = `Give it back by a devm action that calls ${release.call.callee || 'the release'}()`;
  const manual = (reason: string): Fix[] => [told(id, title, reason)];
  const action = actionOf(pass, taken, release);
  if (typeof action === 'string') return manual(action);
  if (!namesTaken(pass, taken, release, action))
    return manual(`what \`${taken.caller.name}\` takes is not yet where the release looks for it`);
  const edits = new EditSet();
  const reason = addAction(pass, taken, action, edits);
  if (reason !== undefined) return manual(reason);
  edits.put(action.spot.fn.file.path, linesToDelete(action.spot.text, action.spot.statement), '');
  for (const site of others) {
    if (site.call === release.call) continue;
    const kept = deleteStatement(pass, site, edits);
    if (kept !== undefined) return manual(`\`${site.caller.name}\` gives it back too, and ${kept}`);
  }
  const later = laterEndOnWayOut(pass, release);
  if (later)
    return manual(
      `the way out goes on with ${later.callee}() after it, and a devm action would run after that: what it gives back may work on what is gone then`,
    );
  if (release.caller.facts.calls.length === 1 && pass.program.callersOf(release.caller).length > 0)
    return manual(
      `it is all that \`${release.caller.name}\` does: that has to go with it, and its calls`,
    );
  return [
    offered(id, title, edits, {
      notice: `it is given back after \`${release.caller.name}\` now, in reverse order of the devm registrations`,
    }),
  ];
}

function actionOf(pass: Pass, taken: CallSite, { caller, call }: CallSite): Moved | string {
  const spot = spotOf(pass, caller, call);
  if (!spot || !['plain', 'control'].includes(spot.statement.kind))
    return `the release in \`${caller.name}\` is no statement of its own`;
  const text = spot.text.slice(spot.statement.start, spot.statement.end);
  const inside = caller.facts.calls.filter(
    (one) =>
      caller.def.start + one.start >= spot.statement.start &&
      caller.def.start + one.end <= spot.statement.end,
  );
  if (
    inside.some((one) => one !== call && !/^[A-Z_]+$/.test(one.callee)) ||
    /\b(return|goto)\b/.test(text)
  )
    return `the release in \`${caller.name}\` does more`;
  const tokens = tokensOf(text);
  const roots = [...caller.facts.params, ...caller.facts.locals].filter(
    (one) => mentions(tokens, one.name).length > 0,
  );
  const [root] = roots;
  if (!root || roots.length !== 1 || !root.type.tagged || root.type.pointers !== 1)
    return `the release in \`${caller.name}\` needs more than one variable`;
  const globals = tokens.filter(
    (token, i) =>
      token.kind === 'word' &&
      /^[a-z]/.test(token.text) &&
      token.text !== root.name &&
      tokens[i + 1]?.text !== '(' &&
      !['.', '->'].includes(tokens[i - 1]?.text ?? '') &&
      token.text !== 'if',
  );
  if (globals.length > 0 && caller.file !== taken.caller.file)
    return `\`${globals[0]?.text ?? ''}\` is not known in the file that takes`;
  const state = stateOf(pass, caller, call, text);
  if (state !== undefined) return state;
  const name = nameFor(pass, taken);
  const body = text.replaceAll(`\n${indentAt(spot.text, spot.statement.start)}`, '\n\t');
  return name === undefined
    ? 'no free name for the action'
    : { spot, body, root: root.name, tag: root.type.name, name };
}

/** Why the release cannot leave its function: the rest of it works with what is released. */
function stateOf(
  pass: Pass,
  { facts }: FunctionRef,
  call: CallFact,
  text: string,
): string | undefined {
  const released = call.args[0]?.text.trim() ?? '';
  const written = facts.assigns.find(
    ({ target, start }) =>
      target.steps.length > 0 &&
      start > call.end &&
      text.includes(`${target.root}->${target.steps.join('.')}`),
  );
  if (written) return `\`${facts.name}\` writes to what the release looks at`;
  const other = facts.calls.find(
    (one) =>
      one !== call &&
      one.args.some((arg) => arg.text.trim() === released) &&
      pass.catalog.deviceReleases.has(one.callee),
  );
  return other && `\`${facts.name}\` calls ${other.callee}() on it too: the two belong together`;
}

function nameFor({ program }: Pass, { caller }: CallSite): string | undefined {
  const base = caller.name.replace(/_(init|register|create|setup|add|attach|probe|start)$/, '');
  return ['fini', 'release', 'undo', 'release_action']
    .map((word) => `${base}_${word}`)
    .find((name) => program.named(name).length === 0 && program.prototypesOf(name).length === 0);
}

/** Whether the release finds, right after the step, what the step took: by the same words. */
function namesTaken(
  pass: Pass,
  { caller, call }: CallSite,
  release: CallSite,
  { root, tag }: Action,
): boolean {
  const data = dataFor(caller, call, tag);
  const object = pass.catalog.takes.get(call.callee)?.object;
  const index = call.args.length > 0 && typeof object === 'object' ? object.argument : -1;
  const plain = (text: string) => text.replace(/\s+/g, '');
  const taken = index >= 0 ? call.args[index]?.text : showTarget(caller, call);
  const released = release.call.args.map((arg) =>
    plain(data === undefined ? '' : (withRoot(release.caller, arg.text, root, data) ?? arg.text)),
  );
  return taken !== undefined && released.includes(plain(taken));
}

/** Where the result of a call is kept, as written. */
function showTarget({ facts }: FunctionRef, call: CallFact): string | undefined {
  const index = facts.assigned.numberOf(call);
  const kept = facts.assigns.find((one) => one.value.kind === 'call' && one.value.call === index);
  return kept && kept.target.steps.length > 0 ? showPath(kept.target) : undefined;
}

/**
 * Writes the action and its registration below the step that takes.
 * @returns why it cannot be done, undefined when the edits are in
 */
export function addAction(
  pass: Pass,
  { caller, call }: CallSite,
  { body, root, tag, name }: Action,
  edits: EditSet,
): string | undefined {
  const code = codeOf(pass, caller);
  const placed = code && statementOf(code, call);
  const { facts } = caller;
  if (!code || !placed || placed.parent) return `\`${facts.name}\` takes it under a condition`;
  if (facts.returns.name !== 'int' || facts.returns.pointers > 0)
    return `\`${facts.name}\` returns no error number`;
  const data = dataFor(caller, call, tag);
  if (data === undefined) return `\`${facts.name}\` has no one variable of struct ${tag}`;
  const device = boundDeviceAt(pass, caller, call.start);
  const register = pass.catalog.data.managed.find(
    (api) =>
      api.role === 'add-action' &&
      api.scope === 'bound' &&
      api.orReset &&
      api.owner === 'device' &&
      !api.name.startsWith('__'),
  );
  if (device === undefined || !register) return `\`${facts.name}\` has no struct device at hand`;
  const check =
    call.use === 'ignored'
      ? checkless(pass, code, placed)
      : checkOf(code, placed.list[placed.index + 1], caller, call);
  if (!check) return 'the way out when it cannot be taken is not simple';
  const label = /^goto (\w+);$/.exec(check.leave)?.[1] ?? '';
  const early = undoneTooEarly(pass, caller, check.end - caller.def.start, label);
  if (early)
    return `\`${label}:\` calls ${early.callee}(), which undoes what is done only below the step`;
  const gone = goneBefore(pass, caller, data, tag);
  if (gone !== undefined) return gone;
  const after = code.text.slice(check.end);
  const answer = /^\s*return (\w+);/.exec(after);
  const last = answer && [check.holder ?? '0', '0'].includes(answer[1] ?? '') ? answer : null;
  const holder = check.holder ?? (last && check.leave === '' ? '' : freshHolder(code, edits));
  const indent = indentAt(code.text, placed.statement.start);
  const args = [device, name, data];
  if (last && check.leave === '')
    edits.put(
      caller.file.path,
      { start: check.end, end: check.end + last[0].length },
      `\n\n${indent}${callText(indent, `return ${register.name}`, args, ';')}`,
    );
  else
    edits.put(
      caller.file.path,
      { start: check.end, end: check.end },
      `\n\n${indent}${callText(indent, `${holder} = ${register.name}`, args, ';')}\n${indent}if (${holder})\n${indent}\t${check.leave === '' ? `return ${holder};` : check.leave}${/^[ \t]*\n[ \t]*[^\s}]/.test(after) ? '\n' : ''}`,
    );
  const at = startWithComment(code.text, caller.def.start);
  edits.put(
    caller.file.path,
    { start: at, end: at },
    `static void ${name}(void *arg)\n{\n\tstruct ${tag} *${root} = arg;\n\n\t${body}\n}\n\n`,
  );
  return undefined;
}

/**
 * Why what an action works on is not there any more when devm runs it: remove() and the way out of a
 * failing probe free by hand before devres does.
 */
function goneBefore(pass: Pass, fn: FunctionRef, data: string, tag: string): string | undefined {
  const { origins } = pass.memory.of(fn, { kind: 'path', root: data, steps: [], address: 0 });
  const early = origins.find(({ scope }) => scope !== 'bound' && scope !== 'drm');
  if (early)
    return `the struct ${tag} comes from ${early.call.callee}() and can be freed before devm runs the action`;
  return origins.length === 0
    ? `where the memory of the struct ${tag} comes from is not seen: it has to be there when devm runs the action`
    : undefined;
}

/** The one variable of the type that the release starts from. */
function dataFor(fn: FunctionRef, call: CallFact, tag: string): string | undefined {
  const same = variablesAt(fn, call.start).filter(
    ({ type }) => type.tagged && type.name === tag && type.pointers === 1,
  );
  return same.length === 1 ? same[0]?.name : undefined;
}

/** The test of the step: with the variable for error numbers, how it leaves, and where it ends. */
function checkOf(
  code: Code,
  next:
    | {
        readonly word: string;
        readonly start: number;
        readonly end: number;
        readonly otherwise: unknown;
      }
    | undefined,
  fn: FunctionRef,
  call: CallFact,
):
  | { readonly holder: string | undefined; readonly leave: string; readonly end: number }
  | undefined {
  const kept = holderOf(fn.facts, call)?.target.root;
  if (next?.word !== 'if' || next.otherwise || call.use !== 'assigned') return undefined;
  const text = code.text.slice(next.start, next.end);
  const local = fn.facts.locals.find(
    (one) =>
      one.type.name === 'int' &&
      one.type.pointers === 0 &&
      (one.name === kept || /^(ret|err|rc|r|error)$/.test(one.name)),
  )?.name;
  const jump = /\bgoto\s+\w+;/.exec(text)?.[0];
  if (jump !== undefined && local === undefined) return undefined;
  return /\breturn\b|\bgoto\b/.test(text)
    ? { holder: local, leave: jump ?? '', end: next.end }
    : undefined;
}

/** A step that cannot fail: the function leaves as its next step does. */
function checkless(
  pass: Pass,
  code: Code,
  placed: Placed,
):
  | { readonly holder: string | undefined; readonly leave: string; readonly end: number }
  | undefined {
  const exit = wayOut(pass, code, placed);
  return 'reason' in exit
    ? undefined
    : {
        holder: holderIn(code),
        leave: exit.label === '' ? '' : `goto ${exit.label};`,
        end: placed.statement.end,
      };
}
