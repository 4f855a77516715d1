/** Reads Kbuild Makefiles: which .c files make a kernel module (Documentation/kbuild/makefiles.rst). */
import { type Around, type Makefile, pathFrom, readMakefile } from './make.ts';
import { joinPath } from './paths.ts';

export interface KernelModule {
  /** `xe`; for a folder without Makefile the folder's name. */
  readonly name: string;
  /** The folder whose Makefile names the module, relative to the root (`''` for the root itself). */
  readonly folder: string;
  /** .c files relative to the root, in link order. */
  readonly sources: readonly string[];
  /** Extra include folders (`-I`), relative to the root. */
  readonly includeFolders: readonly string[];
}

/** No folder of the kernel has more than some hundred. */
const maximumObjects = 5000;

/**
 * The modules that the Makefile of one folder defines, following included Makefiles and composite
 * objects, not sub-folders that have a Makefile of their own.
 * @returns [] when the folder has neither Makefile nor Kbuild
 */
export function modulesInFolder(around: Around, folder: string): KernelModule[] {
  const path = ['Kbuild', 'Makefile']
    .map((name) => joinPath(folder, name))
    .find((name) => around.read(name) !== undefined);
  if (path === undefined) return [];
  const makefile = readMakefile(around, path, folder);
  const includeFolders = includesOf(makefile);
  const modules = new Map<string, KernelModule>();
  const objects = ['obj-y', 'obj-m', 'lib-y', 'lib-m'].flatMap((list) => makefile.words(list));
  const some = objects.length > maximumObjects ? objects.slice(0, maximumObjects) : objects;
  if (some !== objects) around.gaveUp?.(path, `lists ${objects.length} objects, read in part`);
  for (const object of some) {
    if (!object.endsWith('.o') || modules.has(object)) continue;
    const sources: string[] = [];
    collectSources(makefile, folder, object, sources, new Set());
    if (sources.length > 0) {
      modules.set(object, {
        name: object.slice(0, -2).replace(/^.*\//, ''),
        folder,
        sources: [...new Set(sources)],
        includeFolders,
      });
    }
  }
  return [...modules.values()];
}

/** Appends the .c files of one object; a composite object is the sum of its parts. */
function collectSources(
  makefile: Makefile,
  folder: string,
  object: string,
  out: string[],
  seen: Set<string>,
): void {
  if (seen.has(object)) return;
  seen.add(object);
  const name = object.slice(0, -2);
  const lists = ['y', 'm', 'objs']
    .map((suffix) => `${name}-${suffix}`)
    .filter((list) => makefile.names.has(list));
  const parts = lists.flatMap((list) => makefile.words(list)).filter((part) => part.endsWith('.o'));
  // `foo-y := foo.o bar.o` is legal: the inner foo.o is then foo.c.
  for (const part of parts) {
    if (part === object) out.push(sourceOf(makefile, folder, part));
    else collectSources(makefile, folder, part, out, seen);
  }
  if (parts.length === 0) out.push(sourceOf(makefile, folder, object));
}

/** The .c file of an object, through a pattern rule when one matches. */
function sourceOf(makefile: Makefile, folder: string, object: string): string {
  const path = pathFrom(folder, object);
  for (const { target, source } of makefile.patterns) {
    const prefix = target.slice(0, target.indexOf('%'));
    if (path.startsWith(prefix))
      return joinPath(source.replace('%', path.slice(prefix.length, -2)));
  }
  return `${path.slice(0, -2)}.c`;
}

function includesOf(makefile: Makefile): string[] {
  const flags = ['ccflags-y', 'subdir-ccflags-y', 'ccflags-m', 'EXTRA_CFLAGS'].flatMap((name) =>
    makefile.words(name),
  );
  const folders: string[] = [];
  flags.forEach((flag, i) => {
    if (flag === '-I') folders.push(flags[i + 1] ?? '');
    else if (flag.startsWith('-I')) folders.push(flag.slice(2));
  });
  return [...new Set(folders.map((name) => pathFrom('', name)))];
}
