/**
 * Precision on drivers that no rule was tuned to: the findings in some thirty folders of 6.12 against what
 * somebody else has read of them. The whole kernel source is needed, and minutes: not for every change. With
 * `--judged` only the files in which something was read are looked at.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FoundOne, Severity, Spot } from './accuracy-score.ts';
import { findingsOf, treeOf } from './kernel-findings.ts';

const version = '6.12';
const folders = [
  'clk,crypto,dma,gpio,hwmon,i2c,iio,input,leds,media,mfd,net,pci,phy,power,regulator,rtc,spi,thermal,usb,watchdog'
    .split(',')
    .map((name) => `drivers/${name}`),
  'sound/soc',
].flat();

/** One reading of a finding. */
export interface Reading extends Spot {
  readonly rule: string;
  readonly line: number;
  readonly severity: Severity;
  readonly verdict: 'true' | 'false' | 'minor';
  readonly why: string;
  /** A part of the message without which it is another finding at the same place. */
  readonly says?: string;
}

/** How many findings of a rule and severity are how. */
export interface Tally {
  true: number;
  minor: number;
  false: number;
  open: string[];
}

/** What was told of a finding: at its line, else where all in its function were told the same. */
export function readingOf(
  { rule, file, function: name, line, message }: FoundOne & { readonly message: string },
  readings: readonly Reading[],
): Reading['verdict'] | undefined {
  const near = readings.filter(
    (one) =>
      one.rule === rule &&
      one.file === file &&
      one.function === name &&
      (one.says === undefined || message.includes(one.says)),
  );
  const told = near.filter((one) => one.says !== undefined);
  const here = (told.length > 0 ? told : near).filter((one) => one.line === line);
  const verdicts = new Set((here.length > 0 ? here : near).map(({ verdict }) => verdict));
  const [only] = verdicts;
  return verdicts.size === 1 ? only : undefined;
}

/** By rule and severity: what the readings say of all that was told, or of what is told now. */
export function tally(
  all: readonly {
    readonly key: string;
    readonly is: Reading['verdict'] | undefined;
    readonly name: string;
  }[],
): Map<string, Tally> {
  const out = new Map<string, Tally>();
  for (const { key, is, name } of all) {
    const row = out.get(key) ?? { true: 0, minor: 0, false: 0, open: [] };
    out.set(key, row);
    if (is) row[is]++;
    else row.open.push(name);
  }
  return out;
}

const key = (rule: string, severity: Severity) => `${severity} ${rule}`;
const begin = '## Read by hand: beyond drivers/gpu';

/** The part of the report that this writes; the other figures leave it as it is. */
export function keptPart(text: string): string {
  const at = text.indexOf(`\n${begin}`);
  return at < 0 ? '' : text.slice(at);
}

/** @returns the exit code */
export async function measureBeyondDrm(truth: string, table: string): Promise<number> {
  const readings = JSON.parse(
    readFileSync(join(truth, `verdicts-${version}-beyond-drm.json`), 'utf8'),
  ) as Reading[];
  const judged = process.argv.includes('--judged');
  const files = [...new Set(readings.map(({ file }) => file))].sort();
  const part = judged ? { files } : { folders };
  const found = (await findingsOf(version, treeOf(version, '--full'), part)).filter(
    ({ file, within }) => !within && (!judged || files.includes(file)),
  );
  const told = found.filter(({ severity }) => severity !== 'hint');
  const before = tally(
    readings
      .filter(({ says }) => says === undefined)
      .map((one) => ({ key: key(one.rule, one.severity), is: one.verdict, name: one.file })),
  );
  const after = tally(
    told.map((one) => ({
      key: key(one.rule, one.severity),
      is: readingOf(one, readings),
      name: `${one.file}:${one.line} ${one.function}: ${one.message}`,
    })),
  );
  const lost = readings.filter(
    (one) =>
      one.verdict === 'true' &&
      !told.some((other) => other.severity === one.severity && readingOf(other, [one]) === 'true'),
  );
  const text = partText(
    before,
    after,
    judged ? `the ${files.length} files with a reading,` : '22 folders of drivers and sound/soc',
  );
  process.stdout.write(text);
  for (const one of lost)
    console.log(`no longer told: ${one.severity} ${one.rule} ${one.file}:${one.line}`);
  for (const { open } of after.values()) for (const name of open) console.log(`not read: ${name}`);
  const old = existsSync(table) ? readFileSync(table, 'utf8') : '';
  writeFileSync(table, `${old.slice(0, old.length - keptPart(old).length)}\n${text}`);
  const errors = [...after]
    .filter(([name]) => name.startsWith('error '))
    .flatMap(([, row]) => row.open);
  for (const name of errors) console.error(`an error without a verdict: ${name}`);
  return errors.length > 0 ? 1 : 0;
}

function partText(
  before: ReadonlyMap<string, Tally>,
  after: ReadonlyMap<string, Tally>,
  where: string,
): string {
  const rows = [...new Set([...before.keys(), ...after.keys()])].sort();
  const cell = (row: Tally | undefined) =>
    row ? `${row.true} / ${row.minor} / ${row.false}` : '–';
  const sums = (['error', 'warning', 'info'] as const).map((severity) => {
    const of = (all: ReadonlyMap<string, Tally>) => {
      const own = [...all]
        .filter(([name]) => name.startsWith(`${severity} `))
        .map(([, row]) => row);
      const good = own.reduce((sum, row) => sum + row.true, 0);
      const read = own.reduce((sum, row) => sum + row.true + row.minor + row.false, 0);
      return read === 0 ? 'none' : `${good} of ${read} (${((100 * good) / read).toFixed(1)} %)`;
    };
    return `| ${severity} | ${of(before)} | ${of(after)} |`;
  });
  return [
    begin,
    '',
    `Written by \`npm run accuracy -- --beyond-drm\` over ${where} of ${version}.`,
    'Nobody had tuned a rule to this code when it was read; since then rules were changed on its account, so that only',
    'the first column is a figure for unseen code.',
    '',
    '| severity | true of those read, as first told | now |',
    '|---|---|---|',
    ...sums,
    '',
    '| severity and rule | first: true / minor / false | now | not read |',
    '|---|---|---|---|',
    ...rows.map(
      (name) =>
        `| ${name} | ${cell(before.get(name))} | ${cell(after.get(name))} | ${after.get(name)?.open.length ?? 0} |`,
    ),
    '',
  ].join('\n');
}
