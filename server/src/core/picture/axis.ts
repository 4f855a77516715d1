/**
 * Time from left to right: probe, use, and the phases of the course. A moment is a column; columns
 * of a phase share its width evenly, so time is drawn in order, not to scale.
 */
import type { Timeline } from '../result.ts';
import type { Say } from '../say.ts';
import type { CourseSteps } from './course.ts';
import type { Band, Mark } from './picture.ts';
import { round } from './xml.ts';

interface Segment {
  readonly kind: Band['kind'];
  readonly label: string;
  /** Ids of what is taken or ends, a column each; a pause has none. */
  readonly steps: readonly (readonly string[])[];
}

export interface Axis {
  readonly width: number;
  readonly bands: readonly Band[];
  readonly marks: readonly Mark[];
  /** The middle of the column where a step is taken, or undefined. */
  takenAt(id: string): number | undefined;
  /** The middle of the column where a step is given back or runs, or undefined. */
  endsAt(id: string): number | undefined;
  /** The middle of the column of a released step, by its index. */
  at(index: number): number | undefined;
  /** Where probe is over. */
  readonly probed: number;
  /** The end of the bound lifetime, and of everything. */
  readonly unbindDone: number;
  readonly end: number;
}

function labelsIn(say: Say): Readonly<Record<Band['kind'], string>> {
  return {
    probe: 'probe',
    use: say('in use'),
    remove: 'remove()',
    devm: say('devm release'),
    file: say('file still open'),
    put: say('last put: drmm'),
    manual: say('by hand'),
  };
}

const bandOf = {
  remove: 'remove',
  devm: 'devm',
  manual: 'manual',
  'last-put': 'put',
  release: 'put',
  drmm: 'put',
} as const;

/** For a picture that is too narrow for the others. */
function shortLabelsIn(say: Say): Readonly<Record<Band['kind'], string>> {
  return {
    probe: 'probe',
    use: say('use'),
    remove: 'remove',
    devm: 'devm',
    file: say('open'),
    put: 'put',
    manual: say('hand'),
  };
}

/** Where there is room, a column is not narrower, and a band not narrower than its label. */
const leastColumn = 2;
const character = 6.4;
const padding = 14;
/** Where there is none, each band is still to be seen. */
const leastBand = 30;

export function axisOf(
  steps: CourseSteps,
  timeline: Timeline,
  x: number,
  wanted: number,
  say: Say,
): Axis {
  const segments = segmentsOf(steps, timeline, say);
  const bands = place(segments, x, wanted, say);
  const width = bands.reduce((sum, band) => sum + band.width, 0);
  const taken = new Map<string, number>();
  const ends = new Map<string, number>();
  const columns: number[] = [];
  segments.forEach((segment, i) => {
    const band = bands[i]!;
    const at = segment.kind === 'probe' ? taken : ends;
    segment.steps.forEach((ids, j) => {
      const x = round(band.x + ((j + 0.5) * band.width) / segment.steps.length);
      for (const id of ids) at.set(id, x);
      if (segment.kind !== 'probe') columns.push(x);
    });
  });
  const [probe] = bands;
  const end = round(x + width);
  // Without an open file the last put is a part of unbinding.
  const unbindDone = timeline === 'unplug-open' ? endOfBound(bands, end) : end;
  return {
    width,
    bands,
    end,
    unbindDone,
    marks: marksOf(bands, timeline, unbindDone, say),
    takenAt: (id) => taken.get(id),
    endsAt: (id) => ends.get(id),
    at: (index) => columns[index],
    probed: probe === undefined ? x : round(probe.x + probe.width),
  };
}

function segmentsOf({ acquired, released }: CourseSteps, timeline: Timeline, say: Say): Segment[] {
  const labels = labelsIn(say);
  const probe = {
    kind: 'probe',
    label: labels.probe,
    steps: acquired.map((step) => [step.id]),
  } as const;
  const out: Segment[] = [probe];
  if (timeline !== 'probe-fail') out.push({ kind: 'use', label: labels.use, steps: [] });
  let run: { kind: Band['kind']; steps: string[][] } | undefined;
  for (const step of released) {
    const kind = bandOf[step.phase];
    if (run?.kind !== kind) {
      if (kind === 'put' && timeline === 'unplug-open')
        out.push({ kind: 'file', label: labels.file, steps: [] });
      run = { kind, steps: [] };
      out.push({ kind, label: labels[kind], steps: run.steps });
    }
    run.steps.push([step.id, ...(step.ends ?? [])]);
  }
  return out;
}

function place(segments: readonly Segment[], x: number, wanted: number, say: Say): Band[] {
  const least = segments.map(({ label, steps }) =>
    Math.max(label.length * character + padding, steps.length * leastColumn),
  );
  const spare = wanted - least.reduce((sum, width) => sum + width, 0);
  if (spare < 0) return squeezed(segments, x, wanted, say);
  const weights = segments.map(({ steps }) => Math.max(1, steps.length));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let at = x;
  return segments.map(({ kind, label }, i) => {
    const width = round((least[i] ?? 0) + (spare * (weights[i] ?? 0)) / total);
    const band = { kind, label, x: round(at), width };
    at += width;
    return band;
  });
}

/** All of it in the width that there is: the last put must be in sight, however many steps come before. */
function squeezed(segments: readonly Segment[], x: number, wanted: number, say: Say): Band[] {
  const shortLabels = shortLabelsIn(say);
  const spare = Math.max(0, wanted - leastBand * segments.length);
  const weights = segments.map(({ steps }) => Math.sqrt(steps.length));
  const total = Math.max(
    1,
    weights.reduce((sum, weight) => sum + weight, 0),
  );
  let at = x;
  return segments.map(({ kind, label }, i) => {
    const width = round(leastBand + (spare * (weights[i] ?? 0)) / total);
    const fitting = [label, shortLabels[kind]].find((one) => one.length * character <= width);
    const band = { kind, label: fitting ?? '', x: round(at), width };
    at += width;
    return band;
  });
}

/** Where the last thing that runs while the device is bound has run. */
function endOfBound(bands: readonly Band[], end: number): number {
  const last = bands.findLast(({ kind }) => kind !== 'put' && kind !== 'file');
  return last === undefined ? end : round(last.x + last.width);
}

function marksOf(bands: readonly Band[], timeline: Timeline, unbindDone: number, say: Say): Mark[] {
  const marks: Mark[] = [];
  const probe = bands[0]!;
  if (timeline === 'probe-fail')
    marks.push({ kind: 'probe-fails', label: say('probe fails'), x: round(probe.x + probe.width) });
  else marks.push({ kind: 'unbind-done', label: say('unbind done'), x: unbindDone });
  const put = bands.find(({ kind }) => kind === 'put');
  const last = bands.at(-1);
  if (put !== undefined && last !== undefined) {
    const label = say('last drm_dev_put()');
    const isWide = put.x + label.length * character <= last.x + last.width + padding;
    marks.push({ kind: 'last-put', label: isWide ? label : say('last put'), x: put.x });
  }
  return marks.sort((a, b) => a.x - b.x);
}
