/**
 * The files that a worker knows of: it has no disk and may not wait for one, so it looks here, and what is not here
 * is noted as wanted. Whoever can ask brings it, and the question is put again.
 */

interface File {
  readonly kind: 'file';
  /** Undefined until it was brought. */
  bytes: Uint8Array | undefined;
}

interface Folder {
  readonly kind: 'folder';
  readonly entries: Map<string, Entry>;
  /** Whether `entries` is all there is. */
  listed: boolean;
}

export type Entry = File | Folder;

/** What a question wanted and did not find here. */
export interface Wanted {
  /** Absolute folders that have to be listed. */
  readonly folders: readonly string[];
  /** Absolute files that have to be read. */
  readonly files: readonly string[];
}

const folder = (listed: boolean): Folder => ({ kind: 'folder', entries: new Map(), listed });

const partsOf = (path: string): string[] => path.split('/').filter((part) => part !== '');

export class FileTree {
  readonly #top = folder(true);
  #folders = new Set<string>();
  #files = new Set<string>();

  /** A folder that is there, and may be asked for; those above it hold nothing else. */
  addRoot(path: string): void {
    this.#makeFolder(path, false);
  }

  /** A file that is known already. Folders above it that were not there hold nothing else. */
  put(path: string, bytes: Uint8Array): void {
    const parts = partsOf(path);
    const name = parts.pop();
    if (name === undefined) return;
    this.#makeFolder(parts.join('/'), true).entries.set(name, { kind: 'file', bytes });
  }

  /** What stands at an absolute path, as far as is known; asks for the listing that would tell. */
  find(path: string): Entry | undefined {
    let at: Entry = this.#top;
    let way = '';
    for (const part of partsOf(path)) {
      if (at.kind === 'file') return undefined;
      const next: Entry | undefined = at.entries.get(part);
      if (next === undefined) {
        if (!at.listed) this.#folders.add(way === '' ? '/' : way);
        return undefined;
      }
      way += `/${part}`;
      at = next;
    }
    return at;
  }

  /** The entries of a folder, or undefined where they are asked for now. */
  entriesOf(path: string, { entries, listed }: Folder): ReadonlyMap<string, Entry> | undefined {
    if (!listed) this.#folders.add(`/${partsOf(path).join('/')}`);
    return listed ? entries : undefined;
  }

  /** The bytes of a file, or undefined where they are asked for now. */
  bytesOf(path: string, { bytes }: File): Uint8Array | undefined {
    if (bytes === undefined) this.#files.add(`/${partsOf(path).join('/')}`);
    return bytes;
  }

  /** What was wanted since the last call. */
  takeWanted(): Wanted {
    const wanted = { folders: [...this.#folders], files: [...this.#files] };
    this.#folders = new Set();
    this.#files = new Set();
    return wanted;
  }

  /** A folder was listed; undefined for one that cannot be, which counts as empty. */
  listed(path: string, entries: readonly (readonly [string, 'file' | 'folder'])[] | undefined) {
    const at = this.find(path);
    if (at?.kind !== 'folder') return;
    at.listed = true;
    for (const [name, kind] of entries ?? [])
      if (at.entries.get(name)?.kind !== kind)
        at.entries.set(name, kind === 'file' ? { kind, bytes: undefined } : folder(false));
  }

  /** A file was read; undefined for one that cannot be, which counts as not there. */
  read(path: string, bytes: Uint8Array | undefined): void {
    const at = this.find(path);
    if (at?.kind !== 'file') return;
    if (bytes === undefined) this.removed(path);
    else at.bytes = bytes;
  }

  /** A file has other contents: it is asked for when somebody wants it. */
  changed(path: string): void {
    const at = this.find(path);
    if (at?.kind === 'file') at.bytes = undefined;
  }

  /** A file or folder came: the nearest folder that was there is listed anew when somebody looks. */
  came(path: string): void {
    const above = this.#foldersAbove(path).at(-1);
    if (above !== undefined) above.listed = false;
    this.changed(path);
  }

  removed(path: string): void {
    const parts = partsOf(path);
    const above = this.#foldersAbove(path);
    if (above.length === parts.length - 1)
      (above.at(-1) ?? this.#top).entries.delete(parts.at(-1) ?? '');
  }

  /** The folders on the way to an entry, without the topmost, as far as they are known. */
  #foldersAbove(path: string): readonly Folder[] {
    const found: Folder[] = [];
    for (const part of partsOf(path).slice(0, -1)) {
      const next = (found.at(-1) ?? this.#top).entries.get(part);
      if (next?.kind !== 'folder') break;
      found.push(next);
    }
    return found;
  }

  #makeFolder(path: string, listed: boolean): Folder {
    let at = this.#top;
    for (const [i, part] of partsOf(path).entries()) {
      const known = at.entries.get(part);
      const isLast = i === partsOf(path).length - 1;
      const next = known?.kind === 'folder' ? known : folder(listed || !isLast);
      at.entries.set(part, next);
      at = next;
    }
    return at;
  }
}
