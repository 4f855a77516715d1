/** `driver-teardown rules`. */
import { rules as known } from '../../core/rules/index.ts';
import type { Arguments } from '../arguments.ts';
import { type Io, UsageError } from '../io.ts';
import { styleFor } from '../render/style.ts';

export function rules(args: Arguments, io: Io): number {
  if (args.positionals.length > 0)
    throw new UsageError('rules takes no argument (driver-teardown explain RULE prints a page)');
  if (args.format === 'json') {
    const list = known.map(({ id, defaultSeverity, summary }) => ({
      id,
      severity: defaultSeverity,
      summary,
    }));
    io.out(`${JSON.stringify({ version: 1, rules: list }, null, 2)}\n`);
    return 0;
  }
  const style = styleFor(args.color);
  const width = Math.max(0, ...known.map(({ id }) => id.length));
  for (const { id, defaultSeverity, summary } of known) {
    const pad = ' '.repeat(7 - defaultSeverity.length);
    io.out(
      `${style.bold(id.padEnd(width))}  ${style.severity(defaultSeverity)}${pad}  ${summary}\n`,
    );
  }
  return 0;
}
