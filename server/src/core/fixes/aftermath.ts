/**
 * What an edit leaves behind: variables, labels, functions and tables that nothing uses any more, and
 * headers that are needed or are not. Every fix of a rule passes through here, so that it compiles
 * without a new warning whatever it took out.
 */

import type { Pass } from '../pass.ts';
import type { Unit } from '../program/unit.ts';
import type { FileEdit, Fix } from '../result.ts';
import type { TextEdit } from '../text.ts';
import { includeEdits } from './includes.ts';
import { withoutEdits } from './judge.ts';
import { blankEdits } from './leftovers/blanks.ts';
import { blockEdits } from './leftovers/blocks.ts';
import { staleComments } from './leftovers/comments.ts';
import { emptiedEdits, type OptionalMembers } from './leftovers/emptied.ts';
import { unusedItems } from './leftovers/items.ts';
import { jumpEdits } from './leftovers/jumps.ts';
import { localEdits, setOnly } from './leftovers/locals.ts';
import { textOf } from './sources.ts';
import { holesIn } from './text/holes.ts';
import { type Item, type Outline, outlineOf } from './text/outline.ts';
import { Pieces } from './text/pieces.ts';

const maximumRounds = 8;

/** The fix with its leftovers cleared, or as a manual one with the reason why its edits cannot stand. */
export function completed(pass: Pass, fix: Fix): Fix {
  if (fix.safety === 'manual' || fix.edits.length === 0) return fix;
  const files: FileEdit[] = [];
  for (const edit of fix.edits) {
    const done = completedFile(pass, edit);
    if (typeof done === 'string') return withoutEdits(fix, done);
    files.push(done);
  }
  return { ...fix, edits: files };
}

/** The members that a driver's table may do without. */
function optionalMembers({ catalog, once }: Pass): OptionalMembers {
  return once.get('optional members', () => {
    const tables = catalog.data.ops.filter(({ optional }) => optional !== undefined);
    return new Map(tables.map(({ struct, optional }) => [struct, new Set(optional)]));
  });
}

function completedFile(pass: Pass, { file: path, edits }: FileEdit): FileEdit | string {
  const file = pass.program.files.find((one) => one.path === path);
  const text = file && textOf(pass, file);
  if (!file || text === undefined) return `${path} cannot be read, or has changed since`;
  const obstacle = edits.map((edit) => obstacleAt(file, edit)).find((one) => one !== undefined);
  if (obstacle !== undefined) return obstacle;
  const pieces = new Pieces(text);
  try {
    pieces.apply(edits);
  } catch {
    return 'its edits overlap';
  }
  const before = pass.once.get(`outline ${path}`, () => outlineOf(text));
  pieces.apply(staleComments(pieces.text, before.text));
  const left = clear(pieces, before, optionalMembers(pass));
  if (left !== undefined) return left;
  const edited = outlineOf(pieces.text);
  if (holesIn(edited.tokens) > holesIn(before.tokens))
    return `${path} would not parse cleanly after it`;
  pieces.apply(includeEdits(pass, before, edited, path));
  return { file: path, edits: pieces.edits() };
}

/** Why no edit can stand at a place: what is there was not read with certainty. */
function obstacleAt(file: Unit, edit: TextEdit): string | undefined {
  const macro = file.macros.find((one) => edit.start >= one.start && edit.end <= one.end);
  if (macro) return `it would change the macro ${macro.name}()`;
  const fn = file.functions.find((one) => edit.start >= one.start && edit.end <= one.end);
  if (!fn) return undefined;
  if (fn.facts.errors > 0) return `\`${fn.name}\` did not parse cleanly`;
  const made = fn.facts.calls.find(
    (one) =>
      one.macro !== undefined &&
      edit.start >= fn.start + one.start &&
      edit.end <= fn.start + one.end,
  );
  if (made) return `the macro ${made.macro}() makes the call of ${made.callee}()`;
  const half = fn.facts.contexts.find(
    (one) =>
      one.kind === 'preprocessor' &&
      edit.start >= fn.start + one.start &&
      edit.end <= fn.start + one.end,
  );
  return half ? `a part of it stands below \`${half.text}\`` : undefined;
}

/** Clears leftovers round by round: each can free another. */
function clear(pieces: Pieces, before: Outline, optional: OptionalMembers): string | undefined {
  let after = outlineOf(pieces.text);
  for (let round = 0; round < maximumRounds; round++) {
    const [first = []] = leftovers(before, after, optional);
    if (first.length === 0) break;
    pieces.apply(first);
    after = outlineOf(pieces.text);
  }
  for (const [old, now] of changedFunctions(before, after)) {
    const name = setOnly(before, old, after, now);
    if (name !== undefined) return `it would leave \`${name}\` set but not used in \`${now.name}\``;
  }
  return undefined;
}

/** The first kind of leftover that is found, as edits that do not overlap. */
function* leftovers(
  before: Outline,
  after: Outline,
  optional: OptionalMembers,
): Generator<TextEdit[]> {
  for (const [old, now] of changedFunctions(before, after)) {
    const jumps = jumpEdits(before, old, after, now);
    if (jumps.length > 0) yield jumps;
    const locals = localEdits(before, old, after, now);
    if (locals.length > 0) yield locals;
    const blocks = blockEdits(before, old, after, now);
    if (blocks.length > 0) yield blocks;
    const emptied = emptiedEdits(before, after, old, now, optional);
    if (emptied.length > 0) yield emptied;
  }
  const items = unusedItems(before, after);
  if (items.length > 0) yield items;
  const blanks = [...changedFunctions(before, after)].flatMap(([old, now]) =>
    blankEdits(before, old, after, now),
  );
  if (blanks.length > 0) yield blanks;
}

/** The functions of the edited text whose body is new or different, with what they were. */
function* changedFunctions(before: Outline, after: Outline): Generator<[Item | undefined, Item]> {
  const functions = before.items.filter((item) => item.kind === 'function');
  const old = new Map(functions.map((item) => [item.name, item]));
  // One of the same name can stand below #if and another below #else.
  const texts = new Set(functions.map((item) => before.text.slice(item.start, item.end)));
  for (const item of after.items) {
    if (item.kind !== 'function') continue;
    const was = old.get(item.name);
    if (!texts.has(after.text.slice(item.start, item.end))) yield [was, item];
  }
}
