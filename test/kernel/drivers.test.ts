/**
 * Real drivers in a real kernel (test/kernel/drivers/README.md): the prediction has to be what ran, step by step, on
 * every recorded teardown. The recordings need no kernel tree; that the predictions are still what the model says does.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { timelineOf } from '../../scripts/kernel-drivers/convert.ts';
import { goldenOf, orderOf } from '../../scripts/kernel-drivers/golden.ts';
import { tableOf, withTable } from '../../scripts/kernel-drivers/table.ts';
import { compareWithLog } from '../../server/src/core/teardown/log-compare.ts';
import { type LogNames, logNamesOf } from '../../server/src/core/teardown/log-names.ts';
import { findAssets } from '../../server/src/host/assets.ts';
import { emptyConfiguration } from '../../server/src/host/configuration.ts';
import { openProject } from '../../server/src/host/open.ts';
import { rootOf } from '../../server/src/host/root.ts';
import { skip } from '../skip.ts';
import { loadEngine } from '../support/engine.ts';
import { folder, goldenAt, recorded, subjects } from './recorded-drivers.ts';
import { kernelTree } from './trees.ts';

describe('real drivers in a real kernel', () => {
  let names: LogNames;
  before(async () => {
    names = logNamesOf((await loadEngine('6.12')).catalog);
  });

  it('are 12 or more, with 60 recordings or more', () => {
    assert.ok(new Set(recorded.map(({ source }) => source)).size >= 12);
    assert.ok(recorded.length >= 60, `${recorded.length}`);
  });

  it('are counted so in docs/real-drivers.md (npm run kernel:drivers -- --table)', () => {
    const page = readFileSync(join(import.meta.dirname, '../../docs/real-drivers.md'), 'utf8');
    assert.ok(page.includes(tableOf(subjects, folder)));
    assert.equal(withTable(page, tableOf(subjects, folder)), page);
  });

  it('have no recording that is of no subject', () => {
    const known = new Set(recorded.map(({ path }) => path));
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.log'))
      .map((file) => join(folder, file));
    assert.deepEqual(
      files.filter((file) => !known.has(file)),
      [],
    );
  });

  for (const { name, source, scenario, path } of recorded) {
    it(`${name}: ${scenario}`, () => {
      const text = readFileSync(path, 'utf8');
      const order = orderOf(goldenAt(source));
      const result = compareWithLog(text, [order], names);
      if ('problem' in result) assert.fail(result.problem);
      const { comparison } = result;
      assert.equal(comparison.timeline, timelineOf(scenario, text));
      // Without remove() nothing is different when a file is open.
      const alike = order.entries.every(
        ({ timelines }) =>
          JSON.stringify(timelines.unbind) === JSON.stringify(timelines['unplug-open']),
      );
      assert.deepEqual(
        comparison.alsoFits.filter(({ timeline }) => !alike && timeline !== comparison.timeline),
        [],
        'another timeline fits as well',
      );
      const differing = comparison.steps
        .filter(({ state }) => !['in-order', 'not-taken', 'not-logged'].includes(state))
        .map(({ state, step, logged }) => `${state} ${step?.action ?? logged?.name}`);
      assert.deepEqual(differing, []);
      assert.ok(comparison.counts['in-order'] > 0 || comparison.timeline === 'probe-fail');
    });
  }

  describe('are predicted so', function () {
    this.timeout(120_000);
    const tree = kernelTree('6.12');
    for (const source of new Set(subjects.map((one) => one.source))) {
      it(source, async function (this: Mocha.Context) {
        if ('missing' in tree) return skip(this, tree.missing);
        const path = join('drivers/gpu/drm', source);
        const { project } = openProject({
          assets: findAssets(import.meta.dirname),
          root: rootOf(join(tree.path, path)),
          configuration: emptyConfiguration,
        });
        const [module] = project.modulesOf(path);
        assert.ok(module);
        const { analysis } = await project.analyse(module);
        assert.deepEqual(goldenOf(analysis.order()), goldenAt(source));
      });
    }
  });
});
