/** The teardown order of small modules: phases, nesting, wrappers, conditions, cycles. */
import assert from 'node:assert/strict';
import type { TeardownStep } from '../../server/src/core/result.ts';
import { type Engine, loadEngine } from '../support/engine.ts';

const driver = `
static void foo_hw_fini(void *arg) { }
static void foo_sw_fini(struct drm_device *drm, void *arg) { }
static void foo_irq_fini(void *arg) { }

static int foo_on_unbind(struct foo *foo, void (*fn)(void *))
{
	return devm_add_action_or_reset(foo->drm.dev, fn, foo);
}

static int foo_hw_init(struct foo *foo)
{
	int err = drmm_add_action_or_reset(&foo->drm, foo_sw_fini, foo);

	if (err)
		return err;
	return foo_on_unbind(foo, foo_hw_fini);
}

static int foo_again(struct foo *foo, int n)
{
	if (n)
		return foo_again(foo, n - 1);
	return foo_hw_init(foo);
}

static int foo_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct foo *foo;
	int err;

	err = pcim_enable_device(pdev);
	if (err)
		return err;
	foo = devm_drm_dev_alloc(&pdev->dev, &foo_driver, struct foo, drm);
	if (foo->has_irq) {
		err = foo_on_unbind(foo, foo_irq_fini);
		if (err)
			return err;
	}
	for_each_engine(engine, foo) {
		err = foo_again(foo, 1);
		if (err)
			return err;
	}
	return drm_dev_register(&foo->drm, 0);
}

static void foo_remove(struct pci_dev *pdev) { }
static void foo_release(struct drm_device *drm) { }

static const struct drm_driver foo_driver = { .release = foo_release };
static struct pci_driver foo_pci_driver = { .probe = foo_probe, .remove = foo_remove };
`;

function shown(steps: readonly TeardownStep[]): string[] {
  return steps.map((step) => `${step.phase} ${step.action}`);
}

describe('teardown order', () => {
  let engine: Engine;
  before(async () => {
    engine = await loadEngine();
  });

  it('nests the last put in devres when no file is open', () => {
    const [entry] = engine.analyze(new Map([['foo.c', driver]])).order().entries;
    assert.equal(entry?.entry, 'foo_probe');
    assert.equal(entry.table, 'pci_driver');
    assert.deepEqual(shown(entry.timelines.unbind), [
      'remove foo_remove',
      'devm foo_hw_fini',
      'devm foo_irq_fini',
      'last-put devm_drm_dev_alloc',
      'release foo_release',
      'drmm foo_sw_fini',
      'devm pcim_enable_device',
    ]);
  });

  it('moves the drmm chain behind devres when a file is open', () => {
    const [entry] = engine.analyze(new Map([['foo.c', driver]])).order().entries;
    assert.deepEqual(shown(entry?.timelines['unplug-open'] ?? []), [
      'remove foo_remove',
      'devm foo_hw_fini',
      'devm foo_irq_fini',
      'devm devm_drm_dev_alloc',
      'devm pcim_enable_device',
      'release foo_release',
      'drmm foo_sw_fini',
    ]);
  });

  it('unwinds a failed probe without remove', () => {
    const [entry] = engine.analyze(new Map([['foo.c', driver]])).order().entries;
    const failure = entry?.timelines['probe-fail'].find((one) => one.after === 'foo_sw_fini');
    // The loop may have gone round before: then the whole of its body was taken.
    assert.deepEqual(shown(failure?.steps ?? []), [
      'devm foo_hw_fini',
      'devm foo_irq_fini',
      'last-put devm_drm_dev_alloc',
      'release foo_release',
      'drmm foo_sw_fini',
      'drmm foo_sw_fini',
      'devm pcim_enable_device',
    ]);
    assert.deepEqual(shown(entry?.timelines['probe-fail'][0]?.steps ?? []), [
      'devm pcim_enable_device',
    ]);
  });

  it('says on which way, under which condition and in which loop', () => {
    const [entry] = engine.analyze(new Map([['foo.c', driver]])).order().entries;
    const find = (action: string) => entry?.timelines.unbind.find((step) => step.action === action);
    assert.deepEqual(find('foo_hw_fini')?.registered.via, [
      'foo_probe',
      'foo_again',
      'foo_hw_init',
    ]);
    assert.equal(find('foo_hw_fini')?.repeats, 'for_each_engine(engine, foo)');
    assert.equal(find('foo_irq_fini')?.conditional, 'if (foo->has_irq)');
    assert.equal(find('foo_irq_fini')?.argument, 'foo');
    assert.equal(find('foo_sw_fini')?.argument, 'foo');
  });

  it('does not go where a constant argument does not lead', () => {
    const enabling = `
static void foo_off(struct foo *foo) { kfree(foo->off); }
static void foo_on(struct foo *foo) { kfree(foo->on); }
static int foo_vfs(struct foo *foo, int count)
{
	if (count > 0) {
		foo_on(foo);
		return count;
	}
	foo_off(foo);
	return 0;
}
static int foo_all(struct foo *foo, int count, bool force)
{
	return force ? foo_vfs(foo, count) : 0;
}
static int foo_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	return pcim_enable_device(pdev);
}
static void foo_remove(struct pci_dev *pdev) { foo_all(pci_get_drvdata(pdev), COUNT, true); }
static struct pci_driver foo_pci_driver = { .probe = foo_probe, .remove = foo_remove };
`;
    const freed = (count: string) => {
      const text = enabling.replace('COUNT', count);
      const [entry] = engine.analyze(new Map([['foo.c', text]])).order().entries;
      return (entry?.timelines.unbind ?? [])
        .map((step) => step.action)
        .filter((action) => /^foo_o/.test(action));
    };
    assert.deepEqual(freed('0'), ['foo_off']);
    assert.deepEqual(freed('4'), ['foo_on']);
    assert.deepEqual(freed('foo_count()'), ['foo_on', 'foo_off']);
  });

  it('shows the same failing step however the error is returned', () => {
    const failing = (leave: string) => {
      const text = `
static void foo_fini(void *arg) { }
static void foo_clk_off(void *arg) { }
static int foo_probe(struct platform_device *pdev)
{
	struct device *dev = &pdev->dev;
	struct clk *clk;
	int err;

	err = devm_add_action_or_reset(dev, foo_fini, pdev);
	if (err)
		return err;
	clk = clk_get(dev, NULL);
	if (IS_ERR(clk)) {
		foo_undo(pdev);
		${leave}
	}
	clk_put(clk);
	return devm_add_action_or_reset(dev, foo_clk_off, clk);
}
static void foo_undo(struct platform_device *pdev) { kfree(pdev->x); }
static struct platform_driver foo_driver = { .probe = foo_probe };
`;
      const [entry] = engine.analyze(new Map([['foo.c', text]])).order().entries;
      return entry?.timelines['probe-fail'].map((one) => shown(one.steps));
    };
    const expected = failing('return -ENODEV;');
    assert.ok(expected?.some((steps) => steps.some((step) => step.includes('foo_undo'))));
    for (const leave of [
      'return PTR_ERR(clk);',
      'return dev_err_probe(dev, PTR_ERR(clk), "no clock");',
      'err = PTR_ERR(clk); return err;',
      'err = -EIO; goto out; out: return err;',
      'return foo_report(dev, PTR_ERR(clk));',
    ])
      assert.deepEqual(failing(leave), expected, leave);
  });

  it('a driver that makes its device with the module goes with the module', () => {
    const source = `
static struct foo *foo_device;

static int __init foo_init(void)
{
	struct platform_device *pdev = platform_device_register_simple("foo", -1, NULL, 0);
	struct foo *foo;
	int ret;

	if (IS_ERR(pdev))
		return PTR_ERR(pdev);
	if (!devres_open_group(&pdev->dev, NULL, GFP_KERNEL))
		return -ENOMEM;
	foo = devm_drm_dev_alloc(&pdev->dev, &foo_driver, struct foo, drm);
	if (IS_ERR(foo))
		return PTR_ERR(foo);
	foo->pdev = pdev;
	foo_device = foo;
	ret = drmm_mode_config_init(&foo->drm);
	if (ret)
		return ret;
	return drm_dev_register(&foo->drm, 0);
}

static void __exit foo_exit(void)
{
	struct platform_device *pdev = foo_device->pdev;

	drm_dev_unregister(&foo_device->drm);
	devres_release_group(&pdev->dev, NULL);
	platform_device_unregister(pdev);
}

module_init(foo_init);
module_exit(foo_exit);
`;
    const { entries } = engine.analyze(new Map([['foo.c', source]])).order();
    const [entry] = entries;
    assert.deepEqual([entry?.entry, entry?.table, entry?.drm], ['foo_init', 'module_init', false]);
    assert.deepEqual(
      entry?.timelines.unbind.map(({ phase, action }) => `${phase} ${action}`),
      [
        'remove foo_exit',
        'remove drm_dev_unregister',
        'last-put devm_drm_dev_alloc',
        'drmm drmm_mode_config_init',
        'remove platform_device_unregister',
      ],
    );
    assert.match(entry?.notes?.join() ?? '', /an open file keeps the module/);
    assert.ok((entry?.timelines['probe-fail'].length ?? 0) > 0);
    const bus = source.replace('module_init(foo_init);', 'foo_table(foo_init);');
    assert.deepEqual(engine.analyze(new Map([['foo.c', bus]])).order().entries, []);
  });

  it('says why there is nothing to show', () => {
    assert.match(
      engine.analyze(new Map([['foo.c', 'int a;\n']])).order().note ?? '',
      /no probe or bind function/,
    );
    const bare =
      'static int p(struct pci_dev *d) { return 0; }\nstatic struct pci_driver x = { .probe = p };\n';
    assert.match(
      engine.analyze(new Map([['foo.c', bare]])).order().note ?? '',
      /registers nothing managed/,
    );
  });
});
