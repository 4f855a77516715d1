/**
 * What was said of the fixes by who read them: test/truth/fixes-TREE.json. A verdict is of one edit for
 * one rule in one function: where the edit has changed, it is asked for again.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JudgedOffer } from './judged-offers.ts';

export interface Verdict {
  readonly file: string;
  readonly function: string;
  readonly rule: string;
  readonly fix: string;
  /** The name of the edit; of what is not offered any more there is none. */
  readonly edit?: string;
  /** How it was offered when it was read. */
  readonly safety: string;
  readonly verdict: 'right' | 'style' | 'wrong';
  /** How it is offered since; `refused` where it is not, or with another edit. */
  readonly now: 'safe' | 'unsafe' | 'refused';
  readonly why: string;
}

/** The trees whose fixes were read. */
export const readTrees = ['6.1', '6.12', '7.3'] as const;

const words = ['right', 'style', 'wrong'] as const;

function fileOf(tree: string): string {
  return join(import.meta.dirname, '..', '..', 'test', 'truth', `fixes-${tree}.json`);
}

/** @returns none where nobody has read the fixes of that tree */
export function verdictsOn(tree: string): readonly Verdict[] {
  const file = fileOf(tree);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as readonly Verdict[]) : [];
}

export interface Joined {
  readonly known: readonly { readonly offer: JudgedOffer; readonly verdict: Verdict }[];
  /** Offers that nobody has read as they are now. */
  readonly asked: readonly JudgedOffer[];
}

type Key = Pick<Verdict, 'file' | 'function' | 'rule' | 'fix' | 'edit'>;

/** No fingerprint: that follows the words of the finding, which are no part of what was read. */
function keyOf({ file, function: fn, rule, fix, edit }: Key): string {
  return [file, fn, rule, fix, edit ?? ''].join(' ');
}

function keyOfOffer({ finding, fix, edit }: JudgedOffer): string {
  const { file } = finding.place;
  return keyOf({ file, function: finding.function, rule: finding.rule, fix: fix.id, edit });
}

export function joined(offers: readonly JudgedOffer[], verdicts: readonly Verdict[]): Joined {
  const byKey = new Map(verdicts.map((one) => [keyOf(one), one]));
  const known: { offer: JudgedOffer; verdict: Verdict }[] = [];
  const asked: JudgedOffer[] = [];
  for (const offer of offers) {
    const verdict = byKey.get(keyOfOffer(offer));
    if (verdict) known.push({ offer, verdict });
    else asked.push(offer);
  }
  return { known, asked };
}

/** Keeps how each fix that was read is offered now. */
export function storeNow(
  tree: string,
  offers: readonly JudgedOffer[],
  verdicts: readonly Verdict[],
): void {
  const safety = new Map(offers.map((one) => [keyOfOffer(one), one.fix.safety]));
  const rows = verdicts.map((one): Verdict => {
    const now = safety.get(keyOf(one));
    return { ...one, now: now === undefined || now === 'manual' ? 'refused' : now };
  });
  const text = JSON.stringify(rows, null, 2);
  writeFileSync(fileOf(tree), `${text}\n`);
}

/** The section of docs/fixes.md on fixes that were read by hand. */
export function readByHand(): string[] {
  return [
    'The fixes that were offered over drivers/gpu/drm and drivers/accel were read against the source as a maintainer',
    'would, before any was changed on its account; `npm run fixes:judge -- TREE` joins them with what is offered now.',
    '',
    ...readTrees.flatMap((tree) => {
      const rows = verdictsOn(tree);
      return rows.length === 0 ? [] : treeText(tree, rows);
    }),
  ];
}

function treeText(tree: string, rows: readonly Verdict[]): string[] {
  const ids = [...new Set(rows.map(({ fix }) => fix))].sort();
  const line = (name: string, list: readonly Verdict[]): string => {
    const count = (of: readonly Verdict[]): string =>
      words.map((word) => of.filter(({ verdict }) => verdict === word).length).join(' | ');
    return `| ${name} | ${count(list)} | ${count(list.filter(({ now }) => now !== 'refused'))} |`;
  };
  const safe = (key: 'safety' | 'now'): string => {
    const list = rows.filter((row) => row[key] === 'safe');
    return `${list.length} safe, ${list.filter(({ verdict }) => verdict === 'wrong').length} of them wrong`;
  };
  return [
    `### Linux ${tree}`,
    '',
    `${rows.length} edits were read (\`test/truth/fixes-${tree}.json\` has the reason for each). As they were offered`,
    `when they were read: ${safe('safety')}. Of those that are offered now: ${safe('now')}.`,
    '',
    '| fix | right | style | wrong | right, still offered | style, still offered | wrong, still offered |',
    '| --- | --- | --- | --- | --- | --- | --- |',
    ...ids.map((id) =>
      line(
        id,
        rows.filter(({ fix }) => fix === id),
      ),
    ),
    line('**all**', rows),
    '',
  ];
}
