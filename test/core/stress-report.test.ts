/**
 * What the log of a stress kit shows, over a driver written for it: a handler that nobody frees, and a file that
 * comes late.
 */
import assert from 'node:assert/strict';
import { stressPlan } from '../../server/src/core/stress/plan.ts';
import {
  isStressLog,
  type StressReport,
  stressReport,
} from '../../server/src/core/stress/report.ts';
import { shellQuoted } from '../../server/src/core/stress/script.ts';
import { parseTeardownLog } from '../../server/src/core/teardown/log.ts';
import { type LogNames, logNamesOf } from '../../server/src/core/teardown/log-names.ts';
import { type Engine, loadEngine } from '../support/engine.ts';

const source = `
struct foo {
	struct drm_device drm;
	struct workqueue_struct *wq;
	struct work_struct work;
};

static irqreturn_t foo_handler(int irq, void *data)
{
	struct foo *foo = data;

	return foo_look(foo);
}

static void foo_postclose(struct drm_device *drm, struct drm_file *file)
{
	struct foo *foo = container_of(drm, struct foo, drm);

	queue_work(foo->wq, &foo->work);
}

static const struct drm_driver foo_driver = {
	.postclose = foo_postclose,
	.dumb_create = drm_gem_dma_dumb_create,
};

static void foo_off(void *data)
{
}

static int foo_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct foo *foo;
	int ret;

	foo = devm_drm_dev_alloc(&pdev->dev, &foo_driver, struct foo, drm);
	if (IS_ERR(foo))
		return PTR_ERR(foo);

	foo->wq = alloc_workqueue("foo", 0, 0);
	if (!foo->wq)
		return -ENOMEM;
	pci_set_drvdata(pdev, foo);

	ret = devm_add_action_or_reset(&pdev->dev, foo_off, foo);
	if (ret)
		return ret;

	ret = request_irq(pdev->irq, foo_handler, 0, "foo", foo);
	if (ret)
		return ret;

	return drm_dev_register(&foo->drm, 0);
}

static void foo_remove(struct pci_dev *pdev)
{
	struct foo *foo = pci_get_drvdata(pdev);

	destroy_workqueue(foo->wq);
	drm_dev_unplug(&foo->drm);
}

static struct pci_driver foo_pci_driver = {
	.name = "foo",
	.probe = foo_probe,
	.remove = foo_remove,
};
`;

const device = '0000:00:01.0';
const devres = (what: string, name: string, address: string) =>
  `devres_log: ${device} ${what} ${address} ${name} (8 bytes)`;
const drmres = (what: string, name: string, address: string, driver: string) =>
  `${driver} ${device}: [drm:drm_managed_release] ${what} ${address} ${name} (0 bytes)`;

const setUp = [
  drmres('ADD', 'drm_dev_init_release', '01', 'foo'),
  devres('ADD', 'devm_drm_dev_init_release', '02'),
  devres('ADD', 'foo_off', '04'),
  `[drm] Initialized foo 1.0.0 for ${device} on minor 0`,
];
const devresGoes = [
  devres('REL', 'foo_off', '04'),
  devres('REL', 'devm_drm_dev_init_release', '02'),
];
const begin = (name: string) => [`DT: scenario ${name} begin`, ...setUp, 'DT: teardown begin'];

const unbind = [
  ...begin('unbind'),
  ...devresGoes,
  drmres('REL', 'drm_dev_init_release', '01', 'foo'),
  'DT: unbind rc 0',
  'DT: left interrupt 24 foo',
  'DT: scenario unbind end',
];

const kasan = [
  'BUG: KASAN: slab-use-after-free in foo_postclose+0x12/0x40 [foo]',
  'Read of size 4 at addr ffff888 by task hold/9',
  'CPU: 0 PID: 9 Comm: hold',
  'Call Trace:',
  ' <TASK>',
  ' ? show_regs+0x1/0x2',
  ' kasan_report+0x5/0x10',
  ' foo_postclose+0x12/0x40 [foo]',
  ' drm_release+0x1/0x2 [drm]',
  ' </TASK>',
  'Freed by task 1:',
  ' kfree+0x1/0x2',
  ' devres_release_all+0x1/0x2',
  '==================================================================',
];

const held = [
  ...begin('open-unbind'),
  ...devresGoes,
  'DT: unbind rc 0',
  ...kasan,
  'DT: late close',
  'refcount_t: underflow; use-after-free.',
  'WARNING: CPU: 0 PID: 1 at lib/refcount.c:28 refcount_warn_saturate+0xba/0x110',
  'RIP: 0010:refcount_warn_saturate+0xba/0x110',
  'Call Trace:',
  ' drm_dev_put.part.0+0x1/0x2 [drm]',
  '---[ end trace 0000000000000000 ]---',
  drmres('REL', 'drm_dev_init_release', '01', 'pci'),
  'DT: scenario open-unbind end',
];

const stamped = (lines: readonly string[]) =>
  ['DT: stress of foo begins (driver-teardown 1)', ...lines]
    .map((line, i) => `[${(10 + i / 100).toFixed(6).padStart(12)}] ${line}`)
    .join('\n');

describe('the log of a stress kit', () => {
  let engine: Engine;
  let names: LogNames;
  before(async () => {
    engine = await loadEngine('6.12');
    names = logNamesOf(engine.catalog);
  });

  const input = () => {
    const { report, pass, order } = engine.analyze(new Map([['foo.c', source]]));
    return { pass, order: order(), findings: report.findings };
  };
  const read = (...parts: readonly (readonly string[])[]): StressReport =>
    stressReport(parseTeardownLog(stamped(parts.flat())), input(), names);
  const states = ({ hazards }: StressReport) =>
    Object.fromEntries(hazards.map(({ finding, state }) => [finding.rule, state]));

  it('is told from others by its marks', () => {
    const is = (text: string) => isStressLog(parseTeardownLog(text), engine.catalog);
    assert.ok(is(stamped(unbind)));
    assert.ok(is('[ 1.0] DT: scenario open-unbind begin'));
    assert.ok(!is('[ 1.0] DT: scenario open begin: bind'));
    assert.ok(!is(devresGoes.join('\n')));
  });

  it('shows what was left by the step that takes it', () => {
    const report = read(unbind);
    assert.equal(states(report)['never-given-back'], 'seen');
    assert.deepEqual(report.unpredicted, []);
    const [scenario] = report.scenarios;
    assert.equal(scenario?.state, 'done');
    assert.equal(scenario?.comparison?.timeline, 'unbind');
    assert.equal(scenario?.comparison?.counts['never-ran'], 0);
  });

  it('shows a report of the kernel by the function on its stack', () => {
    const report = read(held);
    assert.equal(states(report)['open-file-uses-ended'], 'seen');
    const [scenario] = report.scenarios;
    assert.equal(scenario?.comparison?.timeline, 'unplug-open');
    assert.deepEqual(
      scenario?.troubles.map(
        ({ kind, text }) => `${kind} ${text.split(' ').slice(0, 3).join(' ')}`,
      ),
      ['kasan BUG: KASAN: slab-use-after-free', 'refcount refcount_t: underflow; use-after-free.'],
    );
    assert.deepEqual(scenario?.troubles[0]?.stacks, {
      at: ['foo_postclose', 'kasan_report', 'foo_postclose', 'drm_release'],
      others: ['kfree', 'devres_release_all'],
    });
    assert.equal(states(report)['never-given-back'], 'not-shown');
  });

  it('keeps apart what no finding predicted, once', () => {
    const report = read(held, held);
    assert.deepEqual(
      report.unpredicted.map(({ trouble, times }) => [trouble.kind, trouble.stacks.at, times]),
      [['refcount', ['refcount_warn_saturate', 'drm_dev_put'], 2]],
    );
  });

  it('a report on another timeline than that of a finding is none of its', () => {
    const late = [...unbind.slice(0, -1), ...kasan, 'DT: scenario unbind end'];
    assert.equal(states(read(late))['open-file-uses-ended'], 'not-tried');
    assert.equal(read(late).unpredicted.length, 1);
  });

  it('what a task leaves that an oops killed is told by the oops', () => {
    const left = ['DT: left module-reference 1', 'DT: scenario open-unbind end'];
    const closed = held.slice(0, -1);
    assert.equal(read(closed, left).unpredicted.length, 2, 'a refcount underflow kills nobody');
    const oops = [
      'Oops: general protection fault, probably for non-canonical address 0x6b6b6b6b6b6b6b9c',
      'Call Trace:',
      ' foo_postclose+0x12/0x40 [foo]',
      '---[ end trace 0000000000000000 ]---',
    ];
    const report = read(held.slice(0, 8), oops, left);
    assert.deepEqual(report.unpredicted, []);
    assert.equal(states(report)['open-file-uses-ended'], 'seen');
  });

  it('what pstore kept of a boot belongs to the scenario that it went down in, once', () => {
    const before = stamped(held.slice(0, 8)).split('\n');
    const last = [
      'watchdog: BUG: soft lockup - CPU#0 stuck for 26s! [hold:9]',
      ' foo_postclose+0x12/0x40 [foo]',
      'Kernel panic - not syncing: softlockup: hung tasks',
    ];
    const dump = [
      'DT: pstore dmesg-ramoops-0 1234 99',
      'Panic#1 Part1',
      ...before.slice(3).map((line) => `<7>${line}`),
      ...last.map((line, i) => `<4>[   40.00000${i}] ${line}`),
      'DT: resumed',
    ];
    const after = stamped([
      'DT: scenario open-unbind stopped: the machine went down in it',
      ...unbind.slice(1, -1),
      ...unbind,
    ]);
    const report = stressReport(
      parseTeardownLog([...before, ...dump, after].join('\n')),
      input(),
      names,
    );
    assert.deepEqual(
      report.scenarios.map(({ name, state }) => [name, state]),
      [
        ['open-unbind', 'stopped'],
        ['unbind', 'done'],
      ],
    );
    const [open] = report.scenarios;
    assert.equal(open?.comparison?.counts['in-order'], 2, 'no step ran twice');
    assert.equal(states(report)['open-file-uses-ended'], 'seen');
    assert.equal(states(report)['never-given-back'], 'seen');
    assert.deepEqual(report.unpredicted, []);
  });

  it('tells what was left out, stopped, and cut off', () => {
    const report = read(
      [
        'DT: scenario kms-unbind begin',
        'DT: not offered: no modes',
        'DT: scenario kms-unbind left out',
      ],
      held.slice(0, 8),
      unbind.slice(0, 7),
    );
    assert.deepEqual(
      report.scenarios.map(({ name, state, reason }) => [name, state, reason]),
      [
        ['kms-unbind', 'left-out', 'no modes'],
        ['open-unbind', 'stopped', null],
        ['unbind', 'cut', null],
      ],
    );
    assert.equal(states(report)['never-given-back'], 'not-tried');
  });

  it('a scenario without a line of the lists says so', () => {
    const report = read(['DT: scenario unbind begin', 'DT: scenario unbind end']);
    assert.match(report.scenarios[0]?.problem ?? '', /no DRMRES or devres_log line/);
  });

  it('the plan has the findings at the scenarios that show them, and the calls that can fail', () => {
    const plan = stressPlan(input());
    const shows = (name: string) =>
      plan.scenarios
        .find(({ scenario }) => scenario.name === name)
        ?.shows.map(({ rule }) => rule)
        .sort();
    assert.deepEqual(plan.buses, ['pci']);
    assert.ok(shows('unbind')?.includes('never-given-back'));
    assert.ok(!shows('unbind')?.includes('open-file-uses-ended'));
    assert.ok(shows('open-unbind')?.includes('open-file-uses-ended'));
    assert.ok(shows('busy-unbind')?.includes('open-file-uses-ended'), 'a close is run by it');
    assert.equal(shows('kms-unbind'), undefined, 'it has no mode setting');
    assert.equal(shows('hwmon-unbind'), undefined);
    assert.ok(plan.failures.includes('request_irq:1:-12'), plan.failures.join());
    assert.ok(
      plan.failures.includes('devm_kzalloc:1:0') ||
        plan.failures.includes('drm_dev_register:1:-12'),
    );
  });

  it('any text is one word of a shell', () => {
    assert.equal(shellQuoted("it's $(x)`y`"), "'it'\\''s $(x)`y`'");
    assert.equal(shellQuoted('a\nb\x1b'), "'a\\nb\\033'");
  });
});
