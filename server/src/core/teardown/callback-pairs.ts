/** Callbacks that come in pairs, `.ndo_open` and `.ndo_stop`: what the one takes, the other gives back. */
import type { Pass, Question } from '../pass.ts';
import type { ClosedBinding } from './bindings.ts';

/** The pairs of the module's tables, each read as a way in and a way out of its own. */
export function callbackPairsOf(pass: Pass): readonly ClosedBinding[] {
  return pass.ask(pairs, null);
}

const pairs: Question<null, readonly ClosedBinding[]> = {
  answer: ({ catalog, tableFunctions }) =>
    tableFunctions.flatMap((start): ClosedBinding[] => {
      const closer = catalog.ops.get(start.table.struct)?.undoes?.[start.entry.member];
      const end = tableFunctions.find(
        (one) => one.table === start.table && one.entry.member === closer,
      );
      return closer !== undefined && end
        ? [{ start, end, starts: [start.fn], ends: [end.fn] }]
        : [];
    }),
};
