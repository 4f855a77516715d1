/** A kernel's log beside the order, as rows: what ran as predicted is one row, what differs stands alone. */
import { say } from '#say';
import type { ComparedLog, LogState } from '../../../server/src/lsp/protocol.ts';
import { type LogNode, type LogStepNode, withChildren } from './order-nodes.ts';
import type { Severity } from './order-words.ts';

function stateWords(state: LogState): string {
  switch (state) {
    case 'in-order':
      return say('ran as predicted');
    case 'out-of-order':
      return say('ran out of order');
    case 'never-ran':
      return say('never ran');
    case 'not-taken':
      return say('not taken');
    case 'unpredicted':
      return say('not predicted');
    case 'not-logged':
      return say('not in such a log');
    case 'not-reached':
      return say('not reached');
    case 'not-registered':
      return say('not registered');
  }
}

const severities: Partial<Record<LogState, Severity>> = {
  'out-of-order': 'error',
  'never-ran': 'warning',
  unpredicted: 'warning',
};

/** What a reader looks for first. */
const counted: readonly LogState[] = ['in-order', 'out-of-order', 'never-ran', 'unpredicted'];

/** What the timeline that fits is called. */
export function titleOf({ timeline, title }: ComparedLog): string {
  switch (timeline) {
    case 'unbind':
      return say('unbind');
    case 'unplug-open':
      return say('unplug with an open file');
    case 'probe-fail':
      // It says after which step, too.
      return title;
  }
}

/** “170 ran as predicted, 1 ran out of order”. */
export function logSummary({ counts }: ComparedLog): string {
  return counted
    .filter((state) => state === 'in-order' || counts[state] > 0)
    .map((state) => `${counts[state]} ${stateWords(state)}`)
    .join(', ');
}

/** The rows of a comparison. */
export function logNode(log: ComparedLog): LogNode {
  const device = log.device === '' ? '' : ` · ${log.device}`;
  const worst = counted.find((state) => severities[state] && log.counts[state] > 0);
  return withChildren<LogNode>(
    {
      type: 'log',
      id: 'log',
      parent: undefined,
      label: say('Kernel log: {0}, {1}', log.entry, titleOf(log)),
      description: `${logSummary(log)}${device} · ${say('lines {0} to {1}', log.lines.first, log.lines.last)}`,
      severity: worst && severities[worst],
    },
    (node) => [...notesOf(node, log), ...rowsOf(node, log)],
  );
}

function notesOf(parent: LogNode, { notes }: ComparedLog): LogStepNode[] {
  return notes.map((note, index) => row(parent, `note#${index}`, note, '', 'note', null, []));
}

type Step = ComparedLog['steps'][number];

function rowsOf(parent: LogNode, { steps }: ComparedLog): LogStepNode[] {
  const rows: LogStepNode[] = [];
  for (let i = 0; i < steps.length; ) {
    const first = steps[i]!;
    let end = i + 1;
    while (steps[end]?.state === first.state) end++;
    const run = steps.slice(i, end);
    // What differs is what somebody came for: each of it stands alone.
    if (severities[first.state] !== undefined || run.length < 3)
      rows.push(...run.map((step, nth) => stepRow(parent, step, i + nth)));
    else rows.push(foldedRow(parent, run, i));
    i = end;
  }
  return rows;
}

function foldedRow(parent: LogNode, run: readonly Step[], at: number): LogStepNode {
  const [first] = run;
  const label = `${run.length} ${stateWords(first!.state)}`;
  const description = run
    .slice(0, 3)
    .map(({ name }) => name)
    .join(', ');
  return row(parent, `run#${at}`, label, `${description} …`, first!.state, null, run);
}

function stepRow(parent: LogNode | LogStepNode, step: Step, at: number): LogStepNode {
  const { state, name, line, phase, location } = step;
  const where = [stateWords(state), phase ?? '', line === null ? '' : say('log line {0}', line)];
  const description = where.filter((text) => text !== '').join(' · ');
  return row(parent, `step#${at}`, name, description, state, location, []);
}

function row(
  parent: LogNode | LogStepNode,
  key: string,
  label: string,
  description: string,
  state: LogState | 'note',
  location: Step['location'],
  steps: readonly Step[],
): LogStepNode {
  return withChildren<LogStepNode>(
    {
      type: 'logStep',
      id: `${parent.id}/${key}`,
      parent,
      label,
      description,
      severity: state === 'note' ? undefined : severities[state],
      location,
      state,
    },
    (node) => steps.map((step, nth) => stepRow(node, step, nth)),
  );
}
