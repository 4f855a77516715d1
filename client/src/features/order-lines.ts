/** A teardown order as plain lines, one for each step, to be compared with another. */
import { say } from '#say';
import type { OrderResult, OrderStep } from '../../../server/src/lsp/protocol.ts';
import { severityWord, timelineTitle } from './order-words.ts';

/** Steps carry no numbers: one that moves would change every line after it. */
function line({ phase, name, by, conditional, repeats, group, findings }: OrderStep): string {
  const more = [
    by === null ? null : say('by {0}', by),
    conditional,
    repeats === null ? null : say('loop: {0}', repeats),
    group === null ? null : say('in the devres group of {0}', group),
  ].filter((text) => text !== null);
  const marks = findings.map(({ severity, rule }) => `    ${severityWord(severity)}: ${rule}`);
  return [`  ${phase.padEnd(8)}  ${[name, ...more].join('  ')}`, ...marks].join('\n');
}

export function orderLines({ module, entries, note }: OrderResult): string {
  const parts = entries.flatMap(({ entry, timelines }) =>
    timelines.map(({ timeline, steps }) =>
      [`${entry}: ${timelineTitle(timeline)}`, ...steps.map(line)].join('\n'),
    ),
  );
  const head = say('Teardown order of {0}', module);
  return `${[head, ...(note === null ? [] : [note]), ...parts].join('\n\n')}\n`;
}
