/** A teardown order as plain lines, one for each step, to be compared with another. */
import type { OrderResult, OrderStep } from '../../../server/src/lsp/protocol.ts';

/** Steps carry no numbers: one that moves would change every line after it. */
function line({ phase, name, by, conditional, repeats, group, findings }: OrderStep): string {
  const more = [
    by === null ? null : `by ${by}`,
    conditional,
    repeats === null ? null : `for each: ${repeats}`,
    group === null ? null : `in the group of ${group}`,
  ].filter((text) => text !== null);
  const marks = findings.map(({ severity, rule }) => `    ${severity}: ${rule}`);
  return [`  ${phase.padEnd(8)}  ${[name, ...more].join('  ')}`, ...marks].join('\n');
}

export function orderLines({ module, entries, note }: OrderResult): string {
  const parts = entries.flatMap(({ entry, timelines }) =>
    timelines.map(({ title, steps }) => [`${entry}: ${title}`, ...steps.map(line)].join('\n')),
  );
  const head = `Teardown order of ${module}`;
  return `${[head, ...(note === null ? [] : [note]), ...parts].join('\n\n')}\n`;
}
