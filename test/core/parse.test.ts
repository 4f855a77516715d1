/** An edited file has the facts of a file that was read afresh, and keeps those that did not change. */
import assert from 'node:assert/strict';
import type { Tree } from 'web-tree-sitter';
import { factsOf } from '../../server/src/core/facts/parse.ts';
import {
  prototypesOf,
  SourceFile,
  structsOf,
  tableOf,
} from '../../server/src/core/facts/source-file.ts';
import { type Engine, loadEngine } from '../support/engine.ts';

const source = `#include "foo.h"

struct foo {
	struct bar *bar;
	struct { int a; struct { int deep; } inner; };
	int list[4];
};

static void foo_fini(struct drm_device *drm, void *arg)
{
	struct foo *foo = arg;

	if (foo->bar)
		bar_put(foo->bar);
	for_each_thing(t, foo) {
		thing_put(t);
	}
}

int foo_init(struct drm_device *drm)
{
	struct foo *foo = drmm_kzalloc(drm, sizeof(*foo), GFP_KERNEL);
	int err;

	if (!foo)
		return -ENOMEM;
	err = bar_get(&foo->bar);
	if (err)
		goto out;
	return drmm_add_action_or_reset(drm, foo_fini, foo);
out:
	return err;
}

static const struct pci_driver foo_driver = {
	.probe = foo_probe,
	.driver.pm = pm_ptr(&foo_pm),
	.nested = { .remove = foo_remove },
};
`;

describe('parsing', () => {
  let engine: Engine;
  before(async () => {
    engine = await loadEngine();
  });

  it("a tree is read the same with the library's cursor and without it, broken text too", () => {
    const { parser } = engine;
    const wrapped = {
      ...parser,
      reader: { ...parser.reader, openCursor: (tree: Tree) => tree.walk() },
    };
    const deep = `${source}int deep(void) { return ${'('.repeat(300)}1${')'.repeat(300)}; }\n`;
    for (const text of [source, deep, source.slice(0, -60), `${source} ) } ( int`]) {
      assert.deepEqual(factsOf(parser, text), factsOf(wrapped, text));
    }
  });

  it('reads what lifetimes need', () => {
    const facts = factsOf(engine.parser, source);
    assert.equal(facts.errors, 0);
    assert.deepEqual(facts.includes, ['foo.h']);
    assert.deepEqual(
      facts.functions.map((f) => [f.facts.name, f.facts.isStatic]),
      [
        ['foo_fini', true],
        ['foo_init', false],
      ],
    );
    const [fini, init] = facts.functions;
    assert.deepEqual(
      fini?.facts.params.map((p) => [p.name, p.type.name, p.type.pointers]),
      [
        ['drm', 'drm_device', 1],
        ['arg', 'void', 1],
      ],
    );
    assert.deepEqual(
      fini?.facts.calls.map((c) => [c.callee, fini.facts.contexts[c.context]?.text]),
      [
        ['bar_put', 'foo->bar'],
        ['thing_put', 'for_each_thing(t, foo)'],
      ],
    );
    assert.deepEqual(fini?.facts.calls[0]?.args[0]?.value, {
      kind: 'path',
      root: 'foo',
      steps: ['bar'],
      address: 0,
    });
    assert.deepEqual(
      init?.facts.calls.map((c) => [c.callee, c.use]),
      [
        ['drmm_kzalloc', 'assigned'],
        ['bar_get', 'assigned'],
        ['drmm_add_action_or_reset', 'returned'],
      ],
    );
    assert.deepEqual(init?.facts.calls[1]?.args[0]?.value, {
      kind: 'path',
      root: 'foo',
      steps: ['bar'],
      address: 1,
    });
    assert.deepEqual(
      init?.facts.gotos.map((g) => g.label),
      ['out'],
    );
    assert.deepEqual(
      facts.structs.map((s) => [
        s.tag,
        s.members.map((m) => [m.name, m.type.name, m.array, m.members.length]),
      ]),
      [
        [
          'foo',
          [
            ['bar', 'bar', false, 0],
            ['', '', false, 2],
            ['list', 'int', true, 0],
          ],
        ],
      ],
    );
    assert.deepEqual(
      facts.tables[0]?.entries.map((e) => [e.member, e.value]),
      [
        ['probe', 'foo_probe'],
        ['driver.pm', 'foo_pm'],
        ['nested.remove', 'foo_remove'],
      ],
    );
  });

  /** What a file says of itself, every item read. */
  const readAll = (file: SourceFile) => ({
    functions: file.functions.map(({ name, start, end, facts }) => ({ name, start, end, facts })),
    structs: file.structs.flatMap(structsOf).map(({ tag, members }) => ({ tag, members })),
    tables: file.tables.map(tableOf),
    prototypes: file.prototypes.flatMap(prototypesOf),
    macros: file.macros.map(({ name, params, body, calls }) => ({ name, params, body, calls })),
    includes: file.includes,
  });

  it('after any edit says what a fresh read says', () => {
    const { reading } = engine;
    let text = source;
    let file = new SourceFile(reading, 'foo.c', text);
    let seed = 7;
    const random = (limit: number) => {
      seed = (seed * 48271) % 2147483647;
      return seed % limit;
    };
    const pieces = [
      '',
      'x',
      '\n',
      '{',
      '}',
      '(',
      ')',
      ';',
      '/* ',
      '*/',
      '"',
      '#if A\n',
      '#endif\n',
      'if (a) ',
      'kfree(foo);\n',
      'int b(void)\n{\n}\n',
      '\u00e9\u{1F600}',
    ];
    for (let i = 0; i < 400; i++) {
      const at = random(text.length);
      text = text.slice(0, at) + (pieces[random(pieces.length)] ?? '') + text.slice(at + random(6));
      if (i % 20 === 19) text = source;
      file = new SourceFile(reading, 'foo.c', text, file);
      assert.deepEqual(readAll(file), readAll(new SourceFile(reading, 'foo.c', text)));
    }
  });

  it('an item parsed alone has the facts that it has in its file', () => {
    const whole = factsOf(engine.parser, source);
    const file = new SourceFile(engine.reading, 'foo.c', source);
    const { functions, structs, prototypes, macros, includes } = readAll(file);
    assert.deepEqual(
      functions.map(({ start, end, facts }) => ({ start, end, facts })),
      whole.functions.map(({ start, end, facts }) => ({ start, end, facts })),
    );
    assert.deepEqual(
      structs,
      whole.structs.map(({ tag, members }) => ({ tag, members })),
    );
    assert.deepEqual(prototypes, whole.prototypes);
    assert.deepEqual(
      macros,
      whole.macros.map(({ name, params, body, calls }) => ({ name, params, body, calls })),
    );
    assert.deepEqual(includes, whole.includes);
  });

  it('keeps what it read of items that an edit did not touch', () => {
    const before = new SourceFile(engine.reading, 'foo.c', source);
    const [first, second] = before.functions.map(({ facts }) => facts);
    const edited = source
      .replace('bar_get(&foo->bar)', 'bar_take(&foo->bar)')
      .replace('#include', '\n\n#include');
    const after = new SourceFile(engine.reading, 'foo.c', edited, before);
    assert.equal(after.functions[0]?.facts, first);
    assert.notEqual(after.functions[1]?.facts, second);
    assert.equal(after.functions[0]?.start, (before.functions[0]?.start ?? 0) + 2);
  });

  for (const [name, text] of [
    ['nothing', ''],
    ['no C', 'Dear reader,\n\tthis is (not C.\n'],
    ['half a function', source.slice(0, 600)],
    ['only braces', '}}}}{{{{(((('],
  ] as const) {
    it(`takes ${name} as it is`, () => {
      assert.doesNotThrow(() => factsOf(engine.parser, text));
      const { report } = engine.analyze(new Map([['foo.c', text]]));
      assert.deepEqual(report.findings, []);
    });
  }
});
