/**
 * Facts on disk, so that a second start reads instead of parsing. One pack holds the facts of one
 * source folder: a module is a handful of packs, and folders that modules share (i915/display) are
 * stored once. A pack is lines: a stamp, then for each file a key line with a checksum and a line of
 * JSON. What does not match its checksum is parsed again, and said.
 */
import { createHash, randomBytes } from 'node:crypto';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { FileFacts } from '../core/facts/types.ts';
import type { Problem } from '../core/result.ts';
import {
  exists,
  Failure,
  listFolder,
  makeFolder,
  readRegular,
  removeFile,
  renameFile,
  statOf,
  touchFile,
  writeNew,
} from './disk.ts';
import { folderOf } from './modules.ts';

/** What the rest of the host needs of a cache; `noCache` is the one of `--no-cache`. */
export interface FactsCache {
  /** The facts of a file's text, or undefined when they are not stored. */
  get(path: string, hash: string): FileFacts | undefined;
  put(path: string, hash: string, facts: FileFacts | string): void;
  /** Whether it is known that nothing is stored for the folder of a file. */
  lacksFolderOf(path: string): boolean;
  /** Writes what changed. Failing to is no error: the next run parses again. */
  save(): void;
  /** The same in small steps, for a server that has to stay awake meanwhile. */
  saveSlowly(): Promise<void>;
  /** Why facts could not be taken from the disk or put there; the analysis does without. */
  readonly problems: readonly Problem[];
}

export const noCache: FactsCache = {
  get: () => undefined,
  put: () => {},
  lacksFolderOf: () => true,
  save: () => {},
  saveSlowly: async () => {},
  problems: [],
};

/** The folder of all caches of this program. */
export function cacheFolder(environment: NodeJS.ProcessEnv = process.env): string {
  const own = environment.DRIVER_TEARDOWN_CACHE;
  if (own !== undefined && own !== '') return own;
  const base = environment.XDG_CACHE_HOME;
  const cache = base !== undefined && base !== '' ? base : join(homeFolder(), '.cache');
  return join(cache, 'driver-teardown');
}

/** A user without an entry in the password file has no home: then it is the temporary folder. */
function homeFolder(): string {
  try {
    return homedir();
  } catch {
    return tmpdir();
  }
}

interface Entry {
  readonly hash: string;
  /** JSON, or the facts themselves until they are written. */
  readonly facts: FileFacts | string;
  /** Of hash, path and JSON, as the pack has it; undefined until it is written. */
  readonly sum: string | undefined;
}

/** A bit that flipped in a hash, a path or the facts shows. */
function sumOf(hash: string, path: string, json: string): string {
  return createHash('sha1').update(`${hash}\t${path}\n${json}`).digest('base64url');
}

/** Counts the forms that a pack has had. */
const form = 2;

interface Pack {
  readonly entries: Map<string, Entry>;
  dirty: boolean;
}

const day = 24 * 3600 * 1000;
/** Packs that nobody has read for so long are deleted: trees come and go. */
const keptFor = 30 * day;

/** Deletes packs of any root that were last read or written before `now - keptFor`. Failing to is no error. */
function prune(folder: string, now: number): void {
  for (const root of namesIn(folder)) {
    for (const name of namesIn(join(folder, root))) {
      const file = join(folder, root, name);
      const stats = statOf(file);
      if (!(stats instanceof Failure) && stats.mtimeMs < now - keptFor) removeFile(file);
    }
  }
}

function namesIn(folder: string): readonly string[] {
  const entries = listFolder(folder);
  return entries instanceof Failure ? [] : entries.map(({ name }) => name);
}

/** Marks a pack as read, at most once a day. */
function touch(file: string, now: number): void {
  const stats = statOf(file);
  if (!(stats instanceof Failure) && stats.mtimeMs < now - day) touchFile(file, now / 1000);
}

/** A cache under `folder` for the sources of one root. */
export class DiskCache implements FactsCache {
  readonly #folder: string;
  readonly #root: string;
  readonly #stamp: string;
  readonly #packs = new Map<string, Pack>();
  readonly #problems = new Map<string, string>();
  #pruned = false;

  constructor(folder: string, root: string, stamp: string) {
    this.#folder = join(folder, 'facts');
    this.#root = createHash('sha1').update(root).digest('hex').slice(0, 12);
    this.#stamp = `${form} ${stamp}`;
  }

  get problems(): readonly Problem[] {
    return [...this.#problems].map(([file, message]) => ({ file, message }));
  }

  get(path: string, hash: string): FileFacts | undefined {
    const entry = this.#pack(folderOf(path)).entries.get(path);
    if (entry === undefined || entry.hash !== hash) return undefined;
    if (typeof entry.facts !== 'string') return entry.facts;
    const whole = entry.sum === undefined || entry.sum === sumOf(hash, path, entry.facts);
    const facts = whole ? readFacts(path, entry.facts) : undefined;
    if (facts === undefined) this.#damaged(folderOf(path));
    return facts;
  }

  put(path: string, hash: string, facts: FileFacts | string): void {
    const pack = this.#pack(folderOf(path));
    pack.entries.set(path, { hash, facts, sum: undefined });
    pack.dirty = true;
  }

  lacksFolderOf(path: string): boolean {
    return !exists(this.#file(folderOf(path)));
  }

  save(): void {
    for (const [folder, pack] of this.#packs) {
      if (pack.dirty) this.#write(folder, pack);
    }
    this.#packs.clear();
  }

  async saveSlowly(): Promise<void> {
    for (const [folder, pack] of [...this.#packs]) {
      if (!pack.dirty) this.#packs.delete(folder);
      for (const [path, { hash, facts }] of [...pack.entries]) {
        if (!pack.dirty || typeof facts === 'string') continue;
        pack.entries.set(path, { hash, facts: JSON.stringify(facts), sum: undefined });
        await setImmediate();
      }
      if (!pack.dirty || this.#packs.get(folder) !== pack) continue;
      this.#packs.delete(folder);
      this.#write(folder, pack);
      await setImmediate();
    }
  }

  #pack(folder: string): Pack {
    let pack = this.#packs.get(folder);
    if (pack === undefined) {
      const file = this.#file(folder);
      touch(file, Date.now());
      pack = { entries: this.#read(folder, file), dirty: false };
      this.#packs.set(folder, pack);
    }
    return pack;
  }

  /** The entries of a pack; none when it is missing or of another engine. */
  #read(folder: string, file: string): Map<string, Entry> {
    const bytes = readRegular(file);
    if (bytes instanceof Failure) {
      if (bytes.code !== 'ENOENT') this.#unusable(file, bytes);
      return new Map();
    }
    const { entries, whole } = readPack(bytes.toString('utf8'), this.#stamp);
    if (!whole) this.#damaged(folder);
    return entries;
  }

  /** Written beside its place and renamed: a reader sees the old pack or the new one, never half. */
  #write(folder: string, pack: Pack): void {
    const file = this.#file(folder);
    const temporary = `${file}.${randomBytes(6).toString('hex')}.tmp`;
    const lines = [this.#stamp];
    for (const [path, { hash, facts, sum }] of pack.entries) {
      const json = typeof facts === 'string' ? facts : JSON.stringify(facts);
      lines.push(`${hash}\t${path}\t${sum ?? sumOf(hash, path, json)}`, json);
    }
    if (!this.#pruned) prune(this.#folder, Date.now());
    this.#pruned = true;
    const failed =
      makeFolder(join(this.#folder, this.#root)) ??
      writeNew(temporary, Buffer.from(`${lines.join('\n')}\n`), undefined, false) ??
      renameFile(temporary, file);
    if (failed === undefined) return;
    removeFile(temporary);
    this.#unusable(file, failed);
  }

  /** One line for a cache that does not work, not one for each pack. */
  #unusable(file: string, { problem }: Failure): void {
    if (this.#problems.has(this.#folder)) return;
    this.#problems.set(this.#folder, `the facts cache cannot be used: ${problem} (${file})`);
  }

  #damaged(folder: string): void {
    this.#problems.set(this.#file(folder), 'damaged facts, parsed again');
  }

  #file(folder: string): string {
    return join(this.#folder, this.#root, `${folder.replaceAll('/', '!') || '.'}.facts`);
  }
}

/** The entries of a pack as far as its lines make sense; none when it is of another engine. */
function readPack(
  text: string,
  stamp: string,
): { readonly entries: Map<string, Entry>; readonly whole: boolean } {
  const entries = new Map<string, Entry>();
  const lines = text.split('\n');
  if (lines[0] !== stamp) return { entries, whole: true };
  // The last line ends too: after it there is nothing but the empty rest.
  let whole = lines.length % 2 === 0 && lines.at(-1) === '';
  for (let i = 1; i + 2 < lines.length; i += 2) {
    const [hash, path, sum, ...more] = (lines[i] ?? '').split('\t');
    const facts = lines[i + 1];
    if (hash && path && sum && facts && more.length === 0 && !entries.has(path))
      entries.set(path, { hash, facts, sum });
    else whole = false;
  }
  return { entries, whole };
}

/** Facts from JSON, or undefined when it is damaged. */
export function readFacts(path: string, json: string): FileFacts | undefined {
  try {
    const facts = JSON.parse(json) as FileFacts;
    return facts.path === path && Array.isArray(facts.lineStarts) ? facts : undefined;
  } catch {
    return undefined;
  }
}
