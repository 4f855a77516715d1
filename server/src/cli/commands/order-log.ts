/** `driver-teardown order --log FILE`: a kernel's log beside the prediction. */
import { resolve } from 'node:path';
import type { ModuleOrder } from '../../core/result.ts';
import { compareWithLog, type LogComparison } from '../../core/teardown/log-compare.ts';
import type { LogNames } from '../../core/teardown/log-names.ts';
import { Failure, readNamed, statOf } from '../../host/disk.ts';
import type { Arguments } from '../arguments.ts';
import { type Io, UsageError } from '../io.ts';
import { renderLogJson, renderLogText } from '../render/order-log.ts';
import type { Style } from '../render/style.ts';
import type { TimelineChoice } from '../timelines.ts';

/** Larger than any log that a person means; a string could not hold twice that. */
const maximumBytes = 256 * 1024 * 1024;

/** @throws UsageError when it cannot be read, or the format cannot show it */
export function readLog(file: string, format: string, cwd: string): string {
  if (format !== 'text' && format !== 'json')
    throw new UsageError(`--log prints text or json, not ${format}`);
  const path = resolve(cwd, file);
  const stats = statOf(path);
  if (!(stats instanceof Failure) && stats.size > maximumBytes)
    throw new UsageError(
      `${file}: larger than ${maximumBytes / 1024 / 1024} MB: cut out the teardown`,
    );
  const bytes = readNamed(path);
  if (bytes instanceof Failure) throw new UsageError(`${file}: ${bytes.problem}`);
  // Whatever the encoding, the lines that count are ASCII.
  return bytes.toString('latin1');
}

/** Prints the comparison; @returns 1 when the log and the prediction differ */
export function printLog(
  log: { readonly file: string; readonly text: string },
  orders: readonly ModuleOrder[],
  names: LogNames,
  choice: TimelineChoice,
  style: Style,
  args: Arguments,
  io: Io,
): number {
  const result = compareWithLog(log.text, orders, names, choice.timeline);
  if ('problem' in result) throw new UsageError(`${log.file}: ${result.problem}`);
  const { comparison } = result;
  io.out(args.format === 'json' ? renderLogJson(comparison) : renderLogText(comparison, style));
  return differs(comparison) ? 1 : 0;
}

function differs({ counts }: LogComparison): boolean {
  return counts['out-of-order'] + counts['never-ran'] + counts.unpredicted > 0;
}
