/** How a callback reaches the drm_device from its data, as the rest of the module shows it. */
import type { AssignFact } from '../facts/types.ts';
import type { Pass } from '../pass.ts';
import { pathIn } from '../program/objects.ts';
import type { FunctionRef } from '../program/program.ts';
import type { Registration } from '../program/registrations.ts';
import type { CallbackReferences } from './callback-references.ts';
import { withRoot } from './expressions.ts';
import { textOf } from './sources.ts';
import { mentions, tokensOf } from './text/tokens.ts';

/**
 * The drm_device in terms of the callback's locals, undefined when nothing shows it.
 * @param before offset of the first use: what the expression names must have its value by then
 */
export function drmDevicePath(
  pass: Pass,
  target: FunctionRef,
  references: CallbackReferences,
  before: number,
): string | undefined {
  return fromData(target, references, before) ?? fromOwner(pass, target, references, before);
}

/** The local that holds the data: `struct foo *foo = arg;`, given once. */
export function aliasOfData({ facts }: FunctionRef, before: number): string | undefined {
  const argument = facts.params[facts.params.length - 1]?.name ?? '';
  const alias = facts.assigns.find(
    (a) =>
      a.declares &&
      a.context === -1 &&
      a.end <= before &&
      a.value.kind === 'path' &&
      a.value.root === argument &&
      a.value.steps.length === 0,
  );
  const given =
    alias &&
    facts.assigns.filter((a) => a.target.root === alias.target.root && a.target.steps.length === 0);
  return alias && given?.length === 1 ? alias.target.root : undefined;
}

/** Every registration passes the same function of the data as the device: `&to_foo(bar)->drm` with `bar`. */
function fromData(
  target: FunctionRef,
  { registrations }: CallbackReferences,
  before: number,
): string | undefined {
  const alias = aliasOfData(target, before);
  const shapes = new Set<string | undefined>(
    registrations.map(({ fn, data, device }) => {
      const path = data && pathIn(data.value);
      if (!data || !device || !path || path.steps.length > 0 || path.address !== 0)
        return undefined;
      return withRoot(fn, device.text, path.root, '\u0000');
    }),
  );
  const [shape] = shapes;
  return alias !== undefined && shapes.size === 1 && shape !== undefined
    ? shape.replaceAll('\u0000', alias)
    : undefined;
}

/** The registrations pass a member of a struct that the callback has a pointer to, or can get one of. */
function fromOwner(
  pass: Pass,
  target: FunctionRef,
  { registrations }: CallbackReferences,
  before: number,
): string | undefined {
  const owners = registrations.map((one) => ownerOf(pass, one));
  const [owner] = owners;
  if (!owner || owners.some((one) => one?.tag !== owner.tag || one.member !== owner.member))
    return undefined;
  const { facts } = target;
  const drm = facts.params[0]?.name ?? '';
  const own = facts.assigns.find(
    (a) =>
      a.declares &&
      a.end <= before &&
      !dependsOn(a, drm) &&
      isPointerTo(pass, target, a.target.root, owner.tag) &&
      !facts.calls.some(
        (call) =>
          call.start >= a.start &&
          call.end <= a.end &&
          call.args.some((arg) => mentions(tokensOf(arg.text), drm).length > 0),
      ),
  );
  if (own) return `&${own.target.root}->${owner.member}`;
  const alias = aliasOfData(target, before);
  const shown = alias === undefined ? undefined : conversion(pass, target, alias, owner.tag);
  return shown === undefined ? undefined : `&${shown}->${owner.member}`;
}

/** `&foo->drm` as the tag of `foo` and `drm`. */
function ownerOf(
  pass: Pass,
  { fn, device }: Registration,
): { readonly tag: string; readonly member: string } | undefined {
  const [, root = '', member = ''] = /^&\s*(\w+)->([\w.]+)$/.exec(device?.text.trim() ?? '') ?? [];
  const type = pass.program.typeOfRoot(fn, root);
  return type?.tagged && type.pointers === 1 ? { tag: type.name, member } : undefined;
}

function isPointerTo(pass: Pass, fn: FunctionRef, root: string, tag: string): boolean {
  const type = pass.program.typeOfRoot(fn, root);
  return type?.tagged === true && type.name === tag && type.pointers === 1;
}

function dependsOn({ value }: AssignFact, name: string): boolean {
  return pathIn(value)?.root === name || (value.kind === 'words' && value.words.includes(name));
}

/** How a function of the same file goes from the data's type to the owner: `to_foo(bar)`, `bar->foo`. */
function conversion(
  pass: Pass,
  target: FunctionRef,
  alias: string,
  tag: string,
): string | undefined {
  const from = pass.program.typeOfRoot(target, alias);
  const text = textOf(pass, target.file);
  if (!from?.tagged || from.pointers !== 1 || text === undefined) return undefined;
  for (const fn of pass.program.functions) {
    if (fn.file !== target.file) continue;
    for (const assign of fn.facts.assigns) {
      if (!assign.declares || !isPointerTo(pass, fn, assign.target.root, tag)) continue;
      const root = [...fn.facts.params, ...fn.facts.locals].find(
        ({ name }) =>
          isPointerTo(pass, fn, name, from.name) &&
          new RegExp(`\\b${name}\\b`).test(
            text.slice(fn.def.start + assign.start, fn.def.start + assign.end),
          ),
      );
      const value = /=\s*([^]+)$/.exec(
        text.slice(fn.def.start + assign.start, fn.def.start + assign.end),
      )?.[1];
      const found =
        root && value !== undefined && /^[\w>().-]+$/.test(value)
          ? withRoot(fn, value, root.name, alias)
          : undefined;
      if (found !== undefined) return found;
    }
  }
  return undefined;
}
