/**
 * Measures the rules on real kernels: `npm run accuracy` prints and writes docs/accuracy.md, and exits
 * with 1 when a bar is missed. `--check` writes nothing and fails when the stored table is out of date;
 * `--findings FILE` stores what was found as JSON. `--beyond-drm` measures other drivers of one kernel
 * instead, which takes minutes, and writes that part of the table. The bars stand in scripts/lib/accuracy-score.ts and
 * below.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { reportText } from './lib/accuracy-report.ts';
import {
  type Anchored,
  type Conversion,
  type FoundOne,
  type Judged,
  judge,
  passes,
  type Spot,
  scoreConversions,
  scoreKms,
  scoreOpen,
  scoreSilent,
  type Verdict,
} from './lib/accuracy-score.ts';
import { keptPart, measureBeyondDrm } from './lib/beyond-drm.ts';
import { findingsOf, treeOf } from './lib/kernel-findings.ts';

const root = join(import.meta.dirname, '..');
const truth = join(root, 'test/truth');
const table = join(root, 'docs/accuracy.md');
const folders = ['drivers/gpu/drm', 'drivers/accel'];
/** Analysed whole, and judged. */
const whole = ['6.12', '7.3'];
/** Only the modules of the rows. */
const partial = ['6.1'];
const precision = { error: 0.95, warning: 0.8 } as const;

const read = <T>(name: string): T => JSON.parse(readFileSync(join(truth, name), 'utf8')) as T;

if (process.argv.includes('--beyond-drm')) process.exit(await measureBeyondDrm(truth, table));

const conversions = read<Conversion[]>('conversions.json');
const open = read<Anchored[]>('open-violations.json');
const silent = read<Anchored[]>('must-not-flag.json');
const kms = read<Spot[]>('kms-objects-in-devm-6.12.json');
const filesIn = (tree: string) =>
  [
    ...new Set(
      [
        ...conversions.flatMap((row) => [row.before, row.after]),
        ...[...open, ...silent].flatMap((row) => row.anchors),
      ]
        .filter((at) => at.tree === tree)
        .map((at) => at.file),
    ),
  ].sort();

const findings: FoundOne[] = [];
for (const version of partial)
  findings.push(...(await findingsOf(version, treeOf(version), { files: filesIn(version) })));
for (const version of whole)
  findings.push(...(await findingsOf(version, treeOf(version), { folders })));
findings.sort(
  (a, b) =>
    (a.tree === b.tree ? 0 : a.tree < b.tree ? -1 : 1) ||
    (a.file === b.file ? 0 : a.file < b.file ? -1 : 1) ||
    a.line - b.line ||
    (a.rule < b.rule ? -1 : 1),
);

const scores = [
  ...scoreConversions(conversions, findings),
  scoreOpen(open, findings),
  scoreSilent(silent, findings),
  scoreKms(kms, '6.12', 'kms-object-in-devm-memory', findings),
];
const told = findings.filter(({ within }) => !within);
const judged: Judged[] = whole.flatMap((tree) => {
  const file = `verdicts-${tree}.json`;
  const verdicts = existsSync(join(truth, file)) ? read<Verdict[]>(file) : [];
  return (['error', 'warning'] as const).map((severity) =>
    judge(tree, severity, precision[severity], verdicts, told),
  );
});
const stored = existsSync(table) ? readFileSync(table, 'utf8') : '';
const text = `${reportText(scores, judged, told, whole)}${keptPart(stored)}`;
process.stdout.write(text);

const wanted = process.argv.indexOf('--findings');
if (wanted > 0)
  writeFileSync(process.argv[wanted + 1] ?? 'findings.json', `${JSON.stringify(told, null, 1)}\n`);
const problems = [
  ...[...scores, ...judged.map((one) => one.score)]
    .filter((score) => !passes(score))
    .map((score) => `missed: ${score.name}`),
  ...judged
    .filter((one) => one.severity === 'error')
    .flatMap((one) => one.open)
    .map((name) => `an error without a verdict: ${name}`),
];
if (!process.argv.includes('--check')) writeFileSync(table, text);
else if (stored !== text) problems.push('docs/accuracy.md is out of date: npm run accuracy');
for (const problem of problems) console.error(problem);
process.exitCode = problems.length > 0 ? 1 : 0;
