/** How a module's state is put into words: one wording for the status, the view and the messages. */
import { say } from '#say';
import type { ModuleStatusParams } from '../../server/src/lsp/protocol.ts';

type Counts = NonNullable<ModuleStatusParams['counts']>;

const severities = ['error', 'warning', 'info', 'hint'] as const;

function countOf(severity: (typeof severities)[number], count: number): string {
  switch (severity) {
    case 'error':
      return count === 1 ? say('1 error') : say('{0} errors', count);
    case 'warning':
      return count === 1 ? say('1 warning') : say('{0} warnings', count);
    case 'info':
      return count === 1 ? say('1 info') : say('{0} infos', count);
    case 'hint':
      return count === 1 ? say('1 hint') : say('{0} hints', count);
  }
}

/** `1 error, 2 warnings`: what Problems counts in the same words, and hints, which it does not list. */
export function countWords(counts: Counts): string {
  const said = severities
    .filter((severity) => counts[severity] > 0)
    .map((severity) => countOf(severity, counts[severity]));
  return said.length === 0 ? say('no findings') : said.join(', ');
}

/** `Reading xe: 120 of 455 files, 12 s`. */
export function readingWords(
  { module, done, total }: ModuleStatusParams,
  elapsedMs: number,
): string {
  const seconds = Math.floor(elapsedMs / 1000);
  const far =
    done === undefined || total === undefined ? undefined : say('{0} of {1} files', done, total);
  const details = [far, seconds < 1 ? undefined : `${seconds} s`].filter(Boolean).join(', ');
  return details === '' ? say('Reading {0} …', module) : say('Reading {0}: {1}', module, details);
}

/** What was found in the whole module; undefined while that is not known. */
export function moduleCounts({ counts, files = 0 }: ModuleStatusParams): string | undefined {
  if (counts === undefined) return undefined;
  return files > 1 ? say('{0} in {1} files', countWords(counts), files) : countWords(counts);
}
