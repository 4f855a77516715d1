/**
 * Structs that remove() frees by hand while open files lead to them: one that holds the drm_device or a
 * mode-setting object which the last put cleans up, the private struct of the drm_device. And memory of
 * devm or drmm of which a destructor frees a part.
 */
import { isMember } from '../catalog.ts';
import type { CallFact } from '../facts/types.ts';
import type { Pass, Question } from '../pass.ts';
import { allocatedStruct } from '../program/allocated-struct.ts';
import { embeddings } from '../program/embedding.ts';
import type { TableFunction } from '../program/entries.ts';
import { type KmsInit, kmsCleanups, kmsInits } from '../program/kms-objects.ts';
import { type LateRoot, lateUsersOf } from '../program/late-users.ts';
import { modeConfigEnd } from '../program/mode-config-end.ts';
import { originOf, pathIn } from '../program/objects.ts';
import type { CallSite, FunctionRef } from '../program/program.ts';
import { directWays } from './ends.ts';
import type { Way } from './ways.ts';

export interface FreedStruct {
  readonly tag: string;
  readonly way: Way;
  /** What an open file keeps in it, or reaches it by. */
  readonly holds:
    | { readonly kind: 'device' }
    | { readonly kind: 'object'; readonly init: KmsInit }
    | { readonly kind: 'private'; readonly root: LateRoot; readonly reads: CallSite };
}

/** What a way out frees of that kind, one for each struct. */
export function freedStructs(pass: Pass, end: FunctionRef): FreedStruct[] {
  const frees = new Set(pass.catalog.data.memory.flatMap(({ releases }) => releases));
  const leads = pass.graph.waysTo(frees);
  if (!leads.has(end)) return [];
  const down = directWays(pass, end, leads);
  const found = new Map<string, FreedStruct>();
  for (const caller of down.functions()) {
    const flow = pass.catalog.flows.of(caller.facts);
    for (const call of caller.facts.calls) {
      const tag = frees.has(call.callee) ? pointee(pass, caller, call) : undefined;
      if (tag === undefined || found.has(tag) || flow.isOnFailure(call)) continue;
      const holds = holdsOf(pass, tag, caller);
      if (holds) found.set(tag, { tag, holds, way: [...down.to(caller), { caller, call }] });
    }
  }
  return [...found.values()];
}

/** The struct that the first argument points to. */
function pointee({ program }: Pass, fn: FunctionRef, call: CallFact): string | undefined {
  const path = pathIn(call.args[0]?.value ?? { kind: 'literal', text: '' });
  if (path?.address !== 0) return undefined;
  const type =
    path.steps.length === 0 ? program.typeOfRoot(fn, path.root) : program.memberOf(fn, path)?.type;
  return type?.tagged && type.pointers === 1 ? type.name : undefined;
}

function holdsOf(pass: Pass, tag: string, from: FunctionRef): FreedStruct['holds'] | undefined {
  const { program } = pass;
  // What a managed function allocates and remove() frees too is told by another rule.
  if (program.struct(tag) === undefined || pass.ask(managedStructs, null).has(tag))
    return undefined;
  if (embeddings(program, tag, pass.ask(deviceStructs, null), from.file).length > 0)
    return { kind: 'device' };
  const init = pass
    .ask(leftObjects, null)
    .find(({ keys }) => keys.some(({ owner }) => owner === tag));
  return init ? { kind: 'object', init } : pass.ask(privateReaders, null).get(tag);
}

/** The structs whose last reference goes with the last file. */
const deviceStructs: Question<null, ReadonlySet<string>> = {
  answer: ({ catalog }) =>
    new Set(
      catalog.data.knownMembers
        .filter(({ holds }) => holds === 'parent-device')
        .map(({ struct }) => struct),
    ),
};

const managedStructs: Question<null, ReadonlySet<string>> = {
  answer: ({ catalog, program }) =>
    new Set(
      program
        .callsOfAny(
          catalog.data.managed
            .filter(({ role }) => ['alloc-memory', 'alloc-object', 'device-alloc'].includes(role))
            .map(({ name }) => name),
        )
        .flatMap(({ caller, call }) => allocatedStruct(program, caller, call) ?? []),
    ),
};

/** The mode-setting objects that the way out cleans up neither one by one nor all together. */
const leftObjects: Question<null, readonly KmsInit[]> = {
  answer: (pass) => {
    const { program, catalog } = pass;
    const { leaving, cleanup } = modeConfigEnd(pass);
    if (cleanup) return [];
    const cleaned = kmsCleanups(program, catalog).filter(({ fn }) => leaving.has(fn));
    return kmsInits(program, catalog).filter(
      ({ object, keys }) =>
        Object.keys(object.managed ?? {}).length > 0 &&
        !cleaned.some(
          (one) =>
            one.object.struct === object.struct &&
            (one.keys.length === 0 ||
              one.keys.some((a) => keys.some((b) => a.tag === b.tag && a.member === b.member))),
        ),
    );
  },
};

/** The private structs of drm_devices, each with the first last close that follows it unguarded. */
const privateReaders: Question<null, ReadonlyMap<string, FreedStruct['holds']>> = {
  answer: (pass) => {
    const { program, catalog, graph } = pass;
    const found = new Map<string, FreedStruct['holds']>();
    const names = catalog.data.knownMembers.filter(({ holds }) => holds === 'device-data');
    const tags = new Set<string>();
    for (const { fn, assign } of names.flatMap(({ member }) => program.storesTo(member))) {
      const target = program.memberOf(fn, assign.target);
      const path = pathIn(assign.value);
      if (!path || !target || !isMember(catalog, target, 'device-data')) continue;
      const type = path.steps.length === 0 ? program.typeOfRoot(fn, path.root) : undefined;
      if (type?.tagged && type.pointers === 1) tags.add(type.name);
    }
    if (tags.size === 0) return found;
    for (const root of lateUsersOf(pass).rootsBut(undefined)) {
      if (root.when !== 'close') continue;
      for (const caller of graph.waysDown(root.fn).functions()) {
        const reads = readOf(pass, caller);
        if (reads && tags.has(reads.tag) && !found.has(reads.tag))
          found.set(reads.tag, { kind: 'private', root, reads: reads.site });
      }
    }
    return found;
  },
};

/** A call that is handed what the private pointer of a drm_device points to, or a part of it. */
function readOf(
  { program, catalog }: Pass,
  caller: FunctionRef,
): { readonly tag: string; readonly site: CallSite } | undefined {
  const flow = catalog.flows.of(caller.facts);
  for (const call of caller.facts.calls) {
    if (flow.isGuarded(call)) continue;
    for (const { value } of call.args) {
      const path = pathIn(value);
      const type =
        path && path.steps.length > 0 ? program.typeOfRoot(caller, path.root) : undefined;
      if (!path || !type?.tagged) continue;
      const from = originOf(caller, { ...path, steps: [], address: 0 }, call.start).path;
      const member = from.steps.length > 0 ? program.memberOf(caller, from) : undefined;
      if (member && isMember(catalog, member, 'device-data'))
        return { tag: type.name, site: { caller, call } };
    }
  }
  return undefined;
}

/** A destructor that frees an object alone which lies in memory of devm or drmm. */
export interface FreedPart {
  readonly destructor: TableFunction;
  readonly site: CallSite;
  readonly tag: string;
  readonly init: KmsInit;
}

export function freedParts(pass: Pass): FreedPart[] {
  const { program, catalog } = pass;
  const frees = new Set(catalog.data.memory.flatMap(({ releases }) => releases));
  const managed = pass.ask(managedStructs, null);
  return pass.tableFunctions
    .filter(({ role }) => role === 'release')
    .flatMap((destructor): FreedPart[] => {
      const { fn, table } = destructor;
      const [param] = fn.facts.params;
      const call = fn.facts.calls.find(
        (one) =>
          frees.has(one.callee) &&
          one.args.some(
            ({ value }) =>
              value.kind === 'path' && value.steps.length === 0 && value.root === param?.name,
          ),
      );
      if (!call || !param) return [];
      const init = kmsInits(program, catalog).find(
        (one) =>
          one.object.struct === param.type.name &&
          one.call.args.some(({ value }) => pathIn(value)?.root === table.name) &&
          one.keys.some(({ owner }) => managed.has(owner)),
      );
      const tag = init?.keys.find(({ owner }) => managed.has(owner))?.owner;
      return init && tag !== undefined
        ? [{ destructor, site: { caller: fn, call }, tag, init }]
        : [];
    });
}
