/** Calls into other modules of the tree: resolved through exports, and through nothing else. */
import assert from 'node:assert/strict';
import { lib, libHeader, toy, treeOf } from '../support/two-modules.ts';
import { type Files, inKernelTree, run, TemporaryFolder } from './support.ts';

interface Report {
  readonly findings: readonly {
    readonly rule: string;
    readonly file: string;
    readonly function: string;
    readonly chain: readonly {
      readonly file: string;
      readonly line: number;
      readonly function: string;
    }[];
  }[];
}

describe('cli: calls into other modules', () => {
  let folder: TemporaryFolder;
  beforeEach(() => {
    folder = new TemporaryFolder();
  });
  afterEach(() => folder.remove());

  const pinned = async (files: Files, path: string): Promise<Report['findings']> => {
    folder.write(files);
    const { out, err } = await run(['check', path, '--format', 'json'], folder.path);
    assert.equal(err, '');
    const { findings } = JSON.parse(out) as Report;
    return findings.filter(({ rule }) => rule === 'drmm-releases-pinned-bo');
  };

  it('what an exported function releases counts, and the chain names its file', async () => {
    const found = await pinned(treeOf(lib), 'drivers/gpu/drm/toy');
    assert.deepEqual(
      found.map((one) => [one.file, one.function]),
      [['drivers/gpu/drm/toy/toy.c', 'toy_probe']],
    );
    const link = found[0]?.chain.find((one) => one.file === 'drivers/gpu/drm/lib/lib.c');
    assert.deepEqual([link?.function, link?.line], ['lib_ring_stop', 24]);
  });

  it('a finding inside the other module is said once, of that module', async () => {
    const files = (report: readonly { readonly file: string }[]): string[] =>
      report.map(({ file }) => file);
    const all = await pinned(treeOf(lib), 'drivers/gpu/drm');
    assert.deepEqual(files(all), ['drivers/gpu/drm/lib/lib.c', 'drivers/gpu/drm/toy/toy.c']);
  });

  it('a public header leads to the folder that the catalogue gives for it', async () => {
    const files = {
      ...inKernelTree(
        { Makefile: 'obj-m += lib.o\n', 'lib.c': lib.replace('"lib.h"', '<drm/bridge/lib.h>') },
        'drivers/gpu/drm/bridge/lib',
      ),
      ...inKernelTree({
        Makefile: 'obj-m += toy.o\n',
        'toy.c': toy.replace('"../lib/lib.h"', '<drm/bridge/lib.h>'),
      }),
      'include/drm/bridge/lib.h': libHeader,
    };
    assert.equal((await pinned(files, 'drivers/gpu/drm/toy')).length, 1);
  });

  it('what is not exported is not resolved', async () => {
    assert.deepEqual(
      await pinned(
        treeOf(lib.replace('EXPORT_SYMBOL_NS_GPL(lib_ring_stop, "LIB");\n', '')),
        'drivers/gpu/drm/toy',
      ),
      [],
    );
  });

  it('a static of the same name elsewhere is not taken, even beside an export of that name', async () => {
    const inner = lib
      .replace('void lib_ring_stop', 'static void lib_ring_stop')
      .replace('EXPORT_SYMBOL_NS_GPL(lib_ring_stop, "LIB");\n', '');
    const other = inKernelTree(
      { Makefile: 'obj-m += other.o\n', 'other.c': inner },
      'drivers/gpu/drm/other',
    );
    const harmless = lib.replace(/(void lib_ring_stop.*\n\{\n).*\n/, '$1\tring->bo = NULL;\n');
    assert.deepEqual(await pinned(treeOf(harmless, other), 'drivers/gpu/drm/toy'), []);
  });

  it("the module's own function wins over an export of the same name", async () => {
    const own = toy.replace(
      'static int toy_probe',
      'static void lib_ring_stop(struct lib_ring *ring)\n{\n\tring->bo = NULL;\n}\n\nstatic int toy_probe',
    );
    const moved = own.replace(
      /(static void toy_fini[\s\S]*?\n\}\n)([\s\S]*?)(static int toy_probe)/,
      '$2$1\n$3',
    );
    assert.deepEqual(
      await pinned({ ...treeOf(lib), ...inKernelTree({ 'toy.c': moved }) }, 'drivers/gpu/drm/toy'),
      [],
    );
  });
});
