/** What runs by itself during a timeline, as rows: until which step, and past which end. */
import { say } from '#say';
import type { OrderRunner } from '../../../server/src/lsp/protocol.ts';
import type { OrderFilter } from './order-filter.ts';
import {
  type RunnerNode,
  type RunnersNode,
  type TimelineNode,
  withChildren,
} from './order-nodes.ts';
import { markNodes } from './order-row-tree.ts';
import { stepName, withoutMarks, worst } from './order-words.ts';

/** What runs by itself, those with a hazard first. */
export function runnersNodes(
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
        label: say('runs by itself'),
        description: say(
          'interrupt handlers, work, open files, and the step after which each is over',
        ),
        severity,
      },
      (node) => {
        const late = wanted.filter(({ marks }) => marks.length > 0);
        const others = wanted.filter(({ marks }) => marks.length === 0);
        const row = (runner: OrderRunner): RunnerNode => runnerNode(node, parent, runner);
        // Of fifty that are stopped in time nobody asks for each.
        return late.length === 0 || others.length <= 3
          ? [...late, ...others].map(row)
          : [...late.map(row), othersNode(node, parent, others)];
      },
    ),
  ];
}

function othersNode(
  parent: RunnersNode,
  timeline: TimelineNode,
  runners: readonly OrderRunner[],
): RunnersNode {
  return withChildren<RunnersNode>(
    {
      type: 'runners',
      id: `${parent.id}/others`,
      parent,
      label: say('{0} others', runners.length),
      description: say('no finding is about them'),
      severity: undefined,
    },
    (node) => runners.map((runner) => runnerNode(node, timeline, runner)),
  );
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
  const over = step
    ? say('until step {0}: {1}', until ?? 0, stepName(step))
    : say('nothing was seen that ends it');
  return withChildren<RunnerNode>(
    {
      type: 'runner',
      id: `${timeline.id}/runner/${runner.id}`,
      parent,
      label: runner.name,
      description: `${withoutMarks(runner.what)} · ${over}`,
      severity: worst(runner.marks.map(({ finding }) => finding.severity)),
      runner,
    },
    (node) => runner.marks.flatMap((mark, index) => markNodes(node, mark, index)),
  );
}
