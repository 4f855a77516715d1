/**
 * devm memory that what an open file keeps alive still follows: a fault of its mapping, the free of its
 * buffers, the release of its dma-buf, a fence that it holds.
 */
import type { AssignFact, PathValue } from '../facts/types.ts';
import type { Pass, Question } from '../pass.ts';
import type { TableFunction } from '../program/entries.ts';
import type { MemoryOrigin, Origins } from '../program/memory.ts';
import { type MemberKey, originOf } from '../program/objects.ts';
import { type FunctionRef, findMember, type Program } from '../program/program.ts';
import { type Use, usesIn } from '../program/uses.ts';
import { isFlagged } from './flagged.ts';
import { unbinders } from './unbinders.ts';

/** A use of devm memory that can come after unbind. */
export interface LateMemory {
  readonly root: TableFunction;
  readonly use: Use;
  readonly origin: MemoryOrigin;
  /** Every way to the memory is known. */
  readonly sure: boolean;
}

/** One for each allocation and callback, by the shortest way down. */
export function lateMemory(pass: Pass): readonly LateMemory[] {
  const told = new Set<string>();
  return fileRoots(pass)
    .flatMap((root) => pass.ask(lateFrom, root))
    .filter((one) => !told.has(nameOf(one)) && told.add(nameOf(one)));
}

function nameOf({ origin, root }: LateMemory): string {
  return `${origin.fn.name} ${origin.call.start} ${root.fn.name}`;
}

/** The same of one callback: an edit that it does not reach leaves it standing. */
const lateFrom: Question<TableFunction, readonly LateMemory[]> = {
  answer: (pass, root) => {
    const told = new Set<string>();
    const outs = unbinders(pass);
    return usesIn(pass, root.fn, {}).flatMap((use): LateMemory[] => {
      const held = devmHeldBy(pass, use.key);
      const one = held && { root, use, ...held };
      if (!one || told.has(nameOf(one))) return [];
      // What a pointer means is a guess where it can mean several.
      const isGuess = use.way.some(
        ({ caller, call }) => pass.graph.targetsOf(caller, call).length > 1,
      );
      if (isGuess || outs.some((out) => isFlagged(pass, use.way, out))) return [];
      told.add(nameOf(one));
      return [one];
    });
  },
  equal: (a, b) => a.length === 0 && b.length === 0,
};

/** What runs as long as a file, a mapping, a buffer or a fence is there, whatever has become of the device. */
function fileRoots({ catalog, tableFunctions }: Pass): readonly TableFunction[] {
  const seen = new Set<object>();
  return tableFunctions.filter(({ fn, role, table, entry }) => {
    const ops = catalog.ops.get(table.struct);
    const runs =
      role === 'open-file' &&
      (ops?.closing?.includes(entry.member) || ops?.lasting?.includes(entry.member)) === true;
    return runs && !seen.has(fn) && seen.add(fn) !== undefined;
  });
}

/** What devm has given back of what a member points to, where it never points to other things. */
export function devmHeldBy(
  pass: Pass,
  { tag, member }: MemberKey,
): Omit<LateMemory, 'root' | 'use'> | undefined {
  return pass.ask(heldBy, `${tag} ${member}`);
}

const heldBy: Question<string, Omit<LateMemory, 'root' | 'use'> | undefined> = {
  answer: (pass, name) => {
    const [tag = '', member = ''] = name.split(' ');
    return findHeld(pass, { tag, member });
  },
};

function findHeld(pass: Pass, key: MemberKey): Omit<LateMemory, 'root' | 'use'> | undefined {
  const { program, memory } = pass;
  // Most members that are used are numbers: who stores one need not be read.
  if (isNumber(program, key)) return undefined;
  const stores = program
    .storesIntoStruct(key.tag, key.member)
    .map(({ store }) => store)
    .filter(
      ({ assign }) => !isNothing(assign.value) && !isElement(program, key.tag, assign.target),
    );
  const all: Origins[] = [];
  for (const { fn, assign } of stores) {
    const held = takenBy(pass, fn, assign) ?? memory.of(fn, assign.value);
    // Most members hold what nobody's devm gives back: where the first of many stores says so, the rest need not be
    // traced.
    if (!held.resolved || !held.origins.every(isDevm)) return undefined;
    all.push(held);
  }
  const origin = all.flatMap((one) => one.origins)[0];
  return origin && { origin, sure: all.every(({ complete }) => complete) };
}

function isDevm({ scope, api }: MemoryOrigin): boolean {
  return scope === 'bound' && (api?.role === 'alloc-memory' || api?.role === 'acquire');
}

/** Whether a struct declares a member as a plain value, which leads to no memory. */
function isNumber(program: Program, { tag, member }: MemberKey): boolean {
  const found = findMember(program.struct(tag)?.members ?? [], member);
  return found !== undefined && !found.array && found.type.pointers === 0 && !found.type.tagged;
}

/**
 * What devm takes and a pointer is kept of: a pool, a clock. Registers are the hardware's, which has a rule of its
 * own.
 */
function takenBy(
  { catalog }: Pass,
  fn: FunctionRef,
  { value, start }: AssignFact,
): Origins | undefined {
  const path = value.kind === 'path' ? originOf(fn, value, start) : undefined;
  const call = value.kind === 'call' ? fn.facts.calls[value.call] : path?.call;
  const api =
    call && (path?.path.steps ?? []).length === 0 ? catalog.managed.get(call.callee) : undefined;
  return call && api?.role === 'acquire' && api.returns === 'pointer' && api.kind !== 'mmio'
    ? { origins: [{ scope: api.scope, fn, call, api }], complete: true, resolved: true }
    : undefined;
}

/** `x->pages[i] = …` fills what `pages` points to; an array of pointers is what holds them. */
function isElement(program: Program, tag: string, { steps }: PathValue): boolean {
  const name = steps.at(-2) ?? '';
  return (
    steps.at(-1) === '[]' && findMember(program.struct(tag)?.members ?? [], name)?.array !== true
  );
}

function isNothing(value: { readonly kind: string; readonly root?: string }): boolean {
  return value.kind === 'literal' || value.root === 'NULL';
}
