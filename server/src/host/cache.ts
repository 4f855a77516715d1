/**
 * Facts on disk, so that a second start reads instead of parsing. One pack holds the facts of one
 * source folder: a module is a handful of packs, and folders that modules share (i915/display) are
 * stored once. A pack is lines: a stamp, then for each file a key line and a line of JSON.
 */
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { FileFacts } from '../core/facts/types.ts';
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
}

export const noCache: FactsCache = {
  get: () => undefined,
  put: () => {},
  lacksFolderOf: () => true,
  save: () => {},
  saveSlowly: async () => {},
};

/** The folder of all caches of this program. */
export function cacheFolder(environment: NodeJS.ProcessEnv = process.env): string {
  const own = environment.DRIVER_TEARDOWN_CACHE;
  if (own !== undefined && own !== '') return own;
  const base = environment.XDG_CACHE_HOME;
  const cache = base !== undefined && base !== '' ? base : join(homedir(), '.cache');
  return join(cache, 'driver-teardown');
}

interface Entry {
  readonly hash: string;
  /** JSON, or the facts themselves until they are written. */
  readonly facts: FileFacts | string;
}

interface Pack {
  readonly entries: Map<string, Entry>;
  dirty: boolean;
}

const day = 24 * 3600 * 1000;
/** Packs that nobody has read for so long are deleted: trees come and go. */
const keptFor = 30 * day;

/** Deletes packs of any root that were last read or written before `now - keptFor`. Failing to is no error. */
function prune(folder: string, now: number): void {
  try {
    for (const root of readdirSync(folder)) {
      for (const name of readdirSync(join(folder, root))) {
        const file = join(folder, root, name);
        if (statSync(file).mtimeMs < now - keptFor) rmSync(file, { force: true });
      }
    }
  } catch {
    // Another process prunes at the same time, or the folder is not ours.
  }
}

/** Marks a pack as read, at most once a day. */
function touch(file: string, now: number): void {
  try {
    if (statSync(file).mtimeMs < now - day) utimesSync(file, now / 1000, now / 1000);
  } catch {
    // There is none yet.
  }
}

/** A cache under `folder` for the sources of one root. */
export class DiskCache implements FactsCache {
  readonly #folder: string;
  readonly #root: string;
  readonly #stamp: string;
  readonly #packs = new Map<string, Pack>();
  #pruned = false;

  constructor(folder: string, root: string, stamp: string) {
    this.#folder = join(folder, 'facts');
    this.#root = createHash('sha1').update(root).digest('hex').slice(0, 12);
    this.#stamp = stamp;
  }

  get(path: string, hash: string): FileFacts | undefined {
    const entry = this.#pack(folderOf(path)).entries.get(path);
    if (entry === undefined || entry.hash !== hash) return undefined;
    return typeof entry.facts === 'string' ? readFacts(path, entry.facts) : entry.facts;
  }

  put(path: string, hash: string, facts: FileFacts | string): void {
    const pack = this.#pack(folderOf(path));
    pack.entries.set(path, { hash, facts });
    pack.dirty = true;
  }

  lacksFolderOf(path: string): boolean {
    return !existsSync(this.#file(folderOf(path)));
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
        pack.entries.set(path, { hash, facts: JSON.stringify(facts) });
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
      pack = { entries: readPack(file, this.#stamp), dirty: false };
      this.#packs.set(folder, pack);
    }
    return pack;
  }

  /** Written beside its place and renamed: a reader sees the old pack or the new one, never half. */
  #write(folder: string, pack: Pack): void {
    const file = this.#file(folder);
    const temporary = `${file}.${process.pid}.tmp`;
    const lines = [this.#stamp];
    for (const [path, { hash, facts }] of pack.entries) {
      lines.push(`${hash}\t${path}`, typeof facts === 'string' ? facts : JSON.stringify(facts));
    }
    if (!this.#pruned) prune(this.#folder, Date.now());
    this.#pruned = true;
    try {
      mkdirSync(join(this.#folder, this.#root), { recursive: true });
      writeFileSync(temporary, `${lines.join('\n')}\n`);
      renameSync(temporary, file);
    } catch {
      rmSync(temporary, { force: true });
    }
  }

  #file(folder: string): string {
    return join(this.#folder, this.#root, `${folder.replaceAll('/', '!') || '.'}.facts`);
  }
}

/** The entries of a pack; none when it is missing or of another engine. A last half entry is left out. */
function readPack(file: string, stamp: string): Map<string, Entry> {
  const entries = new Map<string, Entry>();
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return entries;
  }
  const lines = text.split('\n');
  if (lines[0] !== stamp) return entries;
  for (let i = 1; i + 2 < lines.length; i += 2) {
    const [hash, path] = (lines[i] ?? '').split('\t');
    const json = lines[i + 1];
    if (hash !== undefined && path !== undefined && json !== undefined)
      entries.set(path, { hash, facts: json });
  }
  return entries;
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
