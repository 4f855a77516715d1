/** A drmm callback in two: what needs the device goes at unbind, what is memory only stays. */

import type { CallFact } from '../facts/types.ts';
import type { Pass } from '../pass.ts';
import { kmsCleanups } from '../program/kms-objects.ts';
import type { FunctionRef } from '../program/program.ts';
import type { Registration } from '../program/registrations.ts';
import type { Fix } from '../result.ts';
import type { Span } from '../text.ts';
import type { CallbackReferences } from './callback-references.ts';
import { type BodyPlan, rewriteCallback } from './callback-signature.ts';
import { EditSet } from './edits.ts';
import { offered } from './offer.ts';
import { registerBoth } from './register-both.ts';
import { type Code, codeOf } from './sources.ts';
import { indentAt, linesToDelete } from './text/lines.ts';
import type { Statement } from './text/statements.ts';
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
  whole: BodyPlan,
): Fix | undefined {
  const { target, api, device } = registration;
  const halves = target && halvesOf(pass, target);
  const stays = (use: Span): boolean =>
    halves !== undefined && !isInside(halves.code, halves.software, use);
  const needed = target?.facts.paramUses.some((use) => use.param === 0 && stays(use)) === true;
  const plan: BodyPlan = needed ? whole : { kind: 'unused' };
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
  const { code, software } = halves;
  const undo = releasesBesides(pass, target, halves);
  if (readsWhatWasCleared(pass, target, halves)) return undefined;
  if (!registerBoth(pass, registration, name, target.name, edits, undo)) return undefined;
  const at = startWithComment(code.text, target.def.start);
  edits.put(target.file.path, { start: at, end: at }, softwareHalf(halves, name));
  for (const one of runsOf(code, software))
    edits.put(target.file.path, linesToDelete(code.text, one), '');
  rewriteCallback(pass, target, references, plan, edits, stays);
  return offered(
    'split',
    `Split \`${target.name}\`: memory stays drmm, the rest goes at unbind (devm)`,
    edits,
    {
      preferred: false,
      notice: `\`${name}\` runs after \`${target.name}\` now, at the last drm_dev_put(): look whether what it frees may be needed in between`,
    },
  );
}

/** The statements of a body that only free memory; undefined when none or all do, or when one leaves early. */
function halvesOf(pass: Pass, target: FunctionRef): Halves | undefined {
  const code = codeOf(pass, target);
  if (!code || target.facts.labels.length > 0 || target.facts.returnsOf.length > 0)
    return undefined;
  const declarations = code.statements.filter((one) => one.kind === 'declaration');
  const others = code.statements.filter((one) => one.kind !== 'declaration');
  if (others.some((one) => one.kind === 'directive')) return undefined;
  const software = others.filter((one, i) => {
    // What tells of a step goes with it.
    const told = others.slice(0, i + 1).findLast((step) => !saysOnly(pass, code, step)) ?? one;
    return freesOnly(pass, code, told);
  });
  return software.length > 0 && software.length < others.length
    ? { code, declarations, software }
    : undefined;
}

function callsIn({ fn }: Code, one: Statement): CallFact[] {
  return fn.facts.calls.filter(
    (call) => fn.def.start + call.start >= one.start && fn.def.start + call.end <= one.end,
  );
}

/** Statements that follow each other as one span. */
function runsOf({ statements }: Code, some: readonly Statement[]): Span[] {
  const out: { start: number; end: number }[] = [];
  for (const one of some) {
    const last = out.at(-1);
    const above = statements[statements.indexOf(one) - 1];
    if (last && above?.end === last.end) last.end = one.end;
    else out.push({ start: one.start, end: one.end });
  }
  return out;
}

/** Whether a statement is nothing but a message. */
function saysOnly({ catalog }: Pass, code: Code, one: Statement): boolean {
  const words = new Set(
    catalog.data.callWords.filter(({ role }) => role === 'says').map(({ word }) => word),
  );
  const calls = callsIn(code, one);
  return (
    one.kind === 'plain' &&
    calls.length > 0 &&
    calls.every(({ callee }) => callee.split('_').some((word) => words.has(word)))
  );
}

function freesOnly(pass: Pass, code: Code, one: Statement): boolean {
  const frees = new Set(pass.catalog.data.memory.flatMap((entry) => entry.releases));
  const calls = callsIn(code, one);
  return (
    calls.length > 0 &&
    calls.every(
      (call) =>
        frees.has(call.callee) ||
        pass.catalog.milestones.get(call.callee)?.role === 'software-release',
    )
  );
}

function isInside({ fn }: Code, list: readonly Statement[], span: Span): boolean {
  return list.some(
    (one) => fn.def.start + span.start >= one.start && fn.def.start + span.end <= one.end,
  );
}

/**
 * Whether the memory's half looks at what the other one has changed by then: a count that was set to
 * nothing, a pointer that was cleared, a local that only the other one sets.
 */
function readsWhatWasCleared(
  pass: Pass,
  target: FunctionRef,
  { code, declarations, software }: Halves,
): boolean {
  const read = software.flatMap((one) => tokensOf(code.text, one.start, one.end));
  const kept = [...declarations, ...software];
  const others = target.facts.calls.filter((call) => !isInside(code, kept, call));
  const called = pass.graph.reachedFrom(
    others.flatMap((call) => pass.graph.targetsOf(target, call)),
  );
  const own = target.facts.assigns.filter((assign) => !isInside(code, kept, assign));
  const written = [...own, ...[...called].flatMap((fn) => fn.facts.assigns)].flatMap(
    ({ target: { root, steps } }) => steps.at(-1) ?? root,
  );
  const names = new Set(written.flatMap((step) => step.split('.').at(-1) ?? []));
  const counted = others
    .flatMap((call) => call.args)
    .flatMap((arg) => /^&\s*(\w+)$/.exec(arg.text.trim())?.[1] ?? []);
  for (const name of counted) names.add(name);
  // Steps up and down are no assignments in the facts.
  for (const one of code.statements.filter((other) => !kept.includes(other)))
    for (const [, before, after] of code.text
      .slice(one.start, one.end)
      .matchAll(/(\w+)\s*(?:\+\+|--)|(?:\+\+|--)\s*(?:\w+(?:->|\.))*(\w+)/g))
      names.add(before ?? after ?? '');
  return read.some(({ kind, text }) => kind === 'word' && names.has(text));
}

/** Whether the device's half gives something back: then a failing first registration has to run it, too. */
function releasesBesides(
  { catalog, effects }: Pass,
  target: FunctionRef,
  { code, declarations, software }: Halves,
): boolean {
  const kept = [...declarations, ...software];
  const released = new Set(catalog.data.takes.flatMap(({ releases }) => releases));
  const words = new Set(
    catalog.data.callWords.filter(({ role }) => role === 'ends').map(({ word }) => word),
  );
  return (
    effects.releasesOf(target).length > 0 ||
    target.facts.calls.some(
      (call) =>
        !isInside(code, kept, call) &&
        (released.has(call.callee) || call.callee.split('_').some((word) => words.has(word))),
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

export function startWithComment(text: string, start: number): number {
  const above = text.slice(0, start).trimEnd();
  if (!above.endsWith('*/') || text.slice(above.length, start).split('\n').length > 2) return start;
  const open = above.lastIndexOf('/*');
  return text.lastIndexOf('\n', open - 1) + 1;
}
