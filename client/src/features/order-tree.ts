/**
 * The order view's nodes as plain data: entry, timeline, phase, step, finding, evidence, note. Made from
 * any `OrderResult` without VS Code, so that it can be tested alone, and only as far as somebody
 * looks. Ids hold no position, so that an edit above a step does not make its row jump, collapse or
 * lose the selection.
 */
import type {
  OrderEntry,
  OrderFinding,
  OrderLocation,
  OrderResult,
  OrderStep,
  OrderTimeline,
} from '../../../server/src/lsp/protocol.ts';
import { noFilter, type OrderFilter, passes } from './order-filter.ts';
import {
  countOf,
  fileAndLine,
  phaseTitle,
  plural,
  type Severity,
  stepDetails,
  stepName,
  type TimelineName,
  timelineTitles,
  withoutMarks,
  worst,
} from './order-words.ts';

interface Common {
  readonly id: string;
  readonly parent: OrderNode | undefined;
  readonly label: string;
  readonly description: string;
  /** Made when first asked for. */
  readonly children: readonly OrderNode[];
  /** The worst finding at or below this node. */
  readonly severity: Severity | undefined;
}

export interface EntryNode extends Common {
  readonly type: 'entry';
  readonly entry: OrderEntry;
  /** The one that is open at the start: it has most to say. */
  readonly isMain: boolean;
}

export interface TimelineNode extends Common {
  readonly type: 'timeline';
  readonly entry: OrderEntry;
  readonly timeline: TimelineName;
  /** Undefined until the server was asked: failures of probe are not sent unasked. */
  readonly steps: readonly OrderStep[] | undefined;
}

export interface PhaseNode extends Common {
  readonly type: 'phase';
  readonly phase: OrderStep['phase'];
}

export interface StepNode extends Common {
  readonly type: 'step';
  readonly entry: OrderEntry;
  readonly step: OrderStep;
  /** Counted through the whole timeline, whatever the filter hides. */
  readonly number: number;
  readonly total: number;
}

export interface NoteNode extends Common {
  readonly type: 'note';
}

export interface FindingNode extends Common {
  readonly type: 'finding';
  readonly finding: OrderFinding;
}

export interface EvidenceNode extends Common {
  readonly type: 'evidence';
  readonly location: OrderLocation;
}

export type OrderNode =
  | EntryNode
  | TimelineNode
  | PhaseNode
  | StepNode
  | FindingNode
  | EvidenceNode
  | NoteNode;

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

type Own<Node extends OrderNode> = Omit<Node, 'children'>;

/** The node with children that are made once, when somebody looks. */
function withChildren<Node extends OrderNode>(
  own: Own<Node>,
  make: (node: Node) => readonly OrderNode[],
): Node {
  let made: readonly OrderNode[] | undefined;
  const node: Node = Object.defineProperty(own, 'children', {
    enumerable: true,
    get: () => {
      made ??= make(node);
      return made;
    },
  }) as Node;
  return node;
}

function severityOf(steps: readonly OrderStep[]): Severity | undefined {
  return worst(steps.flatMap(({ findings }) => findings.map(({ severity }) => severity)));
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
    .map(({ timeline, title, steps }) =>
      timelineNode(parent, timeline, title, '', steps, options.filter),
    );
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

/** The timeline of a failing probe, with the step at which it fails. */
export function failureNode(parent: EntryNode, options: TreeOptions): TimelineNode {
  const { acquired } = parent.entry;
  const step = failingStep(parent.entry, options.failures);
  const after = `after step ${step} of ${acquired.length}: ${acquired[step - 1]?.name ?? ''}`;
  const steps = options.failures.get(parent.entry.id)?.timeline?.steps;
  const title = timelineTitles['probe-fail'];
  return timelineNode(parent, 'probe-fail', title, after, steps, options.filter);
}

function timelineNode(
  parent: EntryNode,
  timeline: TimelineName,
  label: string,
  which: string,
  steps: readonly OrderStep[] | undefined,
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
    (node) => phaseNodes(node, filter),
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

function phaseNodes(parent: TimelineNode, filter: OrderFilter): PhaseNode[] {
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
    return [
      withChildren(own, (node) => shown.map((one) => stepNode(node, parent, one, steps.length))),
    ];
  });
}

/** The id leaves the phase out: a step that an edit moves to another keeps its selection. */
function stepNode(
  parent: PhaseNode,
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
    (node) => step.findings.map((finding, index) => findingNode(node, finding, index)),
  );
}

function findingNode(parent: StepNode, finding: OrderFinding, index: number): FindingNode {
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
