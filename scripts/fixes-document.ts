/**
 * Writes the sections of docs/fixes.md that need no compiler: `npm run fixes:document`. What was read by
 * hand and the patches always, with `--upstream` the comparison with upstream, which needs the trees.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { patchesText } from './fixes/patches.ts';
import { compareWithUpstream } from './fixes/upstream.ts';
import { upstreamText } from './fixes/upstream-report.ts';
import { readByHand } from './fixes/verdicts.ts';

const { values } = parseArgs({ options: { upstream: { type: 'boolean' } } });
const file = join(import.meta.dirname, '..', 'docs', 'fixes.md');

/** The text with another body below a heading of the second level; a new one goes to the end. */
function withSection(text: string, heading: string, body: readonly string[]): string {
  const section = `## ${heading}\n\n${body.join('\n').trimEnd()}\n`;
  const start = text.indexOf(`## ${heading}\n`);
  if (start < 0) return `${text.trimEnd()}\n\n${section}`;
  const next = text.indexOf('\n## ', start);
  return text.slice(0, start) + section + (next < 0 ? '' : text.slice(next));
}

let text = withSection(readFileSync(file, 'utf8'), 'Read by hand', readByHand());
if (values.upstream)
  text = withSection(text, 'Against upstream', [upstreamText(await compareWithUpstream())]);
writeFileSync(file, withSection(text, 'Three patches', await patchesText()));
