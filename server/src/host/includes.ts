/**
 * Which files a module reads: its sources and what they include with quotes. Headers found with angle
 * brackets are the kernel's own; what matters of those is catalogue data.
 */
import { posix } from 'node:path';
import type { KernelModule } from '../core/program/kbuild.ts';
import { folderOf } from './modules.ts';
import { readHead, type Sources, sizeOf } from './sources.ts';

const includeLine = /^[ \t]*#[ \t]*include[ \t]*(?:"([^"\n]+)"|<([^>\n]+)>)/gm;

/** The names that a text includes, as written, without repeats. */
export interface Includes {
  readonly quoted: readonly string[];
  /** Those in angle brackets. */
  readonly public: readonly string[];
}

export function includesIn(text: string): Includes {
  const quoted = new Set<string>();
  const angled = new Set<string>();
  for (const [, quote, angle] of text.matchAll(includeLine)) {
    if (quote !== undefined) quoted.add(quote);
    else if (angle !== undefined) angled.add(angle);
  }
  return { quoted: [...quoted], public: [...angled] };
}

/** Headers above this size are register lists. */
const maximumHeader = 1024 * 1024;
/** A header's start tells whether it is nothing but `#define`s: those hold a few lines of one kind. */
const headBytes = 32 * 1024;
const declares = /^[A-Za-z_][^\n]*[({]/m;

function isWorthReading(file: string): boolean {
  const size = sizeOf(file);
  if (size === undefined || size > maximumHeader) return false;
  const head = readHead(file, headBytes);
  // What cannot be read is worth a line that says so.
  return head === undefined || declares.test(head);
}

/** Finds headers, and remembers for each path whether it is there and worth reading. */
export class Headers {
  private readonly sources: Sources;
  private readonly worth = new Map<string, boolean>();
  /** What was found for a name in a folder: every keystroke asks for thousands. What is missing may come. */
  private readonly resolved = new Map<string, string>();

  constructor(sources: Sources) {
    this.sources = sources;
  }

  forget(): void {
    this.worth.clear();
    this.resolved.clear();
  }

  /**
   * The file that `name` means in `includer`: beside it, else in the module's folders.
   * @param missing paths that are not there: they are asked for from many folders, and may come later
   */
  resolve(
    name: string,
    includer: string,
    module: KernelModule,
    missing = new Set<string>(),
  ): string | undefined {
    const folder = folderOf(includer);
    const key = `${folder} ${module.folder} ${name}`;
    const known = this.resolved.get(key);
    if (known !== undefined) return this.worth.get(known) === true ? known : undefined;
    for (const at of [folder, module.folder, ...module.includeFolders]) {
      const path = posix.normalize(posix.join(at, name));
      if (
        path.startsWith('..') ||
        path.startsWith('/') ||
        !/\.[ch]$/.test(path) ||
        missing.has(path)
      )
        continue;
      if (!this.exists(path)) {
        missing.add(path);
        continue;
      }
      this.resolved.set(key, path);
      return this.worth.get(path) === true ? path : undefined;
    }
    return undefined;
  }

  private exists(path: string): boolean {
    const known = this.worth.get(path);
    if (known !== undefined) return true;
    if (!this.sources.exists(path)) return false;
    const worth =
      !path.endsWith('.h') ||
      this.sources.isOpen(path) ||
      isWorthReading(this.sources.absolute(path));
    this.worth.set(path, worth);
    return true;
  }
}
