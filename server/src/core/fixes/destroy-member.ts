/** Objects that drmm cleans up have no `destroy`, and nobody cleans them up by hand. */

import type { KmsObject } from '../catalog.ts';
import type { TableDef, TableEntry } from '../facts/types.ts';
import type { Pass } from '../pass.ts';
import type { KmsCall, KmsInit } from '../program/kms-objects.ts';
import type { FunctionRef } from '../program/program.ts';
import type { Unit } from '../program/unit.ts';
import { deleteStatement } from './delete-call.ts';
import type { EditSet } from './edits.ts';
import { textOf } from './sources.ts';
import { linesToDelete } from './text/lines.ts';
import { outlineOf } from './text/outline.ts';
import { mentions } from './text/tokens.ts';

const member = 'destroy';

/** A table of functions of the objects that change. */
export interface Funcs {
  readonly file: Unit;
  readonly table: TableDef;
  readonly entry: TableEntry | undefined;
  /** Nothing else stands in it. */
  readonly alone: boolean;
}

/** The table that an initialisation names; a sentence when it is not known well enough to change it. */
export function funcsOf(
  pass: Pass,
  init: KmsInit,
  index: number | undefined,
): Funcs | string | undefined {
  const written = index === undefined ? undefined : init.call.args[index]?.text.trim();
  if (written === undefined || written === 'NULL') return undefined;
  const name = /^&(\w+)$/.exec(written)?.[1];
  const found = [...pass.program.allTables()].find(
    ({ file, table }) => file === init.fn.file && table.name === name,
  );
  const text = textOf(pass, init.fn.file);
  if (!found || name === undefined || text === undefined)
    return `\`${written}\` is not a table of this file`;
  const uses = mentions(outlineOf(text).tokens, name).length - 1;
  const entry = found.table.entries.find((one) => one.member === member);
  if (entry && uses > 1)
    return `\`${name}\` is used ${uses} times: its \`.${member}\` has to go for all of them together`;
  const obstacle = entry && destroyObstacle(pass, init, entry.value);
  if (obstacle !== undefined) return obstacle;
  return { ...found, entry, alone: found.table.entries.every((one) => one === entry) };
}

/** Why a destructor cannot just go: it does more than the cleanup. */
function destroyObstacle(pass: Pass, { object, fn }: KmsInit, name: string): string | undefined {
  if (name in object.cleanups) return undefined;
  const target = pass.program.resolve(name, fn.file);
  const more = target?.facts.calls.find((call) => !(call.callee in object.cleanups));
  if (target && !more && target.facts.calls.length > 0) return undefined;
  return `\`${name}\` does more than clean up: the rest has to become a drmm action`;
}

/** Takes the member out of the table. */
export function dropDestroy(pass: Pass, { file, entry }: Funcs, edits: EditSet): void {
  const text = textOf(pass, file);
  if (!entry || text === undefined) return;
  const start = text.lastIndexOf('.', entry.start);
  const comma = /^\s*,/.exec(text.slice(entry.end))?.[0].length ?? 0;
  edits.put(file.path, linesToDelete(text, { start, end: entry.end + comma }), '');
}

/**
 * Deletes the cleanups by hand of the objects.
 * @returns why one cannot go
 */
export function dropCleanups(
  pass: Pass,
  cleanups: readonly KmsCall[],
  kept: ReadonlySet<FunctionRef>,
  edits: EditSet,
): string | undefined {
  for (const { fn, call } of cleanups) {
    if (kept.has(fn)) continue;
    const reason = deleteStatement(pass, { caller: fn, call }, edits);
    if (reason !== undefined) return `\`${fn.name}\` cleans it up by hand, and ${reason}`;
  }
  return undefined;
}

/** The functions that are nothing but the destructor of such objects: they go as a whole. */
export function destructors(
  pass: Pass,
  object: KmsObject,
  funcs: readonly Funcs[],
): Set<FunctionRef> {
  const names = funcs.flatMap(({ entry }) =>
    entry && !(entry.value in object.cleanups) ? [entry.value] : [],
  );
  return new Set(
    names.flatMap((name) => funcs.flatMap(({ file }) => pass.program.resolve(name, file) ?? [])),
  );
}
