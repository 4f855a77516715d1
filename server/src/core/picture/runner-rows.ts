/** Interrupt handlers, work and open files as rows: from when to when each can run, and past which end. */
import type { Finding, Hazard, Runner } from '../result.ts';
import { whereOf } from './labels.ts';
import type { Bar, Note, StepRow } from './picture.ts';
import type { RowSource } from './rows.ts';

/** The groups of what runs by itself: past an end, and the others. */
export const lateRunnersId = 'late-runners';
export const runnersId = 'runners';

const tags: Readonly<Record<Runner['kind'], string>> = {
  interrupt: 'irq',
  work: 'work',
  'open-file': 'file',
};

/** A row for each runner; what only a hazard names has one, too. */
export function runnerRows(source: RowSource): readonly StepRow[] {
  const { runners, hazards } = source.steps;
  const rows = runners.map(({ runner, until }) =>
    runnerRow(
      runner,
      until,
      source,
      hazards.filter((one) => one.runner?.id === runner.id),
    ),
  );
  const seen = new Set<string>();
  const others = hazards.flatMap((hazard): StepRow[] => {
    const { runner } = hazard;
    if (runner === null || runner.id !== null || hazard.ends === null || seen.has(runner.name))
      return [];
    seen.add(runner.name);
    return [lateRow(hazard, runner, source)];
  });
  return [...rows, ...others].map((row) =>
    row.notes.length > 0 ? { ...row, group: lateRunnersId } : row,
  );
}

function runnerRow(
  runner: Runner,
  until: number | null,
  source: RowSource,
  hazards: readonly Hazard[],
): StepRow {
  const { axis, steps, say } = source;
  const end = until === null ? undefined : axis.at(until);
  const bar: Bar = {
    look: 'runner',
    from: (runner.begins === null ? undefined : axis.takenAt(runner.begins)) ?? axis.probed,
    to: end ?? axis.end,
    open: end === undefined,
    conditional: false,
  };
  const last = until === null ? undefined : steps.released[until];
  const over = last
    ? say('until step {0} of {1}, {2}', (until ?? 0) + 1, steps.released.length, last.action)
    : say('nothing was seen that ends it on this timeline');
  const found = foundBy(hazards, source.findings);
  return {
    type: 'step',
    id: runner.id,
    group: runnersId,
    y: 0,
    label: runner.name,
    where: whereOf(runner.place),
    tag: tags[runner.kind],
    title: titleOf(runner.name, `${runner.what}, ${over}`, found),
    repeats: false,
    ways: 1,
    bar,
    at: bar.to,
    notes: notesOf(hazards, source, bar.to),
    place: found[0]?.place ?? runner.place,
    chain: found.flatMap(({ chain }) => chain),
  };
}

/** What a hazard names as running late without a span that is known: it can come after the end. */
function lateRow(
  hazard: Hazard,
  { name, place }: NonNullable<Hazard['runner']>,
  source: RowSource,
): StepRow {
  const found = foundBy([hazard], source.findings);
  return {
    type: 'step',
    id: `late/${name}`,
    group: runnersId,
    y: 0,
    label: name,
    where: whereOf(place),
    tag: 'call',
    title: titleOf(name, source.say('the kernel can call it after the end'), found),
    repeats: false,
    ways: 1,
    bar: null,
    at: source.axis.end,
    notes: notesOf([hazard], source, source.axis.end),
    place: found[0]?.place ?? place,
    chain: found.flatMap(({ chain }) => chain),
  };
}

function foundBy(
  hazards: readonly Hazard[],
  findings: ReadonlyMap<string, Finding>,
): readonly Finding[] {
  return hazards.flatMap(({ finding }) => findings.get(finding) ?? []);
}

/** The stretch on which it can run although what it uses has ended. */
function notesOf(
  hazards: readonly Hazard[],
  { axis, steps, findings }: RowSource,
  end: number,
): Note[] {
  return hazards.flatMap(({ finding: name, ends }): Note[] => {
    const finding = findings.get(name);
    // Without a step that ends something it is the bound device that is gone.
    const from = ends === null ? axis.unbindDone : axis.at(ends);
    if (!finding || from === undefined) return [];
    const to = end > from ? end : axis.end;
    const resource = ends === null ? null : (steps.released[ends]?.id ?? null);
    const { severity, rule } = finding;
    const overrun = to > from ? { from, to, resource } : null;
    return [{ finding: name, severity, rule, x: to, overrun }];
  });
}

function titleOf(name: string, what: string, findings: readonly Finding[]): string {
  return [
    name,
    ...findings.map(({ severity, message, rule }) => `${severity}: ${message} [${rule}]`),
    what,
    ...findings.flatMap(({ chain }) => [
      '',
      ...chain.map(({ place, message }) => `  ${whereOf(place)}  ${message}`),
    ]),
  ].join('\n');
}
