/** Rewrites a call's name and some of its arguments, and breaks the line anew where it grew too long. */
import type { CallFact } from '../facts/types.ts';
import type { Pass } from '../pass.ts';
import type { FunctionRef } from '../program/program.ts';
import type { EditSet } from './edits.ts';
import { textOf } from './sources.ts';
import { callText, columnAt, indentAt, shifted } from './text/lines.ts';

/**
 * @param args new texts by index; the others stay as they are written
 * @param all the whole list, where the number of arguments changes
 */
export function editCall(
  pass: Pass,
  fn: FunctionRef,
  call: CallFact,
  name: string,
  args: ReadonlyMap<number, string>,
  edits: EditSet,
  all?: readonly string[],
): void {
  const text = textOf(pass, fn.file);
  const base = fn.def.start;
  if (text !== undefined && (all || isTooLong(text, base, call, name, args))) {
    const from = text.lastIndexOf('\n', base + call.start - 1) + 1;
    const before = text.slice(from, base + call.start).trimStart();
    const list = all ?? call.args.map((arg, i) => args.get(i) ?? arg.text);
    const written = callText(indentAt(text, base + call.start), before + name, list, ';');
    edits.putInside(fn, call, written.slice(before.length, -1));
    return;
  }
  if (text !== undefined) realign(text, fn, call, name, edits);
  edits.putInside(fn, { start: call.nameStart, end: call.nameEnd }, name);
  for (const [i, written] of args) {
    const arg = call.args[i];
    if (arg) edits.putInside(fn, arg, written);
  }
}

/** Whether a call on one line would pass the eightieth column where it did not before. */
function isTooLong(
  text: string,
  base: number,
  call: CallFact,
  name: string,
  args: ReadonlyMap<number, string>,
): boolean {
  const written = text.slice(base + call.start, base + call.end);
  if (written.includes('\n')) return false;
  const column = columnAt(text, base + call.end);
  let growth = name.length - (call.nameEnd - call.nameStart);
  for (const [i, arg] of args) growth += arg.length - (call.args[i]?.text.length ?? 0);
  return column < 80 && column + growth >= 80;
}

/** Continued lines stay aligned to the parenthesis when the name changes its length. */
function realign(
  text: string,
  fn: FunctionRef,
  call: CallFact,
  name: string,
  edits: EditSet,
): void {
  const delta = name.length - (call.nameEnd - call.nameStart);
  const aligned = columnAt(text, fn.def.start + call.nameEnd) + 1;
  if (delta === 0) return;
  for (const [i, arg] of call.args.entries()) {
    const previous = call.args[i - 1];
    if (!previous) continue;
    const gap = { start: fn.def.start + previous.end, end: fn.def.start + arg.start };
    const moved = shifted(
      `${text.slice(0, gap.end)}x`,
      { start: gap.start, end: gap.end + 1 },
      aligned,
      delta,
    ).slice(0, -1);
    if (moved !== text.slice(gap.start, gap.end)) edits.put(fn.file.path, gap, moved);
  }
}
