/** What a finding says beside its place: when it happens, and what comes of it. */
import assert from 'node:assert/strict';
import { type Engine, loadEngine } from '../support/engine.ts';

const irq = (where: 'remove' | 'probe') => `
struct foo { struct device *dev; int irq; };
static int foo_probe(struct platform_device *pdev)
{
	struct foo *foo = devm_kzalloc(&pdev->dev, sizeof(*foo), GFP_KERNEL);
	int ret;

	if (!foo)
		return -ENOMEM;
	platform_set_drvdata(pdev, foo);
	ret = devm_request_irq(&pdev->dev, foo->irq, foo_irq, 0, "foo", foo);
	if (ret)
		return ret;
	ret = foo_start(foo);
	if (ret) {
		${where === 'probe' ? 'free_irq(foo->irq, foo);' : 'foo_stop(foo);'}
		return ret;
	}
	return 0;
}
static void foo_remove(struct platform_device *pdev)
{
	struct foo *foo = platform_get_drvdata(pdev);

	${where === 'remove' ? 'free_irq(foo->irq, foo);' : 'foo_stop(foo);'}
}
static struct platform_driver foo_driver = { .probe = foo_probe, .remove = foo_remove };
`;

const cells = (id: string) => `
static int foo_probe(struct platform_device *pdev)
{
	int ret = mfd_add_devices(&pdev->dev, ${id}, foo_cells, 2, NULL, 0, NULL);

	if (ret)
		return ret;
	return 0;
}
static struct platform_driver foo_driver = { .probe = foo_probe };
`;

describe('the words of a finding', () => {
  let engine: Engine;
  before(async () => {
    engine = await loadEngine();
  });
  const only = (text: string) => {
    const [finding, other] = engine.analyze(new Map([['foo.c', text]])).report.findings;
    assert.ok(finding && !other);
    return finding;
  };

  it('what only remove() runs does not happen where probe fails', () => {
    assert.deepEqual(only(irq('remove')).timelines, ['unbind', 'unplug-open']);
    assert.deepEqual(only(irq('probe')).timelines, ['probe-fail']);
  });

  it('children that the kernel names anew each time are in nobody’s way, and work with what is gone', () => {
    assert.match(only(cells('-1')).message, /the next probe fails on it$/);
    assert.match(only(cells('PLATFORM_DEVID_AUTO')).message, /works with what is gone$/);
  });
});
