/** How kernel builds, checkpatch's readers, b4 and shells use the program. */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { verbs } from '../../server/src/cli/options.ts';
import { skip } from '../skip.ts';
import { faulty, inKernelTree, run, TemporaryFolder, toyDriver } from './support.ts';

const toy = 'drivers/gpu/drm/toy';
const root = join(import.meta.dirname, '../..');

describe('cli: kernel hooks', function () {
  this.timeout(40_000);
  let folder: TemporaryFolder;
  before(() => {
    folder = new TemporaryFolder().write(
      inKernelTree({
        ...toyDriver,
        'toy_ring.c': `${faulty}\n${faulty.slice(faulty.indexOf('static void')).replaceAll('toy_ring_', 'toy_two_')}`,
      }),
    );
    folder.write({
      'fix.patch': `--- a/${toy}/toy.h\n+++ b/${toy}/toy.h\n@@ -1,1 +1,2 @@\n+/* x */\n struct toy_ring {\n`,
    });
  });
  after(() => folder.remove());

  /** As scripts/Makefile.build calls a checker: CHECKFLAGS, c_flags, the source. */
  const flags = [
    ...'-D__linux__ -Dlinux -D__STDC__ -Dunix -D__unix__ -Wbitwise -Wno-return-void'.split(' '),
    ...'-D__x86_64__ --arch=x86 -mlittle-endian -m64 -Wp,-MMD,toy/.toy_ring.o.d -nostdinc'.split(
      ' ',
    ),
    ...'-I./include -include ./include/linux/kconfig.h -isystem /usr/lib/gcc/include'.split(' '),
    ...'-D__KERNEL__ -fshort-wchar -std=gnu11 -O2 --param=allow-store-data-races=0'.split(' '),
    ...'-DMODULE -DKBUILD_BASENAME="toy_ring" -D KBUILD_MODNAME="toy" -x c -o out.o'.split(' '),
  ];

  it('make C=1 CHECK=driver-teardown: one source, to stderr, and the build goes on', async () => {
    const clean = await run([...flags, `${toy}/toy_drv.c`], folder.path);
    assert.deepEqual([clean.code, clean.out, clean.err], [0, '', '']);
    const { code, out, err } = await run([...flags, `${toy}/toy_ring.c`], folder.path);
    assert.deepEqual([code, out], [0, '']);
    assert.match(
      err,
      /^drivers\/gpu\/drm\/toy\/toy_ring\.c:20:9: error: .*\[drmm-releases-pinned-bo\]$/m,
    );
  });

  it("CHECK='driver-teardown check --fail-on error' stops it", async () => {
    const args = ['check', '--fail-on', 'error', '--format', 'json', ...flags, `${toy}/toy_ring.c`];
    const { code, out } = await run(args, folder.path);
    assert.equal(code, 1);
    assert.equal((JSON.parse(out) as { findings: unknown[] }).findings.length, 2);
    const none = await run([...flags, 'gone.c'], folder.path);
    assert.deepEqual([none.code, none.err], [2, 'gone.c: no such file or folder\n']);
  });

  it('the second file of a module is answered from what is kept of the first', async () => {
    const args = (name: string) => ['check', '--format', 'json', ...flags, `${toy}/${name}`];
    await run(args('toy_drv.c'), folder.path);
    const { out } = await run(args('toy_ring.c'), folder.path);
    const { stats } = JSON.parse(out) as { stats: { files: number; cacheHits: number } };
    assert.equal(stats.cacheHits, stats.files);
  });

  it('--format checkpatch', async () => {
    const { code, out } = await run(['check', toy, '--format', 'checkpatch'], folder.path);
    assert.equal(code, 1);
    assert.match(
      out,
      /^ERROR: .* \[drmm-releases-pinned-bo\]\n#20: FILE: drivers\/gpu\/drm\/toy\/toy_ring\.c:20:\n\+\treturn drmm_add_action_or_reset\(&toy->drm, toy_ring_fini, ring\);\n\n/,
    );
    assert.match(out, /\ntotal: 2 errors, 0 warnings, 0 checks, 2 files checked\n$/);
  });

  interface B4 {
    readonly tool: string;
    readonly status: string;
    readonly summary: string;
    readonly details?: string;
  }
  const b4 = async (...args: string[]): Promise<readonly B4[]> =>
    JSON.parse((await run(['check', '--format', 'b4-review', ...args], folder.path)).out) as B4[];

  it('--format b4-review: pass, fail, and a patch that cannot be judged', async () => {
    const [bad] = await b4(toy);
    assert.deepEqual(
      [bad?.tool, bad?.status, bad?.summary],
      ['driver-teardown', 'fail', '2 errors'],
    );
    assert.match(bad?.details ?? '', /toy_ring\.c:20:9: error: /);
    assert.deepEqual(await b4('--patch', 'fix.patch'), [
      { tool: 'driver-teardown', status: 'pass', summary: 'no findings' },
    ]);
    folder.write({ 'bad.patch': '--- a/x.c\n+++ b/x.c\n@@ -1 +1 @@\n-int a;\n+int b;\n' });
    const [none] = await b4('--patch', 'bad.patch');
    assert.equal(none?.status, 'warn');
    assert.match(none?.summary ?? '', /x\.c: no such file/);
  });
});

describe('cli: completions and the manual page', () => {
  it('bash completes verbs, options and their words', function () {
    const complete = (...words: string[]): string[] => {
      const script = `source completions/driver-teardown.bash
        COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}
        _driver_teardown; printf '%s\\n' "\${COMPREPLY[@]}"`;
      const { status, stdout, error } = spawnSync('bash', ['-c', script], {
        cwd: root,
        encoding: 'utf8',
      });
      if (error !== undefined) skip(this, 'no bash here');
      assert.equal(status, 0);
      return stdout.trim().split('\n');
    };
    assert.deepEqual(complete('driver-teardown', 'c'), ['check']);
    assert.deepEqual(complete('driver-teardown', 'check', '--format', 's'), ['sarif']);
    assert.deepEqual(complete('driver-teardown', 'order', '--time'), ['--timeline']);
    assert.deepEqual(complete('driver-teardown', 'check', '--baseline', 'READ'), ['README.md']);
  });

  for (const [shell, file] of [
    ['zsh', '_driver-teardown'],
    ['fish', 'driver-teardown.fish'],
  ] as const) {
    it(`${shell} reads its file`, function () {
      const { status, stderr, error } = spawnSync(shell, ['-n', `completions/${file}`], {
        cwd: root,
        encoding: 'utf8',
      });
      if (error !== undefined) skip(this, `no ${shell} here`);
      assert.deepEqual([status, stderr], [0, '']);
    });
  }

  it('zsh completes verbs, options and their words', function () {
    // A shell that is typed into: completion is not to be had otherwise.
    const lines = [
      'driver-teardown ',
      'driver-teardown check --for',
      'driver-teardown check --format=sa',
    ];
    const script = `zmodload zsh/zpty && zpty z zsh -f -i
      zpty -w z "PS1=; fpath=($PWD/completions $fpath); autoload -U compinit; compinit -u -d $1/dump; stty cols 200; echo re''ady"
      zpty -r -m z said '*ready*'
      for line in "\${@:2}"; do
        zpty -w -n z "$line"$'\t\t'; sleep 1; zpty -w z $'\x15'"echo do''ne"
        zpty -r -m z said '*done*'; print -r -- "$said"; print -r -- ---
      done`;
    const folder = mkdtempSync(join(tmpdir(), 'driver-teardown-zsh-'));
    try {
      const { stdout, stderr, error } = spawnSync(
        'zsh',
        ['-f', '-c', script, 'zsh', folder, ...lines],
        {
          cwd: root,
          encoding: 'utf8',
          timeout: 60_000,
        },
      );
      if (error !== undefined && 'code' in error && error.code === 'ENOENT')
        skip(this, 'no zsh here');
      const [verbs = '', option = '', word = ''] = stdout.split('---\n');
      assert.match(verbs, /check\s+-- prints findings/, stderr);
      assert.match(verbs, /explain\s+-- prints the rule's page/);
      assert.match(option, /--format=/);
      assert.match(word, /--format=sarif/);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('fish completes verbs, options and their words', function () {
    const complete = (line: string): string[] => {
      const script = `source completions/driver-teardown.fish; complete -C '${line}'`;
      const { stdout, error } = spawnSync('fish', ['-c', script], { cwd: root, encoding: 'utf8' });
      if (error !== undefined) skip(this, 'no fish here');
      return stdout.split('\n').flatMap((one) => one.split('\t')[0] || []);
    };
    assert.deepEqual(complete('driver-teardown ch'), ['check']);
    assert.deepEqual(complete('driver-teardown check --form'), ['--format']);
    assert.deepEqual(complete('driver-teardown check --format sa'), ['sarif']);
    assert.ok(complete('driver-teardown check READ').includes('README.md'));
  });

  it('the manual page has every verb, and no line that roff would drop', function () {
    let text: string;
    try {
      text = execFileSync('man', ['-l', '--warnings', 'man/driver-teardown.1'], {
        cwd: root,
        encoding: 'utf8',
        env: { ...process.env, MANWIDTH: '100', MANPAGER: 'cat' },
      });
    } catch {
      return skip(this, 'no man here');
    }
    for (const verb of verbs) assert.ok(text.includes(`driver-teardown ${verb}`), verb);
    assert.match(text, /--patch FILE\|-/);
  });
});
