/**
 * Which kernel modules a file or folder belongs to. The Makefiles say so; a file that none of them
 * lists still gets analysed, together with the others of its folder that none lists.
 */
import { basename, posix } from 'node:path';
import { quotedBytes } from '../core/mail/quote.ts';
import { type KernelModule, modulesInFolder } from '../core/program/kbuild.ts';
import type { Problem } from '../core/result.ts';
import { Failure, listFolder, oddNames } from './disk.ts';
import type { Sources } from './sources.ts';

/** The folder of a report path; `''` for the root. */
export function folderOf(path: string): string {
  const folder = posix.dirname(path);
  return folder === '.' ? '' : folder;
}

function join(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}

function isUnder(folder: string, path: string): boolean {
  return folder === '' || path.startsWith(`${folder}/`);
}

/** Identifies a module within its root. */
export function moduleKey(module: KernelModule): string {
  return `${module.folder}\0${module.name}`;
}

interface Listing {
  readonly files: readonly string[];
  readonly folders: readonly string[];
}

const empty: Listing = { files: [], folders: [] };

const makefiles: readonly string[] = ['Makefile', 'Kbuild'];

/** Folders that hold no sources of a driver and can be very large. */
const skippedFolders = new Set(['node_modules', '.git']);

/** The modules under one root. Answers are kept until `forget`. */
export class ModuleMap {
  private readonly sources: Sources;
  private readonly rootName: string;
  private readonly byFolder = new Map<string, readonly KernelModule[]>();
  private readonly listings = new Map<string, Listing>();
  /** Every path that was read as a Makefile, or asked for as one. */
  private readonly asked = new Set<string>();
  /** What is wrong with folders and Makefiles, by path. */
  private readonly problemOf = new Map<string, string>();

  constructor(sources: Sources) {
    this.sources = sources;
    this.rootName = basename(sources.absolute(''));
  }

  /** Drops what was read: a Makefile changed, or a file came or went. */
  forget(): void {
    this.byFolder.clear();
    this.listings.clear();
    this.problemOf.clear();
  }

  /** What a Makefile is or includes, whatever its name: relative to the root. */
  get makefiles(): ReadonlySet<string> {
    return this.asked;
  }

  /** Folders and Makefiles that were asked for and could not be read. */
  get problems(): readonly Problem[] {
    return [...this.problemOf].map(([file, message]) => ({ file, message, leftOut: true }));
  }

  /** The modules that list a .c file; the fallback module of its folder when there is none. */
  modulesOf(file: string): readonly KernelModule[] {
    if (!file.endsWith('.c')) return this.modulesOfHeader(file);
    const listed = this.around(folderOf(file)).filter((module) => module.sources.includes(file));
    if (listed.length > 0) return listed;
    const fallback = this.fallback(folderOf(file), this.listedAround(folderOf(file)));
    if (fallback?.sources.includes(file)) return [fallback];
    return [
      { name: basename(file, '.c'), folder: folderOf(file), sources: [file], includeFolders: [] },
    ];
  }

  /** Every module that has a source in the folder or below, by folder and name. */
  modulesUnder(folder: string): readonly KernelModule[] {
    const found = new Map<string, KernelModule>();
    const add = (module: KernelModule): void => {
      if (module.sources.some((file) => isUnder(folder, file)))
        found.set(moduleKey(module), module);
    };
    const folders = this.foldersUnder(folder);
    this.around(folder).forEach(add);
    for (const below of folders) this.defined(below).forEach(add);
    const listed = new Set([...found.values()].flatMap((module) => module.sources));
    for (const below of folders) {
      const rest = this.fallback(below, listed);
      if (rest !== undefined) found.set(moduleKey(rest), rest);
    }
    return [...found.values()].sort((a, b) => (moduleKey(a) < moduleKey(b) ? -1 : 1));
  }

  /** A header belongs to the modules of the nearest folder that has any. */
  private modulesOfHeader(file: string): readonly KernelModule[] {
    for (let folder = folderOf(file); ; folder = folderOf(folder)) {
      const modules = this.defined(folder).filter((m) =>
        m.sources.some((s) => isUnder(folderOf(file), s)),
      );
      if (modules.length > 0) return modules;
      if (this.defined(folder).length > 0) return this.defined(folder);
      const rest = this.fallback(folder, new Set());
      if (rest !== undefined && !this.hasMakefile(folder)) return [rest];
      if (folder === '') return [];
    }
  }

  private defined(folder: string): readonly KernelModule[] {
    let modules = this.byFolder.get(folder);
    if (modules === undefined) {
      const around = {
        read: (path: string): string | undefined => this.readMakefile(path),
        list: (path: string): readonly string[] => this.list(path).files,
        gaveUp: (path: string, problem: string): void => void this.problemOf.set(path, problem),
      };
      modules = this.hasMakefile(folder) ? modulesInFolder(around, folder) : [];
      this.byFolder.set(folder, modules);
    }
    return modules;
  }

  /**
   * The modules that may list a file of the folder: those of the folder and its ancestors, and, where
   * an ancestor has no Makefile, of its sub-folders (amd/amdgpu lists the files of amd/display).
   */
  private around(folder: string): readonly KernelModule[] {
    const modules: KernelModule[] = [];
    let defined = false;
    for (let at = folder; ; at = folderOf(at)) {
      const here = this.defined(at);
      modules.push(...here);
      defined ||= here.length > 0;
      if (!defined && !this.hasMakefile(at) && at !== '') {
        for (const name of this.list(at).folders) modules.push(...this.defined(join(at, name)));
      }
      if (at === '') return modules;
    }
  }

  private listedAround(folder: string): ReadonlySet<string> {
    return new Set(this.around(folder).flatMap((module) => module.sources));
  }

  private fallback(folder: string, listed: ReadonlySet<string>): KernelModule | undefined {
    const all = this.list(folder)
      .files.filter((name) => name.endsWith('.c'))
      .map((name) => join(folder, name));
    const sources = all.filter((file) => !listed.has(file));
    if (sources.length === 0) return undefined;
    const name = folder === '' ? this.rootName : basename(folder);
    const taken = this.defined(folder).some((module) => module.name === name);
    return { name: taken ? `${name} (unlisted)` : name, folder, sources, includeFolders: [] };
  }

  private hasMakefile(folder: string): boolean {
    const { files } = this.list(folder);
    return makefiles.some((name) => files.includes(name));
  }

  /** That a Makefile is not there is no problem: kbuild has two names for it, and may make some. */
  private readMakefile(path: string): string | undefined {
    this.asked.add(path);
    const result = this.sources.read(path);
    if (result.kind === 'text') return result.text;
    if (!result.missing) this.problemOf.set(path, result.problem);
    return undefined;
  }

  private foldersUnder(folder: string): readonly string[] {
    const found: string[] = [folder];
    for (const at of found) {
      for (const name of this.list(at).folders)
        if (!skippedFolders.has(name)) found.push(join(at, name));
    }
    return found;
  }

  private list(folder: string): Listing {
    let listing = this.listings.get(folder);
    if (listing === undefined) {
      listing = this.readListing(folder);
      this.listings.set(folder, listing);
    }
    return listing;
  }

  /** Symbolic links to folders are not followed: a build folder often links back into its tree. */
  private readListing(folder: string): Listing {
    const entries = listFolder(this.sources.absolute(folder));
    if (entries instanceof Failure) {
      if (entries.code !== 'ENOENT') this.problemOf.set(folder || '.', entries.problem);
      return empty;
    }
    const odd = oddNames(this.sources.absolute(folder), entries);
    for (const { bytes, isSource } of odd.values())
      if (isSource)
        this.problemOf.set(join(folder, quotedBytes(bytes)), 'the name is not UTF-8, skipped');
    const names = (folders: boolean): string[] =>
      entries
        .filter((entry) => !odd.has(entry))
        .filter((entry) => entry.isDirectory() === folders)
        .map(({ name }) => name)
        .sort((a, b) => (a < b ? -1 : 1));
    const listing = { files: names(false), folders: names(true) };
    for (const name of makefiles)
      if (listing.folders.includes(name)) this.problemOf.set(join(folder, name), 'is a folder');
    return listing;
  }
}
