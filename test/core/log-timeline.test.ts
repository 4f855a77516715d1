/** Which timeline a log shows, and what is said when it does not tell: by evidence in the log, never by a guess. */
import assert from 'node:assert/strict';
import type { ModuleOrder } from '../../server/src/core/result.ts';
import { LogReader, parseTeardownLog } from '../../server/src/core/teardown/log.ts';
import {
  compareLog,
  compareWithLog,
  type LogComparison,
} from '../../server/src/core/teardown/log-compare.ts';
import { type LogNames, logNamesOf } from '../../server/src/core/teardown/log-names.ts';
import { sessionsOf } from '../../server/src/core/teardown/log-sessions.ts';
import { type Engine, loadEngine } from '../support/engine.ts';

/** One action on each list, and the reference first: the releases come alike on two timelines. */
const source = `
static void foo_table_fini(struct drm_device *drm, void *arg)
{
	kfree(arg);
}

static void foo_clock_off(void *data)
{
	clk_disable_unprepare(data);
}

static int foo_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct foo *foo;
	int ret;

	foo = devm_drm_dev_alloc(&pdev->dev, &foo_driver, struct foo, drm);
	if (IS_ERR(foo))
		return PTR_ERR(foo);

	ret = drmm_add_action_or_reset(&foo->drm, foo_table_fini, foo->table);
	if (ret)
		return ret;

	ret = devm_add_action_or_reset(&pdev->dev, foo_clock_off, foo->clk);
	if (ret)
		return ret;

	return drm_dev_register(&foo->drm, 0);
}

static void foo_remove(struct pci_dev *pdev)
{
	struct foo *foo = pci_get_drvdata(pdev);

	drm_dev_unplug(&foo->drm);
}

static struct pci_driver foo_pci_driver = {
	.probe = foo_probe,
	.remove = foo_remove,
};
`;

/** Which words a line is made of: its list, what happens, the node, the device and what drives it. */
type Line = readonly ['devm' | 'drmm', 'ADD' | 'REL', string, string?, string?];

const nodes: Readonly<Record<string, string>> = {
  drm_dev_init_release: 'ffff000000000001',
  devm_drm_dev_init_release: 'ffff000000000002',
  foo_table_fini: 'ffff000000000003',
  foo_clock_off: 'ffff000000000004',
};

function printed([list, what, name, device = '0000:03:00.0', driver = 'foo']: Line): string {
  const node = `${what} ${nodes[name] ?? 'ffff0000000000ff'} ${name} (8 bytes)`;
  return list === 'devm'
    ? `devres_log: ${device} ${node}`
    : `${driver} ${device}: [drm:${what === 'ADD' ? 'add_dr' : 'drm_managed_release'} [drm]] ${node}`;
}

const setUp: readonly Line[] = [
  ['drmm', 'ADD', 'drm_dev_init_release'],
  ['devm', 'ADD', 'devm_drm_dev_init_release'],
  ['drmm', 'ADD', 'foo_table_fini'],
  ['devm', 'ADD', 'foo_clock_off'],
];
const devresGoes: readonly Line[] = [
  ['devm', 'REL', 'foo_clock_off'],
  ['devm', 'REL', 'devm_drm_dev_init_release'],
];
const drmmGoes: readonly Line[] = [
  ['drmm', 'REL', 'foo_table_fini'],
  ['drmm', 'REL', 'drm_dev_init_release'],
];

/** The same lines of another device, or with another name before it. */
function on(lines: readonly Line[], device: string, driver = 'foo'): Line[] {
  return lines.map(([list, what, name]) => [list, what, name, device, driver]);
}

const registered = '[drm] Initialized foo 1.0.0 for 0000:03:00.0 on minor 0';
const failed = 'foo 0000:03:00.0: probe with driver foo failed with error -12';

function textOf(...parts: (readonly Line[] | string)[]): string {
  return parts
    .flatMap((part) => (typeof part === 'string' ? [part] : part.map(printed)))
    .map((line, i) => `[  100.${String(i).padStart(6, '0')}] ${line}\n`)
    .join('');
}

describe('the timeline of a log', () => {
  let names: LogNames;
  let order: ModuleOrder;
  before(async () => {
    const engine: Engine = await loadEngine('6.12');
    names = logNamesOf(engine.catalog);
    order = engine.analyze(new Map([['foo.c', source]])).order();
  });

  const compare = (text: string): LogComparison => {
    const result = compareWithLog(text, [order], names);
    if ('problem' in result) assert.fail(result.problem);
    return result.comparison;
  };
  const titles = ({ timeline, alsoFits }: LogComparison): string[] => [
    timeline,
    ...new Set(alsoFits.map((one) => one.timeline)),
  ];
  const differing = ({ steps }: LogComparison): string[] =>
    steps
      .filter(({ state }) => state !== 'in-order' && state !== 'not-logged')
      .map(({ state, step, logged }) => `${state} ${step?.action ?? logged?.name}`);

  it('is told by the name before the device, which becomes that of the bus', () => {
    const late = compare(
      textOf(setUp, registered, devresGoes, on(drmmGoes, '0000:03:00.0', 'pci')),
    );
    assert.deepEqual(titles(late), ['unplug-open']);
    assert.match(late.evidence.join(), /names the bus, not the driver foo/);
    assert.deepEqual(differing(late), []);
  });

  it('is unbind while that name stays', () => {
    const found = compare(textOf(setUp, registered, devresGoes, drmmGoes));
    assert.deepEqual(titles(found), ['unbind']);
    assert.deepEqual(differing(found), []);
  });

  it('is a failed probe when the kernel says so', () => {
    const found = compare(textOf(setUp, devresGoes, drmmGoes, failed));
    assert.deepEqual(titles(found), ['probe-fail']);
  });

  it('is left open when nothing tells: registered, or failed at the last step', () => {
    assert.deepEqual(titles(compare(textOf(setUp, devresGoes, drmmGoes))), [
      'unbind',
      'probe-fail',
    ]);
  });

  describe('of a drm_device on a parent of the bound device', () => {
    const parted = (lines: readonly Line[]): Line[] =>
      lines.map(([list, what, name]) =>
        list === 'devm' ? [list, what, name, 'foo0'] : [list, what, name, '0000:00:05.0', 'bridge'],
      );
    const said = '[drm] Initialized foo 1.0.0 for 0000:00:05.0 on minor 0';

    it('is left open without more', () => {
      const found = compare(textOf(parted(setUp), said, parted(devresGoes), parted(drmmGoes)));
      assert.deepEqual(titles(found), ['unbind', 'unplug-open']);
      assert.deepEqual(differing(found), []);
    });

    it('is told by marks of the script that unbound it', () => {
      const unbound = compare(
        textOf(parted(setUp), said, parted(devresGoes), parted(drmmGoes), 'DT: unbind rc 0'),
      );
      assert.deepEqual(titles(unbound), ['unbind']);
      const held = compare(
        textOf(
          parted(setUp),
          said,
          'DT: teardown begin',
          parted(devresGoes),
          'DT: unbind rc 0',
          'DT: late close',
          parted(drmmGoes),
        ),
      );
      assert.deepEqual(titles(held), ['unplug-open']);
    });
  });

  describe('of several devices', () => {
    const other = '0000:04:00.0';
    const alternating = (a: readonly Line[], b: readonly Line[]): Line[] =>
      a.flatMap((line, i) => [line, ...b.slice(i, i + 1)]);

    it('two of one driver, line by line', () => {
      const found = compare(
        textOf(
          alternating(setUp, on(setUp, other)),
          registered,
          alternating(devresGoes, on(devresGoes, other)),
          alternating(drmmGoes, on(drmmGoes, other)),
        ),
      );
      assert.deepEqual(differing(found), []);
      assert.equal(found.counts['in-order'], 3);
    });

    it('the same one, bound again while a file holds its drm_device', () => {
      const second = (text: string) => text.replaceAll('ffff00000000000', 'ffff00000000010');
      const anew = second(textOf(setUp, registered));
      const late = textOf(drmmGoes);
      const reunbound = second(textOf(devresGoes, drmmGoes));
      for (const marks of [true, false]) {
        const unbound = textOf(
          setUp,
          registered,
          devresGoes,
          ...(marks ? ['DT: unbind rc 0'] : []),
        );
        const close = marks ? textOf('DT: late close') : '';
        const held = compare([unbound, anew, close, late].join('').replace(/^\[.*?\] /gm, ''));
        assert.deepEqual(titles(held), ['unplug-open']);
        assert.deepEqual(differing(held), []);
        const text = [unbound, anew, close, late, reunbound].join('').replace(/^\[.*?\] /gm, '');
        const { events, marks: said } = parseTeardownLog(text);
        assert.deepEqual(
          sessionsOf(events, said).map((one) => one.events.length),
          [8, 8],
        );
        const last = compare(text);
        assert.deepEqual(titles(last), ['unbind']);
        assert.deepEqual(differing(last), []);
        assert.equal(last.counts['in-order'], 3);
      }
    });

    it('another driver meanwhile', () => {
      const foreign: readonly Line[] = [
        ['devm', 'REL', 'bar_power_off', other],
        ['devm', 'REL', 'bar_irq_off', other],
      ];
      const found = compare(textOf(setUp, registered, alternating(devresGoes, foreign), drmmGoes));
      assert.equal(found.device, '0000:03:00.0');
      assert.deepEqual(differing(found), []);
    });

    it('addresses that the kernel hides', () => {
      const text = textOf(setUp, registered, devresGoes, drmmGoes);
      const found = compare(text.replace(/ffff0+\d/g, '(____ptrval____)'));
      assert.deepEqual(titles(found), ['unbind']);
      assert.deepEqual(differing(found), []);
    });
  });

  describe('with two clocks', () => {
    /** What dmesg has, and what the tracer has, whose clock is `off` seconds behind. */
    const split = (off: number, ...parts: (readonly Line[] | string)[]): string => {
      const all = textOf(...parts)
        .trimEnd()
        .split('\n');
      const traced = (line: string): string =>
        line.replace(
          /^\[ +(\S+)\] (?:DT: )?(.*)/,
          (whole, time: string) =>
            `  sh-1   [000] ..... ${(Number(time) - off).toFixed(6)}: ${
              whole.includes('devres_log') ? '' : 'tracing_mark_write: '
            }${whole.replace(/^\S+ +\S+ /, '')}`,
        );
      return [
        ...all.filter((line) => !line.includes('devres_log')),
        ...all.filter((line) => /devres_log|DT:/.test(line)).map(traced),
      ].join('\n');
    };

    it('that agree are one log', () => {
      const found = compare(split(0, setUp, registered, devresGoes, drmmGoes));
      assert.deepEqual([titles(found), differing(found)], [['unbind'], []]);
    });

    it('that do not are mended by the marks in both, and it is said', () => {
      const found = compare(
        split(
          3.1,
          setUp,
          registered,
          'DT: teardown begin',
          devresGoes,
          drmmGoes,
          'DT: unbind rc 0',
        ),
      );
      assert.deepEqual([titles(found), differing(found)], [['unbind'], []]);
      assert.match(found.notes.join(), /3\.100 s behind that of dmesg.*trace_clock=global/);
    });

    it('that do not, without marks, leave the order within each list', () => {
      const found = compare(split(3.1, setUp, registered, devresGoes, drmmGoes));
      assert.match(found.notes.join(), /not that of dmesg.*older than the device/);
      assert.deepEqual(differing(found), []);
    });
  });

  describe('of a log that is not whole', () => {
    it('wrapped: says what is missing at its begin, and calls nothing never run', () => {
      const found = compare(textOf(setUp.slice(2), devresGoes, drmmGoes));
      assert.match(found.notes.join(), /begins after 2 of its entries were registered/);
      assert.deepEqual(differing(found), []);
    });

    it('cut off in the middle: what is behind is not reached', () => {
      const found = compare(textOf(setUp, registered, devresGoes.slice(0, 1)));
      assert.match(found.notes.join(), /ends before all was released/);
      assert.deepEqual(differing(found), [
        'not-reached devm_drm_dev_alloc',
        'not-reached foo_table_fini',
      ]);
    });

    it('closed by who held it, and never released: it was held, if the last close did not come back', () => {
      const held = compare(
        textOf(setUp, registered, devresGoes, 'DT: unbind rc 0', 'DT: late close'),
      );
      assert.deepEqual(titles(held), ['unplug-open']);
      assert.deepEqual(differing(held), ['not-reached foo_table_fini']);
      assert.match(held.evidence.join(), /not released before line \d+ tells who holds it/);
      const other = compare(
        textOf(
          setUp,
          registered,
          devresGoes,
          'DT: unbind rc 0',
          'DT: teardown begin',
          [],
          'DT: late close',
        ),
      );
      assert.deepEqual(titles(other), ['unbind', 'unplug-open'], 'that is of the next teardown');
    });

    it('passed over is never run, be it the end of the log', () => {
      const found = compare(textOf(setUp, registered, devresGoes.slice(1), drmmGoes));
      assert.deepEqual(differing(found), ['never-ran foo_clock_off']);
    });

    it('predicted, and never there', () => {
      const without = (lines: readonly Line[]): Line[] =>
        lines.filter(([, , name]) => name !== 'foo_clock_off');
      const found = compare(textOf(without(setUp), registered, without(devresGoes), drmmGoes));
      assert.deepEqual(differing(found), ['not-registered foo_clock_off']);
    });

    it('two boots: the later one, and it is said', () => {
      const one = textOf(setUp, registered, devresGoes, drmmGoes);
      const two = textOf(setUp, registered, devresGoes, on(drmmGoes, '0000:03:00.0', 'pci'));
      const found = compare(`${one}[    0.000000] Linux version 6.12.117\n${two}`);
      assert.deepEqual(titles(found), ['unplug-open']);
      assert.match(found.notes.join(), /2 boots: this is of number 2/);
    });

    it('however long, what is kept is bounded, and what is left out is said', () => {
      const reader = new LogReader();
      const teardown = textOf(setUp, registered, 'DT: teardown begin', devresGoes, drmmGoes);
      const lines = teardown.replace(/^\[.*?\] /gm, '').split('\n');
      for (let i = 0; i < 20_000; i++) for (const line of lines) reader.read(line);
      const log = reader.end();
      assert.ok(log.events.length <= 40_000 && log.marks.length <= 80_000);
      const result = compareLog(log, [order], names);
      if ('problem' in result) assert.fail(result.problem);
      assert.deepEqual(titles(result.comparison), ['unbind']);
      assert.match(result.comparison.notes.join(), /the oldest 120000 changes/);
    }).timeout(20_000);

    it('what the tracer lost is said', () => {
      const text = textOf(setUp, registered, devresGoes, drmmGoes);
      assert.match(
        compare(`CPU:0 [LOST 37 EVENTS]\n${text}`).notes.join(),
        /the trace lost 37 entries/,
      );
    });
  });

  it('what the kernel found wrong is kept with its line, and what came before the device is not', () => {
    const found = compare(
      textOf(
        'BUG: unable to handle page fault for address: 0',
        setUp,
        registered,
        devresGoes,
        'BUG: KASAN: slab-use-after-free in foo_table_fini+0x12/0x40 [foo]',
        drmmGoes,
        'WARNING: CPU: 0 PID: 1 at drivers/gpu/drm/drm_mm.c:964 drm_mm_takedown+0x1/0x2',
      ),
    );
    assert.deepEqual(
      found.troubles.map(({ line }) => line),
      [9, 12],
    );
    assert.match(found.troubles[0]?.text ?? '', /KASAN: slab-use-after-free in foo_table_fini/);
    assert.deepEqual(titles(found), ['unbind']);
  });

  it('of another driver is refused with its name', () => {
    const result = compareWithLog(
      textOf([
        ['drmm', 'ADD', 'bar_fini', '0000:05:00.0', 'bar'],
        ['drmm', 'REL', 'bar_fini', '0000:05:00.0', 'bar'],
      ]),
      [order],
      names,
    );
    assert.match('problem' in result ? result.problem : '', /it is of bar 0000:05:00\.0$/);
  });
});
