/** `order --format text`: the timelines as indented lists. */
import type { EntryOrder, ModuleOrder, TeardownStep } from '../../core/result.ts';
import type { TimelineChoice } from '../timelines.ts';
import { timelinesOf } from '../timelines.ts';
import type { Style } from './style.ts';
import { at } from './text.ts';

function stepLine(step: TeardownStep, style: Style): string {
  const call = step.argument === null ? step.action : `${step.action}(${step.argument})`;
  const around = [
    step.conditional,
    step.repeats,
    step.group === null ? null : `group ${step.group}`,
  ]
    .filter((word) => word !== null)
    .join(', ');
  const holder = step.registered.function;
  const where = `${at(step.registered.place)}${holder === '' ? '' : ` in ${holder}`}`;
  const what = step.releases === null ? step.kind : `${step.kind}: ${step.releases}`;
  const mark = step.findings.length > 0 ? ` ${style.bold('HAZARD')}` : '';
  return `    ${step.phase.padEnd(8)} ${indent(step)}${call}  ${what}${around === '' ? '' : ` [${around}]`}${mark}  ${style.dim(where)}`;
}

/** What remove() and a failing probe call is shown below the function that calls it. */
function indent({ scope, registered }: TeardownStep): string {
  return scope === null ? '  '.repeat(registered.via.length) : '';
}

function entryLines(entry: EntryOrder, choice: TimelineChoice, style: Style): string[] {
  const lines = [`${style.bold(entry.entry)} (${entry.table})  ${style.dim(at(entry.place))}`];
  for (const note of entry.notes ?? []) lines.push(`  note: ${note}`);
  for (const { title, steps } of timelinesOf(entry, choice)) {
    lines.push(
      `  ${title}`,
      ...(steps.length === 0 ? ['    nothing'] : steps.map((step) => stepLine(step, style))),
    );
  }
  return lines;
}

export function renderOrderText(
  orders: readonly ModuleOrder[],
  choice: TimelineChoice,
  style: Style,
): string {
  const blocks = orders.map((order) => {
    const lines = [`module ${style.bold(order.module)}`];
    for (const entry of order.entries) lines.push('', ...entryLines(entry, choice, style));
    if (order.note !== null) lines.push('', order.note);
    return `${lines.join('\n')}\n`;
  });
  return blocks.join('\n');
}
