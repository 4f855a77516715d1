/**
 * What a driver hands out and others keep, a dma-buf, while it holds no reference to the struct that its functions
 * use.
 */
import type { HandedOut } from '../catalog-entries.ts';
import type { Pass } from '../pass.ts';
import { allocatedStruct } from '../program/allocated-struct.ts';
import { embeddings } from '../program/embedding.ts';
import type { TableFunction } from '../program/entries.ts';
import { pathIn } from '../program/objects.ts';
import type { CallSite, FunctionRef } from '../program/program.ts';
import { bindingsOf, closedBindingsOf } from '../teardown/bindings.ts';
import { endedStructs, followsStruct } from './ended-structs.ts';
import { namesOf, putsTag } from './references.ts';
import type { Way } from './ways.ts';

export interface Unreferenced {
  readonly api: HandedOut;
  readonly site: CallSite;
  readonly tag: string;
  readonly release: TableFunction;
  /** What of the table follows the struct, and the way down to that. */
  readonly user: TableFunction;
  readonly use: Way;
}

/** One for each place that hands such a thing out. */
export function unreferenced(pass: Pass): Unreferenced[] {
  return pass.catalog.data.handedOut.flatMap((api) =>
    pass.program.callsOf(api.name).flatMap((site) => judge(pass, api, site) ?? []),
  );
}

function judge(pass: Pass, api: HandedOut, site: CallSite): Unreferenced | undefined {
  const tag = pass.program.isForeign(site.caller) ? undefined : dataOf(pass, api, site);
  if (tag === undefined || !endsWithDriver(pass, tag)) return undefined;
  const table = pass.tableFunctions.filter(
    (one) => one.table.struct === api.ops && one.file === site.caller.file,
  );
  const releases = table.filter(({ entry }) => entry.member === api.release);
  const [release, other] = releases;
  if (!release || other) return undefined;
  const puts = pass.graph.waysTo([...namesOf(pass, 'puts'), ...droppersOf(pass)]);
  if (puts.has(release.fn) || makesIt(pass, site.caller, tag)) return undefined;
  if (isTaken(pass, site.caller)) return undefined;
  for (const user of [release, ...table]) {
    const use = followsStruct(pass, user.fn, tag) ?? handsOn(pass, user.fn, tag);
    if (use) return { api, site, tag, release, user, use };
  }
  return undefined;
}

/** The first call that is handed a part of the struct: `atomic_dec(&foo->users)`. */
function handsOn({ program }: Pass, fn: FunctionRef, tag: string): Way | undefined {
  const call = fn.facts.calls.find(({ args }) =>
    args.some(({ value }) => {
      const path = pathIn(value);
      if (path?.address !== 1 || path.steps.length === 0) return false;
      const type = program.typeOfRoot(fn, path.root);
      return type?.tagged === true && type.pointers === 1 && type.name === tag;
    }),
  );
  return call && [{ caller: fn, call }];
}

/** The struct that is stored into the argument beside the call, or stands in its initialiser. */
function dataOf(pass: Pass, { data }: HandedOut, { caller, call }: CallSite): string | undefined {
  const roots = call.args.flatMap(({ value }) => pathIn(value)?.root ?? []);
  const names = caller.facts.assigns.flatMap(({ target, value }): readonly string[] => {
    if (!roots.includes(target.root)) return [];
    if (target.steps.length === 0) return value.kind === 'words' ? value.words : [];
    const path = target.steps.at(-1) === data ? pathIn(value) : undefined;
    return path?.address === 0 && path.steps.length === 0 ? [path.root] : [];
  });
  const tags = names.flatMap((name) => {
    const type = pass.program.typeOfRoot(caller, name);
    return type?.tagged && type.pointers === 1 ? [type.name] : [];
  });
  return tags.length === 1 ? tags[0] : undefined;
}

/**
 * Whether a struct goes when the driver and its files are gone: it holds the drm_device, or the way out frees or
 * puts it.
 */
function endsWithDriver(pass: Pass, tag: string): boolean {
  const { program, catalog } = pass;
  const devices = new Set(
    catalog.data.knownMembers
      .filter(({ holds }) => holds === 'parent-device')
      .map(({ struct }) => struct),
  );
  const files = bindingsOf(pass).map(({ start }) => start.file);
  return (
    files.some((file) => embeddings(program, tag, devices, file).length > 0) ||
    closedBindingsOf(pass).some(
      ({ end, ends }) =>
        endedStructs(pass, end.fn).some(({ struct }) => struct === tag) ||
        ends.some((fn) => putsTag(pass, fn, tag)),
    )
  );
}

/** The calls that drop a reference to anything of the kernel's. */
function droppersOf({ catalog }: Pass): readonly string[] {
  return catalog.data.takes.flatMap(({ reference, releases }) => (reference ? releases : []));
}

/** Whether each one that is handed out has a struct of its own. */
function makesIt(pass: Pass, caller: FunctionRef, tag: string): boolean {
  const names = new Set(pass.catalog.data.memory.map(({ name }) => name));
  return caller.facts.calls.some(
    (call) => names.has(call.callee) && allocatedStruct(pass.program, caller, call) === tag,
  );
}

/** Whether the function, or one that comes to it, takes a reference for what it hands out. */
function isTaken(pass: Pass, caller: FunctionRef): boolean {
  const gets = pass.graph.waysTo(namesOf(pass, 'gets'));
  return gets.has(caller) || pass.program.callersOf(caller).some((site) => gets.has(site.caller));
}
