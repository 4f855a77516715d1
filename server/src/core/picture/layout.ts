/** From an entry's order, the findings and a course to the picture. */
import type { EntryOrder, Finding } from '../result.ts';
import { english, type Say } from '../say.ts';
import { axisOf } from './axis.ts';
import { type CourseSteps, stepsOf } from './course.ts';
import { countOfFindings } from './labels.ts';
import { legendOf } from './legend.ts';
import type { Course, Note, Picture, PictureOptions, Row, StepRow } from './picture.ts';
import { momentsId, objectsOf, type RowGroup, rowGroupsOf } from './rows.ts';
import { runnersId } from './runner-rows.ts';

/** Sizes that the renderer shares. */
export const sizes = { row: 20, group: 24, head: 62, axis: 44, margin: 16, least: 560 } as const;

export const plainOptions: PictureOptions = {
  width: 1240,
  collapsed: new Set(),
  findingsOnly: false,
  filter: '',
  say: english,
};

/** Above so many rows a picture on a screen begins with the groups without findings closed. */
const manyRows = 40;

export function pictureOf(
  module: string,
  entry: EntryOrder,
  findings: readonly Finding[],
  course: Course,
  options: PictureOptions,
): Picture {
  const { say } = options;
  const steps = stepsOf(entry, course, say);
  const width = Math.max(options.width, sizes.least);
  const left = Math.round(Math.min(470, Math.max(250, width * 0.38)));
  const axis = axisOf(steps, course.timeline, left, width - left - sizes.margin, say);
  const known = new Map(findings.map((finding) => [finding.fingerprint, finding]));
  const groups = rowGroupsOf({ steps, axis, findings: known, say }, options);
  const top = sizes.head + sizes.axis;
  const { rows, bottom } = stack(shownOf(groups, options), top + 4);
  const full = Math.round(left + axis.width + sizes.margin);
  const legend = legendOf(rows, sizes.margin, full - sizes.margin, bottom + 8, say);
  return {
    title: say('{0}: lifetimes from {1}()', module, entry.entry),
    subtitle: [steps.title, ...countsOf(steps, groups, say)].join(' · '),
    width: full,
    height: Math.ceil(legend.bottom) + 8,
    plot: { x: left, width: axis.width, top, bottom },
    bands: axis.bands,
    marks: axis.marks,
    rows,
    legend: legend.items,
    rowsLabel: say('Objects by the function that takes them'),
    notes: entry.notes ?? [],
    groups: groups.map(({ head }) => ({ id: head.id, findings: head.findings, count: head.count })),
    empty: rows.length > 0 ? null : emptiness(steps, options),
  };
}

/** The groups that a reader of a large picture need not see first. */
export function groupsToCollapse({ groups }: Picture): ReadonlySet<string> {
  const total = (some: typeof groups): number => some.reduce((sum, group) => sum + group.count, 0);
  if (total(groups) <= manyRows) return new Set();
  const quiet = groups.filter((group) => group.findings === 0 && group.count > 1);
  // What runs besides goes first: the picture is about the objects.
  const besides = quiet.filter(({ id }) => id === runnersId || id === momentsId);
  const objects = groups.filter((group) => !besides.includes(group));
  return new Set((total(objects) <= manyRows ? besides : quiet).map(({ id }) => id));
}

function shownOf(
  groups: readonly RowGroup[],
  { findingsOnly, filter }: PictureOptions,
): RowGroup[] {
  const wanted = filter.trim().toLowerCase();
  const fits = (row: StepRow): boolean =>
    (!findingsOnly || row.notes.length > 0) &&
    (wanted === '' || `${row.tag} ${row.title}`.toLowerCase().includes(wanted));
  return groups
    .map(({ head, rows }) => ({ head, rows: rows.filter(fits) }))
    .filter(({ rows }) => rows.length > 0);
}

function stack(
  groups: readonly RowGroup[],
  top: number,
): { readonly rows: readonly Row[]; readonly bottom: number } {
  const rows: Row[] = [];
  let y = top;
  for (const { head, rows: own } of groups) {
    rows.push({ ...head, y: y + sizes.group / 2 });
    y += sizes.group;
    for (const row of head.collapsed ? [] : own) {
      rows.push({ ...row, y: y + sizes.row / 2 });
      y += sizes.row;
    }
  }
  return { rows, bottom: Math.max(y, top + sizes.row * 3) + 4 };
}

function countsOf({ acquired }: CourseSteps, groups: readonly RowGroup[], say: Say): string[] {
  const of = (scope: string | null): number =>
    acquired.filter((step) => step.scope === scope).length;
  const notes = distinct(groups.flatMap(({ rows }) => rows.flatMap((row) => row.notes)));
  const late = notes.filter(({ overrun }) => overrun !== null).length;
  const manual = of(null);
  const open = groups.flatMap(({ rows }) =>
    rows.filter(({ bar }) => bar?.open && bar.look !== 'runner'),
  );
  return [
    [
      countOfFindings(notes.length, say),
      ...(late === 0 ? [] : [say('{0} past an end', late)]),
    ].join(', '),
    ...(open.length === 0 ? [] : [say('{0} without a release seen', objectsOf(open))]),
    [
      `${of('bound')} devm, ${of('drm')} drmm`,
      ...(manual > 0 ? [say('{0} by hand', manual)] : []),
    ].join(', '),
  ];
}

/** One finding is told once, at whichever rows it is marked; a stretch says more than a mark. */
function distinct(notes: readonly Note[]): readonly Note[] {
  const found = new Map<string, Note>();
  for (const note of notes) {
    const known = found.get(note.finding);
    if (known === undefined || known.overrun === null) found.set(note.finding, note);
  }
  return [...found.values()];
}

function emptiness(
  { acquired }: CourseSteps,
  { findingsOnly, filter, say }: PictureOptions,
): string {
  if (acquired.length === 0) return say('Nothing is taken before this course begins.');
  if (filter.trim() !== '') return say('Nothing here matches “{0}”.', filter.trim());
  return findingsOnly
    ? say('Nothing here has a finding on this timeline.')
    : say('There is nothing to draw.');
}

/** Where there is no entry to draw: a picture of words. */
export function emptyPicture(module: string, note: string): Picture {
  return {
    title: `${module}: nothing to draw`,
    subtitle: '',
    width: sizes.least,
    height: sizes.head + 60,
    plot: {
      x: sizes.margin,
      width: sizes.least - 2 * sizes.margin,
      top: sizes.head,
      bottom: sizes.head,
    },
    bands: [],
    marks: [],
    rows: [],
    legend: [],
    rowsLabel: '',
    groups: [],
    notes: [],
    empty: note,
  };
}
