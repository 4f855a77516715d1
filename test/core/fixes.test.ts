/** What the fixes are made of: edits in rounds, outlines, statements, and code that is left tidy. */
import assert from 'node:assert/strict';
import { callText, linesToDelete } from '../../server/src/core/fixes/text/lines.ts';
import { outlineOf } from '../../server/src/core/fixes/text/outline.ts';
import { Pieces } from '../../server/src/core/fixes/text/pieces.ts';
import { statementsOf } from '../../server/src/core/fixes/text/statements.ts';
import { mentions, tokensOf } from '../../server/src/core/fixes/text/tokens.ts';
import type { Finding, Fix } from '../../server/src/core/result.ts';
import { applyEdits } from '../../server/src/core/text.ts';
import { type Engine, loadEngine } from '../support/engine.ts';

describe('edits in rounds', () => {
  it('are told in terms of the text they began with', () => {
    const text = 'one two three four';
    const pieces = new Pieces(text);
    pieces.apply([{ start: 4, end: 7, newText: 'zwei' }]);
    assert.equal(pieces.text, 'one zwei three four');
    pieces.apply([
      { start: 6, end: 15, newText: 'X ' },
      { start: 0, end: 0, newText: '> ' },
    ]);
    assert.equal(applyEdits(text, pieces.edits()), pieces.text);
  });

  it('refuse to overlap', () => {
    const pieces = new Pieces('abc');
    assert.throws(
      () =>
        pieces.apply([
          { start: 0, end: 2, newText: '' },
          { start: 1, end: 3, newText: '' },
        ]),
      RangeError,
    );
  });

  it('leave out the words they do not change', () => {
    const pieces = new Pieces('foo(bar);');
    pieces.apply([{ start: 0, end: 9, newText: 'foo(baz);' }]);
    assert.deepEqual(pieces.edits(), [{ start: 4, end: 7, newText: 'baz' }]);
  });
});

describe('C text', () => {
  it('tokens: comments, strings and directives are no words', () => {
    const tokens = tokensOf(
      '/* foo */ foo("foo", x.foo, y->foo, struct foo); // foo\n#define BAR foo\n',
    );
    assert.equal(mentions(tokens, 'foo').length, 2, 'the call and the directive');
  });

  it('an outline finds functions, prototypes and tables', () => {
    const text = [
      'static int __init foo(void);',
      'static const struct ops ops = {',
      '\t.a = foo,',
      '};',
      'static __printf(1, 2) void __bar(const char *f, ...)',
      '{',
      '\tint x = 1;',
      '}',
      '#ifdef A',
      'int baz(void) { return 0; }',
      '#endif',
      '',
    ].join('\n');
    assert.deepEqual(
      outlineOf(text).items.map(({ kind, name, isStatic }) => [kind, name, isStatic]),
      [
        ['prototype', 'foo', true],
        ['variable', 'ops', true],
        ['function', '__bar', true],
        ['function', 'baz', false],
      ],
    );
  });

  it('statements: loops by macro, labels, declarations, else', () => {
    const text =
      '{ struct a *b = c(); u32 d; for_each_x(b) e(b); if (b) { f(); } else g(); out: h(i * j); }';
    const list = statementsOf(text, { start: 0, end: text.length });
    assert.deepEqual(
      list.map(({ kind, word }) => `${kind} ${word}`),
      [
        'declaration struct',
        'declaration u32',
        'control for_each_x',
        'control if',
        'label out',
        'plain h',
      ],
    );
    assert.equal(list[3]?.otherwise?.word, 'g');
  });

  it('a call is broken after commas, aligned to its parenthesis', () => {
    const args = ['&device->drm', 'a_callback_with_a_long_name', 'some_argument'];
    assert.equal(
      callText('\t', 'ret = drmm_add_action_or_reset', args, ';'),
      'ret = drmm_add_action_or_reset(&device->drm,\n\t\t\t\t       a_callback_with_a_long_name,\n\t\t\t\t       some_argument);',
    );
  });

  it('a line goes with one of the empty lines around it', () => {
    const text = 'a;\n\nb;\n\nc;\n';
    const { start, end } = linesToDelete(text, { start: 4, end: 6 });
    assert.equal(text.slice(0, start) + text.slice(end), 'a;\n\nc;\n');
  });
});

const driver = `#include <linux/slab.h>

#include <drm/drm_device.h>
#include <drm/drm_managed.h>
#include <drm/drm_print.h>

struct foo {
	struct drm_device drm;
	struct ttm_buffer_object *bo;
};

static void foo_fini(struct drm_device *drm, void *arg)
{
	struct foo *foo = arg;

	ttm_bo_unpin(foo->bo);
}

int foo_init(struct foo *foo)
{
	ttm_bo_pin(foo->bo);
	return drmm_add_action_or_reset(&foo->drm, foo_fini, foo);
}
`;

describe('a fix', () => {
  let engine: Engine;
  before(async () => {
    engine = await loadEngine();
  });

  const findings = (text: string): readonly Finding[] =>
    engine.analyze(new Map([['driver.c', text]])).report.findings;
  const fixOf = (text: string, id: string): Fix => {
    const fix = findings(text)
      .flatMap((finding) => finding.fixes)
      .find((one) => one.id === id);
    assert.ok(fix, `no fix ${id}`);
    return fix;
  };
  const fixed = (text: string, id: string): string =>
    applyEdits(text, fixOf(text, id).edits[0]?.edits ?? []);

  it('drops the header that nothing needs any more, and keeps one that is needed', () => {
    assert.doesNotMatch(fixed(driver, 'to-devm'), /drm_managed\.h/);
    const more = `${driver}\nvoid *foo_table(struct foo *foo)\n{\n\treturn drmm_kzalloc(&foo->drm, 8, GFP_KERNEL);\n}\n`;
    assert.match(fixed(more, 'to-devm'), /drm_managed\.h/);
  });

  it('keeps a header that a source included at the end may live on', () => {
    const text = `${driver}\n#if IS_ENABLED(CONFIG_FOO_KUNIT_TEST)\n#include "tests/foo.c"\n#endif\n`;
    assert.match(fixed(text, 'to-devm'), /drm_managed\.h/);
  });

  it('adds the header of what it calls, in its place', () => {
    const text = `#include <drm/drm_device.h>\n#include <drm/drm_print.h>\n
static const struct drm_mode_config_funcs bar_funcs = {\n\t.atomic_commit = bar_commit,\n};
static int bar_probe(struct platform_device *pdev)\n{\n\tstruct drm_device *drm = bar_alloc(pdev);\n\tint ret;\n
\tret = drmm_mode_config_init(drm);\n\tif (ret)\n\t\treturn ret;\n\treturn drm_dev_register(drm, 0);\n}\n
static void bar_remove(struct platform_device *pdev)\n{\n\tstruct drm_device *drm = platform_get_drvdata(pdev);\n\n\tdrm_dev_unregister(drm);\n}\n
static struct platform_driver bar_driver = {\n\t.probe = bar_probe,\n\t.remove = bar_remove,\n};\n`;
    assert.match(
      fixed(text, 'shut-down'),
      /^#include <drm\/drm_atomic_helper\.h>\n#include <drm\/drm_device\.h>/,
    );
  });

  it('leaves nothing to do for a second time', () => {
    assert.deepEqual(findings(fixed(driver, 'to-devm')), []);
  });

  it('keeps CRLF lines and what is not ASCII', () => {
    const text = driver
      .replace('struct foo {', '/* J\u00e4ger \u{1F600} */\nstruct foo {')
      .replaceAll('\n', '\r\n');
    const after = fixed(text, 'to-devm');
    assert.match(after, /J\u00e4ger \u{1F600} \*\/\r\nstruct foo/u);
    assert.doesNotMatch(after, /[^\r]\n/);
    assert.deepEqual(findings(after), []);
  });

  it('is not offered where the other half of an #if names the callback', () => {
    const text = driver.replace(
      '\tttm_bo_pin(foo->bo);\n',
      '\tttm_bo_pin(foo->bo);\n#ifdef CONFIG_FOO\n\tfoo->bo = NULL;\n#else\n\tfoo_fini(NULL, foo);\n#endif\n',
    );
    const [fix] = findings(text)[0]?.fixes ?? [];
    assert.equal(fix?.safety, 'manual');
  });

  it('is not offered for a function that did not parse', () => {
    const text = driver.replace('ttm_bo_pin(foo->bo);', 'ttm_bo_pin(foo->bo); ) ( struct;');
    for (const fix of findings(text).flatMap((finding) => finding.fixes))
      assert.deepEqual(fix.edits, []);
  });

  it('is not offered without the text', () => {
    const { report } = engine.analyze(
      new Map([['driver.c', driver]]),
      { severities: {} },
      () => undefined,
    );
    assert.deepEqual(
      report.findings.flatMap(({ fixes }) => fixes.map((fix) => fix.safety)),
      ['manual'],
    );
  });
});

describe('what is released at unbind and used later', () => {
  const text = (user: string, table: string): string => `
struct dev { struct drm_device drm; struct work_struct work; };
static void dev_work(struct work_struct *work) { writel(1, 0); }
static void ${user}(struct drm_device *drm)
{
	struct dev *dev = to_dev(drm);

	queue_work(dev->wq, &dev->work);
}
${table}
static void dev_fini(struct drm_device *drm, void *arg)
{
	struct dev *dev = arg;

	cancel_work_sync(&dev->work);
}

static int dev_init(struct dev *dev)
{
	INIT_WORK(&dev->work, dev_work);
	return drmm_add_action_or_reset(&dev->drm, dev_fini, dev);
}
`;
  let engine: Engine;
  before(async () => {
    engine = await loadEngine();
  });
  const fixOf = (source: string): Fix | undefined =>
    engine
      .analyze(new Map([['a.c', source]]))
      .report.findings.flatMap((one) => one.fixes)
      .find(({ id }) => id === 'to-devm');

  it('safe where only the way in touches it', () => {
    assert.equal(fixOf(text('dev_start', ''))?.safety, 'safe');
  });

  it('unsafe where a table names who touches it', () => {
    const table = `
static const struct drm_crtc_helper_funcs dev_funcs = {
	.atomic_flush = dev_kick,
};
`;
    const fix = fixOf(text('dev_kick', table));
    assert.equal(fix?.safety, 'unsafe');
    assert.match(fix?.notice ?? '', /`dev_kick` works on it too/);
  });

  it('not at all where what is used can be gone', () => {
    const gone = (user: string, table: string): string =>
      text(user, table)
        .replace('queue_work(', 'sup_kick(dev->sup);\n\tqueue_work(')
        .replace(
          'cancel_work_sync(&dev->work);',
          'i2c_del_adapter(&dev->adapter);\n\tput_device(dev->sup);',
        );
    const table = `
static const struct drm_crtc_helper_funcs dev_funcs = {
	.atomic_flush = dev_kick,
};
`;
    const fix = fixOf(gone('dev_kick', table));
    assert.equal(fix?.safety, 'manual');
    assert.match(fix?.reason ?? '', /`dev_kick` works on it too, .* can be gone then/);
    assert.equal(fixOf(gone('dev_start', ''))?.safety, 'safe');
  });
});
