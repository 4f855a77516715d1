/**
 * Answers to what a reader asks of an order, as plain data without VS Code: one sentence, and below it what that
 * counts, by name.
 */
import { say } from '#say';
import type {
  OrderEntry,
  OrderFinding,
  OrderLocation,
  OrderStep,
  OrderTimeline,
} from '../../../server/src/lsp/protocol.ts';
import { grouped } from '../grouped.ts';
import { isAfterUnbind } from './order-ends.ts';
import {
  fileAndLine,
  phaseRemark,
  phaseTitle,
  released,
  type Severity,
  severitiesAt,
  severityWord,
  steps as stepCount,
  stepName,
  timelineTitle,
  withoutMarks,
  worst,
} from './order-words.ts';

export interface AnswerItem {
  /** `109`, `51–54`; empty where the order has no number for it. */
  readonly number: string;
  /** Each leads to its place; several where they share the rest. */
  readonly names: readonly AnswerName[];
  readonly note: string;
  /** What is said of it on lines of its own. */
  readonly more: readonly string[];
  readonly severity: Severity | undefined;
}

export interface AnswerName {
  readonly text: string;
  /** Beside it, in few words. */
  readonly what?: string;
  readonly location: OrderLocation;
}

export interface AnswerPart {
  readonly title: string;
  /** The one that the question is about stands out; what is only for completeness begins closed. */
  readonly look: 'plain' | 'wide' | 'main' | 'closed';
  readonly items: readonly AnswerItem[];
}

export interface Answer {
  readonly question: string;
  /** The answer in one sentence. */
  readonly answer: string;
  /** Of which entry, on which timeline. */
  readonly where: string;
  readonly parts: readonly AnswerPart[];
  /** What the answer does not know. */
  readonly notes: readonly string[];
}

/** The timelines on which remove() runs. */
export type UnbindTimeline = Exclude<OrderTimeline['timeline'], 'probe-fail'>;

export function timelineOf(entry: OrderEntry, name: UnbindTimeline): OrderTimeline | undefined {
  return entry.timelines.find(({ timeline }) => timeline === name);
}

export function whereOf(
  { entry }: OrderEntry,
  module: string,
  timeline: OrderTimeline['timeline'],
): string {
  return [module, entry, timelineTitle(timeline)].join(' · ');
}

/** What ends before a step, and what after it. */
export function aroundStep(
  module: string,
  entry: OrderEntry,
  timeline: OrderTimeline,
  id: string,
): Answer | undefined {
  const { steps } = timeline;
  const at = steps.findIndex((step) => step.id === id);
  const step = steps[at];
  if (step === undefined) return undefined;
  const name = stepName(step);
  return {
    question: say('What ends before {0}?', name),
    answer: say(
      '{0} is step {1} of {2}. Before it: {3}. After it: {4}.',
      name,
      at + 1,
      steps.length,
      countsOf(timeline, 0, at),
      countsOf(timeline, at + 1, steps.length),
    ),
    where: whereOf(entry, module, timeline.timeline),
    parts: [
      ...partsOf(timeline, 0, at).map((part) => ({
        ...part,
        title: say('before: {0}', part.title),
      })),
      { title: '', look: 'main', items: [itemOf(step, at + 1, true)] },
      ...partsOf(timeline, at + 1, steps.length).map(
        (part): AnswerPart => ({
          ...part,
          title: say('after: {0}', part.title),
          look: 'closed',
        }),
      ),
    ],
    notes: entry.notes,
  };
}

/** `38 steps of remove(), 60 steps of devm`: the phases of a stretch of the timeline. */
function countsOf(timeline: OrderTimeline, from: number, to: number): string {
  const counts = phasesOf(timeline, from, to).map(({ title, indexes }) =>
    say('{0} in {1}', indexes.length, phaseName(timeline.steps[indexes[0]!]!, title)),
  );
  return counts.length === 0 ? say('nothing') : counts.join(', ');
}

/** In a sentence a phase is called as drivers call it. */
function phaseName({ phase, group }: OrderStep, title: string): string {
  return group === null && (phase === 'devm' || phase === 'drmm') ? phase : title;
}

interface PhaseOf {
  readonly title: string;
  readonly indexes: readonly number[];
}

/** Stretches of one phase: on unbind without an open file drmm runs in the middle of devm. */
function phasesOf({ steps, timeline }: OrderTimeline, from: number, to: number): PhaseOf[] {
  const phases: { title: string; indexes: number[] }[] = [];
  for (let index = from; index < to; index++) {
    const title = phaseTitle(steps[index]!, timeline);
    const last = phases.at(-1);
    if (last?.title === title) last.indexes.push(index);
    else phases.push({ title, indexes: [index] });
  }
  return phases;
}

function partsOf(timeline: OrderTimeline, from: number, to: number): AnswerPart[] {
  return phasesOf(timeline, from, to).map(({ title, indexes }) => {
    const first = timeline.steps[indexes[0]!]!;
    return {
      title: [title, stepCount(indexes.length), ...phaseRemark(first, timeline.timeline)].join(
        ' · ',
      ),
      look: 'plain',
      items: itemsOf(timeline, indexes),
    };
  });
}

/** Those of a run that lies wholly among them are one. */
function itemsOf({ steps, runs }: OrderTimeline, indexes: readonly number[]): AnswerItem[] {
  const items: AnswerItem[] = [];
  for (let i = 0; i < indexes.length; ) {
    const index = indexes[i]!;
    const run = runs.find(({ from }) => from === index + 1);
    const members = run ? indexes.slice(i, i + run.count).map((one) => steps[one]!) : [];
    if (run && members.length === run.count) {
      items.push({
        number: `${run.from}–${run.from + run.count - 1}`,
        names: members.map((step) => ({ text: stepName(step), location: step.registered })),
        note: run.name.replace(/^\d+ /, ''),
        more: [],
        severity: worst(members.flatMap(severitiesAt)),
      });
      i += run.count;
    } else {
      items.push(itemOf(steps[index]!, index + 1, false));
      i++;
    }
  }
  return items;
}

/** A step; with all that is told there when the question is about it. */
function itemOf(step: OrderStep, number: number, isMain: boolean): AnswerItem {
  const what = isMain ? released(step) : besides(step);
  const findings = isMain ? findingsAt(step).map(findingLine) : [];
  const condition = isMain && step.conditional !== null ? [say('only {0}', step.conditional)] : [];
  return {
    number: String(number),
    names: [{ text: stepName(step), location: step.registered }],
    note: [withoutMarks(what ?? ''), isMain ? fileAndLine(step.registered) : '']
      .filter((text) => text !== '')
      .join(' · '),
    more: [...findings, ...condition],
    severity: worst(severitiesAt(step)),
  };
}

/** What its name does not say: in remove() that is a call and says it. */
function besides({ by, phase, releases }: OrderStep): string | null {
  return by !== null || phase === 'remove' ? null : releases;
}

/** Also those that stand at the hazard's other end. */
function findingsAt({ findings, marks }: OrderStep): OrderFinding[] {
  const all = [...findings, ...marks.map(({ finding }) => finding)];
  return [...new Map(all.map((finding) => [finding.fingerprint, finding])).values()];
}

export function findingLine({ severity, message, rule }: OrderFinding): string {
  return `${severityWord(severity)}: ${message} [${rule}]`;
}

/** The buffer objects that end when the device has left its IOMMU group, and those that end in time. */
export function lateObjects(module: string, entry: OrderEntry): Answer | undefined {
  const timeline = timelineOf(entry, 'unplug-open');
  if (timeline === undefined) return undefined;
  const all = timeline.steps.flatMap((step, index) =>
    (step.bos ?? []).map((bo) => ({ bo, step, index })),
  );
  const late = worstFirst(all.filter(({ step }) => isAfterUnbind(step)));
  const early = all.filter(({ step }) => !isAfterUnbind(step));
  const names = late.map(({ bo }) => bo).join(', ');
  return {
    question: say('Which buffer objects end after their IOMMU group?'),
    answer:
      late.length === 0
        ? say(
            'None that was seen: {0} buffer objects end before the device is unbound.',
            early.length,
          )
        : say(
            '{0} of {1} buffer objects: {2}. They are given back at the last drm_dev_put(), when the device is unbound and has left its IOMMU group.',
            late.length,
            all.length,
            names,
          ),
    where: whereOf(entry, module, 'unplug-open'),
    parts: [
      {
        title: say('end after the IOMMU group: {0}', late.length),
        look: 'main',
        items: late.map(({ bo, step, index }) => ({
          ...itemOf(step, index + 1, true),
          names: [{ text: bo, location: step.registered }],
          note: [
            say('by {0}', step.by ?? step.action),
            say('step {0} of {1}', index + 1, timeline.steps.length),
            fileAndLine(step.registered),
          ].join(' · '),
        })),
      },
      {
        title: say('end before it, in remove() and devm: {0}', early.length),
        look: 'wide',
        items: earlyItems(early),
      },
    ],
    notes: [
      say(
        'Those are the buffer objects that probe registers for release; those of open files go with their file.',
      ),
    ],
  };
}

interface Ending {
  readonly bo: string;
  readonly step: OrderStep;
  readonly index: number;
}

function worstFirst(all: readonly Ending[]): Ending[] {
  return all.toSorted((a, b) => rankOf(a.step) - rankOf(b.step));
}

function rankOf(step: OrderStep): number {
  const severity = worst(severitiesAt(step));
  return severity === undefined ? 4 : ['error', 'warning', 'info', 'hint'].indexOf(severity);
}

/** Those that one function gives back, one after the other. */
function earlyItems(all: readonly Ending[]): AnswerItem[] {
  const groups = grouped(all, ({ step }) => step.by ?? step.action);
  return [...groups].map(([by, own]) => ({
    number: '',
    names: own.map(({ bo, step, index }) => ({
      text: bo,
      what: `${index + 1}.`,
      location: step.registered,
    })),
    note: say('by {0}', by),
    more: [],
    severity: undefined,
  }));
}
