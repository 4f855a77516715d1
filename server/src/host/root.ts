/** Finds the kernel tree that a path lies in. */
import { dirname, join, relative, sep } from 'node:path';
import { exists, Failure, isFolder, readStart } from './disk.ts';

export interface Root {
  /** Absolute. Every path of a report is relative to it. */
  readonly folder: string;
  /** Whether it is a kernel tree's top folder. */
  readonly kernel: boolean;
  /** `6.12`, when it is one and its Makefile says so. */
  readonly version: string | undefined;
}

/** The nearest ancestor-or-self folder that holds all of `names`. */
export function ancestorWith(start: string, names: readonly string[]): string | undefined {
  for (let folder = start; ; folder = dirname(folder)) {
    if (names.every((name) => exists(join(folder, name)))) return folder;
    if (folder === dirname(folder)) return undefined;
  }
}

/** `major.minor` from the top Makefile of a kernel tree. */
export function kernelVersion(folder: string): string | undefined {
  const start = readStart(join(folder, 'Makefile'), 4096);
  if (start instanceof Failure) return undefined;
  const text = start.toString('latin1');
  const major = /^VERSION\s*=\s*(\d+)/m.exec(text)?.[1];
  const minor = /^PATCHLEVEL\s*=\s*(\d+)/m.exec(text)?.[1];
  return major !== undefined && minor !== undefined ? `${major}.${minor}` : undefined;
}

/** How far above a file outside a kernel tree its Makefile is looked for. */
const makefileLevels = 4;

function folderOfLoneFile(folder: string): string {
  let at = folder;
  for (let level = 0; level < makefileLevels && at !== dirname(at); level++, at = dirname(at)) {
    if (exists(join(at, 'Makefile')) || exists(join(at, 'Kbuild'))) return at;
  }
  return folder;
}

/**
 * The root for a path: the kernel tree around it; else the folder itself, and for a file the nearest
 * folder with a Makefile, because a driver outside the kernel names its files from there.
 * @param path absolute and existing
 */
export function rootOf(path: string): Root {
  const own = isFolder(path);
  const folder = own ? path : dirname(path);
  const kernel = ancestorWith(folder, ['Kbuild', 'MAINTAINERS']);
  if (kernel !== undefined) return { folder: kernel, kernel: true, version: kernelVersion(kernel) };
  return {
    folder: own ? folder : folderOfLoneFile(folder),
    kernel: false,
    version: undefined,
  };
}

/** One root for several paths: theirs when they agree, else the folder that holds them all. */
export function commonRoot(roots: readonly Root[]): Root {
  const first = roots[0];
  if (first === undefined) throw new Error('commonRoot needs a root');
  if (roots.every((root) => root.folder === first.folder)) return first;
  let folder = first.folder;
  while (!roots.every((root) => isInside(folder, root.folder))) folder = dirname(folder);
  return { folder, kernel: false, version: first.version };
}

/** Whether `path` is `folder` or lies below it; both absolute. */
export function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way === '' || (!way.startsWith(`..${sep}`) && way !== '..' && !way.startsWith(sep));
}

/** `path` relative to `root` with forward slashes, as reports name files; `''` is the root itself. */
export function toReportPath(root: string, path: string): string {
  return relative(root, path).split(sep).join('/');
}
