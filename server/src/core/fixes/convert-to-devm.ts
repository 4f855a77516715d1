/** From drmm to devm: the action, its callback and, where asked, the memory that it works on. */

import type { ManagedApi } from '../catalog.ts';
import type { CallFact } from '../facts/types.ts';
import type { Pass } from '../pass.ts';
import { kmsCleanups } from '../program/kms-objects.ts';
import { originOf, pathIn } from '../program/objects.ts';
import type { FunctionRef } from '../program/program.ts';
import type { Registration } from '../program/registrations.ts';
import type { Unit } from '../program/unit.ts';
import type { Fix } from '../result.ts';
import { type CallbackReferences, referencesTo } from './callback-references.ts';
import { type BodyPlan, planBody, rewriteCallback } from './callback-signature.ts';
import { deviceOfDrm } from './device-expression.ts';
import { editCall } from './edit-call.ts';
import { EditSet } from './edits.ts';
import { escapeOf, partHandedOut } from './escapes.ts';
import { useManagedWrapper } from './managed-wrapper.ts';
import { neededByClose, neededLate, reachedLate, usedWhenGone } from './needed-late.ts';
import { offered, told } from './offer.ts';
import { textOf } from './sources.ts';
import { splitCallback } from './split-callback.ts';
import { outlineOf } from './text/outline.ts';
import { mentions } from './text/tokens.ts';

const titleAll = 'Convert to device-managed (devm): action, memory and callback';
const titleAction = 'Convert to device-managed (devm): action and callback';
const titleKeep = `${titleAction}, the memory stays drmm`;

/** The managed allocation of the memory that a registration hands to its callback. */
interface Memory {
  readonly name: string;
  readonly fn: FunctionRef;
  readonly call: CallFact;
  readonly api: ManagedApi;
}

/** The fixes that move a drmm registration to devm; one that cannot be done says why. */
export function convertToDevm(pass: Pass, registration: Registration): Fix[] {
  const { target } = registration;
  const manual = (reason: string): Fix[] => [told('to-devm', titleAction, reason)];
  if (!target) return manual(`\`${registration.callback}\` is not defined in this module`);
  const close = neededByClose(pass, registration);
  if (close)
    return manual(
      `\`${close.root.fn.name}\`, ${close.root.what}, works on it after unbind: it has to wait for the last close`,
    );
  const references = referencesTo(pass.program, pass.catalog, pass.registrations, target);
  const plan = planBody(pass, target, references);
  const wrapped = useManagedWrapper(pass, registration);
  const more = [wrapped, splitCallback(pass, registration, references, plan)].filter(
    (fix) => fix !== undefined,
  );
  const obstacle =
    obstacleTo(pass, registration, target, references, plan) ??
    tooEarly(pass, registration, target);
  const [best] = more;
  const first = more.map((fix) => ({ ...fix, preferred: fix === best }));
  if (obstacle !== undefined) return [...first, ...manual(obstacle)];
  return [...first, ...whole(pass, registration, target, references, plan, best === undefined)];
}

/** Action and callback as a whole, with the memory or without it. */
function whole(
  pass: Pass,
  registration: Registration,
  target: FunctionRef,
  references: CallbackReferences,
  plan: BodyPlan,
  first: boolean,
): Fix[] {
  const edit = (memory: Memory | undefined): EditSet => {
    const edits = new EditSet();
    for (const one of references.registrations) convertRegistration(pass, one, plan, edits);
    for (const { site, api } of references.releases)
      renameCall(pass, site.caller, site.call, api, edits);
    rewriteCallback(pass, target, references, plan, edits);
    if (memory) renameCall(pass, memory.fn, memory.call, memory.api, edits);
    return edits;
  };
  const memory = memoryOf(pass, registration);
  const part = memory && partHandedOut(pass, memory.fn, memory.name);
  const early = part ?? reachedLate(pass, registration);
  const plain = plan.kind === 'unused' && references.direct.length === 0;
  const safety = plain && early === undefined ? 'safe' : 'unsafe';
  const only = (title: string, id: string, preferred: boolean): Fix =>
    offered(id, title, edit(undefined), { safety, preferred, notice: early });
  if (!memory) return [only(titleAction, 'to-devm', first)];
  const held = otherHoldersOf(pass, registration, memory);
  if (held !== undefined) {
    return [only(titleKeep, 'to-devm-keep-memory', first), told('to-devm', titleAll, held)];
  }
  if (part !== undefined) {
    return [only(titleKeep, 'to-devm-keep-memory', first), told('to-devm', titleAll, part)];
  }
  const dangling = escapeOf(pass, memory.fn, memory.name);
  const notice = [dangling, early].filter((text) => text !== undefined).join('; ') || undefined;
  const all = offered('to-devm', titleAll, edit(memory), {
    safety: dangling === undefined ? safety : 'unsafe',
    preferred: first && dangling === undefined,
    notice,
  });
  const keep = only(titleKeep, 'to-devm-keep-memory', first && dangling !== undefined);
  return dangling === undefined ? [all, keep] : [keep, all];
}

/** Why what the action ends must not end at unbind as a whole. */
function tooEarly(pass: Pass, registration: Registration, target: FunctionRef): string | undefined {
  const object = kmsCleanups(pass.program, pass.catalog).find(({ fn }) => fn === target);
  if (object)
    return `\`${target.name}\` calls ${object.call.callee}(): mode objects have to stay until the last drm_dev_put()`;
  return freesMemory(pass, target)
    ? `\`${target.name}\` frees memory too, which an open file may still reach after unbind: that half has to stay drmm`
    : (neededLate(pass, registration) ?? usedWhenGone(pass, registration));
}

/** Why the conversion would be half done, undefined when nothing stands in its way. */
function obstacleTo(
  pass: Pass,
  registration: Registration,
  target: FunctionRef,
  references: CallbackReferences,
  plan: BodyPlan,
): string | undefined {
  const { name } = target.facts;
  const wrapper = references.registrations.find((r) => r.wrappers.length > 0)?.wrappers[0];
  if (wrapper) return `it is registered through \`${wrapper.name}\`, which takes drmm actions only`;
  const without = references.registrations.find(
    (r) => !pass.catalog.managed.has(r.api.counterpart ?? '') || !r.device,
  );
  if (without) return `${without.api.name}() has no devm counterpart`;
  const foreign = references.registrations.find((r) => r.api.scope !== registration.api.scope);
  if (foreign)
    return `\`${name}\` is also registered by ${foreign.api.name}() in \`${foreign.fn.name}\``;
  const [other] = references.others;
  if (other)
    return `\`${name}\` is also used at ${other.file}:${other.from.line + 1}, where its parameters cannot be changed`;
  const header = references.prototypes.find(({ file }) => file.path.startsWith('include/'));
  if (header) return `\`${name}\` is declared in ${header.file.path}, for other modules too`;
  const broken = [target, ...references.registrations.map((r) => r.fn)].find(
    (fn) => fn.facts.errors > 0,
  );
  if (broken) return `\`${broken.name}\` did not parse cleanly`;
  if (
    plan.kind === 'pass' &&
    references.registrations.some(
      (r) => r.data?.value.kind !== 'literal' && r.data?.text.trim() !== 'NULL',
    )
  ) {
    return `\`${name}\` uses its drm_device parameter, and its registration passes other data`;
  }
  if (plan.kind === 'impossible') return plan.reason;
  return hasHiddenUse(pass, target, references)
    ? `\`${name}\` is named once more where it was not read, below an #else perhaps`
    : undefined;
}

/** Whether the file names the callback more often than the facts know: one branch of an #if is read only. */
function hasHiddenUse(
  pass: Pass,
  target: FunctionRef,
  { registrations, releases, direct, prototypes }: CallbackReferences,
): boolean {
  const text = textOf(pass, target.file);
  if (text === undefined) return false;
  const here = <T>(list: readonly T[], file: (one: T) => Unit) =>
    list.filter((one) => file(one) === target.file).length;
  const known =
    1 +
    here(registrations, (one) => one.fn.file) +
    here(releases, (one) => one.site.caller.file) +
    here(direct, (one) => one.caller.file) +
    here(prototypes, (one) => one.file);
  return mentions(outlineOf(text).tokens, target.name).length > known;
}

function convertRegistration(
  pass: Pass,
  registration: Registration,
  plan: BodyPlan,
  edits: EditSet,
): void {
  const { fn, call, api, device, data } = registration;
  const given =
    plan.kind === 'pass' && device && data
      ? new Map([[call.args.indexOf(data), device.text]])
      : undefined;
  renameCall(pass, fn, call, api, edits, given);
}

/** Renames an API call to its counterpart and rewrites its owner argument. */
export function renameCall(
  pass: Pass,
  fn: FunctionRef,
  call: CallFact,
  api: ManagedApi,
  edits: EditSet,
  more?: ReadonlyMap<number, string>,
): void {
  const owner = call.args[api.device];
  if (api.counterpart === undefined || !owner) return;
  editCall(
    pass,
    fn,
    call,
    api.counterpart,
    new Map([[api.device, deviceOfDrm(owner.text)], ...(more ?? [])]),
    edits,
  );
}

/** The drmm allocation in the same function whose result is the data argument. */
function memoryOf(pass: Pass, registration: Registration): Memory | undefined {
  const { fn, call, data } = registration;
  const path = data && pathIn(data.value);
  if (!path || path.steps.length > 0) return undefined;
  const origin = originOf(fn, path, call.start);
  const api = origin.call ? pass.catalog.managed.get(origin.call.callee) : undefined;
  if (
    !origin.call ||
    api?.role !== 'alloc-memory' ||
    api.scope !== registration.api.scope ||
    !pass.catalog.managed.has(api.counterpart ?? '')
  )
    return undefined;
  return { name: path.root, fn, call: origin.call, api };
}

/** Whether something else that runs at the last put works on the same memory. */
function otherHoldersOf(
  pass: Pass,
  registration: Registration,
  memory: Memory,
): string | undefined {
  const type = pass.program.typeOfRoot(memory.fn, memory.name);
  for (const call of memory.fn.facts.calls) {
    const api = pass.catalog.managed.get(call.callee);
    if (call === registration.call || call === memory.call || api?.scope !== 'drm') continue;
    const uses = call.args.some(
      (argument) =>
        argument.value.kind === 'path' &&
        argument.value.root === memory.name &&
        call.args.indexOf(argument) !== api.device,
    );
    if (uses)
      return `${call.callee}() in \`${memory.fn.name}\` works on \`${memory.name}\` at the last drm_dev_put(): its memory has to stay drmm`;
  }
  for (const other of pass.registrations) {
    const path = other.data && pathIn(other.data.value);
    if (
      other.target === registration.target ||
      other.api.scope !== 'drm' ||
      !path ||
      !type ||
      type.name === ''
    )
      continue;
    const root = pass.program.typeOfRoot(other.fn, path.root);
    if (root?.name === type.name && root.tagged === type.tagged) {
      return `\`${other.callback}\`, a drmm action too, works on \`struct ${type.name}\`: its memory has to stay drmm`;
    }
  }
  return undefined;
}

/** Whether the callback itself frees plain memory: what user space reaches must not go at unbind. */
function freesMemory(pass: Pass, target: FunctionRef): boolean {
  const names = new Set(pass.catalog.data.memory.flatMap((one) => one.releases));
  return target.facts.calls.some(
    (call) =>
      names.has(call.callee) ||
      pass.catalog.milestones.get(call.callee)?.role === 'software-release',
  );
}
