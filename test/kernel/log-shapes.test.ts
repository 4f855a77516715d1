/**
 * The recordings of real drivers (test/kernel/drivers) as users hand logs over: of other tools, with other devices
 * between, cut off, wrapped. What is still in them has to be found, and nothing that ran may be said not to have.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { timelineOf } from '../../scripts/kernel-drivers/convert.ts';
import { orderOf } from '../../scripts/kernel-drivers/golden.ts';
import { compareWithLog, type LogComparison } from '../../server/src/core/teardown/log-compare.ts';
import { type LogNames, logNamesOf } from '../../server/src/core/teardown/log-names.ts';
import { loadEngine } from '../support/engine.ts';
import { type LogShape, logShapes } from './log-shapes.ts';
import { goldenAt, type Recording, recorded } from './recorded-drivers.ts';

/** Lines of the kernel or of the script: a recording ends with a newline. */
const linesOf = (text: string) => text.trimEnd().split('\n');

describe('logs of real drivers, as users hand them over', () => {
  let names: LogNames;
  before(async () => {
    names = logNamesOf((await loadEngine('6.12')).catalog);
  });

  /** What is wrong with the answer; empty when nothing is. */
  const wrongWith = (
    { source, scenario, path }: Recording,
    { kept, change }: LogShape,
  ): string[] => {
    const text = readFileSync(path, 'utf8');
    const order = orderOf(goldenAt(source));
    const result = compareWithLog(`${change(linesOf(text)).join('\n')}\n`, [order], names);
    if ('problem' in result) return kept === 'all' ? [result.problem] : [];
    const { comparison } = result;
    // A driver without remove() releases the same on both.
    const alike = order.entries.every(
      ({ timelines }) =>
        JSON.stringify(timelines.unbind) === JSON.stringify(timelines['unplug-open']),
    );
    return [
      ...timelineWrong(comparison, timelineOf(scenario, text), kept, alike),
      ...stepsWrong(comparison, kept),
    ];
  };

  for (const shape of logShapes) {
    it(shape.name, () => {
      const wrong = recorded.flatMap((recording) =>
        wrongWith(recording, shape).map(
          (what) => `${recording.name}/${recording.scenario}: ${what}`,
        ),
      );
      assert.deepEqual(wrong, []);
    });
  }
});

function timelineWrong(
  { timeline, alsoFits }: LogComparison,
  expected: string,
  kept: LogShape['kept'],
  alike: boolean,
): string[] {
  const open = alsoFits.some((one) => one.timeline === expected);
  if (timeline !== expected && !(kept === 'part' && (open || alike)))
    return [`${timeline}, not ${expected}`];
  const others = alsoFits.filter((one) => !alike && one.timeline !== timeline);
  return kept === 'all' && others.length > 0 ? [`${others[0]?.timeline} fits as well`] : [];
}

function stepsWrong({ steps }: LogComparison, kept: LogShape['kept']): string[] {
  const fine =
    kept === 'all'
      ? ['in-order', 'not-taken', 'not-logged']
      : ['in-order', 'not-taken', 'not-logged', 'not-reached', 'not-registered'];
  return steps
    .filter(({ state }) => !fine.includes(state))
    .map(({ state, step, logged }) => `${state} ${step?.action ?? logged?.name}`);
}
