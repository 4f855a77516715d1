/**
 * The order view's nodes as plain data: entry, timeline, phase, step, finding, evidence, note. Made from
 * any `OrderResult` without VS Code, so that it can be tested alone, and only as far as somebody
 * looks. Ids hold no position, so that an edit above a step does not make its row jump, collapse or
 * lose the selection.
 */
import { say } from '#say';
import type {
  OrderEntry,
  OrderResult,
  OrderRunner,
  OrderStep,
  OrderTimeline,
} from '../../../server/src/lsp/protocol.ts';
import { noFilter, type OrderFilter, passes } from './order-filter.ts';
import {
  type EntryNode,
  type NoteNode,
  type OrderNode,
  type TimelineNode,
  withChildren,
} from './order-nodes.ts';
import { phaseNodes, severityOf } from './order-row-tree.ts';
import { leftoversNodes, runnersNodes } from './order-runner-tree.ts';
import {
  countOf,
  findings,
  type Severity,
  type TimelineName,
  timelineTitle,
  withoutMarks,
  worst,
} from './order-words.ts';

/** Where probe fails: the chosen step and, when it was asked for, what is released then. */
export interface Failure {
  /** From 1. */
  readonly step: number;
  readonly timeline: OrderTimeline | undefined;
}

export interface TreeOptions {
  readonly timeline: TimelineName | 'all';
  readonly filter: OrderFilter;
  /** By entry id. Without one probe fails after its last step. */
  readonly failures: ReadonlyMap<string, Failure>;
}

export const plainOptions: TreeOptions = { timeline: 'all', filter: noFilter, failures: new Map() };

/** The rows of an order. */
export function buildOrderTree(
  result: OrderResult,
  options: TreeOptions = plainOptions,
): EntryNode[] {
  const sizes = result.entries.map(({ acquired }) => acquired.length);
  const main = sizes.indexOf(Math.max(...sizes));
  return result.entries
    .map((entry, index) =>
      withChildren<EntryNode>(
        {
          type: 'entry',
          id: entry.id,
          parent: undefined,
          label: entry.entry,
          description: [result.module, entry.table].filter((text) => text !== '').join(' · '),
          severity: worst([
            severityOf(shownSteps(entry, options)),
            ...shownRunners(entry, options),
          ]),
          entry,
          isMain: index === main,
        },
        (node) => entryChildren(node, options),
      ),
    )
    .filter(({ children }) => children.length > 0);
}

function isWanted(name: TimelineName, { timeline }: TreeOptions): boolean {
  return timeline === 'all' || timeline === name;
}

/** The steps of the chosen timelines, as far as they are known. */
function shownSteps({ id, timelines }: OrderEntry, options: TreeOptions): OrderStep[] {
  const failure = options.failures.get(id)?.timeline;
  return [...timelines, ...(failure === undefined ? [] : [failure])]
    .filter(({ timeline }) => isWanted(timeline, options))
    .flatMap(({ steps }) => steps);
}

/** How bad what runs by itself on the chosen timelines is. */
function shownRunners({ timelines }: OrderEntry, options: TreeOptions): Severity[] {
  return timelines
    .filter(({ timeline }) => isWanted(timeline, options))
    .flatMap(({ runners }) =>
      runners.flatMap(({ marks }) => marks.map(({ finding }) => finding.severity)),
    );
}

function entryChildren(parent: EntryNode, options: TreeOptions): OrderNode[] {
  const timelines = timelineNodes(parent, options);
  return timelines.length === 0 ? [] : [...timelines, ...noteNodes(parent)];
}

/** What the steps cannot say stands below the timelines. */
function noteNodes(parent: EntryNode): NoteNode[] {
  return parent.entry.notes.map((note, index) => ({
    type: 'note',
    id: `${parent.id}/note#${index}`,
    parent,
    label: withoutMarks(note),
    description: '',
    severity: undefined,
    children: [],
  }));
}

function timelineNodes(parent: EntryNode, options: TreeOptions): TimelineNode[] {
  const { entry } = parent;
  const nodes = entry.timelines
    .filter(({ timeline }) => isWanted(timeline, options))
    .map((timeline) => timelineNode(parent, '', timeline, options.filter));
  if (isWanted('probe-fail', options) && entry.acquired.length > 0)
    nodes.push(failureNode(parent, options));
  // What is not known yet is not hidden: the filter may let some of it pass.
  return nodes.filter(({ steps, children }) => steps === undefined || children.length > 0);
}

/** The step after which probe fails, from 1: the chosen one as far as there are so many. */
export function failingStep(entry: OrderEntry, failures: TreeOptions['failures']): number {
  const { length } = entry.acquired;
  return Math.min(failures.get(entry.id)?.step ?? length, length);
}

/** The timeline of a failing probe, named by the call that fails. */
export function failureNode(parent: EntryNode, options: TreeOptions): TimelineNode {
  const { acquired } = parent.entry;
  const step = failingStep(parent.entry, options.failures);
  const known = options.failures.get(parent.entry.id)?.timeline;
  return timelineNode(
    parent,
    [...pathWords(acquired, step), failureWords(acquired, step)].join(' · '),
    known ?? { timeline: 'probe-fail', steps: undefined },
    options.filter,
  );
}

/** Where probe is when it fails: `xe_device_probe › xe_gt_init`. */
export function pathWords(acquired: OrderEntry['acquired'], step: number): string[] {
  const path = acquired[step - 1]?.path ?? [];
  return path.length === 0 ? [] : [path.join(' › ')];
}

/** `xe_gt_init() fails, after step 12 of 40: foo_fini(foo)`. */
export function failureWords(acquired: OrderEntry['acquired'], step: number): string {
  const { name = '', fails = null } = acquired[step - 1] ?? {};
  const after = say('after step {0} of {1}: {2}', step, acquired.length, name);
  return fails === null ? after : `${say('{0}() fails', fails)}, ${after}`;
}

type Shown = Pick<OrderTimeline, 'timeline'> &
  (
    | OrderTimeline
    | {
        readonly steps: undefined;
        readonly runs?: never;
        readonly runners?: never;
        readonly left?: never;
      }
  );

function timelineNode(
  parent: EntryNode,
  which: string,
  { timeline, steps, runs = [], runners = [], left = [] }: Shown,
  filter: OrderFilter,
): TimelineNode {
  const shown = steps?.filter((step) => passes(step, filter)).length;
  const count = steps && countOf(shown ?? 0, steps.length);
  return withChildren<TimelineNode>(
    {
      type: 'timeline',
      id: `${parent.id}/${timeline}`,
      parent,
      label: timelineTitle(timeline),
      description: [which, count, steps && findingCount(steps, runners)]
        .filter(Boolean)
        .join(' · '),
      severity: worst([
        severityOf(steps ?? []),
        ...runners.flatMap(({ marks }) => marks.map(({ finding }) => finding.severity)),
      ]),
      entry: parent.entry,
      timeline,
      steps,
    },
    (node) => {
      const phases = phaseNodes(node, runs, filter);
      const own = runnersNodes(node, runners, filter);
      if (left.length > 0) return [...leftoversNodes(node, left, filter), ...phases];
      // A hazard must not stand below two hundred rows.
      return own.some(({ severity }) => severity !== undefined)
        ? [...own, ...phases]
        : [...phases, ...own];
    },
  );
}

/** Each finding once, at however many rows it is marked: the picture counts the same. */
function findingCount(steps: readonly OrderStep[], runners: readonly OrderRunner[]): string {
  const marks = [...steps, ...runners].flatMap((one) => one.marks.map(({ finding }) => finding));
  const all = [...steps.flatMap((step) => step.findings), ...marks];
  const found = new Set(
    all.map(({ rule, message, location: { uri, range } }) =>
      [rule, message, uri, range.start.line, range.start.character].join(' '),
    ),
  );
  return found.size === 0 ? '' : findings(found.size);
}

/** The timeline of an entry that says most: the first with the worst finding, else the first. */
export function mainTimeline(entry: EntryNode): OrderNode | undefined {
  return entry.children.find(({ severity }) => severity === entry.severity) ?? entry.children[0];
}
