/**
 * `npm test`: installs what is missing, builds, holds lint, format and types, and runs every test that this machine
 * allows. The last line is `N passed, N failed`, with `, N skipped` when there are some; the reasons stand
 * above it. Exit status 1 on a failure and when nothing ran. Words name groups to run alone; `--code-server VERSION`
 * takes another VS Code than the newest for the window (4.100.3, 4.93.1).
 */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, sep } from 'node:path';
import { afterSecond, filesToRepeat } from './lib/attempts.mjs';
import { installMissing } from './lib/dependencies.mjs';
import { endTree, killTreeNow, runTree } from './lib/processes.mjs';
import { root } from './lib/vscode-host.mjs';

const minute = 60_000;

/** Cheap ones first. A file belongs to the first group that takes it; bench and fuzz are no tests. */
const groups = [
  {
    name: 'vscode',
    limit: 25 * minute,
    attempts: 2,
    takes: (path) => /^test\/vscode\/[^/]+\.test\.ts$/.test(path),
  },
  { name: 'editors', limit: 8 * minute, takes: (path) => path.startsWith('test/editors/') },
  { name: 'kernel', limit: 20 * minute, takes: (path) => path.startsWith('test/kernel/') },
  {
    name: 'unit',
    limit: 25 * minute,
    takes: (path) => !/^test\/(bench|fuzz|vscode\/exthost)\//.test(path),
  },
];
const order = ['unit', 'editors', 'vscode', 'kernel'];

const running = new Set();
const total = { passed: 0, failed: [], skipped: [], repeated: [] };

function testFiles() {
  return readdirSync(join(root, 'test'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.test.ts'))
    .map((entry) =>
      relative(root, join(entry.parentPath ?? entry.path, entry.name))
        .split(sep)
        .join('/'),
    )
    .sort();
}

/** Group name to files. */
function assign(files) {
  const assigned = new Map(order.map((name) => [name, []]));
  for (const file of files) {
    const group = groups.find(({ takes }) => takes(file));
    if (group !== undefined) assigned.get(group.name).push(file);
  }
  return assigned;
}

function endOnSignals() {
  for (const [signal, status] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ]) {
    process.on(signal, async () => {
      await Promise.all([...running].map((tree) => endTree(tree)));
      process.exit(status);
    });
  }
  process.on('exit', () => {
    for (const tree of running) killTreeNow(tree);
  });
}

/**
 * Runs files of a group in a process of its own: a crash or a hang costs that group, not the run.
 * @returns what the reporter wrote, and how the process ended
 */
async function runFiles(files, limit) {
  const work = mkdtempSync(join(tmpdir(), 'driver-teardown-test-'));
  const resultFile = join(work, 'result.json');
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    for (const tree of running) void endTree(tree);
  }, limit);
  const { status } = await runTree(
    process.execPath,
    [
      join(root, 'node_modules/mocha/bin/mocha.js'),
      '--reporter',
      join(root, 'scripts/lib/reporter.mjs'),
      ...files,
    ],
    running,
    {
      cwd: root,
      stdio: 'inherit',
      env: { ...process.env, DRIVER_TEARDOWN_TEST_RESULT: resultFile },
    },
  );
  clearTimeout(timer);
  const result = existsSync(resultFile) ? JSON.parse(readFileSync(resultFile, 'utf8')) : undefined;
  rmSync(work, { recursive: true, force: true });
  const ending = late
    ? `took more than ${Math.round(limit / minute)} minutes`
    : `ended with status ${status}`;
  return { result, ending };
}

async function runGroup(name, files) {
  console.log(`\n== ${name}: ${files.length} test files`);
  const { limit, attempts = 1 } = groups.find((group) => group.name === name);
  const end = Date.now() + limit;
  const first = await runFiles(files, limit);
  const again = attempts > 1 ? filesToRepeat(first.result) : [];
  if (again.length === 0) return add(name, first.result, first.ending);
  console.log(`\n== ${name}: second attempt of ${again.length} test files`);
  total.repeated.push(...first.result.failed);
  const second = await runFiles(again, Math.max(end - Date.now(), minute));
  const result = afterSecond(first.result, second.result, again);
  add(name, result, result === first.result ? first.ending : second.ending);
}

function add(name, result, ending) {
  total.passed += result?.passed ?? 0;
  total.failed.push(...(result?.failed ?? []));
  total.skipped.push(...(result?.skipped ?? []));
  // Mocha's status is its number of failures: anything else is a crash that no test accounts for.
  const accounted =
    result?.complete === true && (result.failed.length > 0 || ending === 'ended with status 0');
  if (!accounted) total.failed.push({ title: `group ${name}`, message: ending });
}

function report() {
  if (total.skipped.length > 0) console.log('\nskipped:');
  for (const { title, reason } of total.skipped) console.log(`  - ${title}: ${reason}`);
  if (total.repeated.length > 0) console.log('\nfailed at the first attempt:');
  for (const { title, message } of total.repeated)
    console.log(`  - ${title}: ${message.split('\n')[0]}`);
  if (total.failed.length > 0) console.log('\nfailed:');
  for (const { title, message } of total.failed)
    console.log(`  - ${title}: ${message.split('\n')[0]}`);
  const ran = total.passed + total.failed.length;
  if (ran === 0) console.log('\nno test ran');
  const skipped = total.skipped.length > 0 ? `, ${total.skipped.length} skipped` : '';
  console.log(`\n${total.passed} passed, ${total.failed.length} failed${skipped}`);
  process.exit(total.failed.length > 0 || ran === 0 ? 1 : 0);
}

/** A step before the tests; when it fails, that is the one failure of the run. */
async function prepare() {
  await installMissing(root, console.log, running);
  const { status, output } = await runTree(
    process.execPath,
    [join(root, 'scripts/build.mjs')],
    running,
    { cwd: root },
  );
  console.log(output.trim());
  if (status !== 0) throw new Error('the build failed');
}

/** Lint, format and types: each is one test of every run. */
async function runGates() {
  console.log('\n== gates: lint and format, types');
  const gates = [
    ['lint and format', ['node_modules/@biomejs/biome/bin/biome', 'check', '.']],
    ['types', ['node_modules/typescript/bin/tsc', '--noEmit', '-p', 'tsconfig.json']],
    [
      'types of the pages',
      ['node_modules/typescript/bin/tsc', '--noEmit', '-p', 'client/src/webview'],
    ],
  ];
  for (const [title, [program, ...words]] of gates) {
    const args = [join(root, program), ...words];
    const { status, output } = await runTree(process.execPath, args, running, { cwd: root });
    console.log(`${status === 0 ? 'ok' : 'FAILED'}: ${title}`);
    if (status === 0) total.passed++;
    else {
      console.log(output.trim());
      total.failed.push({ title: `gate: ${title}`, message: 'see above' });
    }
  }
}

const asked = process.argv.slice(2);
const at = asked.indexOf('--code-server');
if (at !== -1) {
  const [, version = ''] = asked.splice(at, 2);
  if (!/^\d+\.\d+\.\d+$/.test(version)) {
    console.error(`error: --code-server wants a version like 4.100.3, not “${version}”`);
    process.exit(2);
  }
  // The tests of the window read it (scripts/lib/vscode-host.mjs).
  process.env.DRIVER_TEARDOWN_CODE_SERVER = version;
}
const unknown = asked.filter((name) => !order.includes(name));
if (unknown.length > 0) {
  console.error(`error: no test group ${unknown.join(', ')} (there are ${order.join(', ')})`);
  process.exit(2);
}
endOnSignals();
try {
  await prepare();
  await runGates();
  for (const [name, files] of assign(testFiles())) {
    const wanted = asked.length === 0 || asked.includes(name);
    if (wanted && files.length > 0) await runGroup(name, files);
  }
} catch (error) {
  console.error(`error: ${error.message}`);
  total.failed.push({ title: 'preparation', message: error.message });
}
report();
