/**
 * `npm run mutants -- N [--seed S] [--jobs J] [--min PERCENT]`: N one-line changes of server/src/core,
 * each run against the cheap unit tests. A mutant that they notice is killed, also when they take far
 * too long; one that they pass has survived, and is a test that is missing or a line that is not needed.
 *
 * The same seed gives the same mutants, and fewer of them are the first of more. Everything happens in
 * copies of the tree, so that nothing is left in this one whenever the run ends. Exit status 1 when
 * fewer than PERCENT are killed.
 */
import {
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { transformSync } from 'esbuild';
import { type Mutation, type MutationKind, mutationsOf, seeded } from './lib/mutations.ts';
import { endTree, killTreeNow, runTree, type Tree } from './lib/processes.mjs';

const root = join(import.meta.dirname, '..');
const core = 'server/src/core';
/** What the tests read. */
const copied = [
  'client',
  'grammars',
  'sample',
  'scripts',
  'server',
  'test',
  'package.json',
  '.mocharc.json',
  'tsconfig.json',
];
/** They take long, or look at what no mutant changes. */
const left = new Set([
  'hostile.test.ts',
  'log.test.ts',
  'grammar.test.ts',
  'accuracy-score.test.ts',
]);
/** Their tests are among those. */
const untested = /\/teardown\/log[^/]*\.ts$/;
/** So many times as long as without a mutant, and the tests are hanging. */
const patience = 4;

interface Mutant extends Mutation {
  /** Relative to the root. */
  readonly file: string;
  /** The whole file as it was when the run began: it may be edited meanwhile. */
  readonly text: string;
}

interface Verdict {
  readonly mutant: Mutant;
  readonly killed: boolean;
  /** The test that failed, or what happened instead. */
  readonly by: string;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: 'string', default: '1' },
    jobs: { type: 'string', default: '1' },
    min: { type: 'string', default: '0' },
  },
});
const count = Number(positionals[0] ?? 20);
/** The processes of each job. */
const jobs = new Set<Set<Tree>>();
const allTrees = (): Tree[] => [...jobs].flatMap((trees) => [...trees]);
const work = mkdtempSync(join(tmpdir(), 'driver-teardown-mutants-'));

process.on('exit', () => {
  for (const tree of allTrees()) killTreeNow(tree);
  rmSync(work, { recursive: true, force: true });
});
for (const [signal, status] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const)
  process.on(signal, async () => {
    await Promise.all(allTrees().map((tree) => endTree(tree)));
    process.exit(status);
  });

function testFiles(): string[] {
  const names = readdirSync(join(root, 'test/core'), { recursive: true, encoding: 'utf8' });
  const cheap = names.filter((name) => name.endsWith('.test.ts') && !left.has(name)).sort();
  // The first failure ends a run, so what takes longest comes last.
  const longest = 'incremental.test.ts';
  const short = cheap.filter((name) => name !== longest).map((name) => `test/core/${name}`);
  return [...short, 'test/rules/pages.test.ts', `test/core/${longest}`];
}

function copyTree(name: string): string {
  const folder = join(work, name);
  for (const one of copied) cpSync(join(root, one), join(folder, one), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  return folder;
}

/** Runs the tests in a copy. `failed` is undefined when they pass. */
async function runTests(
  folder: string,
  files: readonly string[],
  limitMs: number,
): Promise<{ readonly failed: string | undefined; readonly ms: number }> {
  const from = performance.now();
  const trees = new Set<Tree>();
  jobs.add(trees);
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    for (const tree of trees) void endTree(tree);
  }, limitMs);
  const { status, output } = await runTree(
    process.execPath,
    [join(folder, 'node_modules/mocha/bin/mocha.js'), '--bail', '--reporter', 'json', ...files],
    trees,
    { cwd: folder },
  );
  clearTimeout(timer);
  jobs.delete(trees);
  const ms = performance.now() - from;
  if (late) return { failed: 'the tests do not end', ms };
  return { failed: status === 0 ? undefined : failureIn(output), ms };
}

/** The name of the test that failed, from what mocha printed. */
function failureIn(output: string): string {
  try {
    const report = JSON.parse(output.slice(output.indexOf('{\n'))) as {
      readonly failures: readonly { readonly fullTitle: string }[];
    };
    return report.failures[0]?.fullTitle ?? 'the tests crash';
  } catch {
    return 'the tests crash';
  }
}

/** The mutants of this seed: each kind in turn, so that rare ones are among the first too. */
function mutants(): Mutant[] {
  const names = readdirSync(join(root, core), { recursive: true, encoding: 'utf8' });
  const byKind = new Map<MutationKind, Mutant[]>();
  for (const name of names.filter((one) => one.endsWith('.ts')).sort()) {
    const file = `${core}/${name}`;
    if (untested.test(file)) continue;
    const text = readFileSync(join(root, file), 'utf8');
    for (const mutation of mutationsOf(text))
      byKind.set(mutation.kind, [
        ...(byKind.get(mutation.kind) ?? []),
        { ...mutation, file, text },
      ]);
  }
  const random = seeded(Number(values.seed));
  const out: Mutant[] = [];
  const kinds = [...byKind.keys()].sort();
  for (let i = 0; out.length < count && byKind.size > 0; i++) {
    const kind = kinds[i % kinds.length];
    const sites = kind && byKind.get(kind);
    if (!kind || !sites) continue;
    const [mutant] = sites.splice(Math.floor(random() * sites.length), 1);
    if (sites.length === 0) byKind.delete(kind);
    if (mutant && isProgram(mutant)) out.push(mutant);
  }
  return out;
}

function mutated({ text, line, after }: Mutant): string {
  const lines = text.split('\n');
  lines[line] = after;
  return lines.join('\n');
}

/** Whether the mutant can be run at all: one that no program would be kills itself. */
function isProgram(mutant: Mutant): boolean {
  try {
    transformSync(mutated(mutant), { loader: 'ts' });
    return true;
  } catch {
    return false;
  }
}

function shown({ file, line, kind, before, after }: Mutant): string {
  const change = after.trim() === '' ? before.trim() : `${before.trim()}  =>  ${after.trim()}`;
  return `${file}:${line + 1} ${kind}: ${change}`;
}

async function judge(folder: string, files: readonly string[], mutant: Mutant, limitMs: number) {
  const target = join(folder, mutant.file);
  writeFileSync(target, mutated(mutant));
  const { failed } = await runTests(folder, files, limitMs);
  writeFileSync(target, mutant.text);
  const verdict: Verdict = { mutant, killed: failed !== undefined, by: failed ?? '' };
  console.log(
    `${verdict.killed ? 'killed  ' : 'SURVIVED'} ${shown(mutant)}${failed ? `\n           by ${failed}` : ''}`,
  );
  return verdict;
}

if (!(count > 0)) {
  console.error('usage: npm run mutants -- N [--seed S] [--jobs J] [--min PERCENT]');
  process.exit(2);
}
const files = testFiles();
const folders = Array.from({ length: Math.max(1, Number(values.jobs)) }, (_, i) =>
  copyTree(`copy-${i}`),
);
const first = await runTests(folders[0] ?? '', files, 600_000);
if (first.failed !== undefined) {
  console.error(`error: the tests fail without a mutant: ${first.failed}`);
  process.exit(2);
}
const limitMs = patience * first.ms + 10_000;
const all = mutants();
console.log(
  `${all.length} mutants, seed ${values.seed}; ${files.length} test files take ${(first.ms / 1000).toFixed(1)} s\n`,
);
const verdicts: Verdict[] = [];
const queue = [...all];
await Promise.all(
  folders.map(async (folder) => {
    for (let one = queue.shift(); one; one = queue.shift())
      verdicts.push(await judge(folder, files, one, limitMs));
  }),
);
const survived = verdicts.filter(({ killed }) => !killed);
const killed = verdicts.length - survived.length;
const percent = (100 * killed) / Math.max(1, verdicts.length);
if (survived.length > 0) console.log('\nsurvived:');
for (const { mutant } of survived) console.log(`  - ${shown(mutant)}`);
console.log(`\n${killed} of ${verdicts.length} killed, ${percent.toFixed(0)} %`);
process.exit(percent < Number(values.min) ? 1 : 0);
