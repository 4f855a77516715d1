/**
 * A prediction as lines, for a recording to be held against where no kernel tree is: names only, no text of the kernel.
 * `- remove remove/foo_remove`: the list (`devm`, `drmm` or none), the phase, the step's id, and what makes it
 * uncertain.
 */
import type { EntryOrder, ModuleOrder, TeardownStep } from '../../server/src/core/result.ts';

interface GoldenEntry {
  readonly entry: string;
  readonly table: string;
  readonly acquired: readonly string[];
  readonly unbind: readonly string[];
  readonly 'unplug-open': readonly string[];
  readonly 'probe-fail': readonly {
    readonly after: string;
    readonly at?: string;
    readonly steps: readonly string[];
    readonly failing?: readonly string[];
  }[];
}

export interface GoldenOrder {
  readonly module: string;
  readonly entries: readonly GoldenEntry[];
}

const nowhere = { line: 0, character: 0 };

function lineOf({ scope, phase, id, action, logged, conditional, repeats }: TeardownStep): string {
  return [
    scope === null ? '-' : scope === 'drm' ? 'drmm' : 'devm',
    phase,
    action,
    id,
    ...(logged === undefined ? [] : [`as=${logged.replaceAll(' ', '_')}`]),
    ...(conditional === null ? [] : ['if']),
    ...(repeats === null ? [] : [`loop=${repeats.replaceAll(' ', '_')}`]),
  ].join(' ');
}

function stepOf(line: string): TeardownStep {
  const [list = '', phase = '', action = '', id = '', ...more] = line.split(' ');
  const value = (key: string) => more.find((one) => one.startsWith(key))?.slice(key.length);
  const logged = value('as=');
  return {
    id,
    phase: phase as TeardownStep['phase'],
    action,
    argument: null,
    kind: '',
    releases: null,
    group: null,
    scope: list === 'drmm' ? 'drm' : list === 'devm' ? 'bound' : null,
    registered: {
      place: { file: '', start: 0, end: 0, from: nowhere, to: nowhere },
      function: '',
      via: [],
    },
    callback: null,
    conditional: more.includes('if') ? 'if' : null,
    repeats: value('loop=') ?? null,
    findings: [],
    ...(logged === undefined ? {} : { logged }),
  };
}

export function goldenOf({ module, entries }: ModuleOrder): GoldenOrder {
  return {
    module,
    entries: entries.map(({ entry, table, acquired, timelines }) => ({
      entry,
      table,
      acquired: acquired.map(lineOf),
      unbind: timelines.unbind.map(lineOf),
      'unplug-open': timelines['unplug-open'].map(lineOf),
      'probe-fail': timelines['probe-fail'].map(({ after, at, steps, failing }) => ({
        after,
        ...(at === undefined ? {} : { at }),
        steps: steps.map(lineOf),
        ...(failing ? { failing: failing.map(lineOf) } : {}),
      })),
    })),
  };
}

export function orderOf({ module, entries }: GoldenOrder): ModuleOrder {
  return {
    module,
    note: null,
    entries: entries.map(
      (one): EntryOrder => ({
        entry: one.entry,
        place: { file: '', start: 0, end: 0, from: nowhere, to: nowhere },
        table: one.table,
        drm: true,
        acquired: one.acquired.map(stepOf),
        timelines: {
          unbind: one.unbind.map(stepOf),
          'unplug-open': one['unplug-open'].map(stepOf),
          'probe-fail': one['probe-fail'].map(({ steps, failing, ...rest }) => ({
            ...rest,
            // The file keeps what runs, not behind what.
            behind: '',
            steps: steps.map(stepOf),
            failing: failing?.map(stepOf) ?? null,
          })),
        },
      }),
    ),
  };
}
