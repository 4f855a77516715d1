/**
 * The model's prediction against what a real kernel did to the same driver (recordings/README.md):
 * every action, in order, on every timeline.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EntryOrder, ModuleOrder, TeardownStep } from '../../server/src/core/result.ts';
import { type Engine, loadEngine } from '../support/engine.ts';

interface RecordedStep {
  readonly action: string;
  /** `devm` and `drmm`: run from that list; `function` and `call`: called by hand. */
  readonly scope: 'devm' | 'drmm' | 'function' | 'call';
  readonly inside?: readonly string[];
}

interface Scenario {
  readonly scenario: 'unbind' | 'unplug-open' | 'unbind-part' | 'probe-fail';
  /** What the lists held when the teardown began, in the order of registration. */
  readonly taken: readonly string[];
  readonly steps: readonly RecordedStep[];
}

interface Recording {
  readonly driver: string;
  readonly kernel: string;
  readonly scenarios: readonly Scenario[];
}

const folder = join(import.meta.dirname, 'recordings');
const drivers = readdirSync(folder, { withFileTypes: true })
  .filter((one) => one.isDirectory() && one.name !== 'recorder')
  .map((one) => one.name);

/** Calls that the model shows by what they run, and the recorder's own marks. */
const shownByEffect = new Set([
  'devm_release_action',
  'devm_remove_action',
  'drmm_release_action',
  'devm_kfree',
  'drmm_kfree',
  'devres_release_group',
  'devres_remove_group',
  'last file closed',
]);

/** Calls that take an entry off its list and run it. */
const givingBack = new Set(['devm_release_action', 'drmm_release_action', 'devres_release_group']);

/** Entries of a module with several: whose timelines a scenario runs through. */
const entriesOf: Readonly<
  Record<string, Readonly<Partial<Record<Scenario['scenario'], readonly string[]>>>>
> = {
  component: {
    unbind: ['component_master_probe', 'component_master_bind'],
    'unplug-open': ['component_master_probe', 'component_master_bind'],
    'unbind-part': ['component_part_probe', 'component_master_bind'],
    'probe-fail': ['component_master_bind'],
  },
};

/**
 * What ran, without what the model leaves to the callbacks: their contents, but for what they take off a list and
 * references.
 */
function observed({ steps }: Scenario, taken: ReadonlySet<string>): string[] {
  const actions = new Set([
    ...taken,
    ...steps
      .filter((step) => step.scope === 'devm' || step.scope === 'drmm')
      .map((step) => step.action),
  ]);
  return steps
    .filter(
      ({ action, inside = [] }) =>
        !shownByEffect.has(action) &&
        (action === 'drm_dev_put' ||
          givingBack.has(inside.at(-1) ?? '') ||
          !inside.some((name) => actions.has(name))),
    )
    .map((step) => step.action);
}

/**
 * The prediction as an expression over names. A step on a branch may be absent; steps of a loop come
 * once for each turn, and a turn that failed half-way lacks some.
 */
function expression(steps: readonly TeardownStep[], partial: boolean): RegExp {
  let out = '';
  for (let i = 0; i < steps.length; ) {
    const step = steps[i];
    if (!step) break;
    let end = i + 1;
    if (step.repeats !== null)
      while (
        steps[end]?.repeats === step.repeats &&
        (steps[end]?.scope === 'drm') === (step.scope === 'drm')
      )
        end++;
    const one = (each: TeardownStep) =>
      each.conditional !== null || (partial && each.repeats !== null)
        ? `(?:${each.action} )?`
        : `${each.action} `;
    const turn = steps.slice(i, end).map(one).join('');
    out += step.repeats === null ? turn : `(?:${turn})+?`;
    i = end;
  }
  return new RegExp(`^${out}$`);
}

function known(steps: readonly TeardownStep[]): ReadonlySet<string> {
  return new Set(steps.map((step) => step.action));
}

function assertRuns(ran: readonly string[], steps: readonly TeardownStep[], what: string): void {
  assert.match(
    ran.map((name) => `${name} `).join(''),
    expression(steps, false),
    `${what}\n  ran:       ${ran.join(' ')}\n  predicted: ${steps.map((step) => step.action).join(' ')}`,
  );
}

describe('recordings of a real kernel', () => {
  let engine: Engine;
  before(async () => {
    engine = await loadEngine('6.12');
  });

  it('are of at least 14 drivers', () => assert.ok(drivers.length >= 14));

  for (const driver of drivers) {
    describe(driver, () => {
      const recording = JSON.parse(
        readFileSync(join(folder, driver, 'recording.json'), 'utf8'),
      ) as Recording;
      let order: ModuleOrder;
      before(() => {
        const path = `${driver}.c`;
        order = engine
          .analyze(new Map([[path, readFileSync(join(folder, driver, path), 'utf8')]]))
          .order();
      });
      const entriesFor = (scenario: Scenario): readonly EntryOrder[] => {
        const names = entriesOf[driver]?.[scenario.scenario];
        return names ? order.entries.filter((entry) => names.includes(entry.entry)) : order.entries;
      };

      for (const scenario of recording.scenarios) {
        if (scenario.scenario === 'probe-fail') continue;
        it(scenario.scenario, () => {
          const timeline = scenario.scenario === 'unplug-open' ? 'unplug-open' : 'unbind';
          const ran = observed(scenario, new Set(scenario.taken));
          const entries = entriesFor(scenario);
          for (const entry of entries) {
            const steps = entry.timelines[timeline];
            const names = known(steps);
            assertRuns(
              entries.length > 1 ? ran.filter((name) => names.has(name)) : ran,
              steps,
              entry.entry,
            );
          }
          const anywhere = new Set(
            entries.flatMap((entry) => [...known(entry.timelines[timeline])]),
          );
          assert.deepEqual(
            ran.filter((name) => !anywhere.has(name)),
            [],
            'every step that ran is predicted by an entry',
          );
        });
      }

      const failures = recording.scenarios.filter((one) => one.scenario === 'probe-fail');
      for (const scenario of failures) {
        it(`probe fails after ${scenario.taken.length}: ${scenario.taken.at(-1)}, running ${scenario.steps[0]?.action}`, () => {
          const [entry] = entriesFor(scenario);
          assert.ok(entry, 'an entry is found');
          const own = new Set(entry.acquired.map((step) => step.action));
          const all = observed(scenario, new Set([...scenario.taken, ...own]));
          const names = new Set([
            ...own,
            ...entry.timelines['probe-fail'].flatMap(({ steps }) => [...known(steps)]),
          ]);
          const ran = driver in entriesOf ? all.filter((name) => names.has(name)) : all;
          const last = scenario.taken.findLast((name) => own.has(name));
          const first = scenario.steps[0]?.action;
          // Nothing was taken yet, and nothing of the driver's ran.
          if (last === undefined && !ran.some((name) => own.has(name))) return;
          const predicted = entry.timelines['probe-fail'].flatMap(({ after, steps, failing }) => [
            ...(after === last ? [steps] : []),
            ...(failing && after === first ? [failing] : []),
          ]);
          const text = ran.map((name) => `${name} `).join('');
          assert.ok(
            predicted.some((steps) => expression(steps, true).test(text)),
            `no failure is predicted to run: ${text}\n  predicted: ${predicted.map((steps) => steps.map((step) => step.action).join(' ')).join('\n             ')}`,
          );
        });
      }
    });
  }
});
