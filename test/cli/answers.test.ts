/** Answers on disk: taken when nothing has changed, made again when anything has, mended when damaged. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  readdirSync,
  readFileSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  faulty,
  type Outcome,
  programArguments,
  run,
  runAsNobody,
  TemporaryFolder,
  toyDriver,
} from './support.ts';

interface Report {
  readonly findings: readonly { readonly file: string; readonly line: number }[];
  readonly problems: readonly { readonly file: string; readonly message: string }[];
  readonly stats: { readonly files: number; readonly cacheHits: number };
}

describe('cli: answers on disk', function () {
  this.timeout(60_000);
  let folder: TemporaryFolder;
  beforeEach(() => {
    folder = new TemporaryFolder().write(toyDriver);
  });
  afterEach(() => folder.remove());

  const report = ({ out }: Outcome): Report => JSON.parse(out) as Report;
  const checked = async (...more: string[]): Promise<Report> =>
    report(await run(['check', '--format', 'json', ...more], folder.path));
  const answers = (): string[] =>
    readdirSync(folder.file('.cache'), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.answer'))
      .map((name) => folder.file(join('.cache', name)));

  it('the second run reads no source, and says the same', async () => {
    const first = await checked();
    assert.equal(first.stats.cacheHits, 0);
    // The cache lies in the tree here: that it came counts as a change of the folder.
    await checked();
    const second = await checked();
    assert.equal(second.stats.cacheHits, second.stats.files);
    assert.deepEqual(second.findings, first.findings);
    assert.equal((await checked('--no-cache')).stats.cacheHits, 0);
  });

  it('a run that is broken off is gone on with', async () => {
    for (let i = 0; i < 40; i++)
      folder.write(
        Object.fromEntries(
          Object.entries(toyDriver).map(([name, text]) => [`tree/drv${i}/${name}`, text]),
        ),
      );
    // The cache lies beside what is read here.
    const tree = folder.file('tree');
    const environment = { DRIVER_TEARDOWN_CACHE: folder.file('.cache') };
    const args = [...programArguments(), 'check', '--format', 'json', '--jobs', '1'];
    const child = spawn(process.execPath, args, {
      cwd: tree,
      stdio: 'ignore',
      env: { ...process.env, ...environment },
    });
    const ended = new Promise((resolve) => child.once('exit', resolve));
    const patience = Date.now() + 30_000;
    const isBegun = (): boolean => existsSync(folder.file('.cache')) && answers().length >= 3;
    while (!isBegun() && child.exitCode === null && Date.now() < patience) await sleep(5);
    child.kill('SIGKILL');
    await ended;
    const kept = answers().length;
    assert.ok(kept >= 3 && kept < 40, `${kept} answers`);
    const second = report(await run(['check', '--format', 'json'], tree, { environment }));
    assert.equal(second.findings.length, 40);
    assert.ok(second.stats.cacheHits >= kept, JSON.stringify(second.stats));
  });

  it('another text, another header, another configuration or other options are asked anew', async () => {
    await checked();
    folder.write({ 'toy_ring.c': faulty.replace('ttm_bo_unpin', 'ttm_bo_peek') });
    assert.deepEqual((await checked()).findings, []);
    folder.write({ 'toy_ring.c': faulty });
    assert.equal((await checked()).findings.length, 1);
    folder.write({ '.driver-teardown.json': '{"severities": {"drmm-releases-pinned-bo": "off"}}' });
    assert.deepEqual((await checked()).findings, []);
    folder.write({ '.driver-teardown.json': '{}' });
    assert.deepEqual((await checked('--rule', 'unused-suppression')).findings, []);
    assert.equal((await checked()).findings.length, 1);
  });

  it('a home without permission: said once, and done without', async function () {
    const other = new TemporaryFolder();
    chmodSync(other.path, 0o555);
    const home = { DRIVER_TEARDOWN_CACHE: '', XDG_CACHE_HOME: '', HOME: other.path };
    const outcome = await runAsNobody(this, ['check', '--format', 'json'], folder, home);
    assert.equal(outcome.code, 1, outcome.err);
    const [problem, ...more] = report(outcome).problems;
    assert.match(problem?.message ?? '', /^the cache cannot be used: permission denied/);
    assert.deepEqual(more, []);
    assert.equal(report(outcome).findings.length, 1);
    other.remove();
  });

  it('a cache folder that is a file', async () => {
    writeFileSync(folder.file('.cache'), '');
    const found = await checked();
    assert.equal(found.findings.length, 1);
    assert.match(found.problems[0]?.message ?? '', /a part of its path is not a folder/);
  });

  const damages: readonly (readonly [string, (bytes: Buffer) => Buffer])[] = [
    ['a byte that is another', (bytes) => bytes.fill(bytes[60] === 0 ? 1 : 0, 60, 61)],
    ['cut in half', (bytes) => bytes.subarray(0, bytes.length / 2)],
    ['empty', () => Buffer.alloc(0)],
    ['another text', () => Buffer.from('no answer at all, but long enough to hold a checksum')],
  ];
  for (const [name, damage] of damages) {
    it(`${name}: made again, said, and mended`, async () => {
      const before = await checked();
      const [answer = '', ...others] = answers();
      assert.deepEqual(others, []);
      writeFileSync(answer, damage(readFileSync(answer)));
      const after = await checked();
      assert.deepEqual(after.findings, before.findings);
      assert.deepEqual(
        after.problems.map(({ file, message }) => [file, message]),
        [[answer, 'a damaged answer of the cache was made again']],
      );
      assert.deepEqual((await checked()).problems, []);
    });
  }

  it("another module's, with its own sum: made again, and said", async () => {
    folder.write({ 'two/Makefile': 'obj-m += two.o\n', 'two/two.c': 'int two;\n' });
    const before = await checked();
    const [one = '', two = ''] = answers();
    writeFileSync(one, readFileSync(two));
    const after = await checked();
    assert.deepEqual(after.findings, before.findings);
    assert.deepEqual(
      after.problems.map(({ file }) => file),
      [one],
    );
    const text = readFileSync(two);
    writeFileSync(two, readFileSync(one));
    writeFileSync(one, text);
    assert.deepEqual((await checked()).findings, before.findings);
  });

  it('what nobody has asked for in a month goes when something is written', async () => {
    await checked();
    const [old = ''] = answers();
    const then = Date.now() / 1000 - 40 * 24 * 3600;
    utimesSync(old, then, then);
    await checked('--rule', 'unused-suppression');
    assert.equal(existsSync(old), false);
  });

  it('several threads say what one says, in the same order', async () => {
    const many = Object.fromEntries(
      Array.from({ length: 70 }, (_, i) => [
        [`d${i}/toy_ring.c`, faulty],
        [`d${i}/toy.h`, String(toyDriver['toy.h'])],
        [`d${i}/Makefile`, `obj-m += toy${i}.o\ntoy${i}-y := toy_ring.o toy_more.o\n`],
        [`d${i}/toy_more.c`, `int toy_more_${i};\n`],
      ]).flat(),
    );
    folder.write(many);
    const alone = await checked('--no-cache', '--jobs', '1');
    const together = await checked('--no-cache', '--jobs', '3');
    assert.equal(alone.findings.length, 71);
    assert.deepEqual(together.findings, alone.findings);
  });
});
