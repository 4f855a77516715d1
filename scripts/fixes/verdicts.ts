/** What was said of the fixes by who read them: test/truth/fixes-7.3.json as a table. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Row {
  readonly fix: string;
  readonly verdict: 'right' | 'style' | 'wrong';
  /** How it was offered when it was read. */
  readonly safety: string;
  /** How it is offered since. */
  readonly now: 'safe' | 'unsafe' | 'refused';
}

const file = join(import.meta.dirname, '..', '..', 'test', 'truth', 'fixes-7.3.json');
const verdicts = ['right', 'style', 'wrong'] as const;

/** The section of docs/fixes.md on fixes that were read by hand. */
export function verdictText(): string[] {
  const rows = JSON.parse(readFileSync(file, 'utf8')) as readonly Row[];
  const ids = [...new Set(rows.map(({ fix }) => fix))].sort();
  const line = (name: string, list: readonly Row[]): string => {
    const count = (of: readonly Row[]): string =>
      verdicts.map((word) => of.filter(({ verdict }) => verdict === word).length).join(' | ');
    return `| ${name} | ${count(list)} | ${count(list.filter(({ now }) => now !== 'refused'))} |`;
  };
  const safe = (key: 'safety' | 'now'): string => {
    const list = rows.filter((row) => row[key] === 'safe');
    return `${list.length} safe, ${list.filter(({ verdict }) => verdict === 'wrong').length} of them wrong`;
  };
  return [
    `The ${rows.length} fixes that were offered over drivers/gpu/drm and drivers/accel of Linux 7.3 were read against the`,
    'source as a maintainer would, before any was changed on its account (`test/truth/fixes-7.3.json` has the reason for',
    `each). Then: ${safe('safety')}. Now: ${safe('now')}.`,
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
  ];
}
