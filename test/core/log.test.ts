/** A kernel's log beside the prediction: recorded logs, the shapes that logs come in, and hostile ones. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ModuleOrder, Timeline } from '../../server/src/core/result.ts';
import { parseTeardownLog } from '../../server/src/core/teardown/log.ts';
import { compareWithLog, type LogComparison } from '../../server/src/core/teardown/log-compare.ts';
import { type LogNames, logNamesOf } from '../../server/src/core/teardown/log-names.ts';
import { sessionsOf } from '../../server/src/core/teardown/log-sessions.ts';
import { type Engine, loadEngine } from '../support/engine.ts';

const recordings = join(import.meta.dirname, '../kernel/recordings');

function read(driver: string, file: string): string {
  return readFileSync(join(recordings, driver, file), 'utf8');
}

function states({ steps }: LogComparison): string[] {
  return steps
    .filter(({ state }) => state !== 'not-logged' && state !== 'not-taken' && state !== 'in-order')
    .map(({ state, step, logged }) => `${state} ${step?.action ?? logged?.name}`);
}

describe('logs of a kernel', () => {
  let engine: Engine;
  let names: LogNames;
  before(async () => {
    engine = await loadEngine('6.12');
    names = logNamesOf(engine.catalog);
  });

  const orderOf = (driver: string): ModuleOrder =>
    engine.analyze(new Map([[`${driver}.c`, read(driver, `${driver}.c`)]])).order();
  const compare = (text: string, driver: string, wanted?: Timeline): LogComparison => {
    const result = compareWithLog(text, [orderOf(driver)], names, wanted);
    if ('problem' in result) assert.fail(result.problem);
    return result.comparison;
  };
  const problem = (text: string): string => {
    const result = compareWithLog(text, [orderOf('simple')], names);
    return 'problem' in result ? result.problem : '';
  };

  describe('recorded', () => {
    const drivers = readdirSync(recordings, { withFileTypes: true })
      .filter((one) => one.isDirectory() && one.name !== 'recorder')
      .map((one) => one.name);
    for (const driver of drivers) {
      for (const timeline of ['unbind', 'unplug-open'] as const) {
        it(`${driver}, ${timeline}: all ran as predicted`, () => {
          // What `late` registers while its list is released stays on it, until the device goes.
          const expected = driver === 'late' ? ['unpredicted late_flush'] : [];
          assert.deepEqual(
            states(compare(read(driver, `${timeline}.log`), driver, timeline)),
            expected,
          );
        });
      }
    }

    for (const driver of drivers) {
      it(`${driver}, each failure of probe`, () => {
        const sections = read(driver, 'probe-fail.log')
          .split(/^# fails after: .*$/m)
          .filter((section) => section.includes('REL'));
        for (const section of sections) {
          const result = compareWithLog(section, [orderOf(driver)], names, 'probe-fail');
          // Nothing of the driver's was on a list: there is nothing to compare.
          if ('problem' in result) assert.doesNotMatch(section, new RegExp(`REL \\S+ ${driver}_`));
          else
            assert.deepEqual(
              states(result.comparison).filter((one) => one !== 'unpredicted late_flush'),
              [],
              section,
            );
        }
      });
    }

    it('the timeline is found where the order tells it', () => {
      assert.equal(compare(read('simple', 'unbind.log'), 'simple').timeline, 'unbind');
      assert.equal(compare(read('simple', 'unplug-open.log'), 'simple').timeline, 'unplug-open');
      const failure = compare(sectionOf(read('simple', 'probe-fail.log'), 3), 'simple');
      assert.deepEqual([failure.timeline, failure.after], ['probe-fail', 'simple_clock_disable']);
    });

    it('a helper hides the callback behind its parameter', () => {
      const found = compare(read('wrapped', 'unbind.log'), 'wrapped').steps.find(
        ({ step }) => step?.action === 'wrapped_mmio_fini',
      );
      assert.equal(found?.logged?.name, 'fn');
    });
  });

  describe('what differs', () => {
    const log = () => read('simple', 'unbind.log');

    it('never ran', () => {
      const without = log()
        .split('\n')
        .filter((line) => !line.includes('REL') || !line.includes('simple_power_off'))
        .join('\n');
      assert.deepEqual(states(compare(without, 'simple', 'unbind')), [
        'never-ran simple_power_off',
      ]);
    });

    it('ran out of order', () => {
      const lines = log().split('\n');
      const from = lines.findIndex(
        (line) => line.includes('REL') && line.includes('simple_poll_stop'),
      );
      const [moved = ''] = lines.splice(from, 1);
      lines.splice(
        lines.findIndex((line) => line.includes('REL') && line.includes('simple_clock_disable')) +
          1,
        0,
        moved,
      );
      assert.deepEqual(states(compare(lines.join('\n'), 'simple', 'unbind')), [
        'out-of-order simple_poll_stop',
      ]);
    });

    it('was not predicted', () => {
      const more = log().replace(
        /^(.*REL) \S+ simple_clock_disable.*$/m,
        '$1 00000000000000ff surprise_fini (16 bytes)\n$&',
      );
      assert.deepEqual(states(compare(more, 'simple', 'unbind')), ['unpredicted surprise_fini']);
    });

    it('says which list the log is silent on', () => {
      const onlyDevres = log()
        .split('\n')
        .filter((line) => line.startsWith('devres_log'))
        .join('\n');
      assert.match(compare(onlyDevres, 'simple', 'unbind').notes.join(), /no DRMRES lines/);
      assert.match(
        compare(read('simple', 'unbind.trace'), 'simple', 'unbind').notes.join(),
        /no DRMRES lines/,
      );
    });
  });

  describe('shapes', () => {
    const shapes: Readonly<Record<string, (line: string, i: number) => string>> = {
      dmesg: (line, i) => `[   12.${String(i).padStart(6, '0')}] ${line}`,
      'dmesg -T': (line) => `[Mon Mar  2 10:11:12 2026] ${line}`,
      'dmesg -x': (line, i) => `kern  :debug : [    1.${String(i).padStart(6, '0')}] ${line}`,
      journal: (line) => `Mar 02 10:11:12 host kernel: ${line}`,
      'with CRLF': (line) => `${line}\r`,
      'of a built module': (line) => line.replace(/\[drm:(\w+)\]/, '[drm:$1 [drm]]'),
    };
    for (const [name, shape] of Object.entries(shapes)) {
      it(name, () => {
        const text = read('simple', 'unplug-open.log').split('\n').map(shape).join('\n');
        assert.equal(compare(text, 'simple').timeline, 'unplug-open');
        assert.equal(compare(text, 'simple').counts['in-order'], 7);
      });
    }

    it('dmesg and trace behind one another are put in time', () => {
      const timed = read('simple', 'unbind.log')
        .split('\n')
        .map((line, i) => ({ line, at: `5.${String(i).padStart(6, '0')}` }));
      const dmesg = timed
        .filter(({ line }) => line.includes('[drm:'))
        .map(({ line, at }) => `[    ${at}] ${line}`);
      const trace = timed
        .filter(({ line }) => line.startsWith('devres_log'))
        .map(({ line, at }) => `     bash-812     [001] .....     ${at}: ${line}`);
      assert.deepEqual(states(compare([...dmesg, ...trace].join('\n'), 'simple')), []);
      assert.equal(compare([...dmesg, ...trace].join('\n'), 'simple').timeline, 'unbind');
    });

    it('the last teardown of several counts when they fit alike', () => {
      const twice = `${read('simple', 'unbind.log')}unrelated line\n${read('simple', 'unbind.log')}`;
      assert.equal(sessionsOf(parseTeardownLog(twice).events).length, 2);
      assert.deepEqual(states(compare(twice, 'simple', 'unbind')), []);
    });
  });

  describe('hostile', () => {
    it('empty', () => assert.match(problem(''), /no DRMRES or devres_log line in 0 lines/));
    it('another log', () =>
      assert.match(
        problem('usb 1-1: new device\n'.repeat(3)),
        /in 3 lines: boot with drm.debug=0x200/,
      ));
    it('binary', () =>
      assert.match(
        problem(
          Buffer.from(Array.from({ length: 65536 }, (_, i) => (i * 7919) % 256)).toString('latin1'),
        ),
        /no DRMRES/,
      ));
    it('cut off before the teardown', () => {
      const start = read('simple', 'unbind.log')
        .split('\n')
        .filter((line) => line.includes(' ADD '))
        .join('\n');
      assert.match(problem(start), /ends before the teardown/);
    });
    it('of another driver', () =>
      assert.match(
        problem(read('unplug', 'unbind.log').replaceAll('devm_drm_dev_init_release', 'other')),
        /nothing that the log releases is predicted/,
      ));
    it('of quite another driver: says that little fits', () => {
      assert.match(
        compare(read('minixe', 'unbind.log'), 'simple').notes.join(),
        /little of it fits/,
      );
    });
    it('one endless line', () =>
      assert.match(problem(`devres_log: ${'x'.repeat(5_000_000)} bytes)`), /no DRMRES/));

    it('50 MB of the same teardown', function () {
      this.timeout(20_000);
      const one = read('simple', 'unbind.log');
      const many = one.repeat(Math.ceil((50 * 1024 * 1024) / one.length));
      const { comparison } = compareWithLog(many, [orderOf('simple')], names, 'unbind') as {
        comparison: LogComparison;
      };
      assert.equal(comparison.counts['in-order'], 7);
      assert.match(comparison.notes.join(), /the last 40 of \d+ teardowns/);
    });

    it('a teardown that never ends', function () {
      this.timeout(20_000);
      const line =
        'devres_log: recorded-simple.0 REL 0000000000000001 simple_power_off (16 bytes)\n';
      const { comparison } = compareWithLog(line.repeat(300_000), [orderOf('simple')], names) as {
        comparison: LogComparison;
      };
      assert.ok(comparison.counts.unpredicted > 100);
    });
  });
});

/** The n-th failure of a recorded log of failures, from 0. */
function sectionOf(text: string, n: number): string {
  return text.split(/^# fails after: .*$/m)[n + 1] ?? '';
}
