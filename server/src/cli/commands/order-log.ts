/** `driver-teardown order --log FILE`: a kernel's log beside the prediction. */
import { resolve } from 'node:path';
import type { ModuleOrder } from '../../core/result.ts';
import type { StressInput } from '../../core/stress/plan.ts';
import { stressReport } from '../../core/stress/report.ts';
import { LogReader, type TeardownLog } from '../../core/teardown/log.ts';
import { compareLog, type LogComparison } from '../../core/teardown/log-compare.ts';
import type { LogNames } from '../../core/teardown/log-names.ts';
import { eachLine } from '../../host/disk.ts';
import type { Arguments } from '../arguments.ts';
import { type Io, UsageError } from '../io.ts';
import { renderLogJson, renderLogMarkdown, renderLogText } from '../render/order-log.ts';
import { renderStressJson, renderStressMarkdown, renderStressText } from '../render/stress.ts';
import type { Style } from '../render/style.ts';
import type { TimelineChoice } from '../timelines.ts';

/** Longer lines are none of the kernel's; the reader passes over them. */
const maximumLine = 4096;

/** @throws UsageError when it cannot be read, or the format cannot show it */
export function readLog(file: string, format: string, cwd: string): TeardownLog {
  if (format !== 'text' && format !== 'json' && format !== 'markdown')
    throw new UsageError(`--log prints text, json or markdown, not ${format}`);
  const reader = new LogReader();
  const failed = eachLine(file === '-' ? file : resolve(cwd, file), maximumLine, (line) =>
    reader.read(line),
  );
  if (failed) throw new UsageError(`${file}: ${failed.problem}`);
  return reader.end();
}

const renderers: Readonly<Record<string, (comparison: LogComparison, style: Style) => string>> = {
  json: renderLogJson,
  markdown: renderLogMarkdown,
};

/** The module that the log of a stress kit is of. */
export function stressedModule({ marks }: TeardownLog): string | undefined {
  return marks.find(({ kind }) => kind === 'stress')?.name;
}

/** Prints what the log of a stress kit shows; @returns 1 when a hazard was seen, or anything differs */
export function printStress(
  log: TeardownLog,
  input: StressInput,
  names: LogNames,
  choice: TimelineChoice,
  style: Style,
  args: Arguments,
  io: Io,
): number {
  const report = stressReport(log, input, names, choice.timeline);
  io.out(
    args.format === 'json'
      ? renderStressJson(report)
      : args.format === 'markdown'
        ? renderStressMarkdown(report, style)
        : renderStressText(report, style, args.flag('all')),
  );
  const isWrong = report.scenarios.some(
    ({ comparison, troubles, state }) =>
      troubles.length > 0 ||
      state === 'stopped' ||
      state === 'cut' ||
      (comparison !== null && differs(comparison)),
  );
  return isWrong ? 1 : 0;
}

/** Prints the comparison; @returns 1 when the log and the prediction differ */
export function printLog(
  { file, log }: { readonly file: string; readonly log: TeardownLog },
  orders: readonly ModuleOrder[],
  names: LogNames,
  choice: TimelineChoice,
  style: Style,
  args: Arguments,
  io: Io,
): number {
  const result = compareLog(log, orders, names, choice.timeline);
  if ('problem' in result) throw new UsageError(`${file}: ${result.problem}`);
  const { comparison } = result;
  io.out(renderers[args.format]?.(comparison, style) ?? renderLogText(comparison, style));
  return differs(comparison) ? 1 : 0;
}

function differs({ counts, troubles }: LogComparison): boolean {
  return (
    counts['out-of-order'] +
      counts['never-ran'] +
      counts['not-registered'] +
      counts['not-reached'] +
      counts.unpredicted +
      troubles.length >
    0
  );
}
