/** The table of docs/fixes.md that compares with upstream. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ComparedRow } from './upstream.ts';

/** Why a row has no fix that is upstream's, by its id. */
function reasons(): Readonly<Record<string, string>> {
  const file = join(import.meta.dirname, '..', '..', 'test', 'truth', 'conversion-reasons.json');
  return JSON.parse(readFileSync(file, 'utf8')) as Readonly<Record<string, string>>;
}

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
  const why = reasons();
  const core = rows.filter(({ row }) => row.bug && row.tier === 'core');
  const coreSame = core.filter(({ outcome }) => outcome.kind === 'same');
  const like = core.filter(
    ({ row, outcome }) => outcome.kind === 'other' && why[row.id]?.startsWith('in substance'),
  );
  const count = (kind: string): number =>
    rows.filter(({ outcome }) => outcome.kind === kind).length;
  return [
    `Of ${rows.length} conversions that upstream made, a fix of ours changes the same function in ${offered.length}:`,
    `${same.length} of these (${share.toFixed(0)} %; the goal is 70 %) do what upstream did there, ${first.length} with the fix that is offered first.`,
    `In ${count('elsewhere')} the fix leaves the row's function alone, in ${count('by-hand')} there is no edit to offer, and ${count('not-found')} are not`,
    `found by the row's rules. Compared are the tokens that the fix puts in and takes out: upstream has to have put`,
    `in and taken out the same ones; what else upstream changed does not count.`,
    '',
    `Of the ${core.length} bugs among them that the rules are meant for (\`core\`: ${core.map(({ row }) => row.id).join(', ')}) ${coreSame.length} get upstream's`,
    `fix by its tokens, and ${coreSame.length + like.length} (${Math.round((100 * (coreSame.length + like.length)) / Math.max(core.length, 1))} %; the goal is 75 %) one that is the same in substance.`,
    '',
    '| row | bug | function | rule | outcome | why not the same |',
    '|---|---|---|---|---|---|',
    ...rows.map((one) => {
      const { id, before, bug } = one.row;
      const reason = one.outcome.kind === 'same' ? '' : (why[id] ?? 'not looked into');
      return `| ${id} | ${bug ? 'yes' : 'no'} | ${before.tree} ${before.function} | ${one.rule} | ${cell(wordOf(one))} | ${cell(reason)} |`;
    }),
    '',
  ].join('\n');
}
