/** Applies edits to files as bytes, and shows them as a unified diff. */
import { structuredPatch } from 'diff';
import { quotedForGit } from '../core/mail/quote.ts';
import { applyEdits, type TextEdit, withLineEnds } from '../core/text.ts';
import { type Encoding, encode, type ReadResult } from './sources.ts';

export interface Rewritten {
  readonly file: string;
  readonly before: string;
  readonly after: string;
  readonly encoding: Encoding;
}

/**
 * @returns the file before and after, or a sentence when the edits do not fit its text any more
 */
export function rewrite(
  file: string,
  source: ReadResult,
  edits: readonly TextEdit[],
): Rewritten | string {
  if (source.kind === 'unreadable') return source.problem;
  try {
    const after = applyEdits(source.text, withLineEnds(edits, source.text));
    return { file, before: source.text, after, encoding: source.encoding };
  } catch {
    return 'changed while it was analysed, left as it is';
  }
}

/** The bytes of both texts in the file's own encoding: what the edits do not touch stays as it is. */
export function bytesOf({ before, after, encoding }: Rewritten): {
  readonly before: Buffer;
  readonly after: Buffer;
} {
  return { before: encode(before, encoding), after: encode(after, encoding) };
}

/**
 * A unified diff with three lines of context, in the file's own encoding: a patch program compares
 * bytes. `git apply` and `patch -p1` take it.
 * @param prefix the way to the root from the folder where the diff is applied, with its last slash
 */
export function unifiedDiff(
  { file: path, before, after, encoding }: Rewritten,
  prefix = '',
): Buffer {
  if (before === after) return Buffer.alloc(0);
  const file = `${prefix}${path}`;
  const { hunks } = structuredPatch(file, file, before, after, undefined, undefined, {
    context: 3,
  });
  const lines = [`--- ${quotedForGit(`a/${file}`)}`, `+++ ${quotedForGit(`b/${file}`)}`];
  for (const { oldStart, oldLines, newStart, newLines, lines: body } of hunks) {
    const range = (start: number, count: number): string =>
      count === 1 ? `${start}` : `${start},${count}`;
    lines.push(`@@ -${range(oldStart, oldLines)} +${range(newStart, newLines)} @@`, ...body);
  }
  return encode(`${lines.join('\n')}\n`, encoding);
}
