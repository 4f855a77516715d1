/** What a table names and the module has not is said, and nothing that may well be somewhere. */
import assert from 'node:assert/strict';
import { type Engine, loadEngine } from '../support/engine.ts';

const table = `static struct platform_driver foo_driver = {
	.probe = foo_probe,
	.remove = foo_remove,
};
`;
const probe = `static int foo_probe(struct platform_device *pdev)
{
	return 0;
}
`;
const declared = 'static void foo_remove(struct platform_device *pdev);\n';
const remove = 'static void foo_remove(struct platform_device *pdev)\n{\n}\n';
const missing = ['foo/a.c: `.remove` names `foo_remove`, which was not found in the module'];

describe('what a table names and the module has not', () => {
  let engine: Engine;
  before(async () => {
    engine = await loadEngine();
  });
  const said = (files: Readonly<Record<string, string>>): string[] =>
    engine
      .analyze(new Map(Object.entries(files)))
      .report.problems.map(({ file, message }) => `${file}: ${message}`);

  it('is said where the module declares it', () => {
    assert.deepEqual(said({ 'foo/a.c': declared + probe + table }), missing);
    assert.deepEqual(said({ 'foo/a.c': declared + probe + table + remove }), []);
  });

  it('is said where a header of the module declares it, not where one of another does', () => {
    const header = 'void foo_remove(struct platform_device *pdev);\n';
    assert.deepEqual(said({ 'foo/a.c': probe + table, 'foo/foo.h': header }), missing);
    assert.deepEqual(said({ 'foo/a.c': probe + table, 'lib/lib.h': header }), []);
    // The kernel's own are declared in headers that are not read.
    assert.deepEqual(said({ 'foo/a.c': probe + table }), []);
    const extern = remove.replace('static ', '');
    assert.deepEqual(
      said({ 'foo/a.c': probe + table, 'foo/foo.h': header, 'foo/b.c': extern }),
      [],
    );
  });

  it('is said where something that could not be read has it', () => {
    const head = 'REMOVE(foo_remove)\n{\n\tfoo_off(pdev);\n}\n';
    assert.deepEqual(said({ 'foo/a.c': probe + head + table }), missing);
    const makes = '#define REMOVE(fn) static void fn(struct platform_device *pdev)\n';
    assert.deepEqual(said({ 'foo/a.c': makes + probe + head + table }), []);
  });

  it('is not said of what a macro can have made', () => {
    for (const call of ['DEFINE_OPS(foo);\n', 'DEFINE_OPS(foo_remove)\n', 'OPS(foo)\n{\n}\n']) {
      assert.deepEqual(said({ 'foo/a.c': declared + call + probe + table }), [], call);
      const pastes = '#define DEFINE_OPS(name) static void name##_remove(struct device *d) { }\n';
      assert.deepEqual(said({ 'foo/a.c': pastes + declared + call + probe + table }), [], call);
    }
    // What pastes nothing makes no other name.
    const plain = '#define NOTE(name) int name##_x;\n#define SAY(name) int name;\n';
    assert.deepEqual(
      said({ 'foo/a.c': `${plain}${declared}SAY(foo);\n${probe}${table}` }),
      missing,
    );
    assert.deepEqual(said({ 'foo/a.c': `${declared}NOTE(bar);\n${probe}${table}` }), missing);
  });
});
