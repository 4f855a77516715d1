/** How a module's state is put into words: one wording for the status, the view and the messages. */
import type { ModuleStatusParams } from '../../server/src/lsp/protocol.ts';

type Counts = NonNullable<ModuleStatusParams['counts']>;

const words = [
  ['error', 'error', 'errors'],
  ['warning', 'warning', 'warnings'],
  ['info', 'info', 'infos'],
  ['hint', 'hint', 'hints'],
] as const;

/** `1 error, 2 warnings`: what Problems counts in the same words, and hints, which it does not list. */
export function countWords(counts: Counts): string {
  const said = words.flatMap(([severity, one, many]) => {
    const count = counts[severity];
    return count === 0 ? [] : [`${count} ${count === 1 ? one : many}`];
  });
  return said.length === 0 ? 'no findings' : said.join(', ');
}

/** `Reading xe: 120 of 455 files, 12 s`. */
export function readingWords(
  { module, done, total }: ModuleStatusParams,
  elapsedMs: number,
): string {
  const seconds = Math.floor(elapsedMs / 1000);
  const far = done === undefined || total === undefined ? undefined : `${done} of ${total} files`;
  const details = [far, seconds < 1 ? undefined : `${seconds} s`].filter(Boolean).join(', ');
  return details === '' ? `Reading ${module} …` : `Reading ${module}: ${details}`;
}

/** What was found in the whole module; undefined while that is not known. */
export function moduleCounts({ counts, files = 0 }: ModuleStatusParams): string | undefined {
  if (counts === undefined) return undefined;
  return files > 1 ? `${countWords(counts)} in ${files} files` : countWords(counts);
}
