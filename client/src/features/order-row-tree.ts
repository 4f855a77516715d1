/** The rows below a timeline: phases, folded runs, steps, the ends of hazards, findings with their evidence. */
import type {
  OrderFinding,
  OrderMark,
  OrderRun,
  OrderStep,
} from '../../../server/src/lsp/protocol.ts';
import { isFiltering, type OrderFilter, passes } from './order-filter.ts';
import {
  type FindingNode,
  type MarkNode,
  type OrderNode,
  type Own,
  type PhaseNode,
  type RunNode,
  type StepNode,
  type TimelineNode,
  withChildren,
} from './order-nodes.ts';
import {
  countOf,
  fileAndLine,
  phaseRemark,
  phaseTitle,
  type Severity,
  severitiesAt,
  severityWord,
  stepDetails,
  stepName,
  withoutMarks,
  worst,
} from './order-words.ts';

/** The worst of what is told at some steps. */
export function severityOf(steps: readonly OrderStep[]): Severity | undefined {
  return worst(steps.flatMap(severitiesAt));
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

/** The phases of a timeline, as far as a filter lets them pass. */
export function phaseNodes(
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
      description: [countOf(shown.length, run.length), ...phaseRemark(first, parent.timeline)].join(
        ' · ',
      ),
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
      description: withoutMarks(run.things),
      severity: severityOf(steps),
    },
    (node) => members.map((one) => stepNode(node, timeline, one, total)),
  );
}

/** One end of a hazard; with its finding, where that stands elsewhere. */
export function markNodes(parent: OrderNode, mark: OrderMark, index: number): OrderNode[] {
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
      description: `${severityWord(severity)} · ${rule}`,
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
