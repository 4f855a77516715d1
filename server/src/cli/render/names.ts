/** How files are called in what people read: so that the name opens from where they stand. */
import { isAbsolute, join, relative, sep } from 'node:path';
import { quotedName } from '../../core/mail/quote.ts';
import type { Place } from '../../core/result.ts';

/** From a file as reports name it to the name that is shown. */
export type Names = (file: string) => string;

/** As programs read them: relative to the root. */
export const asReported: Names = (file) => file;

/**
 * Relative to a folder, whatever the root is.
 * @param root the folder that reports name files from
 */
export function namesFrom(root: string, cwd: string): Names {
  return (file) =>
    (isAbsolute(file) ? file : relative(cwd, join(root, file)) || '.').split(sep).join('/');
}

/** `file:line:column`, from 1. */
export function at(place: Place, names: Names): string {
  return `${quotedName(names(place.file))}:${place.from.line + 1}:${place.from.character + 1}`;
}
