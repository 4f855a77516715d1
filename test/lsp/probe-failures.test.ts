/** Which failure of probe a client is told about when it names a step, and what that leaves behind. */
import assert from 'node:assert/strict';
import type { OrderTimeline } from '../../server/src/lsp/protocol.ts';
import { toOrder, toProbeFailure } from '../../server/src/lsp/to-order.ts';
import type { ProtoContext } from '../../server/src/lsp/to-proto.ts';
import { type Engine, loadEngine } from '../support/engine.ts';

/** Nobody hears when something fails in foo_extra(): probe goes on. */
const driver = `
struct foo { struct drm_device drm; struct workqueue_struct *wq, *other; };
static void foo_hw_fini(void *arg) { }
static void foo_sw_fini(void *arg) { }
static void foo_late_fini(void *arg) { }
static void foo_extra(struct foo *foo)
{
	foo->wq = alloc_workqueue("foo", 0, 0);
	foo->other = alloc_workqueue("other", 0, 0);
	devm_add_action(foo->drm.dev, foo_sw_fini, foo);
}
static int foo_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct foo *foo = devm_drm_dev_alloc(&pdev->dev, &foo_driver, struct foo, drm);
	int err = devm_add_action_or_reset(&pdev->dev, foo_hw_fini, foo);
	if (err)
		return err;
	foo_extra(foo);
	return devm_add_action_or_reset(&pdev->dev, foo_late_fini, foo);
}
static void foo_remove(struct pci_dev *pdev) { }
static struct pci_driver foo_pci_driver = { .probe = foo_probe, .remove = foo_remove };
`;

describe('failures of probe for a client', () => {
  let engine: Engine;
  before(async () => {
    engine = await loadEngine();
  });

  it('are those of the steps that are listed, also where probe cannot fail behind each', () => {
    const analysis = engine.analyze(new Map([['foo.c', driver]]));
    const order = analysis.order();
    const [entry] = order.entries;
    const context = { uriOf: (file: string) => file } as unknown as ProtoContext;
    const { acquired } = toOrder(order, [], context).entries[0]!;
    assert.ok(entry !== undefined && acquired.length < entry.acquired.length, 'some are not heard');
    for (const [index, { id, name }] of acquired.entries()) {
      const failure: OrderTimeline | null = toProbeFailure(entry, index + 1, [], context);
      assert.ok(failure);
      assert.ok(failure.title.endsWith(`after step ${index + 1}: ${name}`), failure.title);
      const first = failure.steps.find(({ scope }) => scope !== null);
      if (name.startsWith('foo_')) assert.equal(first?.id, id, name);
    }
    const last = acquired.findIndex(({ name }) => name.startsWith('foo_sw_fini')) + 1;
    assert.equal(acquired[last - 1]?.fails, 'devm_add_action_or_reset');
    const { left = [] } = toProbeFailure(entry, last, [], context)!;
    assert.deepEqual(
      left.map(({ name, kind }) => `${kind} ${name}`),
      ['workqueue alloc_workqueue', 'workqueue alloc_workqueue'],
    );
    assert.equal(toProbeFailure(entry, acquired.length + 1, [], context), null);
  });
});
