/** One cause, one finding: what several rules say of one mistake is one finding with all places. */
import assert from 'node:assert/strict';
import { compareFindings } from '../../server/src/core/fixes/fix-effect.ts';
import { type Engine, loadEngine } from '../support/engine.ts';

const devmMemory = `
struct foo { struct drm_device drm; struct mutex a; struct mutex b; void __iomem *regs; };
static int foo_probe(struct platform_device *pdev)
{
	struct foo *foo;
	struct drm_device *drm;
	int ret;

	foo = devm_kzalloc(&pdev->dev, sizeof(*foo), GFP_KERNEL);
	if (!foo)
		return -ENOMEM;
	drm = drm_dev_alloc(&foo_driver, &pdev->dev);
	ret = drmm_mutex_init(drm, &foo->a);
	if (ret)
		return ret;
	return drmm_mutex_init(drm, &foo->b);
}
static struct platform_driver foo_platform_driver = { .probe = foo_probe };
`;

const lateAction = (before = '') => `
struct foo { struct drm_device drm; struct workqueue_struct *wq; void __iomem *regs; };
static void foo_fini(struct drm_device *drm, void *data)
{
	struct foo *foo = data;

	writel(0, foo->regs);
	destroy_workqueue(foo->wq);
	pm_runtime_disable(drm->dev);
}
static int foo_probe(struct platform_device *pdev)
{
	struct foo *foo = devm_drm_dev_alloc(&pdev->dev, &foo_driver, struct foo, drm);
	int ret;

	foo->regs = devm_platform_ioremap_resource(pdev, 0);
	if (IS_ERR(foo->regs))
		return PTR_ERR(foo->regs);
	foo->wq = alloc_ordered_workqueue("foo", 0);
	if (!foo->wq)
		return -ENOMEM;
	pm_runtime_enable(&pdev->dev);
${before}	ret = drmm_add_action_or_reset(&foo->drm, foo_fini, foo);
	if (ret)
		return ret;
	return drm_dev_register(&foo->drm, 0);
}
static void foo_remove(struct platform_device *pdev)
{
	drm_dev_unplug(platform_get_drvdata(pdev));
}
static struct platform_driver foo_platform_driver = { .probe = foo_probe, .remove = foo_remove };
`;

describe('one cause, one finding', () => {
  let engine: Engine;
  const findingsIn = (text: string) =>
    engine.analyze(new Map([['driver.c', text]])).report.findings;

  before(async () => {
    engine = await loadEngine();
  });

  it('two drmm registrations on one piece of devm memory are told at the first, with the other place', () => {
    const found = findingsIn(devmMemory).filter(({ rule }) => rule === 'drmm-on-devm-memory');
    assert.equal(found.length, 1);
    const [{ also = [], chain, place } = assert.fail()] = found;
    assert.deepEqual(
      also.map(({ rule }) => rule),
      ['drmm-on-devm-memory'],
    );
    const [other = assert.fail()] = also;
    assert.ok(other.place.start > place.start);
    assert.equal(chain.at(-1)?.place.start, other.place.start);
  });

  it('what three rules say of one action that runs too late is one finding', () => {
    const found = findingsIn(lateAction()).filter(
      ({ place, function: fn }) => fn === 'foo_probe' && place.from.line > 20,
    );
    const here = found.filter(({ chain }) => chain.some(({ message }) => /foo_fini/.test(message)));
    assert.equal(here.length, 1);
    const rules = [here[0]?.rule, ...(here[0]?.also ?? []).map(({ rule }) => rule)];
    assert.ok(rules.length >= 2, rules.join());
  });

  it('who ignores it for a reason has ignored what comes of its cause', () => {
    const [told = assert.fail()] = findingsIn(lateAction()).filter(({ also }) => also);
    const comment = `\t/* driver-teardown: ignore ${told.rule} -- tried on hardware */\n`;
    const left = findingsIn(lateAction(comment));
    assert.ok(!left.some(({ rule }) => rule === told.rule));
    for (const { fingerprint } of told.also ?? [])
      assert.ok(!left.some((one) => one.fingerprint === fingerprint));
  });

  it('a fix that ends one of them and leaves the other creates nothing, and removes the one', () => {
    const [told = assert.fail()] = findingsIn(lateAction()).filter(({ also }) => also);
    const { also: _, ...rest } = told;
    const other = told.also?.[0] ?? assert.fail();
    const after = { ...rest, ...other };
    const effect = compareFindings([told], [after]);
    assert.deepEqual(effect.creates, []);
    assert.deepEqual(
      compareFindings([after], [told]).creates.map(({ fingerprint }) => fingerprint),
      [told.fingerprint],
    );
  });
});
