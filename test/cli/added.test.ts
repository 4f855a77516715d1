/** `check --since` and `check --patch`: only what a change adds. */
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { GitFolder } from './git-folder.ts';
import { faulty, inKernelTree, run, type TemporaryFolder, toyDriver } from './support.ts';

const toy = 'drivers/gpu/drm/toy';
const ring = `${toy}/toy_ring.c`;

/** A second fault of the same kind in a function of its own. */
const second = faulty
  .slice(faulty.indexOf('static void'))
  .replaceAll('toy_ring', 'toy_queue')
  .replaceAll('struct toy_queue', 'struct toy_ring');

interface Found {
  readonly function: string;
  readonly file: string;
}

async function found(folder: TemporaryFolder, ...args: string[]): Promise<readonly Found[]> {
  const { out, err } = await run(['check', '--format', 'json', ...args], folder.path);
  assert.notEqual(out, '', err);
  return (JSON.parse(out) as { findings: Found[] }).findings;
}

const names = (list: readonly Found[]): string[] => list.map((one) => one.function);

describe('cli: check --since', () => {
  let folder: GitFolder;
  beforeEach(() => {
    folder = new GitFolder(inKernelTree(toyDriver));
    folder.commit('first');
  });
  afterEach(() => folder.remove());

  it('nothing has changed: nothing is found', async () => {
    const { code, out } = await run(['check', '--since', 'HEAD', '--quiet'], folder.path);
    assert.deepEqual([code, out], [0, '']);
  });

  it('finds what the working tree adds, and not what was there', async () => {
    folder.write({ [ring]: `/* moved\n * down\n */\n${faulty}\n${second}` });
    assert.deepEqual(names(await found(folder, '--since', 'HEAD')), ['toy_queue_init']);
    assert.equal((await run(['check', '--since', 'HEAD', '.'], folder.path)).code, 1);
    folder.commit('second');
    assert.deepEqual(names(await found(folder, '--since', 'HEAD')), []);
    assert.deepEqual(names(await found(folder, '--since', 'HEAD~1')), ['toy_queue_init']);
  });

  it('finds what a file adds that git does not know yet', async () => {
    folder.write({
      [`${toy}/toy_queue.c`]: `#include <drm/drm_managed.h>\n#include "toy.h"\n\n${second}`,
      [`${toy}/Makefile`]:
        'obj-$(CONFIG_TOY) += toy.o\ntoy-y := toy_drv.o toy_ring.o toy_queue.o\n',
    });
    assert.deepEqual(names(await found(folder, '--since', 'HEAD')), ['toy_queue_init']);
  });

  it('a file that only moves adds nothing', async () => {
    folder.git('mv', ring, `${toy}/toy_band.c`);
    folder.write({
      [`${toy}/Makefile`]: 'obj-$(CONFIG_TOY) += toy.o\ntoy-y := toy_drv.o toy_band.o\n',
    });
    assert.deepEqual(await found(folder, '--since', 'HEAD'), []);
  });

  it('a function that only gets another name adds nothing, and hides nothing', async () => {
    const renamed = faulty.replaceAll('toy_ring_fini', 'toy_ring_destroy_now');
    folder.write({ [ring]: renamed });
    assert.deepEqual(await found(folder, '--since', 'HEAD'), []);
    folder.write({ [ring]: `${renamed}\n${second}` });
    assert.deepEqual(names(await found(folder, '--since', 'HEAD')), ['toy_queue_init']);
  });

  it('PATHs limit it', async () => {
    folder.write({ [ring]: `${faulty}\n${second}` });
    assert.deepEqual(await found(folder, '--since', 'HEAD', `${toy}/toy_drv.c`), []);
    assert.equal((await found(folder, '--since', 'HEAD', toy)).length, 1);
  });

  it('works below the top of the repository', async () => {
    folder.write({ [ring]: `${faulty}\n${second}` });
    rmSync(folder.file('MAINTAINERS'));
    const { out } = await run(
      ['check', '--format', 'json', '--since', 'HEAD', '.'],
      folder.file(toy),
    );
    assert.equal((JSON.parse(out) as { findings: Found[] }).findings.length, 1);
  });

  it('a revision that is none, and options that exclude each other, are refused', async () => {
    for (const [args, message] of [
      [['--since', 'nowhere'], /--since: no commit nowhere/],
      [['--since', '--output=x'], /--since/],
      [['--since', 'HEAD', '--patch', 'x'], /exclude each other/],
    ] as const) {
      const { code, err } = await run(['check', ...args], folder.path);
      assert.equal(code, 2);
      assert.match(err, message);
    }
  });
});

describe('cli: check --patch', () => {
  let folder: GitFolder;
  beforeEach(() => {
    folder = new GitFolder(inKernelTree(toyDriver));
    folder.commit('first');
  });
  afterEach(() => folder.remove());

  /** The change as a patch file; the tree is as it was. */
  const patchOf = (files: Readonly<Record<string, string>>, format = false): void => {
    folder.write(files);
    if (format) {
      folder.commit('drm/toy: Change something');
      const text = folder.git('format-patch', '-1', '--stdout');
      folder.git('reset', '-q', '--hard', 'HEAD~1');
      folder.write({ 'x.patch': text });
      return;
    }
    folder.git('add', '-A', '-N');
    const text = folder.git('diff');
    folder.git('reset', '-q', '--hard');
    folder.git('clean', '-fdq');
    folder.write({ 'x.patch': text });
  };

  it('finds what the patch adds', async () => {
    patchOf({ [ring]: `${faulty}\n${second}` });
    assert.deepEqual(names(await found(folder, '--patch', 'x.patch')), ['toy_queue_init']);
  });

  it('takes a mail of git format-patch, and reads stdin', async () => {
    patchOf({ [ring]: `${faulty}\n${second}` }, true);
    assert.deepEqual(names(await found(folder, '--patch', 'x.patch')), ['toy_queue_init']);
  });

  it('a function that a patch only renames adds nothing', async () => {
    const { 'toy.h': head = '', 'toy_drv.c': driver = '' } = toyDriver;
    const rename = (text: string): string =>
      text
        .replaceAll('toy_ring_init', 'toy_ring_begin')
        .replaceAll('toy_ring_fini', 'toy_ring_end');
    patchOf({
      [ring]: rename(faulty),
      [`${toy}/toy.h`]: rename(head.toString()),
      [`${toy}/toy_drv.c`]: rename(driver.toString()),
    });
    assert.deepEqual(await found(folder, '--patch', 'x.patch'), []);
  });

  it('a new file counts, with the Makefile that names it', async () => {
    patchOf({
      [`${toy}/toy_queue.c`]: `#include <drm/drm_managed.h>\n#include "toy.h"\n\n${second}`,
      [`${toy}/Makefile`]:
        'obj-$(CONFIG_TOY) += toy.o\ntoy-y := toy_drv.o toy_ring.o toy_queue.o\n',
    });
    assert.deepEqual(names(await found(folder, '--patch', 'x.patch')), ['toy_queue_init']);
  });

  it('a patch that mends adds nothing', async () => {
    const { bytes } = await run(['fix', ring], folder.path);
    folder.write({ 'x.patch': bytes });
    assert.equal((await run(['check', '--patch', 'x.patch'], folder.path)).code, 0);
  });

  it('a patch that does not apply, is none, or is not there, is refused', async () => {
    patchOf({ [ring]: `${faulty}\n${second}` });
    folder.write({ [ring]: 'int x;\n', 'no.patch': 'hello\n' });
    for (const [name, message] of [
      ['x.patch', /--patch: does not apply to drivers\/gpu\/drm\/toy\/toy_ring\.c/],
      ['no.patch', /--patch: no change in no\.patch/],
      ['gone.patch', /--patch: gone\.patch cannot be read/],
    ] as const) {
      const { code, err } = await run(['check', '--patch', name], folder.path);
      assert.equal(code, 2);
      assert.match(err, message);
    }
  });

  it('needs no repository', async () => {
    patchOf({ [ring]: `${faulty}\n${second}` });
    rmSync(folder.file('.git'), { recursive: true });
    assert.equal((await found(folder, '--patch', 'x.patch')).length, 1);
    const { code, err } = await run(['check', '--since', 'HEAD'], folder.path);
    assert.equal(code, 2);
    assert.match(err, /--since: not a git repository/);
  });
});
