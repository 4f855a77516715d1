/** The table of docs/real-drivers.md: how many recordings of which driver show which timeline. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileOf, orderName, timelineOf } from './convert.ts';

interface Subject {
  readonly name: string;
  readonly source: string;
  readonly scenarios: readonly string[];
}

const columns = ['unbind', 'unplug-open', 'probe-fail'] as const;
type Counts = Record<(typeof columns)[number], number>;

const none = (): Counts => ({ unbind: 0, 'unplug-open': 0, 'probe-fail': 0 });
const sum = (counts: Counts) => columns.reduce((all, one) => all + counts[one], 0);

/** @param recordings the folder that has a folder for each subject */
export function tableOf(subjects: readonly Subject[], recordings: string): string {
  const drivers = new Map<string, Counts>();
  for (const { name, source, scenarios } of subjects) {
    for (const scenario of scenarios) {
      const path = join(recordings, name, fileOf(scenario));
      if (!existsSync(path)) continue;
      const driver = orderName(source);
      const counts = drivers.get(driver) ?? none();
      counts[timelineOf(scenario, readFileSync(path, 'utf8'))]++;
      drivers.set(driver, counts);
    }
  }
  const total = none();
  for (const counts of drivers.values())
    for (const column of columns) total[column] += counts[column];
  return [
    '| driver | recordings | unbind | held open, unplugged | probe failed at a step |',
    '|---|---|---|---|---|',
    ...[...drivers].map(([driver, counts]) => row(driver, String(sum(counts)), counts)),
    row(`**${drivers.size} drivers**`, `**${sum(total)}**`, total),
  ].join('\n');
}

function row(name: string, count: string, counts: Counts): string {
  return `| ${[name, count, ...columns.map((one) => counts[one] || '')].join(' | ')} |`;
}

/** The page with another table. */
export function withTable(page: string, table: string): string {
  return page.replace(/^\| driver \| recordings [^]*?\n(?=\n)/m, () => `${table}\n`);
}
