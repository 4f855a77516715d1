/** `driver-teardown check`: transcripts over small drivers. */
import assert from 'node:assert/strict';
import { chmodSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import {
  faulty,
  inKernelTree,
  type Outcome,
  run,
  runAsNobody,
  TemporaryFolder,
  toyDriver,
} from './support.ts';

interface Report {
  version: number;
  tool: { name: string; version: string };
  root: string;
  findings: {
    rule: string;
    file: string;
    line: number;
    column: number;
    function: string;
    severity: string;
    fingerprint: string;
    chain: { file: string; line: number; message: string }[];
    fixes: { id: string; safety: string; creates: string[] }[];
  }[];
  modules: {
    name: string;
    files: number;
    parsedWithErrors: number;
    actions: { devm: number; drmm: number };
  }[];
  stats: { files: number; bytes: number; ms: number; cacheHits: number };
  problems: { file: string; message: string }[];
}

describe('cli: check', () => {
  let folder: TemporaryFolder;
  beforeEach(() => {
    folder = new TemporaryFolder().write(inKernelTree(toyDriver));
  });
  afterEach(() => folder.remove());

  const toy = 'drivers/gpu/drm/toy';
  const json = async (...args: string[]): Promise<Report> =>
    JSON.parse((await run(['check', ...args, '--format', 'json'], folder.path)).out) as Report;

  it('prints a finding with its chain and fix, and exits 1', async () => {
    const { code, out, err } = await run(['check', `${toy}/toy_ring.c`], folder.path);
    const lines = out.split('\n');
    assert.equal(code, 1);
    assert.match(
      lines[0] ?? '',
      /^drivers\/gpu\/drm\/toy\/toy_ring\.c:20:9: error: `toy_ring_fini` unpins .* \[drmm-releases-pinned-bo\]$/,
    );
    assert.ok(
      lines.some((line) =>
        /^ {4}drivers\/gpu\/drm\/toy\/toy_ring\.c:9:2: ttm_bo_unpin\(\)/.test(line),
      ),
      out,
    );
    assert.ok(
      lines.some((line) => /^ {4}fix: Convert .*--fix to-devm/.test(line)),
      out,
    );
    assert.equal(lines.at(-2), '1 error in 1 module, 2 files');
    assert.equal(err, '');
  });

  it("json has the contract's shape, with paths relative to the kernel root", async () => {
    const report = await json(toy);
    assert.equal(report.version, 1);
    assert.equal(report.tool.name, 'driver-teardown');
    assert.equal(report.root, folder.path);
    const [finding] = report.findings;
    assert.deepEqual(
      [finding?.file, finding?.line, finding?.column, finding?.function],
      [`${toy}/toy_ring.c`, 20, 9, 'toy_ring_init'],
    );
    assert.ok((finding?.chain.length ?? 0) >= 3);
    assert.deepEqual(finding?.fixes[0]?.creates, []);
    assert.deepEqual(report.modules, [
      { name: 'toy', files: 2, parsedWithErrors: 0, actions: { devm: 1, drmm: 1 } },
    ]);
    assert.equal(report.stats.files, 3);
    assert.deepEqual(report.problems, []);
  });

  it('a file prints its own findings only, but sees the whole module', async () => {
    const { code, out } = await run(['check', `${toy}/toy_drv.c`], folder.path);
    assert.equal(code, 0);
    assert.equal(out, 'no findings in 1 module, 2 files\n');
  });

  it('is the same whatever --jobs, the cache and the folder it is started in', async () => {
    const base = await run(['check', toy, '--no-cache', '--jobs', '1'], folder.path);
    const others = [
      await run(['check', toy, '--jobs', '4'], folder.path),
      await run(['check', toy], folder.path),
    ];
    for (const other of others) assert.equal(other.out, base.out);
    // Files are named as they open from where one stands.
    const inside = await run(['check', folder.file(toy)], folder.file('drivers'));
    assert.equal(inside.out.replaceAll('gpu/drm/toy', 'drivers/gpu/drm/toy'), base.out);
  });

  it('--fail-on, --min-severity, --rule, --quiet', async () => {
    assert.equal(
      (await run(['check', toy, '--rule', 'action-signature-mismatch'], folder.path)).code,
      0,
    );
    folder.write({
      '.driver-teardown.json': '{"severities": {"drmm-releases-pinned-bo": "info"}}',
    });
    assert.equal((await run(['check', toy], folder.path)).code, 0);
    assert.equal((await run(['check', toy, '--fail-on', 'info'], folder.path)).code, 1);
    assert.equal(
      (await run(['check', toy, '--min-severity', 'warning', '--quiet'], folder.path)).out,
      '',
    );
  });

  it('github and emacs print one line for each place', async () => {
    const github = (await run(['check', toy, '--format', 'github'], folder.path)).out;
    assert.match(
      github,
      /^::error file=drivers\/gpu\/drm\/toy\/toy_ring\.c,line=20,endLine=20,col=9,endColumn=\d+,title=drmm-releases-pinned-bo::`toy_ring_fini`[^\n]*%0A[^\n]*\n$/,
    );
    const emacs = (await run(['check', '.', '--format', 'emacs'], folder.file(toy))).out;
    assert.match(emacs, /^toy_ring\.c:20:9: error: .*\ntoy_ring\.c:20:9: note: /);
  });

  it('a baseline silences what it lists, by count', async () => {
    const write = await run(['check', toy, '--write-baseline', 'known.json'], folder.path);
    assert.equal(write.code, 0);
    const known = await run(['check', toy, '--baseline', 'known.json'], folder.path);
    assert.deepEqual([known.code, known.out], [0, 'no findings in 1 module, 2 files\n']);
    folder.write({ [`${toy}/toy_ring.c`]: faulty.replaceAll('toy_ring_fini', 'toy_other_fini') });
    assert.equal((await run(['check', toy, '--baseline', 'known.json'], folder.path)).code, 1);
    writeFileSync(folder.file('known.json'), '[]');
    assert.match(
      (await run(['check', toy, '--baseline', 'known.json'], folder.path)).err,
      /known\.json: not a baseline/,
    );
  });

  it('a baseline goes with a file that is renamed, but not to a copy of it', async () => {
    await run(['check', toy, '--write-baseline', 'known.json'], folder.path);
    const ring = folder.file(`${toy}/toy_ring.c`);
    renameSync(ring, folder.file(`${toy}/toy_band.c`));
    folder.write({
      [`${toy}/Makefile`]: 'obj-$(CONFIG_TOY) += toy.o\ntoy-y := toy_drv.o toy_band.o\n',
    });
    const check = (): Promise<Outcome> =>
      run(['check', toy, '--baseline', 'known.json'], folder.path);
    assert.equal((await check()).code, 0);
    writeFileSync(ring, faulty);
    const { code, out } = await check();
    assert.equal(code, 1);
    assert.match(out, /toy_band\.c:20:9: error/);
  });

  it('a baseline goes with a function that is moved, once the place where it was has it no more', async () => {
    await run(['check', toy, '--write-baseline', 'known.json'], folder.path);
    const head = faulty.slice(0, faulty.indexOf('static void'));
    const files = {
      [`${toy}/Makefile`]: 'obj-$(CONFIG_TOY) += toy.o\ntoy-y := toy_drv.o toy_ring.o toy_band.o\n',
      [`${toy}/toy_band.c`]: faulty,
    };
    folder.write({ ...files, [`${toy}/toy_ring.c`]: `${head}\nint toy_ring;\n` });
    const check = (...paths: string[]): Promise<Outcome> =>
      run(['check', ...paths, '--baseline', 'known.json'], folder.path);
    assert.equal((await check(toy)).code, 0);
    // Nobody looked at the other file: it may have it still.
    assert.equal((await check(`${toy}/toy_band.c`)).code, 1);
    folder.write({ [`${toy}/toy_ring.c`]: faulty });
    assert.equal((await check(toy)).code, 1);
  });

  it('the baseline of the project is read by itself, and named in the configuration', async () => {
    const own = '.driver-teardown-baseline.json';
    assert.equal((await run(['check', toy, '--write-baseline', own], folder.path)).code, 0);
    const { code, err } = await run(['check', toy], folder.path);
    assert.equal(code, 0);
    assert.match(err, /driver-teardown-baseline\.json: 1 finding listed there and not told$/m);
    assert.equal((await run(['check', toy, '--no-baseline'], folder.path)).code, 1);
    renameSync(folder.file(own), folder.file('known.json'));
    assert.equal((await run(['check', toy], folder.path)).code, 1);
    folder.write({ '.driver-teardown.json': '{"baseline": "known.json"}' });
    assert.equal((await run(['check', toy], folder.path)).code, 0);
    const both = await run(['check', '--no-baseline', '--baseline', 'known.json'], folder.path);
    assert.deepEqual([both.code, /--no-baseline excludes/.test(both.err)], [2, true]);
  });

  it('--prune-baseline takes out what is gone where it looked, renames, and adds nothing', async () => {
    const other = 'drivers/gpu/drm/other';
    folder.write(inKernelTree(toyDriver, other));
    await run(['check', '--write-baseline', 'known.json'], folder.path);
    const known = (): { file: string; count: number }[] =>
      (
        JSON.parse(readFileSync(folder.file('known.json'), 'utf8')) as {
          findings: { file: string; count: number }[];
        }
      ).findings.map(({ file, count }) => ({ file, count }));
    const prune = (...args: string[]): Promise<Outcome> =>
      run(['check', ...args, '--baseline', 'known.json', '--prune-baseline'], folder.path);
    const both = [other, toy].map((name) => ({ file: `${name}/toy_ring.c`, count: 1 }));
    assert.deepEqual(known(), both);
    folder.write({
      [`${other}/toy_ring.c`]: 'int mended;\n',
      [`${toy}/toy_ring.c`]: faulty + faulty.replaceAll('toy_ring_', 'toy_new_'),
    });
    assert.match((await prune(toy)).err, /^known\.json: lists 0 findings less$/m);
    assert.deepEqual(known(), both);
    const { code, err } = await prune();
    assert.equal(code, 1);
    assert.match(err, /^known\.json: lists 1 finding less$/m);
    assert.deepEqual(known(), both.slice(1));
    for (const args of [
      ['--since', 'HEAD'],
      ['--rule', 'action-signature-mismatch'],
    ])
      assert.match((await prune(...args)).err, /--prune-baseline and --\S+ exclude each other/);
  });

  it('a baseline of another version is refused, for it would list nothing', async () => {
    folder.write({ 'known.json': '{"version": 1, "findings": []}' });
    const { code, err } = await run(['check', toy, '--baseline', 'known.json'], folder.path);
    assert.equal(code, 2);
    assert.match(err, /known\.json: a baseline of another version/);
  });

  it('--shard parts the modules without losing one', async () => {
    folder.write(
      inKernelTree({
        ...toyDriver,
        Makefile: 'obj-y += toy.o two.o\ntoy-y := toy_drv.o toy_ring.o\n',
        'two.c': 'int two;\n',
      }),
    );
    const names = await Promise.all(
      ['1/2', '2/2'].map(async (shard) =>
        (await json(toy, '--shard', shard)).modules.map(({ name }) => name),
      ),
    );
    assert.deepEqual(names, [['toy'], ['two']]);
  });

  it('exclude hides files, a catalogue entry adds a function', async () => {
    folder.write({ '.driver-teardown.json': JSON.stringify({ exclude: ['**/toy_ring.c'] }) });
    assert.equal((await run(['check', toy], folder.path)).code, 0);
    folder.write({
      [`${toy}/toy_ring.c`]: faulty.replace('ttm_bo_unpin(', 'toy_let_go('),
      '.driver-teardown.json': JSON.stringify({
        catalog: {
          releases: [{ name: 'toy_let_go', driver: 'toy', verb: 'unpins', what: 'BO', object: 0 }],
        },
      }),
    });
    assert.equal((await run(['check', toy], folder.path)).code, 1);
  });

  it('a folder without Makefile is one module', async () => {
    const { 'toy.h': head, 'toy_drv.c': drv, 'toy_ring.c': ring } = toyDriver;
    const lone = new TemporaryFolder().write({
      'toy.h': head ?? '',
      'toy_drv.c': drv ?? '',
      'toy_ring.c': ring ?? '',
    });
    try {
      const { code, out } = await run(['check', lone.path], lone.path);
      assert.equal(code, 1);
      assert.match(out, /^toy_ring\.c:20:9: error/);
    } finally {
      lone.remove();
    }
  });
});

describe('cli: bad input', () => {
  let folder: TemporaryFolder;
  beforeEach(() => {
    folder = new TemporaryFolder().write(toyDriver);
  });
  afterEach(() => folder.remove());

  /** Each case: what is given, and what stderr says. The good file beside it is still checked. */
  const cases: readonly (readonly [string, () => void, string, RegExp])[] = [
    ['a missing path', () => {}, 'nowhere.c', /^nowhere\.c: no such file or folder$/m],
    [
      'a file that is not C',
      () => {
        folder.write({ 'notes.txt': 'x' });
      },
      'notes.txt',
      /^notes\.txt: not a C source file \(\.c or \.h\)$/m,
    ],
    [
      'a binary file',
      () => {
        folder.write({ 'b.c': Buffer.from([0x7f, 0x45, 0, 0, 1]) });
      },
      'b.c',
      /^b\.c: binary file \(holds NUL bytes\), skipped$/m,
    ],
    [
      'a 20 MB file',
      () => {
        folder.write({ 'big.c': 'int x;\n'.repeat(2_900_000) });
      },
      'big.c',
      /^big\.c: too large \(20\.3 MB\), skipped$/m,
    ],
    [
      'a cut-off file',
      () => {
        folder.write({ 'cut.c': faulty.slice(0, faulty.indexOf('err = ttm')) });
      },
      'cut.c',
      /^cut\.c: cut off: /m,
    ],
  ];
  for (const [name, prepare, path, message] of cases) {
    it(`${name}: one line, exit 2, the rest goes on`, async () => {
      prepare();
      const { code, out, err } = await run(['check', path, 'toy_ring.c'], folder.path);
      assert.equal(code, 2);
      assert.match(err, message);
      assert.equal(err.split('\n').filter((line) => line.startsWith(path)).length, 1, err);
      assert.doesNotMatch(err, /\n\s+at /);
      assert.match(out, /toy_ring\.c:20:9: error/);
    });
  }

  it('an unreadable file', async function () {
    chmodSync(folder.file('toy_ring.c'), 0);
    const { code, err } = await runAsNobody(this, ['check', 'toy_ring.c'], folder);
    assert.deepEqual([code, err], [2, 'toy_ring.c: permission denied\n']);
  });

  it('an empty file is fine', async () => {
    folder.write({ 'empty.c': '' });
    assert.equal((await run(['check', 'empty.c'], folder.path)).code, 0);
  });

  it('latin-1 is read, and said', async () => {
    folder.write({ 'toy_ring.c': Buffer.from(faulty.replace('SPDX', 'J\xe4ger SPDX'), 'latin1') });
    const { code, out, err } = await run(['check', 'toy_ring.c'], folder.path);
    assert.equal(code, 1);
    assert.match(out, /toy_ring\.c:20:9: error/);
    assert.equal(err, 'toy_ring.c: not valid UTF-8, read as latin-1\n');
  });

  it('CRLF: the same place as with LF', async () => {
    folder.write({ 'toy_ring.c': faulty.replaceAll('\n', '\r\n') });
    assert.match((await run(['check', 'toy_ring.c'], folder.path)).out, /^toy_ring\.c:20:9: error/);
  });

  const usage: readonly (readonly [readonly string[], RegExp])[] = [
    [
      ['check', '--nonsense'],
      /^driver-teardown: unknown option --nonsense \(see driver-teardown check --help\)\n$/,
    ],
    [['check', '--format', 'xml'], /--format must be one of text, json, sarif, .*reply, not xml/],
    [['check', '--kernel-version', 'next'], /--kernel-version must be a kernel version like 6\.12/],
    [['check', '--jobs', '0'], /--jobs must be a number from 1 to 256, not 0/],
    [['check', '--rule', 'no-such'], /no rule no-such/],
    [['check', '--shard', '3/2'], /--shard must be I\/N/],
    [['fix', '--diff', '--write'], /exclude each other/],
    [['order', '--timeline', 'never'], /--timeline must be/],
    [['explain'], /explain takes one RULE/],
    [['explain', 'no-such'], /no rule no-such/],
    [['nonsense'], /no command nonsense/],
    [[], /no command given/],
  ];
  for (const [args, message] of usage) {
    it(`usage: ${args.join(' ')}`, async () => {
      const { code, out, err } = await run(args, folder.path);
      assert.deepEqual([code, out], [2, '']);
      assert.match(err, message);
      assert.doesNotMatch(err, /\n\s+at /);
    });
  }

  const configurations: readonly (readonly [string, RegExp])[] = [
    ['{', /not valid JSON/],
    ['{"colour": 1}', /unknown key "colour"/],
    ['{"rules": {"nope": "error"}}', /"rules" names an unknown rule "nope"/],
    ['{"severities": {"nope": "error"}}', /"severities" names an unknown rule "nope"/],
    ['{"severities": {}, "rules": {}}', /"severities" is the former name of "rules"/],
    [
      '{"severities": {"drmm-releases-pinned-bo": "bad"}}',
      /must be one of error, warning, info, hint, off/,
    ],
    [
      '{"catalog": {"releases": [{"name": "x"}]}}',
      /catalog\.releases\[0\]\.driver must be a string/,
    ],
    ['{"exclude": "a"}', /"exclude" must be a list of globs/],
    ['{"kernelVersion": 6.12}', /"kernelVersion" must be a kernel version like 6\.12 or 6\.12\.5/],
  ];
  for (const [text, message] of configurations) {
    it(`configuration ${text}`, async () => {
      folder.write({ '.driver-teardown.json': text });
      const { code, err } = await run(['check'], folder.path);
      assert.equal(code, 2);
      assert.match(err, message);
    });
  }

  it('says what a table names and the module has not', async () => {
    folder.write({
      'toy/Makefile': 'obj-m += lost.o\n',
      'toy/lost.c': `static void lost_remove(struct platform_device *pdev);
static struct platform_driver lost_driver = { .remove = lost_remove };
`,
    });
    const message = '`.remove` names `lost_remove`, which was not found in the module';
    const text = await run(['check', 'toy'], folder.path);
    assert.equal(text.code, 0);
    assert.ok(text.err.includes(`lost.c: ${message}`), text.err);
    const json = await run(['check', 'toy', '--format', 'json'], folder.path);
    const { problems } = JSON.parse(json.out) as { problems: { message: string }[] };
    assert.deepEqual(
      problems.map((problem) => problem.message),
      [message],
    );
    assert.equal((await run(['check', 'toy', '--quiet'], folder.path)).err, '');
  });

  it('--config names another file; a missing one is an error', async () => {
    folder.write({ 'other.json': '{"severities": {"drmm-releases-pinned-bo": "off"}}' });
    assert.equal((await run(['check', '--config', 'other.json'], folder.path)).code, 0);
    assert.match(
      (await run(['check', '--config', 'none.json'], folder.path)).err,
      /none\.json: no such file/,
    );
  });

  it('--help for each verb, --version', async () => {
    for (const verb of ['check', 'merge', 'order', 'fix', 'explain', 'rules', 'lsp']) {
      const { code, out } = await run([verb, '--help'], folder.path);
      assert.equal(code, 0);
      assert.match(out, new RegExp(`^driver-teardown ${verb}`));
    }
    const { version } = JSON.parse(
      readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
    ) as { version: string };
    assert.equal((await run(['--version'], folder.path)).out, `driver-teardown ${version}\n`);
  });
});
