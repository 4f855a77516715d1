/** Whether one point of a function can run after another: straight on, or by a goto. */
import type { FunctionFacts } from '../facts/types.ts';

/** Offsets within the function. Loops that go back are not looked at. */
export function follows(fn: FunctionFacts, from: number, to: number): boolean {
  if (to <= from) return false;
  // What leaves on every way between two points; a label below it can still be jumped to.
  const leaves = (start: number) =>
    fn.returnsOf.some((one) => one.context === -1 && one.start >= start && one.end <= to) ||
    fn.gotos.some((one) => one.context === -1 && one.start >= start && one.start < to);
  if (!leaves(from)) return true;
  return fn.labels.some(
    (label) =>
      label.start > from &&
      label.start <= to &&
      !leaves(label.start) &&
      fn.gotos.some((jump) => jump.label === label.name && jump.start >= from),
  );
}
