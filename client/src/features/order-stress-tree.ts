/** The log of a stress kit beside the order, as rows: predicted hazards, what nothing predicted, and each scenario. */
import type { ComparedStress } from '../../../server/src/lsp/protocol.ts';
import { comparisonRows, logSeverity, logSummary, row, troubleRow } from './order-log-tree.ts';
import { type LogNode, type LogStepNode, withChildren } from './order-nodes.ts';

type Hazard = ComparedStress['hazards'][number];
type Scenario = ComparedStress['scenarios'][number];

const hazardWords: Readonly<Record<Hazard['state'], string>> = {
  seen: 'seen',
  'not-shown': 'not shown',
  'not-tried': 'not tried',
};

const scenarioWords: Readonly<Record<Scenario['state'], string>> = {
  done: 'done',
  stopped: 'stopped',
  'left-out': 'left out',
  cut: 'the log ends in it',
};

/** “1 predicted hazard seen, 2 not shown; 1 told by the kernel and not predicted”. */
export function stressSummary({ hazards, unpredicted }: ComparedStress): string {
  const of = (state: Hazard['state']) => hazards.filter((one) => one.state === state).length;
  return `${of('seen')} of ${hazards.length} predicted hazards seen, ${of('not-shown')} not shown, ${of('not-tried')} not tried; ${unpredicted.length} told by the kernel and not predicted`;
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
      label: `Stress log: ${module}`,
      description: stressSummary(stress),
      severity: isLoud ? 'error' : undefined,
    },
    (node) => [
      ...hazards.map((hazard, nth) => hazardRow(node, hazard, nth)),
      ...unpredicted.map(({ trouble, scenario, times }, nth) => {
        const told = troubleRow(node, trouble, `unpredicted#${nth}`);
        const more = times > 1 ? ` · ${times} times` : '';
        return withChildren<LogStepNode>(
          { ...told, description: `not predicted · ${scenario}${more} · log line ${trouble.line}` },
          () => told.children,
        );
      }),
      ...scenarios.map((scenario, nth) => scenarioRow(node, scenario, nth)),
    ],
  );
}

function hazardRow(parent: LogNode, hazard: Hazard, nth: number): LogStepNode {
  const { state, rule, message, location, scenarios, troubles } = hazard;
  const description = [hazardWords[state], rule, scenarios.join(', ')].join(' · ');
  const kind = state === 'seen' ? 'seen' : 'quiet';
  return row(parent, `hazard#${nth}`, message, description, kind, location, (node) =>
    troubles.map((one, i) => troubleRow(node, one, `trouble#${i}`)),
  );
}

function scenarioRow(parent: LogNode, scenario: Scenario, nth: number): LogStepNode {
  const { name, state, problem, comparison, troubles } = scenario;
  const outcome = comparison ? `${comparison.title}: ${logSummary(comparison)}` : (problem ?? '');
  const description = [scenarioWords[state], outcome].filter((text) => text !== '').join(' · ');
  const isLoud =
    troubles.length > 0 || (comparison !== null && logSeverity(comparison) === 'error');
  const kind = isLoud ? 'seen' : 'quiet';
  return row(parent, `scenario#${nth}`, name, description, kind, null, (node) =>
    comparison
      ? comparisonRows(node, { ...comparison, troubles })
      : troubles.map((one, i) => troubleRow(node, one, `trouble#${i}`)),
  );
}
