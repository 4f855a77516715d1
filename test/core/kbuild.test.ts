/** Which files make a module, from Makefiles as drivers write them. */
import assert from 'node:assert/strict';
import { modulesInFolder } from '../../server/src/core/program/kbuild.ts';

function modules(files: Readonly<Record<string, string>>, folder: string): string[] {
  return modulesInFolder((path) => files[path], folder).map(
    (module) => `${module.name}: ${module.sources.join(' ')}`,
  );
}

describe('Kbuild', () => {
  it('reads one object per module', () => {
    assert.deepEqual(
      modules(
        { 'd/Makefile': 'obj-$(CONFIG_A) += a.o b.o\nobj-m += c.o # one more\nobj-y += sub/\n' },
        'd',
      ),
      ['a: d/a.c', 'b: d/b.c', 'c: d/c.c'],
    );
  });

  it('reads composite objects, continued lines and optional parts', () => {
    const text =
      'foo-y := foo_drv.o \\\n\tfoo_bo.o\nfoo-$(CONFIG_X) += sub/foo_x.o\nfoo-objs += old.o\nobj-$(CONFIG_FOO) += foo.o\n';
    assert.deepEqual(modules({ 'd/Makefile': text }, 'd'), [
      'foo: d/foo_drv.c d/foo_bo.c d/sub/foo_x.c d/old.c',
    ]);
  });

  it('reads a composite inside a composite, and one that holds its own name', () => {
    assert.deepEqual(
      modules(
        { 'd/Makefile': 'foo-y := foo.o part.o\npart-y := p1.o p2.o\nobj-m := foo.o\n' },
        'd',
      ),
      ['foo: d/foo.c d/p1.c d/p2.c'],
    );
  });

  it('takes every branch of a conditional', () => {
    assert.deepEqual(
      modules(
        {
          'd/Makefile': 'ifdef CONFIG_X\nfoo-y := a.o\nelse\nfoo-y := b.o\nendif\nobj-m += foo.o\n',
        },
        'd',
      ),
      ['foo: d/a.c d/b.c'],
    );
  });

  it('follows includes, functions and paths out of the folder', () => {
    const files = {
      'd/foo/Makefile':
        'include $(src)/nv/Kbuild\nLIBS = one two\nfoo-y := $(nv-y)\nfoo-y += $(addprefix ../lib/,$(addsuffix .o,$(LIBS))) $(patsubst %.c,%.o,x.c)\nobj-m += foo.o\n',
      'd/foo/nv/Kbuild': 'nv-y := nv/client.o\nnv-y += nv/object.o\n',
    };
    assert.deepEqual(modules(files, 'd/foo'), [
      'foo: d/foo/nv/client.c d/foo/nv/object.c d/lib/one.c d/lib/two.c d/foo/x.c',
    ]);
  });

  it('maps objects to sources of another folder through a pattern rule', () => {
    const text =
      '$(obj)/other/%.o: $(srctree)/d/i/display/%.c FORCE\n\t$(call cmd)\nfoo-y += foo_drv.o other/icl.o\nobj-m += foo.o\n';
    assert.deepEqual(modules({ 'd/foo/Makefile': text }, 'd/foo'), [
      'foo: d/foo/foo_drv.c d/i/display/icl.c',
    ]);
  });

  it('prefers Kbuild, and answers nothing where there is neither', () => {
    assert.deepEqual(
      modules({ 'd/Kbuild': 'obj-m += a.o\n', 'd/Makefile': 'obj-m += b.o\n' }, 'd'),
      ['a: d/a.c'],
    );
    assert.deepEqual(modules({}, 'd'), []);
  });

  it('knows the include folders', () => {
    const [module] = modulesInFolder(
      (path) =>
        path === 'd/Makefile'
          ? 'ccflags-y := -I$(src)/inc -I $(srctree)/$(src)/../up\nobj-m += a.o\n'
          : undefined,
      'd',
    );
    assert.deepEqual(module?.includeFolders, ['d/inc', 'up']);
  });

  it('does not hang on variables that name themselves', () => {
    assert.deepEqual(
      modules(
        {
          'd/Makefile':
            'A = $(B)\nB = $(A)\nfoo-y := $(A) x.o\nobj-m += foo.o\ninclude d/Makefile\n',
        },
        'd',
      ),
      ['foo: d/x.c'],
    );
  });
});
