/** What is left out is counted, and a name that somebody else chose does nothing but name. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { skip } from '../skip.ts';
import { type Files, faulty, run, TemporaryFolder, toyDriver } from './support.ts';

interface Problem {
  readonly file: string;
  readonly message: string;
  readonly leftOut?: boolean;
}

describe('cli: what is left out', () => {
  let folder: TemporaryFolder;
  beforeEach(() => {
    folder = new TemporaryFolder();
  });
  afterEach(() => folder.remove());

  const problemsOf = async (): Promise<readonly Problem[]> => {
    const { out } = await run(['check', '--format', 'json'], folder.path);
    return (JSON.parse(out) as { problems: Problem[] }).problems;
  };
  /** The prefix of names as bytes, which a string cannot hold. */
  const bytes = (name: string): Buffer => Buffer.from(folder.file(name), 'latin1');

  it('branches that each open the block that is closed below them do not look cut off', async () => {
    const heads = '#if A\nif (a) {\n#elif B\nif (b) {\n#else\n{\n#endif\n';
    folder.write({ 'x.c': `int f(void)\n{\n${heads.repeat(3)}g();\n}\n}\n}\nreturn 0;}\n` });
    const { code, out, err } = await run(['check'], folder.path);
    assert.deepEqual([code, err], [0, '']);
    assert.match(out, /^no findings in 1 module, 1 file$/m);
  });

  it('the last line counts it, json marks it', async () => {
    folder.write({
      ...toyDriver,
      Makefile: '',
      'b.c': Buffer.from([0, 1]),
      'cut.c': faulty.slice(0, faulty.indexOf('err = ttm')),
      'letter.c': 'Dear aunt,\nthis is a letter, and it was saved under a wrong name.\n',
      'latin.c': Buffer.from('/* \xe4 */\nint latin;\n', 'latin1'),
    });
    const { code, out } = await run(['check'], folder.path);
    assert.equal(code, 1);
    assert.match(out, /\n1 error in 1 module, 3 files; 3 could not be analysed\n$/);
    assert.deepEqual(
      (await problemsOf()).map(({ file, leftOut }) => [file, leftOut]),
      [
        ['b.c', true],
        ['cut.c', true],
        ['latin.c', undefined],
        ['letter.c', true],
      ],
    );
  });

  const alone: readonly (readonly [string, Files, RegExp])[] = [
    ['a cut-off file', { 'x.c': 'int f(void)\n{\n\tif (a) {' }, /^x\.c: cut off: /m],
    [
      'a text that is no C',
      { 'x.c': 'This is no C, is it?\n' },
      /^x\.c: no C is recognised in it/m,
    ],
  ];
  for (const [name, files, message] of alone) {
    it(`${name} alone in a folder: exit 2`, async () => {
      folder.write(files);
      const { code, err } = await run(['check'], folder.path);
      assert.equal(code, 2);
      assert.match(err, message);
      assert.match(err, /^nothing could be analysed: 1 problem$/m);
    });
  }

  it('names that are no UTF-8 are told from one another, files and folders', async function () {
    try {
      writeFileSync(bytes('a\xfe.c'), 'int a;\n');
      writeFileSync(bytes('a\xff.c'), 'int b;\n');
      mkdirSync(bytes('d\xff'));
    } catch {
      skip(this, 'the file system takes UTF-8 only');
    }
    const { code, err } = await run(['check'], folder.path);
    assert.equal(code, 2);
    assert.match(err, /^nothing could be analysed: 3 problems$/m);
    folder.write(toyDriver);
    assert.deepEqual(await problemsOf(), [
      { file: '"a\\376.c"', message: 'the name is not UTF-8, skipped', leftOut: true },
      { file: '"a\\377.c"', message: 'the name is not UTF-8, skipped', leftOut: true },
      { file: '"d\\377"', message: 'the name is not UTF-8, skipped', leftOut: true },
    ]);
    assert.equal((await run(['check'], folder.path)).code, 1);
  });
});

describe('cli: names that could do harm', () => {
  let folder: TemporaryFolder;
  const name = 'e\x1b[31m\n::error::x.c';
  const quoted = '"e\\033[31m\\n::error::x.c"';

  beforeEach(function () {
    if (process.platform === 'win32') skip(this, 'no such names there');
    const { 'toy.h': head = '', 'toy_drv.c': drv = '' } = toyDriver;
    folder = new TemporaryFolder().write({ 'toy.h': head, 'toy_drv.c': drv, [name]: faulty });
  });
  afterEach(() => folder.remove());

  it('text, emacs, explain and order quote them', async () => {
    for (const args of [
      ['check'],
      ['check', '--format', 'emacs'],
      ['explain', `${name}:20`],
      ['order'],
    ]) {
      const { out } = await run(args, folder.path);
      assert.ok(out.includes(`${quoted}:20:9`), out);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what must not be there
      assert.doesNotMatch(out, /\x1b|^::/m);
    }
  });

  it('github: one command, with the name escaped', async () => {
    const { out } = await run(['check', '--format', 'github'], folder.path);
    assert.match(out, /^::error file=e\\033\[31m\\n%3A%3Aerror%3A%3Ax\.c,line=20,/);
    assert.equal(out.split('\n').length, 2);
  });

  it('json keeps the name as it is', async () => {
    const { out } = await run(['check', '--format', 'json'], folder.path);
    assert.equal((JSON.parse(out) as { findings: { file: string }[] }).findings[0]?.file, name);
  });

  it('a line on stderr', async () => {
    folder.write({ [name]: Buffer.from([0]) });
    const { err } = await run(['check'], folder.path);
    assert.equal(err, `${quoted}: binary file (holds NUL bytes), skipped\n`);
  });

  it('a patch names them as git does', async () => {
    const { bytes } = await run(['fix'], folder.path);
    assert.ok(bytes.toString().startsWith(`--- "a/e\\033[31m\\n::error::x.c"\n`));
    folder.write({ 'x.patch': bytes });
    execFileSync('git', ['apply', 'x.patch'], { cwd: folder.path });
    assert.equal((await run(['check'], folder.path)).code, 0);
  });
});

describe('cli: a report of names that could do harm', () => {
  let folder: TemporaryFolder;
  const nasty = 'a`b|c<script>alert(1)<\u2215script>[d](e) *f*\n# g\x1b[31m\u202e';

  beforeEach(function () {
    if (process.platform === 'win32') skip(this, 'no such names there');
    const { 'toy.h': head = '', 'toy_drv.c': drv = '' } = toyDriver;
    folder = new TemporaryFolder().write({
      [`${nasty}/toy.h`]: head,
      [`${nasty}/toy_drv.c`]: drv,
      [`${nasty}/${nasty}.c`]: faulty,
      'good_one/toy.h': head,
      'good_one/toy_drv.c': drv,
      'good_one/toy_ring.c': faulty,
    });
  });
  afterEach(() => folder.remove());

  const reportIn = async (name: string): Promise<string> => {
    const { code, err } = await run(['check', '--report', name], folder.path);
    assert.deepEqual([code, err], [1, '']);
    return readFileSync(folder.file(name), 'utf8');
  };

  for (const name of ['report.md', 'report.html'])
    it(`${name}: no line, no colour and no direction of their own`, async () => {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what must not be there
      assert.doesNotMatch(await reportIn(name), /[\x00-\x09\x0b-\x1f\u202e]|^# g/m);
    });

  it('Markdown: in code spans, which end where the name does', async () => {
    const text = await reportIn('report.md');
    const name = nasty
      .replace('\n', '\\n')
      .replace('\x1b', '\\033')
      .replace('\u202e', '\\342\\200\\256');
    const fenced = (inside: string): string => ['``', inside, '``'].join(' ');
    assert.ok(text.includes(`\n## ${fenced(`"${name}"`)}\n`), text);
    assert.ok(text.includes(`\n- [ ] ${fenced(`"${name}/${name}.c":20`)} error, `), text);
    assert.ok(text.includes(`\n| ${fenced(`"${name}"`).replace('|', '\\|')} | 1 |`), text);
    for (const line of text.split('\n')) {
      const outside = line.replace(/(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)/g, '');
      assert.doesNotMatch(outside, /<|\]\(/, line);
    }
    assert.match(text, /^\| good_one \| 1 \|/m);
    assert.match(text, /^- \[ \] `good_one\/toy_ring\.c:20` error, drmm-releases-pinned-bo: /m);
  });

  it('HTML: as text', async () => {
    const text = await reportIn('report.html');
    assert.doesNotMatch(text, /<script|<img/);
    assert.match(text, /<h2>&quot;a`b\|c&lt;script>/);
  });
});
