/** `driver-teardown merge`: one report of the parts that `check --shard` wrote. */
import { resolve } from 'node:path';
import type { Severity } from '../../core/result.ts';
import { isAtLeast } from '../../core/severity.ts';
import { Failure, readRegular } from '../../host/disk.ts';
import { type Arguments, severityOption } from '../arguments.ts';
import { type Io, UsageError } from '../io.ts';
import { mergeReports } from '../merge-reports.ts';

function readReport(name: string, cwd: string): unknown {
  const bytes = readRegular(resolve(cwd, name));
  if (bytes instanceof Failure) throw new UsageError(`${name}: ${bytes.problem}`);
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch (error) {
    throw new UsageError(`${name}: not valid JSON: ${(error as Error).message}`);
  }
}

/** @returns the exit code, as `check` of all would have had it */
export function merge(args: Arguments, io: Io): number {
  const failOn = severityOption('fail-on', args.text('fail-on'), 'warning');
  if (args.positionals.length === 0) throw new UsageError('merge needs the reports to merge');
  const { text, severities } = mergeReports(
    args.positionals.map((name) => [name, readReport(name, io.cwd)]),
  );
  io.out(text);
  return severities.some((one) => isAtLeast(one as Severity, failOn)) ? 1 : 0;
}
