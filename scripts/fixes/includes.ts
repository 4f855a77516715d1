/** Which sources of a module read a header, directly or not. */
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

/**
 * The .c files among `files` that include one of `headers`. Names are compared without their
 * folders: one source too many costs a second, one too few would hide an error.
 */
export function includersOf(
  source: string,
  files: readonly string[],
  headers: readonly string[],
): readonly string[] {
  const included = new Map(files.map((file) => [file, includedBy(join(source, file))]));
  const wanted = new Set(headers.map((file) => basename(file)));
  for (let size = -1; size !== wanted.size; ) {
    size = wanted.size;
    for (const [file, names] of included) {
      if (file.endsWith('.h') && names.some((name) => wanted.has(name))) wanted.add(basename(file));
    }
  }
  return files.filter(
    (file) => file.endsWith('.c') && (included.get(file) ?? []).some((name) => wanted.has(name)),
  );
}

function includedBy(file: string): readonly string[] {
  const text = readFileSync(file, 'latin1');
  const names = text.matchAll(/^[ \t]*#[ \t]*include[ \t]*[<"]([^>"]+)[>"]/gm);
  return [...names].map((match) => basename(match[1] ?? ''));
}
