/** `fix --write` on disks that fail, through links, and over several files: all of a fix or none of it. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { Failure, linkFile, renameFile, writeNew } from '../../server/src/host/disk.ts';
import { placeToWrite, type ReplaceSteps, replaceAll } from '../../server/src/host/replace.ts';
import { skip } from '../skip.ts';
import { faulty, run, runAsNobody, TemporaryFolder, toyDriver } from './support.ts';

const full = new Failure('no space left on the disk', 'ENOSPC');
const realSteps: ReplaceSteps = { writeNew, linkFile, renameFile };

describe('host: files are replaced together', () => {
  let folder: TemporaryFolder;
  beforeEach(() => {
    folder = new TemporaryFolder().write({ a: 'old a', b: 'old b', c: 'old c' });
  });
  afterEach(() => folder.remove());

  const texts = (): string[] =>
    ['a', 'b', 'c'].map((name) => readFileSync(folder.file(name), 'utf8'));
  const replacements = () =>
    ['a', 'b', 'c'].map((name) => ({
      file: folder.file(name),
      before: Buffer.from(`old ${name}`),
      after: Buffer.from(`new ${name}`),
    }));
  const old = ['old a', 'old b', 'old c'];
  /** Fails at the n-th call. */
  const failing = <A extends unknown[]>(
    step: (...args: A) => Failure | undefined,
    n: number,
  ): ((...args: A) => Failure | undefined) => {
    let calls = 0;
    return (...args) => (++calls === n ? full : step(...args));
  };

  it('all have their new text, their modes stay, nothing lies beside them', () => {
    chmodSync(folder.file('b'), 0o751);
    assert.equal(replaceAll(replacements()), undefined);
    assert.deepEqual(texts(), ['new a', 'new b', 'new c']);
    assert.equal(statSync(folder.file('b')).mode & 0o7777, 0o751);
    assert.deepEqual(readdirSync(folder.path).sort(), ['a', 'b', 'c']);
  });

  for (const n of [1, 2, 3]) {
    it(`no space for text ${n}: all have their old one`, () => {
      const steps = { ...realSteps, writeNew: failing(writeNew, n) };
      assert.match(replaceAll(replacements(), steps)?.problem ?? '', /cannot be written: no space/);
      assert.deepEqual(texts(), old);
      assert.deepEqual(readdirSync(folder.path).sort(), ['a', 'b', 'c']);
    });

    for (const links of [true, false]) {
      it(`name ${n} is refused: the names given before are taken back${links ? '' : ', where there are no second names'}`, () => {
        const steps = {
          ...realSteps,
          renameFile: failing(renameFile, n),
          ...(links ? {} : { linkFile: () => new Failure('not permitted', 'EPERM') }),
        };
        assert.equal(replaceAll(replacements(), steps)?.file, folder.file('abc'[n - 1] ?? ''));
        assert.deepEqual(texts(), old);
        assert.deepEqual(readdirSync(folder.path).sort(), ['a', 'b', 'c']);
      });
    }
  }

  it('what cannot be taken back is said, and its old text is kept', () => {
    let calls = 0;
    const steps = {
      ...realSteps,
      renameFile: (from: string, to: string) => (++calls >= 2 ? full : renameFile(from, to)),
    };
    const { problem = '' } = replaceAll(replacements(), steps) ?? {};
    const kept = /the old one is in (\S+)$/.exec(problem)?.[1] ?? '';
    assert.equal(readFileSync(kept, 'utf8'), 'old a', problem);
    assert.deepEqual(texts(), ['new a', 'old b', 'old c']);
  });

  it('a file that was saved meanwhile keeps what was saved, and so do the others', () => {
    writeFileSync(folder.file('c'), 'saved c');
    assert.match(replaceAll(replacements())?.problem ?? '', /changed while it was analysed/);
    assert.deepEqual(texts(), ['old a', 'old b', 'saved c']);
  });

  it('links are followed inside of what was named, and not out of it', () => {
    const outside = new TemporaryFolder().write({ 'x.c': 'x' });
    folder.write({ 'tree/sub/y.c': 'y' });
    const tree = folder.file('tree');
    symlinkSync(outside.file('x.c'), join(tree, 'out.c'));
    symlinkSync(outside.path, join(tree, 'dir'));
    symlinkSync('sub/y.c', join(tree, 'in.c'));
    const place = (path: string, places = [tree]): string | Failure =>
      placeToWrite(tree, path, places);
    assert.equal(place('sub/y.c', []), join(tree, 'sub/y.c'));
    assert.equal(place('in.c'), join(tree, 'sub/y.c'));
    for (const path of ['out.c', 'dir/x.c', '../a'])
      assert.ok(place(path) instanceof Failure, path);
    assert.equal(place('dir/x.c', [join(tree, 'dir')]), outside.file('x.c'));
    // The tree's own name may be a link.
    symlinkSync(tree, folder.file('named'));
    assert.equal(placeToWrite(folder.file('named'), 'sub/y.c', []), join(tree, 'sub/y.c'));
    outside.remove();
  });
});

describe('cli: fix --write where it cannot', () => {
  let folder: TemporaryFolder;
  beforeEach(() => {
    folder = new TemporaryFolder().write(toyDriver);
  });
  afterEach(() => folder.remove());

  const write = (...args: string[]) => run(['fix', '--write', ...args], folder.path);
  const text = (): string => readFileSync(folder.file('toy_ring.c'), 'utf8');

  it('a file that nobody may write: old text, exit 2, and no word of success', async function () {
    chmodSync(folder.file('toy_ring.c'), 0o444);
    const { code, err } = await runAsNobody(this, ['fix', '--write', 'toy_ring.c'], folder);
    assert.equal(code, 2);
    assert.match(err, /^toy_ring\.c: cannot be written: permission denied$/m);
    assert.match(err, /^toy_ring\.c:20:9: not fixed \[[\w-]+\]: toy_ring\.c: cannot be written/m);
    assert.match(err, /^fixed 0 findings, 1 left$/m);
    assert.equal(text(), faulty);
  });

  it('a link that leads out of the tree is not followed', async () => {
    const outside = new TemporaryFolder().write({ 'real.c': faulty });
    folder.write({ Makefile: 'obj-m += toy.o\ntoy-y := toy_drv.o linked.o\n' });
    symlinkSync(outside.file('real.c'), folder.file('linked.c'));
    const { code, err } = await write('linked.c');
    assert.equal(code, 2);
    assert.match(err, /^linked\.c: lies outside, at \S+real\.c, left as it is$/m);
    assert.match(err, /^fixed 0 findings, 1 left$/m);
    assert.equal(readFileSync(outside.file('real.c'), 'utf8'), faulty);
    outside.remove();
  });

  it('a link inside of the tree stays one; its target is fixed', async () => {
    folder.write({
      Makefile: 'obj-m += toy.o\ntoy-y := toy_drv.o linked.o\n',
      'sub/real.c': faulty,
    });
    symlinkSync('sub/real.c', folder.file('linked.c'));
    const { code } = await write('linked.c');
    assert.equal(code, 0);
    assert.notEqual(readFileSync(folder.file('sub/real.c'), 'utf8'), faulty);
    assert.deepEqual(
      execFileSync('readlink', [folder.file('linked.c')], { encoding: 'utf8' }).trim(),
      'sub/real.c',
    );
  });

  it('keeps the mode', async () => {
    chmodSync(folder.file('toy_ring.c'), 0o755);
    assert.equal((await write('toy_ring.c')).code, 0);
    assert.equal(statSync(folder.file('toy_ring.c')).mode & 0o7777, 0o755);
  });

  /** A small disk of its own, full or read-only; only root can mount one. */
  const mounted = async (
    context: Mocha.Context,
    prepare: (disk: string) => void,
    act: (disk: string) => Promise<void>,
  ): Promise<void> => {
    const disk = folder.file('disk');
    mkdirSync(disk);
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', disk], { stdio: 'pipe' });
    } catch {
      skip(context, 'only root may mount a small disk');
    }
    try {
      for (const [name, content] of Object.entries(toyDriver))
        writeFileSync(join(disk, name), content);
      prepare(disk);
      await act(disk);
      assert.deepEqual(readFileSync(join(disk, 'toy_ring.c'), 'utf8'), faulty);
      assert.deepEqual(
        readdirSync(disk).filter((name) => name.startsWith('.')),
        [],
      );
    } finally {
      execFileSync('umount', [disk]);
    }
  };
  const refused = async (disk: string, why: RegExp): Promise<void> => {
    // The cache lies on the other disk, or its troubles would be told too.
    const { code, err } = await run(['fix', '--write', disk], folder.path);
    assert.equal(code, 2);
    assert.match(err, why);
    assert.match(err, /^fixed 0 findings, 1 left$/m);
  };

  it('a full disk', function () {
    return mounted(
      this,
      (disk) => {
        let size = 256 * 1024;
        const chunk = (n: number): Buffer => Buffer.alloc(n, 120);
        const parts: Buffer[] = [];
        for (; size >= 512; size = Math.floor(size / 2)) {
          try {
            writeFileSync(join(disk, 'fill'), Buffer.concat([...parts, chunk(size)]));
            parts.push(chunk(size));
          } catch {
            // Half of that, then.
          }
        }
      },
      (disk) => refused(disk, /^toy_ring\.c: cannot be written: no space left on the disk$/m),
    );
  });

  it('a disk that is read-only', function () {
    return mounted(
      this,
      (disk) => execFileSync('mount', ['-o', 'remount,ro', disk]),
      (disk) => refused(disk, /^toy_ring\.c: cannot be written: the file system is read-only$/m),
    );
  });
});
