/** On which timelines a finding breaks, and whose remove() it names: what the pages do not show. */
import assert from 'node:assert/strict';
import { type Engine, loadEngine } from '../support/engine.ts';

const freesByHand = `
struct foo {
	int *table;
};

static int foo_probe(struct platform_device *pdev)
{
	struct foo *foo = devm_kzalloc(&pdev->dev, sizeof(*foo), GFP_KERNEL);
	int err;

	err = foo_start(foo);
	if (err)
		goto err_free;
	return 0;

err_free:
	kfree(foo);
	return err;
}

static void foo_remove(struct platform_device *pdev)
{
	struct foo *foo = devm_kzalloc(&pdev->dev, sizeof(*foo), GFP_KERNEL);

	kfree(foo);
}

static struct platform_driver foo_driver = {
	.probe = foo_probe,
	.remove = foo_remove,
};
`;

const shared = `
struct bar {
	struct workqueue_struct *wq;
};

static int bar_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct bar *bar = bar_alloc(pdev);
	int err;

	if (id->device == 2)
		return bar_other_probe(pdev);
	bar->wq = alloc_workqueue("bar", 0, 0);
	if (!bar->wq)
		return -ENOMEM;
	err = bar_start(bar);
	if (err)
		return err;
	return 0;
}

static void bar_other_remove(struct pci_dev *pdev)
{
	bar_forget(pci_get_drvdata(pdev));
}

static void bar_remove(struct pci_dev *pdev)
{
	struct bar *bar = pci_get_drvdata(pdev);

	destroy_workqueue(bar->wq);
}

static struct pci_driver bar_other_driver = {
	.probe = bar_probe,
	.remove = bar_other_remove,
};

static struct pci_driver bar_driver = {
	.probe = bar_probe,
	.remove = bar_remove,
};
`;

describe('what a finding tells of a probe', () => {
  let engine: Engine;
  before(async () => {
    engine = await loadEngine();
  });

  const findingsIn = (text: string) =>
    engine.analyze(new Map([['driver.c', text]])).report.findings;

  it('what stands on an error way of probe breaks when probe fails, and only then; what remove() alone runs does not', () => {
    const timelines = findingsIn(freesByHand)
      .filter(({ rule }) => rule === 'manual-free-of-managed-memory')
      .map((one) => [one.function, one.timelines.join()]);
    assert.deepEqual(timelines, [
      ['foo_probe', 'probe-fail'],
      ['foo_remove', 'unbind,unplug-open'],
    ]);
  });

  it('of two drivers with one probe it names the remove() that can own the object', () => {
    const [finding] = findingsIn(shared).filter(({ rule }) => rule === 'released-only-in-remove');
    assert.ok(finding);
    assert.ok(finding.message.startsWith('only `bar_remove` undoes'));
    assert.ok(finding.chain.some(({ message }) => message.startsWith('`bar_remove` is `.remove`')));
    assert.ok(!finding.chain.some(({ message }) => message.includes('bar_other_remove')));
  });
});
