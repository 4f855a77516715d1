/** The table of docs/fixes.md that compares with upstream. */
import type { ComparedRow } from './upstream.ts';

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}

function wordOf({ outcome }: ComparedRow): string {
  switch (outcome.kind) {
    case 'same':
      return `the same (${outcome.fix.id}${outcome.fix.preferred ? '' : ', not the one offered first'})`;
    case 'other': {
      const { put, putToo, taken, takenToo, other } = outcome.comparison;
      const counts = `${putToo} of ${put} tokens put in, ${takenToo} of ${taken} taken out`;
      const own = other === '' ? '' : `; only ours: \`${other.slice(0, 120)}\``;
      return `other (${outcome.fix.id}): ${counts}${own}`;
    }
    case 'elsewhere':
      return `${outcome.fix.id} leaves this function as it is`;
    case 'by-hand':
      return `by hand: ${outcome.reason}`;
    default:
      return 'not found by a rule of the row';
  }
}

/** Rows without a fix stand in the table too: they are what is still to be done. */
export function upstreamText(rows: readonly ComparedRow[]): string {
  const offered = rows.filter(({ outcome }) => ['same', 'other'].includes(outcome.kind));
  const same = offered.filter(({ outcome }) => outcome.kind === 'same');
  const first = same.filter(({ outcome }) => outcome.kind === 'same' && outcome.fix.preferred);
  const share = offered.length === 0 ? 0 : (100 * same.length) / offered.length;
  const count = (kind: string): number =>
    rows.filter(({ outcome }) => outcome.kind === kind).length;
  return [
    `Of ${rows.length} conversions that upstream made, a fix of ours changes the same function in ${offered.length}:`,
    `${same.length} of these (${share.toFixed(0)} %; the goal is 70 %) do what upstream did there, ${first.length} with the fix that is offered first.`,
    `In ${count('elsewhere')} the fix leaves the row's function alone, in ${count('by-hand')} there is no edit to offer, and ${count('not-found')} are not`,
    `found by the row's rules. Compared are the tokens that the fix puts in and takes out: upstream has to have put`,
    `in and taken out the same ones; what else upstream changed does not count.`,
    '',
    '| row | function | rule | outcome |',
    '|---|---|---|---|',
    ...rows.map((one) => {
      const { id, before } = one.row;
      return `| ${id} | ${before.tree} ${before.function} | ${one.rule} | ${cell(wordOf(one))} |`;
    }),
    '',
  ].join('\n');
}
