/** A mode-setting object in devm memory: allocated and initialised by drmm instead. */

import type { ManagedTwin } from '../catalog.ts';
import { afterPutText, usedAfterPut } from '../hazards/after-put.ts';
import type { Pass } from '../pass.ts';
import type { Embedding } from '../program/embedding.ts';
import { type KmsCall, type KmsInit, kmsCleanups, sameObject } from '../program/kms-objects.ts';
import type { MemoryOrigin } from '../program/memory.ts';
import { pathIn } from '../program/objects.ts';
import type { FunctionRef } from '../program/program.ts';
import type { Fix } from '../result.ts';
import { checkCall } from './checked-call.ts';
import { destructors, dropCleanups, dropDestroy, type Funcs, funcsOf } from './destroy-member.ts';
import { editCall } from './edit-call.ts';
import { EditSet } from './edits.ts';
import { drmDeviceAt } from './expressions.ts';
import { freedEarly } from './freed-early.ts';
import { allocateTogether } from './kms-alloc.ts';
import { offered, told } from './offer.ts';

/** An allocation with the objects in it. */
export interface HeldObjects {
  readonly origin: MemoryOrigin;
  readonly tag: string;
  readonly objects: readonly {
    readonly embedding: Embedding;
    readonly inits: readonly KmsInit[];
  }[];
}

/** One object with all that has to change with it. */
interface Change {
  readonly init: KmsInit;
  readonly twin: ManagedTwin;
  readonly funcs: Funcs | undefined;
  readonly cleanups: readonly KmsCall[];
}

const id = 'to-drmm';
const title = 'Allocate with the life of the drm_device (drmm)';
const order =
  'drmm actions run last registered first: what works on this memory has to be registered after it';

const foreignModes =
  'the mode config belongs to another module: whether that cleans it up by hand, which needs `.destroy`, is not seen here';

/** @param obstacle why drmm objects would not do, from the rule */
export function kmsToDrmm(pass: Pass, held: HeldObjects, obstacle: string | undefined): Fix[] {
  const manual = (reason: string): Fix[] => [told(id, title, reason)];
  if (obstacle !== undefined) return manual(obstacle);
  const late = usedAfterPut(pass, held.tag);
  if (late) return manual(afterPutText(late));
  const changes: Change[] = [];
  for (const { embedding, inits } of held.objects) {
    for (const init of inits) {
      const change = init.api ? undefined : changeOf(pass, held, embedding, init);
      if (typeof change === 'string') return manual(change);
      if (change) changes.push(change);
    }
  }
  if (isComponent(pass) && !makesModes(pass)) return manual(foreignModes);
  const edits = new EditSet();
  const [only] = changes;
  const together =
    only && changes.length === 1 && held.objects.length === 1
      ? allocation(pass, held, only, edits)
      : 'several objects';
  const notice = [order, ...chainNotice(pass, held)].join('; ');
  if (together === undefined)
    return done(
      `Use ${only?.twin.alloc ?? 'drmm'}(): allocate and initialise with the life of the drm_device`,
      edits,
      notice,
    );
  const inPlace = new EditSet();
  const reason = separately(pass, held, changes, inPlace);
  return reason === undefined
    ? done(title, inPlace, notice)
    : manual(held.objects.length === 1 && only?.twin.init === undefined ? together : reason);
}

/** Whether the module binds to an aggregate: the drm_device and its modes can be those of another module then. */
function isComponent({ catalog, tableFunctions }: Pass): boolean {
  return tableFunctions.some(({ table }) => catalog.ops.get(table.struct)?.bus === 'component');
}

/** Whether the drm_device that the objects are listed in, or its mode config, is one of this module. */
function makesModes({ catalog, program }: Pass): boolean {
  const { managed, milestones } = catalog.data;
  const names = [
    ...managed
      .filter(({ kind, role }) => kind === 'mode-config' || role === 'device-alloc')
      .map(({ name }) => name),
    ...milestones
      .filter(({ role }) => role === 'mode-config-init' || role === 'dev-alloc')
      .map(({ name }) => name),
  ];
  return program.callsOfAny(names).length > 0;
}

/** An object with a chain of outputs behind it walks that when it is cleaned up: at the last put from now on. */
function chainNotice({ program, catalog }: Pass, { objects }: HeldObjects): string[] {
  const names = catalog.data.milestones
    .filter(({ role }) => role === 'attach-output')
    .map(({ name }) => name);
  const members = new Set(objects.flatMap(({ embedding }) => embedding.path.slice(-1)));
  const files = new Set(objects.flatMap(({ inits }) => inits.map(({ fn }) => fn.file)));
  const attached = program.callsOfAny(names).find(
    ({ caller, call }) =>
      files.has(caller.file) &&
      call.args.some(({ value }) => {
        const path = pathIn(value);
        return path?.address === 1 && members.has(path.steps.at(-1) ?? '');
      }),
  );
  return attached
    ? [
        `what ${attached.call.callee}() puts behind \`${attached.call.args[0]?.text.trim() ?? ''}\` is detached only at the last drm_dev_put() now: it must not be freed at unbind`,
      ]
    : [];
}

function done(name: string, edits: EditSet, notice: string): Fix[] {
  return [offered(id, name, edits, { notice })];
}

function changeOf(
  pass: Pass,
  { tag }: HeldObjects,
  embedding: Embedding,
  init: KmsInit,
): Change | string {
  const twin = init.object.managed?.[init.call.callee];
  if (!twin) return `${init.call.callee}() has no managed twin`;
  const funcs = funcsOf(pass, init, twin.funcs);
  if (typeof funcs === 'string') return funcs;
  const key = { ...embedding.key, owner: tag };
  const cleanups = kmsCleanups(pass.program, pass.catalog).filter(
    (one) =>
      one.object.struct === init.object.struct &&
      one.keys.some((own) => sameObject(pass.program, own, key)),
  );
  return { init, twin, funcs, cleanups };
}

/** Allocation and initialisation by one call. */
function allocation(
  pass: Pass,
  held: HeldObjects,
  change: Change,
  edits: EditSet,
): string | undefined {
  const { twin, init, funcs } = change;
  const [object] = held.objects;
  if (twin.alloc === undefined || !pass.catalog.managed.has(twin.alloc) || !object)
    return `${init.call.callee}() has no twin that allocates`;
  const args = init.call.args.map((arg) => arg.text);
  if (twin.optional && funcs?.alone && twin.funcs !== undefined) args[twin.funcs] = 'NULL';
  const index = init.object.inits[init.call.callee] ?? 1;
  args.splice(index, 1, `struct ${held.tag}`, object.embedding.path.join('.'));
  const reason = allocateTogether(
    pass,
    { origin: held.origin, init, name: twin.alloc, args },
    edits,
  );
  return reason ?? tidy(pass, change, edits);
}

/** drmm memory, and each object initialised where it is now. */
function separately(
  pass: Pass,
  { origin }: HeldObjects,
  changes: readonly Change[],
  edits: EditSet,
): string | undefined {
  const { fn, call, api } = origin;
  if (api?.counterpart === undefined || !pass.catalog.managed.has(api.counterpart))
    return `${call.callee}() has no drmm counterpart`;
  const freed = freedEarly(pass, origin);
  if (freed !== undefined) return `${freed}() may free it early and has to change with it`;
  const drm = drmDeviceAt(pass, fn, call.start);
  if (drm === undefined) return `\`${fn.name}\` has no drm_device before the allocation`;
  editCall(pass, fn, call, api.counterpart, new Map([[api.device, drm]]), edits);
  for (const change of changes) {
    const reason = initialise(pass, change, edits) ?? tidy(pass, change, edits);
    if (reason !== undefined) return reason;
  }
  return undefined;
}

function initialise(pass: Pass, { init, twin, funcs }: Change, edits: EditSet): string | undefined {
  const { call, fn } = init;
  if (twin.init === undefined || !pass.catalog.managed.has(twin.init))
    return `${call.callee}() has no twin that initialises in place`;
  const old = call.args.map((arg) => arg.text);
  if (twin.optional && funcs?.alone && twin.funcs !== undefined) old[twin.funcs] = 'NULL';
  const args = (twin.arguments ?? old.map((_, i) => i)).map((one) =>
    typeof one === 'number' ? (old[one] ?? '') : one,
  );
  // The managed twin can fail: a dropped result is kept where the function can return it.
  if (
    call.use === 'ignored' &&
    checkCall(pass, fn, call, edits, { name: twin.init, args }) === undefined
  )
    return undefined;
  const changed = old
    .map((text, i) => [i, text] as const)
    .filter(([i, text]) => text !== call.args[i]?.text);
  editCall(pass, fn, call, twin.init, new Map(changed), edits, twin.arguments ? args : undefined);
  return undefined;
}

/** What the manual cleanup needed. */
function tidy(pass: Pass, { init, funcs, cleanups }: Change, edits: EditSet): string | undefined {
  const gone: Set<FunctionRef> = destructors(pass, init.object, funcs ? [funcs] : []);
  if (funcs) dropDestroy(pass, funcs, edits);
  return dropCleanups(pass, cleanups, gone, edits);
}
