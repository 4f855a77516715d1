/**
 * Trees with entries that cannot be read: each is a line of the report, and the rest is analysed.
 * Nothing waits for a pipe, and nothing ends in an internal error.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, symlinkSync } from 'node:fs';
import { type Outcome, run, runAsNobody, TemporaryFolder, toyDriver } from './support.ts';

const makefile = 'obj-$(CONFIG_TOY) += toy.o\ntoy-y := toy_drv.o toy_ring.o';

interface Case {
  readonly name: string;
  readonly prepare: (folder: TemporaryFolder) => void;
  /** What the problem is about; `''` for none. */
  readonly file: string;
  readonly message: RegExp;
  /** What else is told. */
  readonly others?: readonly string[];
  /** Only somebody whom permissions bind sees it. */
  readonly nobody?: boolean;
}

const pipe = (name: string) => (folder: TemporaryFolder) => {
  execFileSync('mkfifo', [folder.file(name)]);
};
const link = (name: string, target: string) => (folder: TemporaryFolder) =>
  symlinkSync(target, folder.file(name));
const module = (object: string) => ({ Makefile: `${makefile} ${object}\n` });

const cases: readonly Case[] = [
  {
    name: 'a source that is a link to itself',
    prepare: link('loop.c', 'loop.c'),
    file: 'loop.c',
    message: /^too many symbolic links$/,
  },
  {
    name: 'a source that is a link to nothing',
    prepare: link('gone.c', 'nowhere/gone.c'),
    file: 'gone.c',
    message: /^symbolic link to nothing$/,
  },
  {
    name: 'a source that is a pipe',
    prepare: pipe('pipe.c'),
    file: 'pipe.c',
    message: /^not a regular file, skipped$/,
  },
  {
    name: 'a source of the module that is a folder',
    prepare: (folder) => {
      folder.write({ ...module('sub.o'), 'sub.c/x': '' });
    },
    file: 'sub.c',
    message: /^is a folder$/,
  },
  {
    name: 'a source of the module behind a link into a folder without permission',
    prepare: (folder) => {
      folder.write({ ...module('there/x.o'), 'closed/x.c': 'int x;\n' });
      link('there', 'closed')(folder);
      chmodSync(folder.file('closed'), 0);
    },
    file: 'there/x.c',
    others: ['closed'],
    message: /^permission denied$/,
    nobody: true,
  },
  {
    name: 'a folder without permission',
    prepare: (folder) => {
      folder.write({ 'closed/x.c': 'int x;\n' });
      chmodSync(folder.file('closed'), 0);
    },
    file: 'closed',
    message: /^permission denied$/,
    nobody: true,
  },
  {
    name: 'a header that is a link to itself',
    prepare: (folder) => {
      folder.write({ ...module('more.o'), 'more.c': '#include "loop.h"\nint more;\n' });
      link('loop.h', 'loop.h')(folder);
    },
    file: '',
    message: /^$/,
  },
  {
    name: 'a Makefile that is a folder',
    prepare: (folder) => {
      folder.write({ 'other/Makefile/x': '', 'other/x.c': 'int x;\n' });
    },
    file: 'other/Makefile',
    message: /^is a folder$/,
  },
  {
    name: 'a Makefile that is a link to a folder',
    prepare: (folder) => {
      folder.write({ 'other/x.c': 'int x;\n' });
      link('other/Makefile', '.')(folder);
    },
    file: 'other/Makefile',
    message: /^is a folder$/,
  },
  {
    name: 'a Makefile that is a pipe',
    prepare: (folder) => {
      folder.write({ 'other/x.c': 'int x;\n' });
      pipe('other/Makefile')(folder);
    },
    file: 'other/Makefile',
    message: /^not a regular file, skipped$/,
  },
  {
    name: 'a Makefile that is a link to itself',
    prepare: (folder) => {
      folder.write({ 'other/x.c': 'int x;\n' });
      link('other/Makefile', 'Makefile')(folder);
    },
    file: 'other/Makefile',
    message: /^too many symbolic links$/,
  },
  {
    name: 'a Makefile without permission',
    prepare: (folder) => {
      folder.write({ 'other/x.c': 'int x;\n', 'other/Makefile': 'obj-m += x.o\n' });
      chmodSync(folder.file('other/Makefile'), 0);
    },
    file: 'other/Makefile',
    message: /^permission denied$/,
    nobody: true,
  },
  ...(
    [
      ['a pipe', pipe('.driver-teardown.json'), /^not a regular file, skipped: no configuration/],
      [
        'a link to itself',
        link('.driver-teardown.json', '.driver-teardown.json'),
        /^too many symbolic links: no configuration/,
      ],
      [
        'a folder',
        (folder: TemporaryFolder) => mkdirSync(folder.file('.driver-teardown.json')),
        /^is a folder: no configuration/,
      ],
    ] as const
  ).map(([what, prepare, message]) => ({
    name: `a configuration that is ${what}`,
    prepare: (folder: TemporaryFolder) => void prepare(folder),
    file: '.driver-teardown.json',
    message,
  })),
];

interface Report {
  readonly findings: readonly { readonly file: string; readonly line: number }[];
  readonly problems: readonly { readonly file: string; readonly message: string }[];
}

const report = ({ out }: Outcome): Report => JSON.parse(out) as Report;

describe('cli: bad entries of a tree', function () {
  this.timeout(40_000);
  let folder: TemporaryFolder;
  beforeEach(() => {
    folder = new TemporaryFolder().write(toyDriver);
  });
  afterEach(() => {
    for (const name of ['closed', '.cache']) {
      try {
        chmodSync(folder.file(name), 0o700);
      } catch {
        // It is not one of those.
      }
    }
    folder.remove();
  });

  for (const { name, prepare, file, message, others = [], nobody } of cases) {
    it(name, async function () {
      prepare(folder);
      const start = (args: string[]): Promise<Outcome> =>
        nobody === true ? runAsNobody(this, args, folder) : run(args, folder.path);
      const json = await start(['check', '--format', 'json']);
      assert.equal(json.code, 1, json.err);
      const { findings, problems } = report(json);
      assert.deepEqual(
        findings.map((one) => `${one.file}:${one.line}`),
        ['toy_ring.c:20'],
      );
      assert.deepEqual(
        problems.map((problem) => problem.file),
        file === '' ? [] : [...others, file],
      );
      const problem = problems.find((one) => one.file === file);
      assert.match(problem?.message ?? '', message);
    });
  }

  it('several at once: a line for each on stderr, and the order is printed too', async () => {
    link('loop.c', 'loop.c')(folder);
    pipe('pipe.c')(folder);
    folder.write({ 'other/Makefile/x': '' });
    const lines = [
      'loop.c: too many symbolic links',
      'other/Makefile: is a folder',
      'pipe.c: not a regular file, skipped',
    ];
    const told = ({ err }: Outcome): string[] =>
      err
        .split('\n')
        .filter((line) => line !== '')
        .sort();
    const text = await run(['check'], folder.path);
    assert.deepEqual([text.code, told(text)], [1, lines]);
    const order = await run(['order'], folder.path);
    assert.deepEqual([order.code, told(order)], [0, lines]);
    assert.match(order.out, /toy_ring_fini/);
  });

  it('a top Makefile that is a pipe or a folder does not hide the kernel tree', async () => {
    for (const make of [
      pipe('Makefile'),
      (tree: TemporaryFolder) => mkdirSync(tree.file('Makefile')),
    ]) {
      const tree = new TemporaryFolder().write({ Kbuild: '', MAINTAINERS: '' });
      make(tree);
      tree.write(
        Object.fromEntries(Object.entries(toyDriver).map(([name, text]) => [`drv/${name}`, text])),
      );
      const outcome = await run(['check', '--format', 'json', 'drv'], tree.path);
      assert.equal(outcome.code, 1);
      assert.equal(report(outcome).findings[0]?.file, 'drv/toy_ring.c');
      assert.deepEqual(
        report(outcome).problems.map((problem) => problem.file),
        ['Makefile'],
      );
      tree.remove();
    }
  });

  const named: readonly (readonly [string, (folder: TemporaryFolder) => void, RegExp])[] = [
    ['loop.c', link('loop.c', 'loop.c'), /^loop\.c: too many symbolic links$/m],
    ['pipe.c', pipe('pipe.c'), /^pipe\.c: not a regular file, skipped$/m],
    ['loop', link('loop', 'loop'), /^loop: too many symbolic links$/m],
    ['toy_ring.c/x.c', () => {}, /^toy_ring\.c\/x\.c: a part of its path is not a folder$/m],
  ];
  for (const [path, prepare, message] of named) {
    it(`${path}, when it is named: exit 2, the rest goes on`, async () => {
      prepare(folder);
      const { code, out, err } = await run(['check', path, 'toy_ring.c'], folder.path);
      assert.equal(code, 2);
      assert.match(err, message);
      assert.match(out, /toy_ring\.c:20:9: error/);
    });
  }

  it('a folder without permission, when it is named', async function () {
    folder.write({ 'closed/x.c': 'int x;\n' });
    chmodSync(folder.file('closed'), 0);
    const { code, out, err } = await runAsNobody(this, ['check', 'closed', 'toy_ring.c'], folder);
    assert.deepEqual([code, err], [2, 'closed: permission denied\n']);
    assert.match(out, /toy_ring\.c:20:9: error/);
  });

  it('--config names a pipe: refused, and not waited for', async () => {
    pipe('conf.json')(folder);
    const { code, err } = await run(['check', '--config', 'conf.json'], folder.path);
    assert.equal(code, 2);
    assert.match(err, /conf\.json: not a regular file/);
  });

  it('where nothing could be analysed the exit code is 2, with a line that counts', async () => {
    const bad = new TemporaryFolder();
    symlinkSync('loop.c', bad.file('loop.c'));
    pipe('pipe.c')(bad);
    for (const verb of ['check', 'fix', 'order']) {
      const { code, err } = await run([verb], bad.path);
      assert.equal(code, 2, verb);
      assert.match(
        err,
        /^loop\.c: too many symbolic links\npipe\.c: not a regular file, skipped\n/m,
      );
      assert.match(err, /^nothing could be analysed: 2 problems$/m);
    }
    bad.remove();
    const empty = new TemporaryFolder().write({ 'notes.txt': '' });
    const { code, err } = await run(['check'], empty.path);
    assert.deepEqual([code, err], [2, 'no C files here\n']);
    empty.remove();
  });

  for (const args of [
    ['check', '--baseline', '/dev/zero'],
    ['check', '--patch', '/dev/zero'],
    ['order', '--log', '/dev/zero'],
  ])
    it(`${args.join(' ')}: a device that never ends is not read to its end`, async () => {
      const { code, err } = await run(args, folder.path);
      assert.equal(code, 2, err);
      assert.match(err, /more than \d+ MB: not read/);
    });
});
