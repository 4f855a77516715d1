/** The log of a stress kit beside the order, as rows: predicted hazards, what nothing predicted, and each scenario. */
import { say } from '#say';
import type { ComparedStress } from '../../../server/src/lsp/protocol.ts';
import {
  comparisonRows,
  logSeverity,
  logSummary,
  row,
  titleOf,
  troubleRow,
} from './order-log-tree.ts';
import { type LogNode, type LogStepNode, withChildren } from './order-nodes.ts';

type Hazard = ComparedStress['hazards'][number];
type Scenario = ComparedStress['scenarios'][number];

function hazardWord(state: Hazard['state']): string {
  switch (state) {
    case 'seen':
      return say('seen');
    case 'not-shown':
      return say('not shown');
    case 'not-tried':
      return say('not tried');
  }
}

function scenarioWord(state: Scenario['state']): string {
  switch (state) {
    case 'done':
      return say('done');
    case 'stopped':
      return say('stopped');
    case 'left-out':
      return say('left out');
    case 'cut':
      return say('the log ends in it');
  }
}

/** “1 predicted hazard seen, 2 not shown; 1 told by the kernel and not predicted”. */
export function stressSummary({ hazards, unpredicted }: ComparedStress): string {
  const of = (state: Hazard['state']) => hazards.filter((one) => one.state === state).length;
  return say(
    '{0} of {1} predicted hazards seen, {2} not shown, {3} not tried; {4} told by the kernel and not predicted',
    of('seen'),
    hazards.length,
    of('not-shown'),
    of('not-tried'),
    unpredicted.length,
  );
}

/** The rows of a stress log. */
export function stressNode(stress: ComparedStress): LogNode {
  const { module, hazards, unpredicted, scenarios } = stress;
  const isLoud = unpredicted.length > 0 || hazards.some(({ state }) => state === 'seen');
  return withChildren<LogNode>(
    {
      type: 'log',
      id: 'stress',
      parent: undefined,
      label: say('Stress log: {0}', module),
      description: stressSummary(stress),
      severity: isLoud ? 'error' : undefined,
    },
    (node) => [
      ...hazards.map((hazard, nth) => hazardRow(node, hazard, nth)),
      ...unpredicted.map(({ trouble, scenario, times }, nth) => {
        const told = troubleRow(node, trouble, `unpredicted#${nth}`);
        const more = times > 1 ? ` · ${say('{0} times', times)}` : '';
        return withChildren<LogStepNode>(
          {
            ...told,
            description: `${say('not predicted')} · ${scenario}${more} · ${say('log line {0}', trouble.line)}`,
          },
          () => told.children,
        );
      }),
      ...scenarios.map((scenario, nth) => scenarioRow(node, scenario, nth)),
    ],
  );
}

function hazardRow(parent: LogNode, hazard: Hazard, nth: number): LogStepNode {
  const { state, rule, message, location, scenarios, troubles } = hazard;
  const description = [hazardWord(state), rule, scenarios.join(', ')].join(' · ');
  const kind = state === 'seen' ? 'seen' : 'quiet';
  return row(parent, `hazard#${nth}`, message, description, kind, location, (node) =>
    troubles.map((one, i) => troubleRow(node, one, `trouble#${i}`)),
  );
}

function scenarioRow(parent: LogNode, scenario: Scenario, nth: number): LogStepNode {
  const { name, state, problem, comparison, troubles } = scenario;
  const outcome = comparison
    ? `${titleOf(comparison)}: ${logSummary(comparison)}`
    : (problem ?? '');
  const description = [scenarioWord(state), outcome].filter((text) => text !== '').join(' · ');
  const isLoud =
    troubles.length > 0 || (comparison !== null && logSeverity(comparison) === 'error');
  const kind = isLoud ? 'seen' : 'quiet';
  return row(parent, `scenario#${nth}`, name, description, kind, null, (node) =>
    comparison
      ? comparisonRows(node, { ...comparison, troubles })
      : troubles.map((one, i) => troubleRow(node, one, `trouble#${i}`)),
  );
}
