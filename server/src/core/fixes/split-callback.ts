/** A drmm callback in two: what needs the device goes at unbind, what is memory only stays. */

import { holderOf } from '../facts/flow/result-use.ts';
import type { Pass } from '../pass.ts';
import { kmsCleanups } from '../program/kms-objects.ts';
import type { FunctionRef } from '../program/program.ts';
import type { Registration } from '../program/registrations.ts';
import type { Fix } from '../result.ts';
import type { CallbackReferences } from './callback-references.ts';
import { type BodyPlan, rewriteCallback } from './callback-signature.ts';
import { freshHolder, holderIn } from './checked-call.ts';
import { deviceOfDrm } from './device-expression.ts';
import { editCall } from './edit-call.ts';
import { EditSet } from './edits.ts';
import { type Code, codeOf, statementOf } from './sources.ts';
import { callText, indentAt, linesToDelete } from './text/lines.ts';
import type { Placed, Statement } from './text/statements.ts';
import { mentions, tokensOf } from './text/tokens.ts';

interface Halves {
  readonly code: Code;
  readonly declarations: readonly Statement[];
  readonly software: readonly Statement[];
}

/** The fix, undefined where the callback has no two halves or its references do not allow it. */
export function splitCallback(
  pass: Pass,
  registration: Registration,
  references: CallbackReferences,
  plan: BodyPlan,
): Fix | undefined {
  const { target, api, device } = registration;
  const halves = target && halvesOf(pass, target);
  const simple =
    references.registrations.length === 1 &&
    references.releases.length === 0 &&
    references.direct.length === 0 &&
    references.prototypes.length === 0 &&
    references.others.length === 0 &&
    registration.wrappers.length === 0;
  if (
    !target?.isStatic ||
    !halves ||
    !simple ||
    plan.kind === 'pass' ||
    plan.kind === 'impossible' ||
    !device ||
    !pass.catalog.managed.has(api.counterpart ?? '')
  )
    return undefined;
  // Mode objects are looked up as long as a file is open: they have to stay with the drm_device.
  if (kmsCleanups(pass.program, pass.catalog).some(({ fn }) => fn === target)) return undefined;
  const name = softwareName(pass, target);
  const edits = new EditSet();
  if (!registerBoth(pass, registration, name, target.name, edits)) return undefined;
  const { code, software } = halves;
  const at = startWithComment(code.text, target.def.start);
  edits.put(target.file.path, { start: at, end: at }, softwareHalf(halves, name));
  for (const one of software) edits.put(target.file.path, linesToDelete(code.text, one), '');
  rewriteCallback(target, references, plan, edits);
  return {
    id: 'split',
    title: `Split \`${target.name}\`: memory stays drmm, the rest goes at unbind (devm)`,
    safety: 'unsafe',
    preferred: false,
    edits: edits.list(),
    creates: [],
    notice: `\`${name}\` runs after \`${target.name}\` now, at the last drm_dev_put(): look whether what it frees may be needed in between`,
  };
}

/** The statements of a body that only free memory; undefined when none or all do, or when one leaves early. */
function halvesOf(pass: Pass, target: FunctionRef): Halves | undefined {
  const code = codeOf(pass, target);
  if (!code || target.facts.labels.length > 0 || target.facts.returnsOf.length > 0)
    return undefined;
  const declarations = code.statements.filter((one) => one.kind === 'declaration');
  const others = code.statements.filter((one) => one.kind !== 'declaration');
  if (others.some((one) => one.kind === 'directive')) return undefined;
  const software = others.filter((one) => freesOnly(pass, code, one));
  return software.length > 0 && software.length < others.length
    ? { code, declarations, software }
    : undefined;
}

function freesOnly(pass: Pass, { fn }: Code, one: Statement): boolean {
  const frees = new Set(pass.catalog.data.memory.flatMap((entry) => entry.releases));
  const calls = fn.facts.calls.filter(
    (call) => fn.def.start + call.start >= one.start && fn.def.start + call.end <= one.end,
  );
  return (
    calls.length > 0 &&
    calls.every(
      (call) =>
        frees.has(call.callee) ||
        pass.catalog.milestones.get(call.callee)?.role === 'software-release',
    )
  );
}

/** `foo_fini` gives `foo_sw_fini`. */
function softwareName(pass: Pass, { facts, file }: FunctionRef): string {
  const parts = /^(.*?)_?(fini|free|release|destroy|cleanup|exit|remove|close)$/.exec(facts.name);
  const name = parts ? `${parts[1]}_sw_${parts[2]}` : `${facts.name}_sw`;
  return pass.program.resolve(name, file) ? `${name}_drmm` : name;
}

function softwareHalf({ code, declarations, software }: Halves, name: string): string {
  const { fn, text } = code;
  const { nameStart, nameEnd, body } = fn.facts;
  const base = fn.def.start;
  const head =
    text.slice(base, base + nameStart) + name + text.slice(base + nameEnd, base + body.start);
  const lines = (list: readonly Statement[]) =>
    list.map((one) => `${indentAt(text, one.start)}${text.slice(one.start, one.end)}\n`).join('');
  const kept = usedDeclarations(code, declarations, software);
  return `${head}{\n${lines(kept)}${kept.length > 0 ? '\n' : ''}${lines(software)}}\n\n`;
}

/** The declarations that the statements need, and those that these need. */
export function usedDeclarations(
  { text }: Code,
  declarations: readonly Statement[],
  software: readonly Statement[],
): Statement[] {
  const kept: Statement[] = [];
  let needed = software.flatMap((one) => tokensOf(text, one.start, one.end));
  for (const one of [...declarations].reverse()) {
    const tokens = tokensOf(text, one.start, one.end);
    const equals = tokens.findIndex((token) => token.text === '=');
    const name =
      tokens.slice(0, equals < 0 ? undefined : equals).findLast((token) => token.kind === 'word')
        ?.text ?? '';
    if (mentions(needed, name).length === 0) continue;
    kept.unshift(one);
    needed = [...needed, ...tokens];
  }
  return kept;
}

/**
 * Registers one callback where the present one is registered, and below it another with devm.
 * @returns whether the place allows it
 */
export function registerBoth(
  pass: Pass,
  registration: Registration,
  stays: string,
  goes: string,
  edits: EditSet,
): boolean {
  const { fn, call, api, device, data } = registration;
  const code = codeOf(pass, fn);
  const placed = code && statementOf(code, call);
  if (
    !code ||
    !placed ||
    !device ||
    !data ||
    api.callback === undefined ||
    api.counterpart === undefined
  )
    return false;
  const args = call.args.map((arg, i) =>
    i === api.device ? deviceOfDrm(arg.text) : i === api.callback ? goes : arg.text,
  );
  const first = call.args.map((arg, i) => (i === api.callback ? stays : arg.text));
  const bound = (indent: string, head: string) =>
    callText(indent, `${head}${api.counterpart ?? ''}`, args, ';');
  if (call.use === 'returned')
    return registerReturned(
      code,
      placed,
      (indent, head) => callText(indent, `${head}${api.name}`, first, ';'),
      bound,
      edits,
    );
  const holder = holderOf(fn.facts, call)?.target.root;
  const check = placed.list[placed.index + 1];
  if (call.use !== 'assigned' || holder === undefined || check?.word !== 'if' || check.otherwise)
    return false;
  const indent = indentAt(code.text, placed.statement.start);
  editCall(pass, fn, call, api.name, new Map([[api.callback, stays]]), edits);
  edits.put(
    fn.file.path,
    { start: check.end, end: check.end },
    `\n\n${indent}${bound(indent, `${holder} = `)}\n${indent}${code.text.slice(check.start, check.end)}`,
  );
  return true;
}

type Writer = (indent: string, head: string) => string;

function registerReturned(
  code: Code,
  { statement }: Placed,
  software: Writer,
  bound: Writer,
  edits: EditSet,
): boolean {
  const { fn, text } = code;
  if (statement.word !== 'return') return false;
  const indent = indentAt(text, statement.start);
  const holder = holderIn(code) ?? freshHolder(code, edits);
  edits.put(
    fn.file.path,
    statement,
    `${software(indent, `${holder} = `)}\n${indent}if (${holder})\n${indent}\treturn ${holder};\n\n${indent}${bound(indent, 'return ')}`,
  );
  return true;
}

export function startWithComment(text: string, start: number): number {
  const above = text.slice(0, start).trimEnd();
  if (!above.endsWith('*/') || text.slice(above.length, start).split('\n').length > 2) return start;
  const open = above.lastIndexOf('/*');
  return text.lastIndexOf('\n', open - 1) + 1;
}
