/**
 * What stands beside the steps of a timeline: what runs by itself, until which step and past which end, and what a
 * failing probe leaves.
 */
import { say } from '#say';
import type { OrderLeft, OrderRunner } from '../../../server/src/lsp/protocol.ts';
import { endOf, type RunnerEnd } from './order-ends.ts';
import type { OrderFilter } from './order-filter.ts';
import {
  type LeftNode,
  type LeftoversNode,
  type RunnerNode,
  type RunnersNode,
  type TimelineNode,
  withChildren,
} from './order-nodes.ts';
import { markNodes } from './order-row-tree.ts';
import { fileAndLine, stepName, withoutMarks, worst } from './order-words.ts';

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
        // Of fifty that no finding is about nobody asks for each, but for when they are over.
        return others.length <= fewRunners
          ? [...late, ...others].map(row)
          : [...late.map(row), ...endGroups(node, parent, others)];
      },
    ),
  ];
}

/** So many need no rows above them. */
const fewRunners = 3;

/** In the order in which they come; what has no end that was seen comes last. */
const ends = ['remove', 'devm', 'last-put', 'unseen'] as const;

function endWords(end: RunnerEnd, count: number): string {
  switch (end) {
    case 'remove':
      return say('{0} until remove() stops them', count);
    case 'devm':
      return say('{0} after remove(), until devm releases', count);
    case 'last-put':
      return say('{0} after remove(), until the last put', count);
    case 'unseen':
      return say('{0} that nothing was seen to end', count);
  }
}

const namedRunners = 4;

/** A row for what is over in the same phase. */
function endGroups(
  parent: RunnersNode,
  timeline: TimelineNode,
  runners: readonly OrderRunner[],
): RunnersNode[] {
  return ends.flatMap((end): RunnersNode[] => {
    const own = runners.filter((runner) => endOf(runner, timeline.steps ?? []) === end);
    if (own.length === 0) return [];
    const names = own.slice(0, namedRunners).map(({ name }) => name);
    return [
      withChildren<RunnersNode>(
        {
          type: 'runners',
          id: `${parent.id}/${end}`,
          parent,
          label: endWords(end, own.length),
          description: `${names.join(', ')}${own.length > namedRunners ? ' …' : ''}`,
          severity: undefined,
        },
        (node) => own.map((runner) => runnerNode(node, timeline, runner)),
      ),
    ];
  });
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

/** What a failing probe had taken and is not seen to give back. */
export function leftoversNodes(
  parent: TimelineNode,
  left: readonly OrderLeft[],
  { text, findingsOnly, scope }: OrderFilter,
): LeftoversNode[] {
  if (scope !== 'all' || findingsOnly) return [];
  const words = text.toLowerCase().split(/\s+/);
  const shown = left.filter(({ name, kind }) =>
    words.every((word) => `${name} ${kind}`.toLowerCase().includes(word)),
  );
  if (shown.length === 0) return [];
  return [
    withChildren<LeftoversNode>(
      {
        type: 'leftovers',
        id: `${parent.id}/left`,
        parent,
        label: say('left behind, as far as was seen'),
        description: say('{0} taken before, no release seen', shown.length),
        severity: undefined,
      },
      (node) => shown.map((one, index) => leftNode(node, one, index)),
    ),
  ];
}

function leftNode(parent: LeftoversNode, left: OrderLeft, index: number): LeftNode {
  const { name, kind, location, conditional, count } = left;
  const words = [kind, conditional, count > 1 ? say('{0} times', count) : null];
  return {
    type: 'left',
    id: `${parent.id}#${index}`,
    parent,
    label: name,
    description: [...words, fileAndLine(location)].filter((word) => word !== null).join(' · '),
    severity: undefined,
    left,
    children: [],
  };
}
