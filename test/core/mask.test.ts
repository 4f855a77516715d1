/** Masking moves nothing, and leaves text that the grammar reads without an error. */
import assert from 'node:assert/strict';
import { factsOf } from '../../server/src/core/facts/parse.ts';
import { maskKernelC } from '../../server/src/core/syntax/mask.ts';
import { type Engine, loadEngine } from '../support/engine.ts';

/** Each is a whole file that the bare grammar cannot read, with the calls that the facts must hold. */
const cases: readonly {
  readonly name: string;
  readonly text: string;
  readonly calls: readonly string[];
}[] = [
  {
    name: 'attribute macros',
    calls: ['ioremap'],
    text: 'static int __init foo(void __iomem *p, char __user *u)\n{\n\treturn ioremap(p);\n}\n',
  },
  {
    name: 'attributes with arguments',
    calls: ['a'],
    text: '__printf(2, 3) static void foo(int x, const char *f, ...)\n{\n\tint y __free(kfree) = 0;\n\ta();\n}\n',
  },
  {
    name: 'a macro that decides linkage',
    calls: ['a', 'b'],
    text: 'struct s;\n\nVISIBLE_IF_KUNIT int foo(void)\n{\n\treturn a();\n}\n\nSTATIC_IFN_KUNIT\nuint32_t bar(void)\n{\n\treturn b();\n}\n',
  },
  {
    name: 'a struct as argument',
    calls: ['container_of', 'devm_drm_dev_alloc'],
    text: 'void foo(void)\n{\n\tx = container_of(p, struct foo, m);\n\ty = devm_drm_dev_alloc(d, &drv, struct foo_device, drm);\n}\n',
  },
  {
    name: 'primitive types as arguments',
    calls: ['min_t', 'max_t', 'va_arg'],
    text: 'void foo(void)\n{\n\tx = min_t(unsigned long, a, b);\n\ty = max_t(int, a, b);\n\tz = va_arg(ap, u32 *);\n}\n',
  },
  {
    name: 'iterators',
    calls: ['list_for_each_entry', 'kfree', 'for_each_gt', 'b'],
    text: 'void foo(void)\n{\n\tlist_for_each_entry(a, &l, link)\n\t\tkfree(a);\n\tfor_each_gt(gt, xe, id) {\n\t\tb(gt);\n\t}\n}\n',
  },
  {
    name: 'blocks that run once',
    calls: ['scoped_guard', 'a'],
    text: 'void foo(void)\n{\n\tscoped_guard(mutex, &lock) {\n\t\ta();\n\t}\n}\n',
  },
  {
    name: 'a statement as the last argument of a macro',
    calls: ['a', 'b', 'c'],
    text: 'int foo(void)\n{\n\tASSERT_THAT(!a(x), "no (", return -EINVAL);\n\twait_msec(dev, 2000,\n\t\tif (!(b(dev) & 1))\n\t\t\tbreak;\n\t);\n\treturn c();\n}\n',
  },
  {
    name: 'assignments as the last argument of a macro',
    calls: ['c'],
    text: 'void foo(void)\n{\n\tfoo_init(&x->subdev, y,\n\t\tinit.a = b;\n\t\tinit.c = d;\n\t);\n\tc();\n}\n',
  },
  {
    name: 'a statement as an argument inside of an expression',
    calls: ['wait_msec', 'DO', 'c'],
    text: 'int foo(void)\n{\n\tif (wait_msec(dev, 20, if (x) break;) < 0)\n\t\treturn -EBUSY;\n\tDO(return 1);\n\treturn c();\n}\n',
  },
  {
    name: '#if around whole statements',
    calls: ['a', 'b', 'c'],
    text: 'void foo(void)\n{\n#ifdef CONFIG_X\n\ta();\n#else\n\tb();\n#endif\n\tc();\n}\n',
  },
  {
    name: '#if around half a statement',
    calls: ['a', 'b'],
    text: 'void foo(void)\n{\n#ifdef CONFIG_X\n\tif (x)\n#endif\n\t\ta();\n\tb();\n}\n',
  },
  {
    name: '#if that opens one brace in two branches',
    calls: ['a', 'b'],
    text: 'void foo(void)\n{\n#ifdef CONFIG_X\n\tif (x) {\n#else\n\tif (y) {\n#endif\n\t\ta();\n\t}\n\tb();\n}\n',
  },
  {
    name: '#if inside an argument list',
    calls: ['a'],
    text: 'void foo(void)\n{\n\ta(x,\n#ifdef CONFIG_X\n\t  y,\n#endif\n\t  z);\n}\n',
  },
  {
    name: '#if beside a label',
    calls: ['a', 'b'],
    text: 'void foo(void)\n{\n\tgoto out;\n#ifdef CONFIG_X\n\ta();\nout:\n#endif\n\tb();\n}\n',
  },
  {
    name: '#if inside an initialiser',
    calls: ['a'],
    text: 'static const struct s t = {\n#ifdef CONFIG_X\n\t.x = y,\n#endif\n\t.z = 1,\n};\nvoid foo(void)\n{\n\ta();\n}\n',
  },
  {
    name: '#define inside an initialiser',
    calls: ['a'],
    text: 'static int t[] = {\n#define R(x) x,\n\tR(1)\n#undef R\n};\nvoid foo(void)\n{\n\ta();\n}\n',
  },
  {
    name: 'a comment inside a definition',
    calls: ['a'],
    text: '#define L \\\n\t1, /* one */ \\\n\t2\nvoid foo(void)\n{\n\ta();\n}\n',
  },
  {
    name: 'lists as macro arguments at file scope',
    calls: ['a'],
    text: 'const struct t x = T(\n\t{ N("a"), R(1, { 2 }) },\n\t{ N("b") },\n);\nvoid foo(void)\n{\n\ta();\n}\n',
  },
  {
    name: 'a number that is none',
    calls: ['XE_WA'],
    text: 'void foo(void)\n{\n\tif (XE_WA(gt, 14015_disable))\n\t\treturn;\n}\n',
  },
  {
    name: 'case ranges',
    calls: ['a'],
    text: 'void foo(int x)\n{\n\tswitch (x) {\n\tcase 1 ... 3:\n\t\ta();\n\t}\n}\n',
  },
  {
    name: 'offsetof of an array member',
    calls: ['a', 'offsetof'],
    text: 'void foo(void)\n{\n\ta(offsetof(struct s, m[1]));\n}\n',
  },
  {
    name: '__typeof__',
    calls: ['a'],
    text: 'void foo(void)\n{\n\t__typeof__(*p) z;\n\ta(z);\n}\n',
  },
  {
    name: 'carriage returns',
    calls: ['a'],
    text: 'static int __init foo(void)\r\n{\r\n#ifdef X\r\n\tif (y)\r\n#endif\r\n\t\ta();\r\n}\r\n',
  },
];

describe('masking', () => {
  let engine: Engine;
  before(async () => {
    engine = await loadEngine();
  });

  for (const { name, text, calls } of cases) {
    it(`reads ${name}`, () => {
      const masked = maskKernelC(text, engine.parser.table);
      assert.equal(masked.length, text.length);
      assert.equal(masked.replace(/[^\r\n]/g, ''), text.replace(/[^\r\n]/g, ''));
      const facts = factsOf(engine.parser, text);
      assert.equal(facts.errors, 0, masked);
      const found = facts.functions.flatMap(({ start, facts: body }) =>
        body.calls.map((call) => {
          assert.equal(
            text.slice(start + call.nameStart, start + call.nameEnd),
            call.callee === 'offset_f' ? 'offsetof' : call.callee,
          );
          return call.callee;
        }),
      );
      assert.deepEqual(
        [...found].sort(),
        calls.filter((call) => !/for_each|scoped_guard/.test(call)).sort(),
      );
    });
  }

  it('keeps the real name of a macro that opens a block', () => {
    const facts = factsOf(
      engine.parser,
      'void foo(void)\n{\n\tfor_each_gt(gt, xe, id)\n\t\ta();\n\tscoped_guard(mutex, &l) {\n\t\tb();\n\t}\n}\n',
    );
    assert.deepEqual(
      facts.functions[0]?.facts.contexts.map(({ kind, text }) => `${kind} ${text}`),
      ['loop for_each_gt(gt, xe, id)', 'block scoped_guard(mutex, &l)'],
    );
  });

  it('never changes a length, whatever the text', () => {
    let seed = 1;
    const random = (limit: number) => {
      seed = (seed * 48271) % 2147483647;
      return seed % limit;
    };
    const words = [
      '#if X\n',
      '#else\n',
      '#endif\n',
      '{',
      '}',
      '(',
      ')',
      ';',
      ',',
      'struct s *',
      '__init ',
      'for_each_x',
      '"',
      "'",
      '/*',
      '*/',
      '\\\n',
      '\n',
      'a',
      '...',
      ':',
      '= ',
      'case 1',
      '#define A \\\n',
    ];
    for (let i = 0; i < 3000; i++) {
      const text = Array.from({ length: random(40) }, () => words[random(words.length)] ?? '').join(
        '',
      );
      const masked = maskKernelC(text, engine.parser.table);
      assert.equal(masked.length, text.length, JSON.stringify(text));
    }
  });
});
