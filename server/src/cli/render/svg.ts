/** `order --format svg`: one column for each timeline, steps as boxes in the order in which they run. */
import type { ModuleOrder, StepPhase, TeardownStep } from '../../core/result.ts';
import { type TimelineChoice, timelinesOf } from '../timelines.ts';

const box = { width: 420, height: 40, gap: 10, margin: 20, head: 30 };

const fills: Readonly<Record<StepPhase, string>> = {
  remove: '#e8eef7',
  devm: '#dff0e0',
  'last-put': '#f0f0f0',
  release: '#f0f0f0',
  drmm: '#fdf0d5',
  manual: '#f6e6f2',
};

function escapeXml(text: string): string {
  return text
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;');
}

function short(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}

function stepBox(step: TeardownStep, x: number, y: number): string[] {
  const call = step.argument === null ? step.action : `${step.action}(${step.argument})`;
  const { file, from } = step.registered.place;
  const where = `${file.slice(file.lastIndexOf('/') + 1)}:${from.line + 1} ${step.registered.function}`;
  const around = [step.conditional, step.repeats].filter((word) => word !== null).join(', ');
  const stroke = step.findings.length > 0 ? ' stroke="#c00" stroke-width="2"' : ' stroke="#888"';
  return [
    `<g><title>${escapeXml(`${step.phase}: ${call}${around === '' ? '' : ` [${around}]`}`)}</title>`,
    `<rect x="${x}" y="${y}" width="${box.width}" height="${box.height}" rx="4" fill="${fills[step.phase]}"${stroke}/>`,
    `<text x="${x + 8}" y="${y + 17}">${escapeXml(short(`${step.phase}  ${call}`, 58))}</text>`,
    `<text x="${x + 8}" y="${y + 33}" class="where">${escapeXml(short(where, 66))}</text></g>`,
  ];
}

function column(title: string, steps: readonly TeardownStep[], x: number): string[] {
  const lines = [
    `<text x="${x}" y="${box.margin + 14}" class="head">${escapeXml(short(title, 56))}</text>`,
  ];
  steps.forEach((step, i) => {
    lines.push(...stepBox(step, x, box.margin + box.head + i * (box.height + box.gap)));
  });
  return lines;
}

export function renderSvg(orders: readonly ModuleOrder[], choice: TimelineChoice): string {
  const columns = orders.flatMap((order) =>
    order.entries.flatMap((entry) =>
      timelinesOf(entry, choice).map(({ title, steps }) => ({
        title: `${order.module} ${entry.entry}: ${title}`,
        steps,
      })),
    ),
  );
  const rows = Math.max(1, ...columns.map(({ steps }) => steps.length));
  const width = Math.max(1, columns.length) * (box.width + box.margin) + box.margin;
  const height = box.margin * 2 + box.head + rows * (box.height + box.gap);
  const body = columns.flatMap(({ title, steps }, i) =>
    column(title, steps, box.margin + i * (box.width + box.margin)),
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    '<style>text{font:13px monospace;fill:#222}.where{font-size:11px;fill:#555}.head{font-weight:bold}</style>',
    '<rect width="100%" height="100%" fill="#fff"/>',
    ...body,
    '</svg>',
    '',
  ].join('\n');
}
