/** `order --format mermaid`: a flowchart from top to bottom, for merge requests and documentation. */
import { printable } from '../../core/mail/quote.ts';
import type { ModuleOrder, TeardownStep } from '../../core/result.ts';
import { type TimelineChoice, timelinesOf } from '../timelines.ts';

/** Mermaid reads entities in quoted labels; `#` starts one. */
function label(text: string): string {
  return printable(text)
    .replace(/#/g, '#35;')
    .replace(/"/g, '#quot;')
    .replace(/</g, '#lt;')
    .replace(/>/g, '#gt;');
}

function stepLabel(step: TeardownStep): string {
  const call = step.argument === null ? step.action : `${step.action}(${step.argument})`;
  const around = [step.releases, step.conditional, step.repeats]
    .filter((word) => word !== null)
    .join(', ');
  return label(`${step.phase}: ${call}${around === '' ? '' : ` [${around}]`}`);
}

export function renderMermaid(orders: readonly ModuleOrder[], choice: TimelineChoice): string {
  const lines = ['flowchart TD'];
  let group = 0;
  for (const order of orders) {
    for (const entry of order.entries) {
      for (const { title, steps } of timelinesOf(entry, choice)) {
        const id = `t${group++}`;
        lines.push(
          `  subgraph ${id}["${label(`${order.module} ${entry.entry}: ${title}`)}"]`,
          '    direction TB',
        );
        steps.forEach((step, i) => {
          lines.push(
            `    ${id}s${i}["${stepLabel(step)}"]${step.findings.length > 0 ? ':::finding' : ''}`,
          );
          if (i > 0) lines.push(`    ${id}s${i - 1} --> ${id}s${i}`);
        });
        if (steps.length === 0) lines.push(`    ${id}none["nothing"]`);
        lines.push('  end');
      }
    }
  }
  lines.push('  classDef finding stroke:#c00,stroke-width:2px');
  return `${lines.join('\n')}\n`;
}
