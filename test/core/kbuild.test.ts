/** Which files make a module, from Makefiles as drivers write them. */
import assert from 'node:assert/strict';
import { modulesInFolder } from '../../server/src/core/program/kbuild.ts';

function aroundOf(files: Readonly<Record<string, string>>) {
  return {
    read: (path: string) => files[path],
    list: (folder: string) =>
      Object.keys(files)
        .filter(
          (path) => path.startsWith(`${folder}/`) && !path.slice(folder.length + 1).includes('/'),
        )
        .map((path) => path.slice(folder.length + 1)),
  };
}

function modules(files: Readonly<Record<string, string>>, folder: string): string[] {
  return modulesInFolder(aroundOf(files), folder).map(
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
      aroundOf({
        'd/Makefile': 'ccflags-y := -I$(src)/inc -I $(srctree)/$(src)/../up\nobj-m += a.o\n',
      }),
      'd',
    );
    assert.deepEqual(module?.includeFolders, ['d/inc', 'up']);
  });

  it('a condition in any variable may hold', () => {
    const text = `ifeq ($(OFT_CONFIG_A),)
OFT_CONFIG_A := n
endif
obj-$(OFT_CONFIG_A) += a.o
obj-$(CPTCFG_B) += b.o
obj-$(CONFIG_C)$(CONFIG_D) += c.o
obj-\${X} += x.o
KIND = m
obj-$(KIND) += kind.o
NAME := foo
ifdef LONG
NAME := longfoo
endif
obj-$(or $(CONFIG_E),$(CONFIG_F)) += foo.o longfoo.o
$(NAME)-$(CPTCFG_B) := one.o
$(NAME)-objs += two.o
obj-y += sub/ other.o
export lib-y += lib.o
`;
    assert.deepEqual(modules({ 'd/Makefile': text }, 'd'), [
      'a: d/a.c',
      'b: d/b.c',
      'c: d/c.c',
      'x: d/x.c',
      'foo: d/one.c d/two.c',
      'longfoo: d/one.c d/two.c',
      'other: d/other.c',
      'kind: d/kind.c',
      'lib: d/lib.c',
    ]);
  });

  it('a tab begins a recipe behind a rule alone', () => {
    const text =
      'ifeq ($(X),)\n\tPART := a.o\nendif\nfoo-y := $(PART)\n$(obj)/x.c: y\n\n\tfoo-y += b.o\n\tcmd\nfoo-y += c.o\nobj-m += foo.o\n';
    assert.deepEqual(modules({ 'd/Makefile': text }, 'd'), ['foo: d/a.c d/c.c']);
  });

  it('a path that begins with the folder of the Makefile stands in it once', () => {
    const text =
      'foo-y := $(src)/a.o $(obj)/sub/b.o $(M)/d/c.o ./d.o\nobj-m += foo.o $(obj)/bar.o\nccflags-y += -I$(src)\n';
    assert.deepEqual(modules({ 'd/Makefile': text }, 'd'), [
      'foo: d/a.c d/sub/b.c d/c.c d/d.c',
      'bar: d/bar.c',
    ]);
  });

  it('takes lists out of the folder, from lines that are made, and from what is called', () => {
    const files = {
      'd/Makefile': `SRCS := $(patsubst $(src)/%,%,$(wildcard $(src)/core_*.c $(src)/sub/*.c))
foo-y := $(SRCS:.c=.o) $(if $(CONFIG_X),x.o,y.o)
obj-m := foo.o
PARTS = p q
$(foreach part,$(PARTS),$(eval include $(src)/$(part)/$(part).Kbuild))
define both
$(1)-y += $(2)_one.o $(2)_two.o
endef
$(eval $(call both,bar,b))
-include common.mk none.mk
obj-m += bar.o
`,
      'd/core_a.c': '',
      'd/core_b.c': '',
      'd/other.c': '',
      'd/sub/c.c': '',
      'd/p/p.Kbuild': 'foo-y += p/p.o\n',
      'd/q/q.Kbuild': 'foo-y += q/q.o\n',
      'd/common.mk': 'bar-y += common.o\n',
    };
    assert.deepEqual(modules(files, 'd'), [
      'foo: d/core_a.c d/core_b.c d/sub/c.c d/x.c d/y.c d/p/p.c d/q/q.c',
      'bar: d/b_one.c d/b_two.c d/common.c',
    ]);
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

  describe('that would say more than fits into any memory', () => {
    const doubling = (operator: string): string =>
      Array.from({ length: 40 }, (_, i) => `V${i + 1} ${operator} $(V${i}) $(V${i})`).join('\n');
    const cases: Readonly<Record<string, Readonly<Record<string, string>>>> = {
      'values that double when they are set': {
        'd/Makefile': `V0 := b.o\n${doubling(':=')}\nobj-y += a.o $(V40)\n`,
      },
      'values that double when they are used': {
        'd/Makefile': `V0 = b.o\n${doubling('=')}\nobj-y += a.o\nx-y = $(V40)\n`,
      },
      'files that include themselves': {
        'd/Makefile': 'include d/Makefile d/x.mk d/x.mk\nobj-y += a.o\n',
        'd/x.mk': 'include d/y.mk d/y.mk d/Makefile\ninclude d/x.mk\n',
        'd/y.mk': 'include d/x.mk d/x.mk d/Makefile\n',
      },
      'files that include two others each, thirty deep': Object.fromEntries([
        ['d/Makefile', 'obj-y += a.o\ninclude d/0.mk d/0.mk\n'],
        ...Array.from({ length: 30 }, (_, i) => [
          `d/${i}.mk`,
          `include d/${i + 1}.mk d/${i + 1}.mk d/${i + 1}.mk d/${i + 1}.mk\n`,
        ]),
      ]) as Record<string, string>,
      'one line of a hundred thousand': {
        'd/Makefile': `obj-y += a.o \\\n${'b.o \\\n'.repeat(100_000)}c.o\n`,
      },
      'a hundred thousand objects': {
        'd/Makefile': Array.from({ length: 100_000 }, (_, i) =>
          i === 0 ? 'obj-y += a.o\n' : `obj-y += b${i}.o\n`,
        ).join(''),
      },
      'a loop that makes lines that make lines': {
        'd/Makefile':
          'define again\n$(foreach w,1 2 3 4 5 6 7 8 9,$(eval $(call again)))\nendef\nobj-y += a.o\n$(eval $(call again))\n',
      },
    };
    for (const [title, files] of Object.entries(cases)) {
      it(title, () => {
        const began = process.cpuUsage();
        const told: string[] = [];
        const around = {
          ...aroundOf(files),
          gaveUp: (path: string, problem: string) => void told.push(`${path}: ${problem}`),
        };
        const found = modulesInFolder(around, 'd');
        const { user, system } = process.cpuUsage(began);
        assert.ok(user + system < 2_000_000, `${(user + system) / 1e6} s`);
        // What stood before it went too far is known; where nothing is missing nothing is said.
        if (told.length === 0)
          assert.ok(
            found.some(({ name }) => name === 'a'),
            title,
          );
        else assert.match(told.join(), /^d\/Makefile: .*read in part/);
      });
    }
  });

  it('variables of several values that stand side by side name no more lists than fit', () => {
    const from = performance.now();
    const text = `A := a b c d e f g h\n${'$(A)'.repeat(20)}-y := x.o\nobj-m += foo.o\n`;
    assert.deepEqual(modules({ 'd/Makefile': text }, 'd'), ['foo: d/foo.c']);
    assert.ok(performance.now() - from < 2000);
  });
});
