/**
 * A refcounted drm_device and its private struct in devm memory: one allocation that devm puts, and that lives until
 * the last put. What finds the struct by `dev_private` goes on to do so.
 */

import { holderOf } from '../facts/flow/result-use.ts';
import type { CallFact } from '../facts/types.ts';
import type { Pass } from '../pass.ts';
import { allocatedStruct } from '../program/allocated-struct.ts';
import { lateUsersOf } from '../program/late-users.ts';
import type { MemoryOrigin } from '../program/memory.ts';
import { modeConfigEnd } from '../program/mode-config-end.ts';
import { showPath } from '../program/objects.ts';
import type { FunctionRef } from '../program/program.ts';
import type { Fix } from '../result.ts';
import { deleteStatement } from './delete-call.ts';
import { EditSet } from './edits.ts';
import { includeEdit } from './includes.ts';
import { offered, told } from './offer.ts';
import { type Code, codeOf, statementOf, textOf } from './sources.ts';
import { callText, indentAt } from './text/lines.ts';
import type { Placed } from './text/statements.ts';

const id = 'embed-drm-device';
const device = 'drm_device';
const header = 'drm/drm_device.h';

/**
 * @param devm where the private struct is allocated
 * @param made where the drm_device is
 */
export function embedDevice(pass: Pass, devm: MemoryOrigin, made: MemoryOrigin): Fix[] {
  const edits = new EditSet();
  const reason = embed(pass, devm, made, edits);
  const title = 'Embed the drm_device in the private struct';
  if (reason !== undefined)
    return [
      told(
        id,
        title,
        `embed a \`struct ${device}\` and allocate both with devm_drm_dev_alloc(): ${reason}`,
      ),
    ];
  return [
    offered(id, title, edits, {
      notice:
        'devm puts the drm_device after remove(), and once probe has failed; `dev_private` stays for who looks there',
    }),
  ];
}

function embed(
  pass: Pass,
  { fn, call, api }: MemoryOrigin,
  made: MemoryOrigin,
  edits: EditSet,
): string | undefined {
  const both = pass.catalog.data.managed.find(
    (one) =>
      one.role === 'device-alloc' &&
      one.owner === 'device' &&
      one.scope === 'bound' &&
      !one.name.startsWith('__'),
  );
  const tag = allocatedStruct(pass.program, fn, call);
  const code = codeOf(pass, fn);
  if (made.fn !== fn || !code) return 'the two are allocated in different functions';
  if (!both || tag === undefined || api === undefined) return 'its struct is not known';
  const place = pass.program.structPlace(tag, fn.file);
  const [driver, parent] = made.call.args.map(({ text }) => text.trim());
  const holder = holderOf(fn.facts, call)?.target.root;
  const kept = targetOf(fn, made.call);
  if (!place || !driver || holder === undefined || kept === undefined)
    return 'where the two are kept is not simple';
  if (call.args[api.device]?.text.trim() !== parent) return 'the two belong to different devices';
  const first = stepOf(code, call, (name) => new RegExp(`^\\(\\s*!\\s*${name}\\s*\\)$`), holder);
  const second = stepOf(
    code,
    made.call,
    (name) => new RegExp(`^\\(\\s*IS_ERR\\(\\s*${escaped(name)}\\s*\\)\\s*\\)$`),
    kept,
  );
  if (!first || !second || second.placed.index <= first.placed.index)
    return 'the struct is not allocated right before the drm_device';
  if (!/^\{?\s*return\s+-ENOMEM;\s*\}?$/.test(first.body))
    return 'the way out when there is no memory is not simple';
  const ends = otherEnds(pass);
  if (ends !== undefined) return ends;
  const member = ['base', 'drm', 'ddev'].find(
    (name) => !place.def.members.some((one) => one.name === name),
  );
  if (member === undefined) return 'no name is left for the member';
  const { path } = fn.file;
  const indent = indentAt(code.text, first.placed.statement.start);
  const args = [parent ?? '', driver, `struct ${tag}`, member];
  edits.put(
    path,
    { start: first.placed.statement.start, end: first.end },
    `${callText(indent, `${holder} = ${both.name}`, args, ';')}\n${indent}if (IS_ERR(${holder}))\n${indent}\treturn PTR_ERR(${holder});`,
  );
  edits.put(
    path,
    { start: second.placed.statement.start, end: second.end },
    `${kept} = &${holder}->${member};`,
  );
  for (const site of pass.program.callsOfAny(namesOf(pass, 'dev-put'))) {
    const stays = deleteStatement(pass, site, edits);
    if (stays !== undefined) return `\`${site.caller.name}\` puts it by hand, and ${stays}`;
  }
  return addMember(pass, place, member, edits);
}

function addMember(
  pass: Pass,
  { file, def }: NonNullable<ReturnType<Pass['program']['structPlace']>>,
  member: string,
  edits: EditSet,
): string | undefined {
  const text = textOf(pass, file);
  const heads = [...(text ?? '').matchAll(new RegExp(`\\bstruct\\s+${def.tag}\\s*\\{`, 'g'))];
  const [head] = heads;
  const include = text === undefined ? undefined : includeEdit(text, header);
  if (text === undefined || !head || heads.length > 1 || !include)
    return `\`struct ${def.tag}\` is not defined in a file that a member can be put into`;
  const open = head.index + head[0].length;
  edits.put(file.path, { start: open, end: open }, `\n\tstruct ${device} ${member};`);
  for (const edit of include) edits.put(file.path, edit, edit.newText);
  return undefined;
}

/** What else ends the drm_device or counts on its own memory. */
function otherEnds(pass: Pass): string | undefined {
  const { program } = pass;
  if (program.callsOfAny(namesOf(pass, 'dev-alloc')).length !== 1)
    return 'the module allocates more than one drm_device';
  if (program.callsOfAny(namesOf(pass, 'dev-get')).length > 0)
    return 'the module takes references of its own';
  const release = pass.tableFunctions.find(({ role }) => role === 'last-put');
  if (release)
    return `\`${release.fn.name}\` runs at the last put, and may free what is one memory then`;
  const late = lateOf(pass);
  return (
    late && `\`${late}\` runs at the last put, which comes after what devm has given back then`
  );
}

/** What the last put runs of the driver's own: it moves behind the devm releases that stand below the allocation. */
function lateOf(pass: Pass): string | undefined {
  const action = pass.registrations.find(({ api, target }) => api.scope === 'drm' && target);
  if (action || modeConfigEnd(pass).cleanup) return action?.callback;
  return lateUsersOf(pass)
    .rootsBut(undefined)
    .find(({ isObject }) => isObject)?.fn.name;
}

function namesOf({ catalog }: Pass, role: 'dev-alloc' | 'dev-get' | 'dev-put'): string[] {
  return catalog.data.milestones.filter((one) => one.role === role).map(({ name }) => name);
}

/** What a call's result is assigned to, as written. */
function targetOf({ facts }: FunctionRef, call: CallFact): string | undefined {
  const index = facts.calls.indexOf(call);
  const kept = facts.assigns.find(({ value }) => value.kind === 'call' && value.call === index);
  return kept && showPath(kept.target);
}

/** A statement of the body's own list that is the call, and the test of it below. */
function stepOf(
  code: Code,
  call: CallFact,
  test: (name: string) => RegExp,
  name: string,
): { readonly placed: Placed; readonly end: number; readonly body: string } | undefined {
  const placed = statementOf(code, call);
  const next = placed?.list[placed.index + 1];
  if (!placed || placed.parent || placed.statement.kind !== 'plain') return undefined;
  if (next?.word !== 'if' || !next.head || next.otherwise) return undefined;
  const head = code.text.slice(next.head.start, next.head.end);
  return test(name).test(head)
    ? { placed, end: next.end, body: code.text.slice(next.head.end, next.end).trim() }
    : undefined;
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\>-]/g, '\\$&');
}
