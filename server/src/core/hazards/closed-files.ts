/**
 * The private struct of an open file, freed by remove() while the file is open: whoever is under way with
 * the file, or closes it, reads freed memory.
 */
import { isMember } from '../catalog.ts';
import type { CallFact, PathValue } from '../facts/types.ts';
import type { Pass, Question } from '../pass.ts';
import type { TableFunction } from '../program/entries.ts';
import { originOf, pathIn } from '../program/objects.ts';
import type { CallSite, FunctionRef } from '../program/program.ts';
import { directWays } from './ends.ts';
import type { Way } from './ways.ts';

/** A way on which the private struct of a file ends, and one that reads it afterwards. */
export interface ClosedFile {
  /** The struct's tag. */
  readonly tag: string;
  readonly way: Way;
  readonly user: FileUser;
  readonly reads: CallSite;
}

/** A callback that gets the file from the kernel. */
interface FileUser {
  readonly fn: FunctionRef;
  readonly site: CallSite;
  readonly what: string;
  readonly why: string;
}

/** The core takes drm_dev_enter() around the first; the others make files. */
const checked = new Set(['show_fdinfo', 'open']);

/** What `end` frees of open files, one for each struct. */
export function closedFiles(pass: Pass, end: FunctionRef): ClosedFile[] {
  const tags = pass.ask(fileStructs, null);
  if (tags.size === 0) return [];
  const frees = new Set(pass.catalog.data.memory.flatMap(({ releases }) => releases));
  const leads = pass.graph.waysTo(frees);
  if (!leads.has(end)) return [];
  const down = directWays(pass, end, leads);
  const found = new Map<string, ClosedFile>();
  for (const caller of down.functions()) {
    for (const call of caller.facts.calls) {
      const tag = frees.has(call.callee) ? freedTag(pass, caller, call) : undefined;
      if (tag === undefined || !tags.has(tag) || found.has(tag)) continue;
      const user = firstUser(pass);
      if (user) found.set(tag, { tag, way: [...down.to(caller), { caller, call }], ...user });
    }
  }
  return [...found.values()];
}

/** The struct that a whole pointer points to: of `kfree(client)`. */
function freedTag(pass: Pass, fn: FunctionRef, call: CallFact): string | undefined {
  const path = pathIn(call.args[0]?.value ?? { kind: 'literal', text: '' });
  if (!path || path.steps.length > 0 || path.address !== 0) return undefined;
  const type = pass.program.typeOfRoot(fn, path.root);
  return type?.tagged && type.pointers === 1 ? type.name : undefined;
}

/** The structs that `file->driver_priv` is given. */
const fileStructs: Question<null, ReadonlySet<string>> = {
  answer: ({ program, catalog }) => {
    const tags = new Set<string>();
    const names = catalog.data.knownMembers.filter(({ holds }) => holds === 'file-data');
    for (const { fn, assign } of names.flatMap(({ member }) => program.storesTo(member))) {
      const stored = program.memberOf(fn, assign.target);
      if (!stored || !isMember(catalog, stored, 'file-data')) continue;
      const path = pathIn(assign.value);
      const type = path?.steps.length === 0 ? program.typeOfRoot(fn, path.root) : undefined;
      if (type?.tagged && type.pointers === 1) tags.add(type.name);
    }
    return tags;
  },
};

/** The first callback of an open file that works on it without drm_dev_enter(). */
function firstUser(pass: Pass): { readonly user: FileUser; readonly reads: CallSite } | undefined {
  for (const one of pass.tableFunctions) {
    if (one.role !== 'open-file' || checked.has(one.entry.member)) continue;
    const call = one.fn.facts.calls.find(
      (call) =>
        !pass.catalog.flows.of(one.fn.facts).needsDevice(call) &&
        call.args.some(({ value }) => isFrom(pass, one.fn, pathIn(value), call.start)),
    );
    if (!call) continue;
    const reads = { caller: one.fn, call };
    return { user: { fn: one.fn, site: reads, what: whatOf(one), why: whyOf(pass, one) }, reads };
  }
  return undefined;
}

function isFrom(pass: Pass, fn: FunctionRef, path: PathValue | undefined, at: number): boolean {
  if (!path) return false;
  const whole = originOf(fn, path, at).path;
  const names = pass.catalog.data.knownMembers.map(({ member }) => member);
  return whole.steps.some((step, i) => {
    if (!names.includes(step)) return false;
    const found = pass.program.memberOf(fn, { ...whole, steps: whole.steps.slice(0, i + 1) });
    return found !== undefined && isMember(pass.catalog, found, 'file-data');
  });
}

function whatOf({ table, entry }: TableFunction): string {
  return `\`.${entry.member}\` of ${table.struct}`;
}

function whyOf({ catalog }: Pass, one: TableFunction): string {
  const closes = catalog.ops.get(one.table.struct)?.closing?.includes(one.entry.member);
  return closes
    ? `\`${one.fn.name}\` runs at the last close, after unbind`
    : `\`${one.fn.name}\` can be under way: without drm_dev_enter() the unplug does not wait for it`;
}
