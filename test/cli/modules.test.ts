/** Which module a file belongs to, and which headers it reads, on small trees. */
import assert from 'node:assert/strict';
import { emptyConfiguration } from '../../server/src/host/configuration.ts';
import { conversionPlaces, exclusion } from '../../server/src/host/exclusion.ts';
import { globMatcher } from '../../server/src/host/glob.ts';
import { Headers, includesIn } from '../../server/src/host/includes.ts';
import { ModuleMap } from '../../server/src/host/modules.ts';
import { kernelVersion, rootOf } from '../../server/src/host/root.ts';
import { Sources } from '../../server/src/host/sources.ts';
import { type Files, TemporaryFolder } from './support.ts';

describe('host: modules', () => {
  let folder: TemporaryFolder;
  beforeEach(() => {
    folder = new TemporaryFolder();
  });
  afterEach(() => folder.remove());

  const mapOf = (files: Files): ModuleMap => new ModuleMap(new Sources(folder.write(files).path));
  const names = (modules: readonly { name: string; sources: readonly string[] }[]): string[] =>
    modules.map(({ name, sources }) => `${name}: ${sources.join(' ')}`);

  it('a file belongs to the module that lists it, also from a folder above', () => {
    const map = mapOf({
      'drv/Makefile': 'obj-m += drv.o\ndrv-y := main.o sub/part.o\n',
      'drv/main.c': '',
      'drv/sub/part.c': '',
    });
    assert.deepEqual(names(map.modulesOf('drv/sub/part.c')), ['drv: drv/main.c drv/sub/part.c']);
    assert.deepEqual(names(map.modulesUnder('drv/sub')), ['drv: drv/main.c drv/sub/part.c']);
  });

  it('what no Makefile lists is a module of its own, beside the listed one', () => {
    const map = mapOf({
      'drv/Makefile': 'obj-m += drv.o\n',
      'drv/drv.c': '',
      'drv/gen.c': '',
      'drv/old.c': '',
    });
    assert.deepEqual(names(map.modulesOf('drv/gen.c')), ['drv (unlisted): drv/gen.c drv/old.c']);
    assert.deepEqual(names(map.modulesUnder('drv')), [
      'drv: drv/drv.c',
      'drv (unlisted): drv/gen.c drv/old.c',
    ]);
  });

  it('a sibling without a Makefile above may list it (amd/amdgpu and amd/display)', () => {
    const map = mapOf({
      'amd/gpu/Makefile': 'obj-m += gpu.o\ngpu-y := gpu_drv.o ../display/dc.o\n',
      'amd/gpu/gpu_drv.c': '',
      'amd/display/dc.c': '',
    });
    assert.deepEqual(names(map.modulesOf('amd/display/dc.c')), [
      'gpu: amd/gpu/gpu_drv.c amd/display/dc.c',
    ]);
  });

  it('without a Makefile the folder is the module; headers belong to it', () => {
    const map = mapOf({ 'drv/a.c': '', 'drv/b.c': '', 'drv/a.h': '', 'drv/notes.txt': '' });
    assert.deepEqual(names(map.modulesOf('drv/a.c')), ['drv: drv/a.c drv/b.c']);
    assert.deepEqual(names(map.modulesOf('drv/a.h')), ['drv: drv/a.c drv/b.c']);
    assert.deepEqual(names(map.modulesOf('drv/not_saved.c')), ['not_saved: drv/not_saved.c']);
  });

  it('headers: beside the file, then the module, then its -I folders; register lists are left out', () => {
    const sources = new Sources(
      folder.write({
        'drv/sub/own.h': 'struct own { int a; };\n',
        'drv/drv.h': 'int drv(void);\n',
        'inc/far.h': 'int far(void);\n',
        'drv/regs.h': '#define REG_A 0x10\n#define REG_B(x) (0x20 + (x))\n',
      }).path,
    );
    const module = { name: 'drv', folder: 'drv', sources: [], includeFolders: ['inc'] };
    const find = (name: string): string | undefined =>
      new Headers(sources).resolve(name, 'drv/sub/a.c', module);
    assert.deepEqual(
      ['own.h', 'drv.h', 'far.h', 'regs.h', 'none.h', '../../../../etc/passwd'].map(find),
      ['drv/sub/own.h', 'drv/drv.h', 'inc/far.h', undefined, undefined, undefined],
    );
    assert.deepEqual(
      includesIn('#include "a.h"\n # include "b.h"\n#include <c.h>\n#include "a.h"\n'),
      { quoted: ['a.h', 'b.h'], public: ['c.h'] },
    );
  });

  it('the root is the kernel tree, else the folder with the Makefile', () => {
    folder.write({
      'k/Kbuild': '',
      'k/MAINTAINERS': '',
      'k/Makefile': 'VERSION = 6\nPATCHLEVEL = 12\nSUBLEVEL = 1\n',
      'k/drivers/gpu/drm/x/x.c': '',
      'out/Makefile': 'obj-m += x.o\n',
      'out/src/x.c': '',
    });
    assert.deepEqual(rootOf(folder.file('k/drivers/gpu/drm/x/x.c')), {
      folder: folder.file('k'),
      kernel: true,
      version: '6.12',
    });
    assert.equal(rootOf(folder.file('out/src/x.c')).folder, folder.file('out'));
    assert.equal(rootOf(folder.file('out/src')).folder, folder.file('out/src'));
    assert.equal(kernelVersion(folder.file('out')), undefined);
  });

  it('conversions are offered where maintainers take them, unless the configuration says where', () => {
    const root = { folder: folder.path, kernel: true, version: undefined };
    const offered = (path: string, conversions?: readonly string[]) =>
      conversionPlaces(root, {
        ...emptyConfiguration,
        file: folder.file('.driver-teardown.json'),
        ...(conversions === undefined ? {} : { conversions }),
      })(path);
    assert.deepEqual(
      ['drivers/gpu/drm/xe/xe_bo.c', 'drivers/accel/ivpu/ivpu_drv.c', 'drivers/net/veth.c'].map(
        (path) => offered(path),
      ),
      [true, true, false],
    );
    assert.deepEqual(
      [
        offered('drivers/net/veth.c', ['drivers/net']),
        offered('drivers/gpu/drm/xe/xe_bo.c', ['drivers/net']),
      ],
      [true, false],
    );
    assert.equal(conversionPlaces({ ...root, kernel: false }, emptyConfiguration)('net/a.c'), true);
  });

  it('exclude counts from the configuration file, wherever that lies', () => {
    const root = { folder: folder.file('k'), kernel: true, version: undefined };
    const test = (file: string, glob: string): boolean =>
      exclusion(root, { ...emptyConfiguration, file: folder.file(file), exclude: [glob] })(
        'drv/tests/a.c',
      );
    assert.equal(test('k/.driver-teardown.json', 'drv/tests'), true);
    assert.equal(test('k/drv/.driver-teardown.json', 'tests/*.c'), true);
    assert.equal(test('.driver-teardown.json', 'k/drv/**'), true);
    assert.equal(test('k/other/.driver-teardown.json', '**'), false);
    const matches = globMatcher(['**/gen_*.c', 'old/']);
    assert.deepEqual(['a/b/gen_x.c', 'gen_x.c', 'a/gen.c', 'old/a/b.c', 'older/a.c'].map(matches), [
      true,
      true,
      false,
      true,
      false,
    ]);
  });
});
