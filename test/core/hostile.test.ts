/** Sources that could make the joins run away or guess: they end, and certainty is not made up. */
import assert from 'node:assert/strict';
import { type Engine, loadEngine } from '../support/engine.ts';

const rule = 'drmm-releases-pinned-bo';

describe('hostile modules', () => {
  let engine: Engine;
  before(async () => {
    engine = await loadEngine();
  });
  const found = (files: Readonly<Record<string, string>>) =>
    engine
      .analyze(new Map(Object.entries(files)))
      .report.findings.filter((one) => one.rule === rule);

  it('two thousand functions that all call each other', () => {
    const count = 2000;
    const bodies = Array.from({ length: count }, (_, i) => {
      const calls = [1, 2, 3, 7, 31, 173, 997]
        .map((step) => `\tif (f->n[${step}])\n\t\tfoo_${(i * 13 + step) % count}(f);\n`)
        .join('');
      return `static int foo_${i}(struct foo *f)\n{\n${calls}${i === count - 1 ? '\tttm_bo_unpin(f->bo);\n' : ''}\treturn 0;\n}\n`;
    });
    const text = `struct foo { struct ttm_buffer_object *bo; };\n${bodies.join('\n')}
static void foo_fini(struct drm_device *drm, void *arg)
{
	struct foo *foo = arg;

	foo_0(foo);
}

static int foo_init(struct foo *foo)
{
	ttm_bo_pin(foo->bo);
	return drmm_add_action_or_reset(&foo->drm, foo_fini, foo);
}
`;
    const [finding, ...more] = found({ 'foo.c': text });
    assert.deepEqual(more, []);
    // Each step on the way is conditional: that is said, not hidden.
    assert.ok(finding && finding.confidence !== 'certain');
  });

  it('functions that call themselves and each other', () => {
    const text = `static void a(void *x) { b(x); a(x); }
static void b(void *x) { a(x); c(x); }
static void c(void *x) { b(x); ttm_bo_unpin(x); }
static void fini(struct drm_device *drm, void *arg) { a(arg); }
static int init(struct foo *foo) { return drmm_add_action_or_reset(&foo->drm, fini, foo->bo); }
`;
    assert.equal(found({ 'foo.c': text }).length, 1);
  });

  it('two locals that hand an object to and fro', () => {
    const text = `struct foo { struct drm_device drm; void __iomem *regs; };
static void fini(struct drm_device *drm, void *arg)
{
	struct foo *foo = arg;

	writel(0, foo->regs);
}
static int foo_probe(struct platform_device *pdev)
{
	struct foo *foo = devm_drm_dev_alloc(&pdev->dev, &foo_driver, struct foo, drm);
	void __iomem *a, *b;

	a = devm_platform_ioremap_resource(pdev, 0);
	b = a;
	a = b;
	foo->regs = a;
	return drmm_add_action_or_reset(&foo->drm, fini, foo);
}
static void foo_remove(struct platform_device *pdev)
{
	struct foo *foo = platform_get_drvdata(pdev);

	iounmap(foo->regs);
}
static struct platform_driver foo_platform_driver = { .probe = foo_probe, .remove = foo_remove };
`;
    assert.doesNotThrow(() => engine.analyze(new Map([['foo.c', text]])).report);
  });

  it('two static functions of one name: each file means its own', () => {
    const file = (body: string) =>
      `static void release(struct foo *foo)\n{\n\t${body}\n}\nstatic void fini(struct drm_device *drm, void *arg)\n{\n\trelease(arg);\n}\nstatic int init(struct foo *foo)\n{\n\treturn drmm_add_action_or_reset(&foo->drm, fini, foo);\n}\n`;
    const findings = found({
      'pinned.c': file('ttm_bo_unpin(foo->bo);'),
      'plain.c': file('kfree(foo->list);'),
    });
    assert.deepEqual(
      findings.map((one) => one.place.file),
      ['pinned.c'],
    );
  });

  it('a struct that no header defines gives no certainty', () => {
    const text =
      'static void fini(struct drm_device *drm, void *arg)\n{\n\tstruct unknown *u = arg;\n\n\tttm_bo_unpin(u->bo);\n}\nstatic int init(struct unknown *u)\n{\n\treturn drmm_add_action_or_reset(&u->drm, fini, u);\n}\n';
    const [finding] = found({ 'foo.c': text });
    assert.equal(finding?.severity, 'warning');
    assert.notEqual(finding.confidence, 'certain');
  });

  it('half-typed code loses at most the function that is being typed, and a broken callback gets no fix', () => {
    const text =
      'static void fini(struct drm_device *drm, void *arg)\n{\n\tstruct foo *foo = arg;\n\n\tif (foo->\n\tttm_bo_unpin(foo->bo);\n}\n\nstatic int init(struct foo *foo)\n{\n\tttm_bo_pin(foo->bo);\n\treturn drmm_add_action_or_reset(&foo->drm, fini, foo);\n}\n';
    for (const finding of found({ 'foo.c': text }))
      for (const fix of finding.fixes)
        assert.equal(fix.safety, 'manual', `${fix.title}: ${fix.reason ?? ''}`);
    for (let end = 0; end < text.length; end += 7) found({ 'foo.c': text.slice(0, end) });
  });
});
