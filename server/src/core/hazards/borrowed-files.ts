/**
 * Character devices whose files stay open over the way out and work on a struct that it frees: what open() hands
 * to a file, or what the node lies in, has no reference of the file's.
 */
import type { FileNode } from '../catalog.ts';
import type { CallFact } from '../facts/types.ts';
import type { Pass, Question } from '../pass.ts';
import { allocatedStruct } from '../program/allocated-struct.ts';
import { embeddings } from '../program/embedding.ts';
import type { TableFunction } from '../program/entries.ts';
import { pathIn } from '../program/objects.ts';
import type { CallSite, FunctionRef } from '../program/program.ts';
import { endedStructs, followsStruct } from './ended-structs.ts';
import { directWays, isPlainForEach } from './ends.ts';
import { namesOf } from './references.ts';
import { transferNames } from './transfers.ts';
import type { Way } from './ways.ts';

/** A struct that goes while files lead to it. */
export interface BorrowedFile {
  readonly tag: string;
  readonly node: FileNode;
  /** From the way out down to where it is freed, or its last reference put. */
  readonly freed: Way;
  readonly user: TableFunction;
  readonly use: Way;
}

/** What the functions of one node's files have, as the driver's table of them says. */
interface Files {
  readonly node: FileNode;
  readonly functions: readonly TableFunction[];
}

/** Member of `struct file` that open() leaves the driver's data in. */
const data = 'private_data';

/** Of each struct that `out` frees each time, the first function of an open file that follows it. */
export function borrowedFiles(pass: Pass, out: FunctionRef): BorrowedFile[] {
  const nodes = pass.ask(filesOfNodes, null);
  if (nodes.length === 0 || waitsForFiles(pass, out)) return [];
  const naming = pass.program.mentioningMember(data);
  return freedBy(pass, out).flatMap(({ tag, freed }): BorrowedFile[] => {
    for (const { node, functions } of nodes) {
      const open = functions.find(({ entry }) => entry.member === 'open');
      if (!leadsTo(pass, node, open, tag)) continue;
      for (const user of functions) {
        if (user === open || !naming.has(user.fn)) continue;
        const use = followsStruct(pass, user.fn, tag);
        if (use) return [{ tag, node, freed, user, use }];
      }
    }
    return [];
  });
}

/** The structs that a way out frees by itself, and those whose only reference it puts. */
function freedBy(pass: Pass, out: FunctionRef): { readonly tag: string; readonly freed: Way }[] {
  const plain = endedStructs(pass, out).flatMap(({ struct, way, always }) =>
    struct !== undefined && always ? [{ tag: struct, freed: way }] : [],
  );
  const puts = namesOf(pass, 'puts');
  const down = directWays(pass, out, pass.graph.waysTo(puts));
  const counted = [...down.functions()].flatMap((caller) =>
    caller.facts.calls.flatMap((call) => {
      if (!puts.includes(call.callee)) return [];
      const freed = [...down.to(caller), { caller, call }];
      if (!freed.every((site) => isPlainForEach(pass, site))) return [];
      return releasesOf(pass, { caller, call }).flatMap((release) =>
        endedStructs(pass, release).flatMap(({ struct }) =>
          struct === undefined ? [] : [{ tag: struct, freed }],
        ),
      );
    }),
  );
  return [...plain, ...counted];
}

/** The function that runs when the last reference goes, where the call names it. */
function releasesOf(pass: Pass, { caller, call }: CallSite): readonly FunctionRef[] {
  return call.args.flatMap(({ value }) => {
    const path = pathIn(value);
    return path && path.steps.length === 0
      ? (pass.program.resolve(path.root, caller.file) ?? [])
      : [];
  });
}

/** Whether open() hands the struct to the file with no reference; without an open() of its own the node lies in it. */
function leadsTo(
  pass: Pass,
  { struct, only }: FileNode,
  open: TableFunction | undefined,
  tag: string,
): boolean {
  const reached = open ? [...pass.graph.reachedFrom([open.fn])] : [];
  const takes = new Set(namesOf(pass, 'gets'));
  const has = (is: (call: CallFact, fn: FunctionRef) => boolean) =>
    reached.some((fn) => fn.facts.calls.some((call) => is(call, fn)));
  if (has(({ callee }) => takes.has(callee) || counts(pass, callee))) return false;
  const makes = new Set(pass.catalog.data.memory.map(({ name }) => name));
  const isNew = (call: CallFact, fn: FunctionRef): boolean =>
    makes.has(call.callee) && allocatedStruct(pass.program, fn, call) === tag;
  if (has(isNew)) return false;
  const stores = pass.program.storesTo(data).filter(({ fn }) => reached.includes(fn));
  if (stores.length > 0)
    return stores.some(({ fn, assign }) => {
      const path = pathIn(assign.value);
      const type = path?.steps.length === 0 ? pass.program.typeOfRoot(fn, path.root) : undefined;
      return type?.name === tag && type.pointers === 1;
    });
  const inside = only === 'driver' && embeddings(pass.program, tag, new Set([struct]), undefined);
  return inside !== false && inside.length > 0;
}

/** Whether a function counts by another name: `refcount_inc()`, `atomic_inc()`. */
function counts({ catalog }: Pass, callee: string): boolean {
  const words = callee.split('_');
  return catalog.data.callWords.some(({ role, word }) => role === 'counts' && words.includes(word));
}

/** Whether the way out waits: for whoever has a file open, it may be. */
function waitsForFiles(pass: Pass, out: FunctionRef): boolean {
  const waits = new Set(transferNames(pass, 'waits'));
  return [...pass.graph.reachedFrom([out])].some((fn) =>
    fn.facts.calls.some(({ callee }) => waits.has(callee)),
  );
}

/** The functions of the files of each node whose table the module names. */
const filesOfNodes: Question<null, readonly Files[]> = {
  answer: (pass) =>
    pass.catalog.data.fileNodes.flatMap((node) => {
      const names = new Set(tablesOf(pass, node));
      const functions = pass.tableFunctions.filter(
        ({ table }) => table.struct === 'file_operations' && names.has(table.name),
      );
      return functions.length > 0 ? [{ node, functions }] : [];
    }),
};

/** The names of the tables that a node is given: in its initialiser, by a store, or by a call. */
function tablesOf({ program }: Pass, { struct, operations }: FileNode): string[] {
  if (operations === undefined) return [];
  if ('call' in operations)
    return program.callsOf(operations.call).flatMap(({ call }) => {
      const path = pathIn(call.args[operations.argument]?.value ?? { kind: 'literal', text: '' });
      return path?.address === 1 ? [path.root] : [];
    });
  const { member } = operations;
  const given = program
    .allTables(struct)
    .flatMap(({ table }) => table.entries)
    .filter((entry) => entry.member === member)
    .map(({ value }) => value.replace(/^&/, ''));
  const stored = program.storesTo(member).flatMap(({ assign }) => {
    const path = pathIn(assign.value);
    return path?.address === 1 ? [path.root] : [];
  });
  return [...given, ...stored];
}
