/** The rows of the picture, group by group, before they have a height. */
import type { Finding, TeardownStep } from '../result.ts';
import type { Say } from '../say.ts';
import type { Axis } from './axis.ts';
import type { CourseSteps } from './course.ts';
import { type Group, groupsOf } from './groups.ts';
import { countOfFindings, labelOf, tagOf, titleOf, whereOf } from './labels.ts';
import { noteOf } from './notes.ts';
import type { Bar, BarLook, GroupRow, Note, PictureOptions, StepRow } from './picture.ts';
import { lateRunnersId, runnerRows, runnersId } from './runner-rows.ts';

export interface RowSource {
  readonly steps: CourseSteps;
  readonly axis: Axis;
  readonly findings: ReadonlyMap<string, Finding>;
  readonly say: Say;
}

/** The group of what has no beginning in probe. */
export const momentsId = 'moments';

export interface RowGroup {
  readonly head: GroupRow;
  readonly rows: readonly StepRow[];
}

/** Every group with every row: what is shown of them is chosen afterwards. */
export function rowGroupsOf(
  source: RowSource,
  { collapsed, findingsOnly, filter }: PictureOptions,
): RowGroup[] {
  const { say, steps: course } = source;
  const { acquired, released } = course;
  const known = new Set(acquired.map((step) => step.id));
  const { kept, ways } = joined(acquired, source.axis);
  const groups: Group[] = [...groupsOf(kept)];
  const runners = runnerRows(source);
  // What remove() and release() do besides has no beginning in probe: moments, in the order they run.
  const moments = released.filter((step) => !known.has(step.id));
  if (moments.length > 0)
    groups.push({ id: momentsId, label: say('runs at teardown'), steps: moments });
  // What is looked for must not hide in a closed group.
  const closes = !findingsOnly && filter.trim() === '';
  const positions = new Map(released.map((step, i) => [step.id, i]));
  const where = wheresOf(groups, say);
  const drawn = groups.map((group) => {
    const rows = group.steps.map((step): StepRow => {
      const row = stepRow(step, group.id, positions.get(step.id), source);
      const many = ways.get(step.id) ?? 1;
      if (many === 1) return { ...row, where: where(step) };
      const title = `${row.title}\n${say('the first of {0} ways', many)}`;
      return { ...row, ways: many, where: say('on {0} ways', many), title };
    });
    return { head: headOf(group, rows, closes && collapsed.has(group.id), say), rows };
  });
  // What can run late is what a reader looks for first.
  const runnerGroups = [
    { id: lateRunnersId, label: say('runs past an end') },
    { id: runnersId, label: say('runs by itself') },
  ].flatMap((group): RowGroup[] => {
    const rows = runners.filter((row) => row.group === group.id);
    const isClosed = closes && collapsed.has(group.id);
    return rows.length === 0 ? [] : [{ head: headOf(group, rows, isClosed, say), rows }];
  });
  return [
    ...runnerGroups.filter(({ head }) => head.id === lateRunnersId),
    ...drawn,
    ...runnerGroups.filter(({ head }) => head.id === runnersId),
  ];
}

/** File and line; for one of several from there, as a wrapper makes them, the function that asked for it. */
function wheresOf(groups: readonly Group[], say: Say): (step: TeardownStep) => string {
  const plain = (step: TeardownStep): string => whereOf(step.registered.place);
  const named = new Map<string, string>();
  for (const { steps } of groups) {
    const counts = new Map<string, number>();
    for (const step of steps) counts.set(plain(step), (counts.get(plain(step)) ?? 0) + 1);
    for (const step of steps) {
      const caller = step.registered.via.at(-2);
      if ((counts.get(plain(step)) ?? 0) > 1 && caller !== undefined)
        named.set(step.id, say('in {0}', caller));
    }
  }
  return (step) => named.get(step.id) ?? plain(step);
}

/**
 * What one call takes on many ways, and no release was seen of, is one row, at the first of them: a helper that sixty
 * connectors share would fill the picture with groups of dashed bars that say the same.
 */
function joined(
  steps: readonly TeardownStep[],
  axis: Axis,
): { readonly kept: readonly TeardownStep[]; readonly ways: ReadonlyMap<string, number> } {
  const first = new Map<string, TeardownStep>();
  const ways = new Map<string, number>();
  const kept = steps.filter((step) => {
    if (barOf(step, axis)?.open !== true) return true;
    const { file, start } = step.registered.place;
    const key = `${file}:${start} ${labelOf(step)}`;
    const same = first.get(key) ?? step;
    first.set(key, same);
    ways.set(same.id, (ways.get(same.id) ?? 0) + 1);
    return same === step;
  });
  return { kept, ways };
}

/** How many objects rows stand for. */
export function objectsOf(rows: readonly StepRow[]): number {
  return rows.reduce((sum, { ways }) => sum + ways, 0);
}

function stepRow(
  step: TeardownStep,
  group: string,
  position: number | undefined,
  source: RowSource,
): Omit<StepRow, 'where'> {
  const { axis, steps, findings, say } = source;
  const { released } = steps;
  // The timeline's own step has the findings that happen on it.
  const shown = (position === undefined ? undefined : released[position]) ?? {
    ...step,
    findings: [],
  };
  const touching = steps.hazards.filter(
    ({ ends, uses }) => position !== undefined && (ends === position || uses === position),
  );
  const named = new Set([...shown.findings, ...touching.map(({ finding }) => finding)]);
  const found = [...named].flatMap((name) => findings.get(name) ?? []);
  const context = { axis, released, hazards: steps.hazards };
  const notes = found.map((finding) => noteOf(shown, finding, context));
  return {
    type: 'step',
    id: step.id,
    group,
    y: 0,
    label: labelOf(step),
    tag: tagOf(step),
    title: titleOf(step, position === undefined ? null : position + 1, released.length, found, say),
    repeats: step.repeats !== null,
    ways: 1,
    bar: barOf(step, axis),
    at: axis.endsAt(step.id) ?? axis.end,
    notes,
    place: found[0]?.place ?? step.registered.place,
    chain: found.flatMap(({ chain }) => chain),
  };
}

function barOf(step: TeardownStep, axis: Axis): Bar | null {
  const from = axis.takenAt(step.id);
  if (from === undefined) return null;
  const to = axis.endsAt(step.id) ?? (step.endsInProbe ? axis.probed : undefined);
  return {
    look: lookOf(step),
    from,
    to: to ?? axis.end,
    open: to === undefined,
    conditional: step.conditional !== null,
  };
}

function lookOf({ scope }: TeardownStep): BarLook {
  return scope === 'bound' ? 'devm' : scope === 'drm' ? 'drmm' : 'manual';
}

/** How many rows a group has, as what they are. */
function countOfRows(group: string, number: number, say: Say): string {
  const one = number === 1;
  if (group === momentsId) return one ? say('1 step') : say('{0} steps', number);
  if (group === runnersId || group === lateRunnersId)
    return one ? say('1 runner') : say('{0} runners', number);
  return one ? say('1 object') : say('{0} objects', number);
}

function headOf(
  { id, label }: Pick<Group, 'id' | 'label'>,
  rows: readonly StepRow[],
  collapsed: boolean,
  say: Say,
): GroupRow {
  const findings = new Set(rows.flatMap((row) => row.notes.map((note) => note.finding))).size;
  const counted = [
    countOfRows(id, objectsOf(rows), say),
    ...(findings > 0 ? [countOfFindings(findings, say)] : []),
  ].join(', ');
  return {
    type: 'group',
    id,
    y: 0,
    label,
    collapsed,
    count: rows.length,
    findings,
    counted,
    title: [`${label}: ${counted}`, ...rows.map((row) => `  ${row.tag}  ${row.label}`)].join('\n'),
    bars: collapsed ? spansOf(rows) : [],
    notes: collapsed ? worstOf(rows) : [],
  };
}

/** From the first beginning to the last end, for each look. */
function spansOf(rows: readonly StepRow[]): Bar[] {
  return (['devm', 'drmm', 'manual', 'runner'] as const).flatMap((look) => {
    const bars = rows.flatMap(({ bar }) => (bar?.look === look ? [bar] : []));
    if (bars.length === 0) return [];
    const from = Math.min(...bars.map((bar) => bar.from));
    const to = Math.max(...bars.map((bar) => bar.to));
    return [{ look, from, to, open: bars.some((bar) => bar.open), conditional: false }];
  });
}

/** One note for all: the longest stretch, else the worst mark. */
function worstOf(rows: readonly StepRow[]): Note[] {
  const ranks = ['error', 'warning', 'info', 'hint'];
  const length = ({ overrun }: Note): number => (overrun === null ? 0 : overrun.to - overrun.from);
  const notes = rows
    .flatMap((row) => row.notes)
    .sort((a, b) => length(b) - length(a) || ranks.indexOf(a.severity) - ranks.indexOf(b.severity));
  return notes
    .slice(0, 1)
    .map((note) => ({ ...note, overrun: note.overrun && { ...note.overrun, resource: null } }));
}
