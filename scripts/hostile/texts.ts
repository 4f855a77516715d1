/** Modules that are hostile by how they are written: depth, length, macros, jumps, tables. */
import { driver, type Files, type Shape, times } from './shape.ts';

const action = `static void act(void *data)
{
	struct foo *foo = data;

	writel(0, foo->regs);
}
`;

const registered = `	ret = devm_add_action_or_reset(dev, act, foo);
	if (ret)
		return ret;
`;

/** A driver that registers an action after some text of probe. */
const inProbe = (text: string, above = '', after = ''): Files =>
  driver('', `${text}${registered}${after}`, { above: `${action}${above}` });

const nested = (count: number, open: string, inner: string, close: string): string =>
  `${open.repeat(count)}${inner}${close.repeat(count)}`;

const deep = (
  name: string,
  size: number,
  text: (n: number) => string,
  above?: (n: number) => string,
): Shape => ({
  name,
  size,
  files: (n) => inProbe(text(n), above?.(n)),
});

export const texts: readonly Shape[] = [
  deep('parentheses, nested', 10_000, (n) => `	ret = ${nested(n, '(', '1', ')')};\n`),
  deep('braces, nested', 10_000, (n) => `${nested(n, '{', ';', '}')}\n`),
  deep('ifs, nested', 10_000, (n) => nested(n, '	if (foo->done) {\n', '	ret = 1;\n', '	}\n')),
  deep('ifs without braces, nested', 10_000, (n) => `	${'if (foo->done) '.repeat(n)}ret = 1;\n`),
  deep(
    'else ifs',
    10_000,
    (n) =>
      `	if (!foo)\n		ret = 1;\n${times(n, (i) => `	else if (foo->done == ${i})\n		ret = ${i};\n`)}`,
  ),
  deep('loops, nested', 5000, (n) => nested(n, '	while (foo->done) {\n', '	ret = 1;\n', '	}\n')),
  deep(
    'calls as arguments, nested',
    10_000,
    (n) => `	ret = ${nested(n, 'get(foo, ', '1', ')')};\n`,
  ),
  deep(
    'conditional expressions, nested',
    5000,
    (n) => `	ret = ${'foo->done ? 1 : '.repeat(n)}2;\n`,
  ),
  deep(
    'conditions, joined',
    10_000,
    (n) => `	if (foo->done${' && foo->irq'.repeat(n)})\n		return 1;\n`,
  ),
  deep(
    'conditions of two operators',
    2000,
    (n) =>
      `	if (${times(n, (i) => `(foo->done == ${i} || foo->irq != ${i}) && `)}1)\n		return 1;\n`,
  ),
  deep('members of members', 10_000, (n) => `	ret = foo${'->next'.repeat(n)}->done;\n`),
  deep('casts', 10_000, (n) => `	ret = ${'(int)'.repeat(n)}foo->done;\n`),
  deep('negations', 10_000, (n) => `	ret = ${'!'.repeat(n)}foo->done;\n`),
  deep('sums', 20_000, (n) => `	ret = 1${' + foo->done'.repeat(n)};\n`),
  deep('initializers, nested', 10_000, (n) => `	int x[] = ${nested(n, '{', '1', '}')};\n`),
  deep('strings, joined', 50_000, (n) => `	dev_info(dev, ${'"abc" '.repeat(n)});\n`),
  deep('arguments', 20_000, (n) => `	many(foo${times(n, (i) => `, foo->m[${i}]`)});\n`),
  deep(
    'locals that hand each other on',
    5000,
    (n) =>
      `	void *v0 = foo->m[0];\n${times(n, (i) => `	void *v${i + 1} = v${i};\n`)}	kfree(v${n});\n`,
  ),
  deep(
    'one local, assigned often',
    10_000,
    (n) =>
      `	void *v = NULL;\n${times(n, (i) => `	if (foo->done == ${i})\n		v = foo->m[${i}];\n`)}	kfree(v);\n`,
  ),
  deep('questions one after the other', 10_000, (n) =>
    times(n, (i) => `	if (foo->m[${i}])\n		ret = ${i};\n`),
  ),
  deep(
    'flags that decide',
    3000,
    (n) =>
      `${times(n, (i) => `	int f${i} = foo->done & ${i};\n`)}${times(n, (i) => `	if (f${i})\n		f${(i * 7) % n} = ret;\n`)}`,
  ),
  deep('#if, nested', 5000, (n) => nested(n, '#ifdef CONFIG_A\n', '	ret = 1;\n', '#endif\n')),
  deep('#if, one after the other', 5000, (n) =>
    times(
      n,
      (i) =>
        `#ifdef CONFIG_${i}\n	if (foo->done == ${i}) {\n#else\n	if (foo->irq == ${i}) {\n#endif\n		ret = ${i};\n	}\n`,
    ),
  ),
  deep(
    '#elif',
    10_000,
    (n) => `#if A\n	ret = 1;\n${times(n, (i) => `#elif defined(B${i})\n	ret = ${i};\n`)}#endif\n`,
  ),
  deep(
    'a switch of cases',
    10_000,
    (n) =>
      `	switch (foo->done) {\n${times(n, (i) => `	case ${i}:\n		ret = ${i};\n		break;\n`)}	}\n`,
  ),
  deep(
    'a switch whose cases fall through',
    10_000,
    (n) =>
      `	switch (foo->done) {\n${times(n, (i) => `	case ${i}:\n		foo->m[${i}] = foo;\n`)}	}\n`,
  ),
  deep(
    'a switch whose cases register',
    2000,
    (n) =>
      `	switch (foo->done) {\n${times(n, (i) => `	case ${i}:\n		ret = devm_add_action_or_reset(dev, act, foo);\n		break;\n`)}	}\n`,
  ),
  deep('switches, nested', 3000, (n) =>
    nested(n, '	switch (foo->done) { case 1:\n', '	ret = 1;\n', '	}\n'),
  ),
  deep('labels and jumps in all directions', 3000, (n) =>
    times(n, (i) => `l${i}:\n	if (foo->done == ${i})\n		goto l${(i * 17 + 5) % n};\n`),
  ),
  deep(
    'a ladder of jumps',
    5000,
    (n) =>
      `${times(n, (i) => `	if (get(foo, ${i}))\n		goto e${i};\n`)}	goto done;\n${times(n, (i) => `e${n - 1 - i}:\n	put(foo, ${i});\n`)}	return -1;\ndone:\n`,
  ),
  deep(
    'jumps that all go to one label',
    10_000,
    (n) => `${times(n, (i) => `	if (get(foo, ${i}))\n		goto out;\n`)}out:\n`,
  ),
  deep('returns', 10_000, (n) => times(n, (i) => `	if (get(foo, ${i}))\n		return ${i};\n`)),
  deep(
    'a macro of many lines',
    100_000,
    () => '	BIG(foo);\n',
    (n) => `#define BIG(x) \\\n${times(n, (i) => `	use(x, ${i}); \\\n`)}	done(x)\n`,
  ),
  deep('continued lines', 100_000, (n) => `	ret = 1 \\\n${times(n, (i) => ` + ${i} \\\n`)};\n`),
  deep(
    'macros, each of the next twice',
    5000,
    () => '	M0;\n',
    (n) => times(n, (i) => `#define M${i} M${i + 1} M${i + 1}\n`),
  ),
  deep(
    'macros that call macros',
    3000,
    () => '	C0(foo);\n',
    (n) => times(n, (i) => `#define C${i}(x) do { C${i + 1}(x); C${i + 1}(x); } while (0)\n`),
  ),
  deep(
    'macros that register',
    2000,
    (n) => times(n, (i) => `	R${i}(dev, foo);\n`),
    (n) => times(n, (i) => `#define R${i}(d, x) devm_add_action(d, act, x)\n`),
  ),
  deep(
    'macros that make functions',
    3000,
    () => '',
    (n) =>
      `#define MAKE(x) static void fn_##x(void *data) { kfree(data); }\n${times(n, (i) => `MAKE(${i})\n`)}`,
  ),
  deep(
    'macros defined',
    100_000,
    () => '',
    (n) => times(n, (i) => `#define N${i} ${i}\n`),
  ),
  deep(
    'a table of functions',
    20_000,
    () => '',
    (n) => `static void (*const table[])(void *) = {\n${times(n, () => '	act,\n')}};\n`,
  ),
  deep(
    'a table of structs',
    50_000,
    () => '',
    (n) =>
      `static const struct thing things[] = {\n${times(n, (i) => `	{ .id = ${i}, .name = "n${i}", .run = act },\n`)}};\n`,
  ),
  deep(
    'tables of operations',
    5000,
    () => '',
    (n) =>
      times(
        n,
        (i) =>
          `static const struct file_operations fops_${i} = {\n	.open = act,\n	.release = act,\n};\n`,
      ),
  ),
  deep(
    'members of a struct',
    50_000,
    () => '',
    (n) => `struct wide {\n${times(n, (i) => `	void *w${i};\n`)}};\n`,
  ),
  deep(
    'structs in structs',
    3000,
    () => '',
    (n) =>
      `${times(n, (i) => `struct s${i} { ${i === 0 ? 'int x' : `struct s${i - 1} in`}; };\n`)}`,
  ),
  deep(
    'structs, nested',
    5000,
    () => '',
    (n) => `${nested(n, 'struct { ', 'int x;', ' } a;')}\n`,
  ),
  deep(
    'declarators, nested',
    5000,
    () => '',
    (n) => `static int ${nested(n, '(*', 'x', ')(void)')};\n`,
  ),
  deep(
    'functions of one name',
    3000,
    () => '	twice(foo);\n',
    (n) => times(n, (i) => `static void twice(struct foo *foo)\n{\n	kfree(foo->m[${i}]);\n}\n`),
  ),
  deep(
    'parameters',
    10_000,
    () => '',
    (n) => `static void wide(int p${times(n, (i) => `, int p${i}`)})\n{\n	act(p);\n}\n`,
  ),
  deep(
    'functions of nothing',
    20_000,
    () => '',
    (n) => times(n, (i) => `static int f${i}(int x)\n{\n	return x + ${i};\n}\n`),
  ),
  deep(
    'attributes',
    10_000,
    () => '',
    (n) => `static int ${'__maybe_unused __init '.repeat(n)}f(void)\n{\n	return 0;\n}\n`,
  ),
  deep(
    'comments that silence',
    20_000,
    () => '',
    (n) => times(n, () => '/* teardown-ignore-next-line unchecked-registration: so */\nint x;\n'),
  ),
  deep('stars in comments', 100_000, (n) => `/*${'*/*'.repeat(n)}*/\n`),
  deep('quotes that do not close', 20_000, (n) => times(n, () => `	x = 'a "b\n`)),
  deep('braces that do not close', 20_000, (n) => '{ ( [ '.repeat(n)),
  deep('backslashes', 100_000, (n) => `	x = "${'\\\\'.repeat(n)}";\n`),
  deep('statement expressions, nested', 2000, (n) => `	ret = ${nested(n, '({ ', '1', '; })')};\n`),
  deep(
    'one long line of declarations',
    20_000,
    () => '',
    (n) => `int ${times(n, (i) => `*a${i} = 0, `)}z;\n`,
  ),
  {
    name: 'headers that include the next',
    size: 2000,
    files: (n) => ({
      ...Object.fromEntries(
        Array.from({ length: n }, (_, i) => [
          `h${i}.h`,
          `#include "h${i + 1}.h"\n#include "h${(i * 3) % n}.h"\nstruct s${i} { int x; };\n`,
        ]),
      ),
      'foo.c': `#include "h0.h"\n${inProbe('')['foo.c']}`,
    }),
  },
  {
    name: 'files of one module',
    size: 2000,
    files: (n) => ({
      ...Object.fromEntries(
        Array.from({ length: n }, (_, i) => [
          `part_${i}.c`,
          `int part_${i}(struct foo *foo)\n{\n	return part_${(i + 1) % n}(foo) + part_${(i * 7) % n}(foo);\n}\n`,
        ]),
      ),
      ...inProbe('	part_0(foo);\n'),
    }),
  },
  deep(
    'cases that each register',
    1200,
    (n) =>
      `	switch (foo->done) {\n${times(
        n,
        (i) =>
          `	case ${i}:\n		ret = drmm_add_action_or_reset(&foo->drm, fini_${i % 50}, foo);\n		if (ret)\n			return ret;\n		break;\n`,
      )}	}\n`,
    () =>
      times(
        50,
        (i) =>
          `static void fini_${i}(struct drm_device *drm, void *data)\n{\n	struct foo *foo = data;\n\n	ttm_bo_unpin(foo->m[${i}]);\n}\n`,
      ),
  ),
  deep(
    'comments in a row that silence nothing',
    5000,
    () => '',
    (n) => `/* driver-teardown: ignore all -- because */\n`.repeat(n),
  ),
  deep('names handed on', 4000, (n) =>
    times(n, (i) => `	struct foo *f${i} = ${i === 0 ? 'foo' : `f${i - 1}`};\n`),
  ),
  deep('jumps to and fro', 700, (n) =>
    times(
      n,
      (i) =>
        `l${i}:\n	if (foo->m[${i}])\n		goto l${(i * 37 + 11) % n};\n	ret = devm_add_action(dev, act, foo);\n	if (ret)\n		goto l${(i * 91 + 5) % n};\n`,
    ),
  ),
  {
    name: 'driver tables that share a probe',
    size: 1000,
    files: (n) => ({
      'foo.c': `int shared(struct platform_device *pdev)
{
${times(60, (i) => `	if (devm_add_action_or_reset(&pdev->dev, fini_${i}, pdev))\n		return -ENOMEM;\n`)}	return 0;
}
${times(60, (i) => `static void fini_${i}(void *data)\n{\n	kfree(data);\n}\n`)}${times(
  n,
  (i) => `static int probe_${i}(struct platform_device *pdev)
{
	return shared(pdev);
}
static struct platform_driver driver_${i} = { .probe = probe_${i} };
`,
)}`,
    }),
  },
];
