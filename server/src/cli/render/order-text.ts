/**
 * `order --format text`: the timelines as numbered lists. A large driver has hundreds of steps and as
 * many places where probe can fail, so equal runs are one line, and so is each failure.
 */
import { printable } from '../../core/mail/quote.ts';
import type { EntryOrder, ModuleOrder, TeardownStep } from '../../core/result.ts';
import { callOf, namesOf, type Run, runsOf } from '../../core/teardown/rows.ts';
import {
  type BoundedFailure,
  boundedFailures,
  failureWords,
  leftOutNote,
  type NamedSteps,
  type TimelineChoice,
  timelinesOf,
} from '../timelines.ts';
import { count, type Style } from './style.ts';

/** `bo: BO`, without a local's name where the driver's own stands in the call. */
function whatOf({ kind, releases, keptAs }: TeardownStep): string {
  return releases === null || keptAs !== undefined ? kind : `${kind}: ${releases}`;
}

function stepLine(step: TeardownStep, number: string, style: Style): string {
  const around = [
    step.conditional,
    step.repeats,
    step.group === null ? null : `group ${step.group}`,
  ]
    .filter((word) => word !== null)
    .join(', ');
  const holder = step.registered.function;
  const where = `${style.at(step.registered.place)}${holder === '' ? '' : ` in ${printable(holder)}`}`;
  const mark = step.findings.length > 0 ? ` ${style.bold('HAZARD')}` : '';
  const what = printable(`${callOf(step)}  ${whatOf(step)}${around === '' ? '' : ` [${around}]`}`);
  return `${number} ${step.phase.padEnd(8)} ${indent(step)}${what}${mark}  ${style.dim(where)}`;
}

/** What remove() and a failing probe call is shown below the function that calls it. */
function indent({ scope, registered }: TeardownStep): string {
  return scope === null ? '  '.repeat(registered.via.length) : '';
}

function rowLine({ from, steps }: Run, style: Style): string {
  const [first] = steps;
  if (steps.length === 1) return stepLine(first, String(from).padStart(7), style);
  const numbers = `${from}-${from + steps.length - 1}`.padStart(7);
  const names = namesOf(steps);
  const what = `${steps.length} × ${first.action}  ${first.kind}${names === '' ? '' : `: ${names}`}`;
  return `${numbers} ${first.phase.padEnd(8)} ${indent(first)}${printable(what)}`;
}

function stepsLines({ title, steps }: NamedSteps, all: boolean, style: Style): string[] {
  const rows = runsOf(steps, all).map((row) => rowLine(row, style));
  const total = steps.length === 0 ? '' : `: ${count(steps.length, 'step')}`;
  return [`  ${title}${total}`, ...(rows.length === 0 ? ['    nothing'] : rows)];
}

/** `5 devm, 12 drmm`. */
function phasesOf(steps: readonly TeardownStep[]): string {
  const counts = new Map<string, number>();
  for (const { phase } of steps) counts.set(phase, (counts.get(phase) ?? 0) + 1);
  return [...counts].map(([phase, n]) => `${n} ${phase}`).join(', ') || 'nothing';
}

function failureLine({ failure, isLeftOut }: BoundedFailure, i: number): string {
  const where = printable(failureWords(failure, 'after'));
  return `${String(i + 1).padStart(7)} ${where}: ${isLeftOut ? 'left out' : phasesOf(failure.steps)}`;
}

/** A line for each failure, where no one is asked for. */
function failureLines(entry: EntryOrder, choice: TimelineChoice): string[] {
  const { timeline, failure } = choice;
  const isWanted = timeline === undefined || timeline === 'probe-fail';
  if (!isWanted || failure !== undefined) return [];
  const failures = boundedFailures(entry, choice);
  if (failures.length === 0) return ['  probe fails', '    nothing'];
  return [
    `  probe fails: ${count(failures.length, 'place')} (--timeline probe-fail:N shows the steps of one)`,
    ...failures.map(failureLine),
  ];
}

function entryLines(
  entry: EntryOrder,
  choice: TimelineChoice,
  all: boolean,
  style: Style,
): string[] {
  const name = style.bold(printable(entry.entry));
  const lines = [`${name} (${entry.table})  ${style.dim(style.at(entry.place))}`];
  for (const note of [...(entry.notes ?? []), ...leftOutNote(entry, choice)])
    lines.push(`  note: ${printable(note)}`);
  const isWhole = all || choice.failure !== undefined;
  for (const named of timelinesOf(entry, choice))
    if (isWhole || named.timeline !== 'probe-fail') lines.push(...stepsLines(named, all, style));
  if (!all) lines.push(...failureLines(entry, choice));
  return lines;
}

export function renderOrderText(
  orders: readonly ModuleOrder[],
  choice: TimelineChoice,
  all: boolean,
  style: Style,
): string {
  const blocks = orders.map((order) => {
    const lines = [`module ${style.bold(printable(order.module))}`];
    for (const entry of order.entries) lines.push('', ...entryLines(entry, choice, all, style));
    if (order.note !== null) lines.push('', order.note);
    return `${lines.join('\n')}\n`;
  });
  return blocks.join('\n');
}
