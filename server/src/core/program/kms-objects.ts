/** Where mode-setting objects are initialised and cleaned up by hand, and which members hold them. */
import type { Catalog, KmsObject, ManagedApi } from '../catalog.ts';
import type { Argument, CallFact, PathValue, TypeRef, Value } from '../facts/types.ts';
import { typeOf } from './allocated-struct.ts';
import { accessedPath } from './casts.ts';
import { embeddings } from './embedding.ts';
import { type MemberKey, pathIn } from './objects.ts';
import type { CallSite, FunctionRef, Program } from './program.ts';

/** A member that holds an object, as one expression reaches it. */
export interface HeldKey extends MemberKey {
  /** The struct that the last pointer on the way points to: the object lies in it by value. `''` when unknown. */
  readonly owner: string;
}

/** A call that initialises or cleans up an object. */
export interface KmsCall {
  readonly object: KmsObject;
  readonly fn: FunctionRef;
  readonly call: CallFact;
  readonly argument: Argument;
  /** The members that hold the object, here or in the callers that pass it. */
  readonly keys: readonly HeldKey[];
}

/** An initialisation, with the managed API when it registers its own cleanup. */
export interface KmsInit extends KmsCall {
  readonly api: ManagedApi | undefined;
}

const maximumRise = 6;

/** Every call of the module that initialises an object in the caller's memory. */
export function kmsInits(program: Program, catalog: Catalog): KmsInit[] {
  return [...catalog.kms.values()].flatMap((object) =>
    Object.entries(object.inits).flatMap(([name, index]) => {
      const managed = catalog.managed.get(name);
      const api = managed?.role === 'init-object' && managed.scope === 'drm' ? managed : undefined;
      return program.callsOf(name).flatMap(({ caller, call }) => {
        const argument = call.args[index];
        return argument
          ? [
              {
                object,
                fn: caller,
                call,
                argument,
                api,
                keys: keysOf(program, caller, argument, call),
              },
            ]
          : [];
      });
    }),
  );
}

/** Every call of the module that cleans up an object by hand, through its function table included. */
export function kmsCleanups(program: Program, catalog: Catalog): KmsCall[] {
  const out: KmsCall[] = [];
  const add = (object: KmsObject, { caller, call }: CallSite, index: number | undefined): void => {
    const argument = index === undefined ? undefined : call.args[index];
    if (argument)
      out.push({
        object,
        fn: caller,
        call,
        argument,
        keys: keysOf(program, caller, argument, call),
      });
  };
  for (const object of catalog.kms.values()) {
    for (const [name, index] of Object.entries(object.cleanups))
      for (const site of program.callsOf(name)) add(object, site, index);
    const members = Object.keys(object.cleanups).filter((name) => name.includes('->'));
    const last = new Set(members.map((name) => name.slice(name.lastIndexOf('>') + 1)));
    for (const site of [...last].flatMap((member) => program.callsThrough(member))) {
      const through = site.call.through && pathIn(site.call.through);
      if (through) add(object, site, cleanupThrough(program, site.caller, object, through));
    }
  }
  return out;
}

/** `connector->funcs->destroy` is written `funcs->destroy` in the catalogue. */
function cleanupThrough(
  program: Program,
  fn: FunctionRef,
  object: KmsObject,
  through: PathValue,
): number | undefined {
  const { steps } = through;
  for (let length = 2; length <= steps.length; length++) {
    const index = object.cleanups[steps.slice(-length).join('->')];
    if (index === undefined) continue;
    return typeOf(program, fn, { ...through, steps: steps.slice(0, -length) })?.name ===
      object.struct
      ? index
      : undefined;
  }
  return undefined;
}

function keysOf(program: Program, fn: FunctionRef, argument: Argument, call: CallFact): HeldKey[] {
  return heldBy(program, fn, argument.value, call.start, maximumRise);
}

/** The path that a value is, through an accessor too. */
function pathOf(program: Program, fn: FunctionRef, value: Value): PathValue | undefined {
  const call = value.kind === 'call' ? fn.facts.calls[value.call] : undefined;
  return call ? accessedPath(program, fn, call) : pathIn(value);
}

function heldBy(
  program: Program,
  fn: FunctionRef,
  value: Value,
  before: number,
  rise: number,
): HeldKey[] {
  const path = pathOf(program, fn, value);
  if (!path) return [];
  const key = program.memberOf(fn, path);
  if (key)
    return keptIn(
      program,
      { tag: key.tag, member: key.member, owner: ownerOf(program, fn, path) },
      path,
      key.type,
      rise,
    );
  const param = fn.facts.params.findIndex((one) => one.name === path.root);
  const given = fn.facts.assigns.filter(
    (a) =>
      a.target.root === path.root &&
      a.target.steps.length === 0 &&
      a.target.address === 0 &&
      a.start < before,
  );
  const next = given.map((a) => a.value).filter((one) => pathOf(program, fn, one) !== undefined);
  // One name for another at a time: the nearest member is the one that is typed.
  if (rise > 0 && next.length > 0)
    return next.flatMap((one) => heldBy(program, fn, one, before, rise - 1));
  if (param < 0 || rise === 0) return [];
  return program.callersOf(fn).flatMap(({ caller, call }) => {
    const passed = call.args[param];
    return passed ? heldBy(program, caller, passed.value, call.start, rise - 1) : [];
  });
}

/** A member that is a pointer only leads to the object: what the module stores there holds it. */
function keptIn(
  program: Program,
  key: HeldKey,
  path: PathValue,
  type: TypeRef | undefined,
  rise: number,
): HeldKey[] {
  if (path.address !== 0 || type?.pointers !== 1 || rise === 0) return [key];
  const held = program
    .storesInto(key)
    .flatMap(({ fn, assign }) => heldBy(program, fn, assign.value, assign.start, rise - 1));
  return held.length > 0 ? held : [key];
}

/** The struct behind the last pointer of a path: that of `a->b` for `&a->b->c.d`. */
function ownerOf(program: Program, fn: FunctionRef, path: PathValue): string {
  for (let length = path.steps.length - 1; length > 0; length--) {
    const type = program.memberOf(fn, { ...path, steps: path.steps.slice(0, length) })?.type;
    if (!type) return '';
    if (type.pointers > 0) return type.name;
  }
  return program.typeOfRoot(fn, path.root)?.name ?? '';
}

/** Whether two ways can lead to the same object: one member, and neither in a struct that the other is not part of. */
export function sameObject(program: Program, a: HeldKey, b: HeldKey): boolean {
  if (a.tag === '' || a.tag !== b.tag || a.member !== b.member) return false;
  const within = (inner: string, outer: string) =>
    inner === outer ||
    inner === '' ||
    outer === '' ||
    embeddings(program, outer, new Set([inner])).length > 0;
  return within(a.owner, b.owner) || within(b.owner, a.owner);
}
