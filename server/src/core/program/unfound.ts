/**
 * What the tables of a driver name and no file of the module defines: without it an order lacks a part,
 * so that it has to be said. C wants a declaration before a name is used, and the kernel's own lie in
 * headers that are not read. So a name is missed where the module itself declares it, or where something
 * in it that could not be read as a function has it. What a macro can have pasted together is not missed.
 */
import type { Catalog } from '../catalog.ts';
import { Column, type FileIndex } from '../index/file-index.ts';
import type { Problem } from '../result.ts';
import type { FunctionRef } from './function-ref.ts';
import { folderOf } from './paths.ts';
import type { Program } from './program.ts';
import type { Unit } from './unit.ts';

/**
 * One problem for each member that names what is not there, in the order of files and positions. It
 * reads the indexes past the memos: ask anew after each change.
 */
export function unfound(program: Program, catalog: Catalog): Problem[] {
  const folders = new Set(
    program.files.filter(({ path }) => path.endsWith('.c')).map(({ path }) => folderOf(path)),
  );
  const open = openItems(program);
  // Of a header that lies elsewhere another module may have the function.
  const isDeclaredHere = (name: string, from: Unit): boolean =>
    program
      .prototypesOf(name)
      .some(({ file }) => file === from || folders.has(folderOf(file.path)));
  // A table's function that the module has not is the kernel's, as a rule: what is cheap is asked first.
  const isMissed = (name: string, file: Unit): boolean =>
    (isDeclaredHere(name, file) || isInUnread(program, open, name)) &&
    !program.files.some((unit) => canPaste(program, unit, name));
  return program.tables().flatMap(({ file, table }) => {
    const ops = catalog.ops.get(table.struct);
    return table.entries.flatMap(({ member, value }): Problem[] => {
      if (ops?.members[member] === undefined || program.resolve(value, file)) return [];
      if (!isMissed(value, file)) return [];
      const message = `\`.${member}\` names \`${value}\`, which was not found in the module`;
      return [{ file: file.path, message }];
    });
  });
}

/** What does not close and has a head that could not be read. */
function openItems({ files }: Program): readonly OpenItem[] {
  return files.flatMap(({ source: { index, unclosed } }) =>
    unclosed.filter((item) => index.kind(item) === 'other').map((item) => ({ index, item })),
  );
}

interface OpenItem {
  readonly index: FileIndex;
  readonly item: number;
}

/** What could not be read as a function may be the one: it is found by the index, and then read. */
function isInUnread(program: Program, open: readonly OpenItem[], name: string): boolean {
  const word = program.files[0]?.source.words.find(name) ?? -1;
  if (word < 0) return false;
  return (
    open.some(({ index, item }) => index.mentionsWord(item, word)) ||
    program.mentioning(name).some((fn) => !program.isForeign(fn) && isUnread(fn))
  );
}

function isUnread(fn: FunctionRef): boolean {
  return fn.peek().blocks.length === 0;
}

/** `DEFINE_OPS(foo)` may make `foo_remove`: a macro at file scope gets a part of the name. */
function canPaste(program: Program, { source, functions }: Unit, name: string): boolean {
  const { index, words } = source;
  const parts = name.split('_');
  const isPart = (word: number): boolean => {
    const text = words.of(word).split('_');
    return parts.some((_, at) => text.every((one, i) => one === parts[at + i]));
  };
  const pastes = (item: number): boolean => {
    const word = index.cell(item, Column.name);
    const macro = word < 0 ? undefined : program.macro(words.of(word));
    return macro === undefined || macro.body.includes('##');
  };
  return (
    [...index.items('call')].some((item) => pastes(item) && index.calls(item).some(isPart)) ||
    functions.some(
      (fn) =>
        index.mentions(fn.item).some((w) => words.of(w) !== name && isPart(w)) && isUnread(fn),
    )
  );
}
