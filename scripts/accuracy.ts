/**
 * Measures the rules on real kernels: `npm run accuracy` prints and writes docs/accuracy.md, and exits
 * with 1 when a bar is missed. `--check` writes nothing and fails when the stored table is out of date;
 * `--findings FILE` stores what was found as JSON. The bars stand in scripts/lib/accuracy-score.ts and
 * below.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findAssets } from '../server/src/host/assets.ts';
import { emptyConfiguration } from '../server/src/host/configuration.ts';
import { moduleKey } from '../server/src/host/modules.ts';
import { openProject } from '../server/src/host/open.ts';
import { rootOf } from '../server/src/host/root.ts';
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

function treeOf(version: string): string {
  const { status, stdout, stderr } = spawnSync(join(root, 'scripts/fetch-kernel.sh'), [version], {
    encoding: 'utf8',
  });
  if (status === 0) return stdout.trim();
  console.error(
    `no kernel ${version}: ${stderr.trim().split('\n').pop() ?? 'the fetch script did not run'}`,
  );
  process.exit(2);
}

/** @param files the modules of these, undefined for all of `folders` */
async function findingsOf(
  version: string,
  files: readonly string[] | undefined,
): Promise<FoundOne[]> {
  const tree = treeOf(version);
  const { project } = openProject({
    assets: findAssets(import.meta.dirname),
    root: rootOf(tree),
    configuration: emptyConfiguration,
  });
  const modules =
    files === undefined
      ? folders
          .filter((folder) => existsSync(join(tree, folder)))
          .flatMap((folder) => project.modulesUnder(folder))
      : files
          .filter((file) => existsSync(join(tree, file)))
          .flatMap((file) => project.modulesOf(file));
  const wanted = [...new Map(modules.map((module) => [moduleKey(module), module])).values()];
  const found = new Map<string, FoundOne>();
  for await (const result of project.analyseAll(wanted)) {
    for (const one of result.findings) {
      // A file that two modules build is one file.
      found.set(`${one.rule} ${one.place.file} ${one.place.start} ${one.fingerprint}`, {
        tree: version,
        rule: one.rule,
        severity: one.severity,
        file: one.place.file,
        function: one.function,
        line: one.place.from.line + 1,
        chain: one.chain.map((link) => ({ file: link.place.file, function: link.function })),
      });
    }
  }
  return [...found.values()];
}

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
for (const version of partial) findings.push(...(await findingsOf(version, filesIn(version))));
for (const version of whole) findings.push(...(await findingsOf(version, undefined)));
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
const judged: Judged[] = whole.flatMap((tree) => {
  const file = `verdicts-${tree}.json`;
  const verdicts = existsSync(join(truth, file)) ? read<Verdict[]>(file) : [];
  return (['error', 'warning'] as const).map((severity) =>
    judge(tree, severity, precision[severity], verdicts, findings),
  );
});
const text = reportText(scores, judged, findings, whole);
process.stdout.write(text);

const stored = process.argv.indexOf('--findings');
if (stored > 0)
  writeFileSync(
    process.argv[stored + 1] ?? 'findings.json',
    `${JSON.stringify(findings, null, 1)}\n`,
  );
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
else if (!existsSync(table) || readFileSync(table, 'utf8') !== text)
  problems.push('docs/accuracy.md is out of date: npm run accuracy');
for (const problem of problems) console.error(problem);
process.exitCode = problems.length > 0 ? 1 : 0;
