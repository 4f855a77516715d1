/** What the views show of an order beside its steps: names, runs, ends by hand, runners, both ends of a hazard. */
import assert from 'node:assert/strict';
import { denied } from '../../server/src/core/facts/flow/conditions.ts';
import type { EntryOrder } from '../../server/src/core/result.ts';
import { endedOn } from '../../server/src/core/teardown/notes.ts';
import { relationsOf } from '../../server/src/core/teardown/order.ts';
import { diffOf } from '../../server/src/core/teardown/order-diff.ts';
import { namesAmong, runsOf, runTitle } from '../../server/src/core/teardown/rows.ts';
import { type Engine, loadEngine } from '../support/engine.ts';

const head = `
struct foo { struct drm_device drm; struct workqueue_struct *wq; struct work_struct work; int irq; void *ring; void *log; };
`;
const tables = `
static struct pci_driver foo_pci_driver = { .probe = foo_probe, .remove = foo_remove };
`;
const drm = 'struct foo *foo = devm_drm_dev_alloc(&pdev->dev, &foo_driver, struct foo, drm);';

describe('what the views show of an order', () => {
  let engine: Engine;
  before(async () => {
    engine = await loadEngine('6.12');
  });

  const analyse = (code: string) => engine.analyze(new Map([['foo.c', head + code + tables]]));
  const entryOf = (code: string): EntryOrder => {
    const [entry] = analyse(code).order().entries;
    assert.ok(entry);
    return entry;
  };
  const open = (entry: EntryOrder): string[] => {
    const ended = endedOn(entry.timelines['unplug-open']);
    return entry.acquired
      .filter((step) => !step.endsInProbe && !ended.has(step.id))
      .map(({ action }) => action);
  };

  it('ends what an action gives back by hand where the action runs', () => {
    const entry = entryOf(`
static irqreturn_t foo_irq(int irq, void *arg) { return IRQ_HANDLED; }
static void foo_irq_fini(void *arg) { struct foo *foo = arg; free_irq(foo->irq, foo); }
static int foo_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	${drm}
	int err = request_irq(foo->irq, foo_irq, 0, "foo", foo);
	if (err)
		return err;
	return devm_add_action_or_reset(&pdev->dev, foo_irq_fini, foo);
}
static void foo_remove(struct pci_dev *pdev) { }`);
    assert.deepEqual(open(entry), []);
    const [runner] = entry.runners ?? [];
    assert.equal(runner?.name, 'foo_irq');
    const until = runner.until['unplug-open'];
    assert.equal(entry.timelines['unplug-open'][until ?? -1]?.action, 'foo_irq_fini');
    assert.doesNotMatch(entry.notes?.join() ?? '', /no release/);
  });

  it('does not take for ended what probe gives back only when it fails', () => {
    const entry = entryOf(`
static void foo_remove(struct pci_dev *pdev)
{
	struct foo *foo = pci_get_drvdata(pdev);
	destroy_workqueue(foo->wq);
}
static int foo_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	${drm}
	int err;
	foo->wq = alloc_workqueue("foo", 0, 0);
	err = foo_selftests(foo);
	if (err) {
		foo_remove(pdev);
		return err > 0 ? -ENOTTY : err;
	}
	return 0;
}`);
    assert.deepEqual(open(entry), []);
  });

  it('ends everything that a loop or another way to the same call has taken', () => {
    const entry = entryOf(`
static int foo_wq(struct foo *foo) { foo->wq = alloc_workqueue("foo", 0, 0); return 0; }
static int foo_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	${drm}
	if (foo->irq)
		foo_wq(foo);
	else
		foo_wq(foo);
	return 0;
}
static void foo_remove(struct pci_dev *pdev)
{
	struct foo *foo = pci_get_drvdata(pdev);
	destroy_workqueue(foo->wq);
}`);
    assert.equal(entry.acquired.filter(({ action }) => action === 'alloc_workqueue').length, 2);
    assert.deepEqual(open(entry), []);
  });

  it('says how many things were not seen to be given back', () => {
    const entry = entryOf(`
static int foo_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	${drm}
	foo->wq = alloc_workqueue("foo", 0, 0);
	return 0;
}
static void foo_remove(struct pci_dev *pdev) { }`);
    assert.match(entry.notes?.join() ?? '', /no release was seen of 1 of the 2 things/);
  });

  it('names a row by what the driver calls the thing, and folds equal ones', () => {
    const entry = entryOf(`
static void __bo_unpin(void *bo) { ttm_bo_unpin(bo); }
static struct ttm_buffer_object *foo_managed_bo(struct device *dev)
{
	struct ttm_buffer_object *bo = foo_bo_create();
	if (devm_add_action_or_reset(dev, __bo_unpin, bo))
		return NULL;
	return bo;
}
static int foo_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	${drm}
	foo->ring = foo_managed_bo(&pdev->dev);
	foo->log = foo_managed_bo(&pdev->dev);
	foo->wq = foo_managed_bo(&pdev->dev);
	return 0;
}
static void foo_remove(struct pci_dev *pdev) { }`);
    const steps = entry.timelines.unbind;
    const { nameOf, byOf } = namesAmong(steps);
    assert.deepEqual(steps.map(nameOf).slice(1, 4), ['foo->wq', 'foo->log', 'foo->ring']);
    assert.equal(byOf(steps[1]!), '__bo_unpin');
    const [run] = runsOf(steps, false).filter((one) => one.steps.length > 1);
    assert.equal(run?.from, 2);
    assert.equal(run && runTitle(run).split(' ')[0], '3');
  });

  it('knows both ends of a hazard, and the runner at one of them', () => {
    const analysis = analyse(`
static void foo_tick(struct work_struct *work) { }
static irqreturn_t foo_irq(int irq, void *arg)
{
	struct foo *foo = arg;
	queue_work(foo->wq, &foo->work);
	return IRQ_HANDLED;
}
static int foo_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	${drm}
	int err;
	foo->wq = alloc_workqueue("foo", 0, 0);
	INIT_WORK(&foo->work, foo_tick);
	err = devm_request_irq(&pdev->dev, foo->irq, foo_irq, IRQF_SHARED, "foo", foo);
	if (err)
		return err;
	return drm_dev_register(&foo->drm, 0);
}
static void foo_remove(struct pci_dev *pdev)
{
	struct foo *foo = pci_get_drvdata(pdev);
	drm_dev_unplug(&foo->drm);
	destroy_workqueue(foo->wq);
}`);
    const [entry] = analysis.order().entries;
    const [found] = analysis.report.findings.filter(({ rule }) => rule === 'irq-outlives-resource');
    const hazard = entry?.hazards?.unbind.find(({ finding }) => finding === found?.fingerprint);
    const steps = entry?.timelines.unbind ?? [];
    assert.equal(steps[hazard?.ends ?? -1]?.action, 'destroy_workqueue');
    assert.equal(steps[hazard?.uses ?? -1]?.action, 'devm_request_irq');
    assert.deepEqual(
      entry?.runners?.map(({ kind, name }) => `${kind} ${name}`),
      ['interrupt foo_irq', 'work foo_tick'],
    );
    const wq = entry?.acquired.find(({ action }) => action === 'alloc_workqueue');
    const { dependents } = relationsOf(analysis.pass, entry!.place, wq!.id);
    assert.ok(dependents.some(({ id }) => id.startsWith('interrupt/foo_irq')));
  });

  it('says what running a step needs', () => {
    const analysis = analyse(`
static void foo_fini(struct drm_device *drm, void *arg) { struct foo *foo = arg; foo_write(foo->ring, 0); }
static int foo_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	${drm}
	foo->ring = devm_kzalloc(&pdev->dev, 16, GFP_KERNEL);
	return drmm_add_action_or_reset(&foo->drm, foo_fini, foo);
}
static void foo_remove(struct pci_dev *pdev) { }`);
    const [entry] = analysis.order().entries;
    const fini = entry?.acquired.find(({ action }) => action === 'foo_fini');
    const { needs } = relationsOf(analysis.pass, entry!.place, fini!.id);
    assert.deepEqual(
      needs.map(({ id, function: holder }) => `${id} in ${holder}`),
      ['foo_probe/devm_kzalloc/1 in foo_fini'],
    );
  });

  it('denies a condition in words that can be read', () => {
    assert.deepEqual(
      ['if (a)', 'if (!a)', 'if (f(x)); if (b || c)', 'unless (a); if (b)', 'switch FOO'].map(
        denied,
      ),
      ['unless (a)', 'if (a)', 'unless (f(x) && (b || c))', 'unless (!a && b)', 'not switch FOO'],
    );
  });

  it('tells what moves between two orders, and counts what stays', () => {
    const entry = entryOf(`
static void a(void *arg) { }
static void b(void *arg) { }
static void c(void *arg) { }
static int foo_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	${drm}
	devm_add_action(&pdev->dev, a, foo);
	devm_add_action(&pdev->dev, b, foo);
	devm_add_action(&pdev->dev, c, foo);
	return 0;
}
static void foo_remove(struct pci_dev *pdev) { }`);
    const steps = entry.timelines.unbind;
    const [remove, last, ...others] = steps;
    const rows = diffOf(steps, [remove!, ...others, last!]);
    assert.deepEqual(
      rows.map((row) =>
        row.kind === 'same'
          ? row.count
          : `${row.kind} ${row.step.action} ${row.before} ${row.after}`,
      ),
      [4, 'moved c 2 5'],
    );
    assert.deepEqual(
      diffOf(steps, steps.slice(1)).map(({ kind }) => kind),
      ['gone', 'same'],
    );
    // What a fix converts has moved, also where the numbers would let it stay.
    const converted = steps.map((step, i) =>
      i === 1 ? { ...step, phase: 'drmm' as const } : step,
    );
    assert.deepEqual(
      diffOf(steps, converted).map((row) => (row.kind === 'same' ? row.count : row.kind)),
      [1, 'moved', 3],
    );
  });
});
