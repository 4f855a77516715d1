/**
 * The order view's nodes as plain data: entry, timeline, phase, step, finding, evidence, note. Made from
 * any `OrderResult` without VS Code, so that it can be tested alone, and only as far as somebody
 * looks. Ids hold no position, so that an edit above a step does not make its row jump, collapse or
 * lose the selection.
 */
import type {
  OrderEntry,
  OrderFinding,
  OrderMark,
  OrderResult,
  OrderRun,
  OrderRunner,
  OrderStep,
  OrderTimeline,
} from '../../../server/src/lsp/protocol.ts';
import { isFiltering, noFilter, type OrderFilter, passes } from './order-filter.ts';
import {
  type EntryNode,
  type FindingNode,
  type MarkNode,
  type NoteNode,
  type OrderNode,
  type Own,
  type PhaseNode,
  type RunNode,
  type RunnerNode,
  type RunnersNode,
  type StepNode,
  type TimelineNode,
  withChildren,
} from './order-nodes.ts';
import {
  countOf,
  fileAndLine,
  phaseTitle,
  plural,
  type Severity,
  severitiesAt,
  stepDetails,
  stepName,
  type TimelineName,
  timelineTitles,
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

function severityOf(steps: readonly OrderStep[]): Severity | undefined {
  return worst(steps.flatMap(severitiesAt));
}

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
          severity: severityOf(shownSteps(entry, options)),
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
    .map((timeline) => timelineNode(parent, timeline.title, '', timeline, options.filter));
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
    timelineTitles['probe-fail'],
    failureWords(acquired, step),
    known ?? { timeline: 'probe-fail', steps: undefined },
    options.filter,
  );
}

/** `xe_gt_init() fails, after step 12 of 40: foo_fini(foo)`. */
export function failureWords(acquired: OrderEntry['acquired'], step: number): string {
  const { name = '', fails = null } = acquired[step - 1] ?? {};
  const after = `after step ${step} of ${acquired.length}: ${name}`;
  return fails === null ? after : `${fails}() fails, ${after}`;
}

type Shown = Pick<OrderTimeline, 'timeline'> &
  (OrderTimeline | { readonly steps: undefined; readonly runs?: never; readonly runners?: never });

function timelineNode(
  parent: EntryNode,
  label: string,
  which: string,
  { timeline, steps, runs = [], runners = [] }: Shown,
  filter: OrderFilter,
): TimelineNode {
  const shown = steps?.filter((step) => passes(step, filter)).length;
  const count = steps && countOf(shown ?? 0, steps.length);
  return withChildren<TimelineNode>(
    {
      type: 'timeline',
      id: `${parent.id}/${timeline}`,
      parent,
      label,
      description: [which, count, steps && findingCount(steps)].filter(Boolean).join(' · '),
      severity: severityOf(steps ?? []),
      entry: parent.entry,
      timeline,
      steps,
    },
    (node) => [...phaseNodes(node, runs, filter), ...runnersNodes(node, runners, filter)],
  );
}

function findingCount(steps: readonly OrderStep[]): string {
  const found = new Set(
    steps.flatMap(({ findings }) => findings.map((one) => `${one.rule} ${one.message}`)),
  );
  return found.size === 0 ? '' : plural(found.size, 'finding');
}

interface Numbered {
  readonly step: OrderStep;
  readonly number: number;
  /** Tells the steps of a timeline apart, also two of one id. */
  readonly key: string;
}

/** Runs of one phase and group: on unbind without an open file, drmm runs in the middle of devm. */
function runsOf(steps: readonly OrderStep[]): Numbered[][] {
  const runs: Numbered[][] = [];
  const seen = new Map<string, number>();
  for (const [index, step] of steps.entries()) {
    const run = runs.at(-1);
    const before = run?.[0]?.step;
    const nth = (seen.get(step.id) ?? 0) + 1;
    seen.set(step.id, nth);
    const key = nth === 1 ? step.id : `${step.id}#${nth}`;
    const numbered = { step, number: index + 1, key };
    if (run !== undefined && before?.phase === step.phase && before.group === step.group)
      run.push(numbered);
    else runs.push([numbered]);
  }
  return runs;
}

function phaseNodes(
  parent: TimelineNode,
  runs: readonly OrderRun[],
  filter: OrderFilter,
): PhaseNode[] {
  const seen = new Map<string, number>();
  const steps = parent.steps ?? [];
  return runsOf(steps).flatMap((run): PhaseNode[] => {
    const first = run[0]!.step;
    const name = `${first.phase}/${first.group ?? ''}`;
    const nth = (seen.get(name) ?? 0) + 1;
    seen.set(name, nth);
    const shown = run.filter(({ step }) => passes(step, filter));
    if (shown.length === 0) return [];
    const own: Own<PhaseNode> = {
      type: 'phase',
      id: `${parent.id}/${name}#${nth}`,
      parent,
      label: phaseTitle(first, parent.timeline),
      description: countOf(shown.length, run.length),
      severity: severityOf(run.map(({ step }) => step)),
      phase: first.phase,
    };
    // What is looked for must not hide in a row that stands for several.
    const folded = isFiltering(filter) ? [] : runs;
    return [withChildren(own, (node) => rowNodes(node, parent, shown, folded, steps.length))];
  });
}

/** The steps of a phase, those of a run below one row. */
function rowNodes(
  parent: PhaseNode,
  timeline: TimelineNode,
  shown: readonly Numbered[],
  runs: readonly OrderRun[],
  total: number,
): OrderNode[] {
  const rows: OrderNode[] = [];
  for (let i = 0; i < shown.length; ) {
    const first = shown[i]!;
    const run = runs.find(({ from }) => from === first.number);
    const members = run ? shown.slice(i, i + run.count) : [];
    if (run && members.length === run.count) {
      rows.push(runNode(parent, timeline, run, members, total));
      i += run.count;
    } else {
      rows.push(stepNode(parent, timeline, first, total));
      i++;
    }
  }
  return rows;
}

function runNode(
  parent: PhaseNode,
  timeline: TimelineNode,
  run: OrderRun,
  members: readonly Numbered[],
  total: number,
): RunNode {
  const steps = members.map(({ step }) => step);
  const last = run.from + run.count - 1;
  return withChildren<RunNode>(
    {
      type: 'run',
      id: `${timeline.id}/run/${members[0]?.key ?? ''}`,
      parent,
      label: `${run.from}–${last}. ${run.name}`,
      description: run.things,
      severity: severityOf(steps),
    },
    (node) => members.map((one) => stepNode(node, timeline, one, total)),
  );
}

/** What runs by itself, those with a hazard first. */
function runnersNodes(
  parent: TimelineNode,
  runners: readonly OrderRunner[],
  filter: OrderFilter,
): RunnersNode[] {
  const wanted = runners.filter((runner) => passesRunner(runner, filter));
  if (wanted.length === 0) return [];
  const severity = worst(wanted.flatMap(({ marks }) => marks.map((mark) => mark.finding.severity)));
  return [
    withChildren<RunnersNode>(
      {
        type: 'runners',
        id: `${parent.id}/runners`,
        parent,
        label: 'runs by itself',
        description: 'interrupt handlers, work, open files, and the step after which each is over',
        severity,
      },
      (node) =>
        wanted
          .toSorted((a, b) => b.marks.length - a.marks.length)
          .map((runner) => runnerNode(node, parent, runner)),
    ),
  ];
}

function passesRunner(
  { name, what, marks }: OrderRunner,
  { text, findingsOnly, scope }: OrderFilter,
) {
  if (scope !== 'all' || (findingsOnly && marks.length === 0)) return false;
  const where = `${name} ${what}`.toLowerCase();
  return text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => where.includes(word));
}

function runnerNode(parent: RunnersNode, timeline: TimelineNode, runner: OrderRunner): RunnerNode {
  const { until } = runner;
  const step = until === null ? undefined : timeline.steps?.[until - 1];
  const over = step ? `until step ${until}: ${stepName(step)}` : 'nothing was seen that ends it';
  return withChildren<RunnerNode>(
    {
      type: 'runner',
      id: `${timeline.id}/runner/${runner.id}`,
      parent,
      label: runner.name,
      description: `${runner.what} · ${over}`,
      severity: worst(runner.marks.map(({ finding }) => finding.severity)),
      runner,
    },
    (node) => runner.marks.flatMap((mark, index) => markNodes(node, mark, index)),
  );
}

function markNodes(parent: OrderNode, mark: OrderMark, index: number): OrderNode[] {
  const node: MarkNode = {
    type: 'mark',
    id: `${parent.id}/mark#${index}`,
    parent,
    label: withoutMarks(mark.text),
    description: mark.finding.rule,
    severity: mark.finding.severity,
    mark,
    children: [],
  };
  // Where the finding stands at the other end, what it says is wanted here, too.
  return mark.kind === 'ends' || parent.type === 'runner'
    ? [node, findingNode(parent, mark.finding, 1000 + index)]
    : [node];
}

/** The id leaves the phase out: a step that an edit moves to another keeps its selection. */
function stepNode(
  parent: PhaseNode | RunNode,
  { id, entry }: TimelineNode,
  { step, number, key }: Numbered,
  total: number,
): StepNode {
  return withChildren<StepNode>(
    {
      type: 'step',
      id: `${id}/${key}`,
      parent,
      label: stepName(step),
      description: stepDetails(step).join(' · '),
      severity: severityOf([step]),
      entry,
      step,
      number,
      total,
    },
    (node) => [
      ...step.marks.flatMap((mark, index) => markNodes(node, mark, index)),
      ...step.findings
        .filter(
          ({ message }) =>
            !step.marks.some(({ kind, finding }) => kind === 'ends' && finding.message === message),
        )
        .map((finding, index) => findingNode(node, finding, index)),
    ],
  );
}

function findingNode(parent: OrderNode, finding: OrderFinding, index: number): FindingNode {
  const { severity, message, rule } = finding;
  return withChildren<FindingNode>(
    {
      type: 'finding',
      id: `${parent.id}/${rule}#${index}`,
      parent,
      label: withoutMarks(message),
      description: `${severity} · ${rule}`,
      severity,
      finding,
    },
    (node) =>
      finding.chain.map((link, nth) => ({
        type: 'evidence',
        id: `${node.id}/${nth}`,
        parent: node,
        label: withoutMarks(link.message),
        description: fileAndLine(link.location),
        severity: undefined,
        location: link.location,
        children: [],
      })),
  );
}

/** The timeline of an entry that says most: the first with the worst finding, else the first. */
export function mainTimeline(entry: EntryNode): OrderNode | undefined {
  return entry.children.find(({ severity }) => severity === entry.severity) ?? entry.children[0];
}
