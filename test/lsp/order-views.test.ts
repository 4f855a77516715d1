/** What the order view asks beside the order: relations of a step, a kernel's log, failures by name. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type {
  CompareLogResult,
  LifetimesResult,
  OrderResult,
  RelationsResult,
} from '../../server/src/lsp/protocol.ts';
import { TemporaryFolder } from '../cli/support.ts';
import { Client, modern } from './client.ts';

const recordings = join(import.meta.dirname, '../kernel/recordings/simple');
const read = (name: string): string => readFileSync(join(recordings, name), 'utf8');

const late = `
struct foo { struct drm_device drm; struct workqueue_struct *wq; struct work_struct work; int irq; };
static irqreturn_t foo_irq(int irq, void *arg)
{
	struct foo *foo = arg;
	queue_work(foo->wq, &foo->work);
	return IRQ_HANDLED;
}
static int foo_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct foo *foo = devm_drm_dev_alloc(&pdev->dev, &foo_driver, struct foo, drm);
	int err;
	foo->wq = alloc_workqueue("foo", 0, 0);
	err = devm_request_irq(&pdev->dev, foo->irq, foo_irq, IRQF_SHARED, "foo", foo);
	if (err)
		return err;
	return drm_dev_register(&foo->drm, 0);
}
static void foo_remove(struct pci_dev *pdev)
{
	struct foo *foo = pci_get_drvdata(pdev);
	destroy_workqueue(foo->wq);
}
static struct pci_driver foo_pci_driver = { .probe = foo_probe, .remove = foo_remove };
`;

describe('lsp: what the order view asks', () => {
  let folder: TemporaryFolder;
  let client: Client;
  before(async () => {
    folder = new TemporaryFolder().write({
      'simple.c': read('simple.c'),
      'late.c': late,
      Makefile: 'obj-m += simple.o late.o\n',
    });
    client = new Client(folder);
    await client.start(modern);
    await client.open(client.uri('simple.c'), read('simple.c'));
    await client.open(client.uri('late.c'), late);
  });
  after(() => {
    client.kill();
    folder.remove();
  });

  const orderOf = (name: string): Promise<OrderResult> =>
    client.request('driverTeardown/order', { uri: client.uri(name) });

  it('lays a kernel log beside the order, by the same engine as the command line', async () => {
    const ask = (text: string): Promise<CompareLogResult> =>
      client.request('driverTeardown/compareLog', { uri: client.uri('simple.c'), text });
    const { comparison, problem } = await ask(read('unplug-open.log'));
    assert.equal(problem, null);
    assert.equal(comparison?.timeline, 'unplug-open');
    assert.deepEqual([comparison.counts['in-order'], comparison.counts['never-ran']], [7, 0]);
    assert.ok(comparison.steps.some(({ location }) => location?.uri === client.uri('simple.c')));
    const short = read('unbind.log')
      .split('\n')
      .filter((line) => !/REL.*simple_power_off/.test(line))
      .join('\n');
    const lacking = (await ask(short)).comparison?.steps.filter(
      ({ state }) => state === 'never-ran',
    );
    assert.deepEqual(
      lacking?.map(({ name }) => name.split('(')[0]),
      ['simple_power_off'],
    );
    assert.match((await ask('usb 1-1: new device\n')).problem ?? '', /no DRMRES/);
  });

  it('shows of a stress log which predicted hazards were seen', async () => {
    const ask = (text: string): Promise<CompareLogResult> =>
      client.request('driverTeardown/compareLog', { uri: client.uri('late.c'), text });
    const frame = (name: string) => `DT: stress of ${name} begins (x)\nDT: scenario unbind begin\n`;
    const oops = 'Oops: general protection fault\nRIP: 0010:foo_irq+0x1/0x2 [late]\n';
    const { comparison, stress } = await ask(`${frame('late')}${oops}DT: scenario unbind end\n`);
    assert.equal(comparison, null);
    assert.ok(stress);
    const [seen] = stress.hazards.filter(({ state }) => state === 'seen');
    assert.equal(seen?.location.uri, client.uri('late.c'));
    assert.deepEqual(
      seen.troubles.map(({ stack }) => stack),
      [['foo_irq']],
    );
    assert.deepEqual(
      stress.scenarios.map(({ name, state }) => `${name} ${state}`),
      ['unbind done'],
    );
    assert.match((await ask(frame('other'))).problem ?? '', /a stress kit for other, not late/);
  });

  it('marks a hazard at both ends, with the runner, and says who depends on the thing', async () => {
    const { entries } = await orderOf('late.c');
    const [unbind] = entries[0]?.timelines ?? [];
    const marked = unbind?.steps.flatMap(({ name, marks }) =>
      marks.map(({ kind, text }) => `${name}: ${kind}: ${text}`),
    );
    assert.deepEqual(marked, [
      'destroy_workqueue(foo->wq): ends: Ends here: foo_irq can use it until step 3, devm_request_irq',
      'devm_request_irq: uses: Until here foo_irq can use what has ended at step 2, destroy_workqueue(foo->wq)',
    ]);
    const [runner] = unbind?.runners ?? [];
    assert.deepEqual([runner?.name, runner?.until, runner?.marks.length], ['foo_irq', 3, 1]);
    const step = unbind?.steps[1];
    const found = await client.request<RelationsResult>('driverTeardown/relations', {
      uri: client.uri('late.c'),
      entry: entries[0]?.id,
      timeline: 'unbind',
      step: step?.id,
    });
    assert.deepEqual(
      found.dependents.map(({ name, note, late: tooLate }) => [name, note, tooLate]),
      [['foo_irq', 'interrupt handler', true]],
    );
  });

  it('counts the same findings as the picture', async () => {
    const { entries } = await orderOf('late.c');
    const open = entries[0]?.timelines[1];
    const found = new Set(
      [...(open?.steps ?? []), ...(open?.runners ?? [])].flatMap((one) => [
        ...one.marks.map(({ finding }) => finding.message),
        ...('findings' in one ? one.findings.map(({ message }) => message) : []),
      ]),
    );
    const { svg } = await client.request<LifetimesResult>('driverTeardown/lifetimes', {
      uri: client.uri('late.c'),
      entry: null,
      timeline: 'unplug-open',
      failure: null,
      width: 1000,
      collapsed: null,
      findingsOnly: false,
      filter: '',
      scheme: 'light',
    });
    assert.ok(found.size > 0);
    assert.match(svg ?? '', new RegExp(`· ${found.size} findings?[,· ]`));
  });

  it('names a failure of probe by the call that fails', async () => {
    const { entries } = await orderOf('late.c');
    assert.deepEqual(
      entries[0]?.acquired.map(({ fails }) => fails),
      ['devm_request_irq', 'devm_request_irq', 'drm_dev_register'],
    );
  });
});
