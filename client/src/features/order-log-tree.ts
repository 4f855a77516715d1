/** A kernel's log beside the order, as rows: what ran as predicted is one row, what differs stands alone. */
import { say } from '#say';
import type { ComparedLog, LogState, LogTrouble } from '../../../server/src/lsp/protocol.ts';
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
export function logSummary({ counts, troubles }: ComparedLog): string {
  const told = troubles.length === 0 ? [] : [say('{0} told wrong by the kernel', troubles.length)];
  const states = counted
    .filter((state) => state === 'in-order' || counts[state] > 0)
    .map((state) => `${counts[state]} ${stateWords(state)}`);
  return [...states, ...told].join(', ');
}

/** The worst that a comparison shows. */
export function logSeverity({ counts, troubles }: ComparedLog): Severity | undefined {
  if (troubles.length > 0) return 'error';
  const worst = counted.find((state) => severities[state] && counts[state] > 0);
  return worst && severities[worst];
}

/** The rows of a comparison. */
export function logNode(log: ComparedLog): LogNode {
  const device = log.device === '' ? '' : ` · ${log.device}`;
  return withChildren<LogNode>(
    {
      type: 'log',
      id: 'log',
      parent: undefined,
      label: say('Kernel log: {0}, {1}', log.entry, titleOf(log)),
      description: `${logSummary(log)}${device} · ${say('lines {0} to {1}', log.lines.first, log.lines.last)}`,
      severity: logSeverity(log),
    },
    (node) => comparisonRows(node, log),
  );
}

/** What stands below a comparison: notes, then the steps with what the kernel said at each. */
export function comparisonRows(parent: LogNode | LogStepNode, log: ComparedLog): LogStepNode[] {
  return [...notesOf(parent, log), ...rowsOf(parent, log)];
}

/** What the kernel found wrong, with its stack below. */
export function troubleRow(
  parent: LogNode | LogStepNode,
  trouble: LogTrouble,
  key: string,
): LogStepNode {
  const { text, line, stack } = trouble;
  const description = `${say('told by the kernel')} · ${say('log line {0}', line)}`;
  return row(parent, key, text, description, 'trouble', null, (node) =>
    stack.map((name, nth) => row(node, `frame#${nth}`, name, '', 'note', null, () => [])),
  );
}

function notesOf(parent: LogNode | LogStepNode, { notes }: ComparedLog): LogStepNode[] {
  return notes.map((note, index) => row(parent, `note#${index}`, note, '', 'note', null, () => []));
}

type Step = ComparedLog['steps'][number];

function rowsOf(parent: LogNode | LogStepNode, { steps, troubles }: ComparedLog): LogStepNode[] {
  const told = (at: number | null) =>
    troubles.flatMap((one, nth) =>
      one.step === at ? [troubleRow(parent, one, `trouble#${nth}`)] : [],
    );
  const loud = new Set(troubles.map(({ step }) => step));
  const rows: LogStepNode[] = told(null);
  for (let i = 0; i < steps.length; ) {
    const first = steps[i]!;
    let end = i + 1;
    // What the kernel said stands below its step.
    while (steps[end]?.state === first.state && !loud.has(end - 1)) end++;
    const run = steps.slice(i, end);
    // What differs is what somebody came for: each of it stands alone.
    if (severities[first.state] !== undefined || run.length < 3)
      rows.push(...run.map((step, nth) => stepRow(parent, step, i + nth)));
    else rows.push(foldedRow(parent, run, i));
    rows.push(...told(end - 1));
    i = end;
  }
  return rows;
}

function foldedRow(parent: LogNode | LogStepNode, run: readonly Step[], at: number): LogStepNode {
  const [first] = run;
  const label = `${run.length} ${stateWords(first!.state)}`;
  const description = run
    .slice(0, 3)
    .map(({ name }) => name)
    .join(', ');
  return row(parent, `run#${at}`, label, `${description} …`, first!.state, null, (node) =>
    run.map((step, nth) => stepRow(node, step, nth)),
  );
}

function stepRow(parent: LogNode | LogStepNode, step: Step, at: number): LogStepNode {
  const { state, name, line, phase, location } = step;
  const where = [stateWords(state), phase ?? '', line === null ? '' : say('log line {0}', line)];
  const description = where.filter((text) => text !== '').join(' · ');
  return row(parent, `step#${at}`, name, description, state, location, () => []);
}

/** One row; `below` makes what stands below it. */
export function row(
  parent: LogNode | LogStepNode,
  key: string,
  label: string,
  description: string,
  state: LogStepNode['state'],
  location: Step['location'],
  below: (node: LogStepNode) => readonly LogStepNode[],
): LogStepNode {
  return withChildren<LogStepNode>(
    {
      type: 'logStep',
      id: `${parent.id}/${key}`,
      parent,
      label,
      description,
      severity: severityOf(state),
      location,
      state,
    },
    below,
  );
}

function severityOf(state: LogStepNode['state']): Severity | undefined {
  if (state === 'trouble' || state === 'seen') return 'error';
  return state === 'note' || state === 'quiet' ? undefined : severities[state];
}
