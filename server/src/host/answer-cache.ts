/**
 * Answers on disk: one file for each module, which holds as long as nothing that was read for it has
 * another time or size, and no other engine, catalogue or configuration asks. Each carries a checksum of itself and
 * of what was asked, so that none is taken for another; what does not fit it is made again, and said.
 */
import { createHash, randomBytes } from 'node:crypto';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { Problem } from '../core/result.ts';
import type { ModuleAnswer } from './answers.ts';
import {
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

interface Kept {
  /** The path of each input with its time and size; folders too, in which a header may come. */
  readonly inputs: readonly (readonly [string, string])[];
  readonly answer: ModuleAnswer;
}

const day = 24 * 3600 * 1000;
/** Answers that nobody has asked for so long are deleted: trees come and go. */
const keptFor = 30 * day;
const sumLength = 40;

export class AnswerCache {
  readonly #folder: string;
  readonly #root: string;
  readonly #stamp: string;
  readonly #problems = new Map<string, Problem>();
  readonly #stamps = new Map<string, string>();
  #usable = true;
  #pruned = false;

  /**
   * @param folder of all caches
   * @param root absolute
   * @param stamp of everything beside the files that an answer depends on
   */
  constructor(folder: string, root: string, stamp: string) {
    this.#folder = join(folder, 'answers', hashOf(root).slice(0, 12));
    this.#root = root;
    this.#stamp = stamp;
  }

  /** Why answers could not be taken from the disk or put there; the analysis does without. */
  get problems(): readonly Problem[] {
    return [...this.#problems.values()];
  }

  /** @param key says which module is asked, and what of it */
  get(key: string): ModuleAnswer | undefined {
    const file = this.#file(key);
    const bytes = readRegular(file);
    if (bytes instanceof Failure) {
      if (bytes.code !== 'ENOENT') this.#fail(file, bytes.problem);
      return undefined;
    }
    const kept = this.#read(key, file, bytes);
    if (kept === undefined) return undefined;
    if (kept.inputs.some(([path, stamp]) => this.#stampOf(path) !== stamp)) return undefined;
    const now = Date.now();
    const stat = statOf(file);
    if (!(stat instanceof Failure) && stat.mtimeMs < now - day) touchFile(file, now / 1000);
    return kept.answer;
  }

  put(key: string, answer: ModuleAnswer): void {
    if (!this.#usable) return;
    if (!this.#pruned) prune(dirname(this.#folder), Date.now());
    this.#pruned = true;
    const folders = new Set(answer.inputs.map(folderOf));
    const inputs = [...folders, ...answer.inputs].map(
      (path) => [path, this.#stampOf(path)] as const,
    );
    const kept: Kept = { inputs, answer };
    const body = deflateRawSync(JSON.stringify(kept));
    const bytes = Buffer.concat([Buffer.from(this.#sumOf(key, body), 'latin1'), body]);
    const made = makeFolder(this.#folder);
    const beside = join(this.#folder, `${randomBytes(6).toString('hex')}.tmp`);
    const failure =
      made ?? writeNew(beside, bytes, undefined, false) ?? renameFile(beside, this.#file(key));
    if (failure === undefined) return;
    removeFile(beside);
    this.#usable = false;
    this.#fail(this.#folder, failure.problem);
  }

  #read(key: string, file: string, bytes: Buffer): Kept | undefined {
    const body = bytes.subarray(sumLength);
    try {
      if (bytes.toString('latin1', 0, sumLength) !== this.#sumOf(key, body))
        throw new Error('another sum');
      return JSON.parse(inflateRawSync(body).toString('utf8')) as Kept;
    } catch {
      this.#problems.set(file, {
        file,
        message: 'a damaged answer of the cache was made again',
      });
      return undefined;
    }
  }

  #fail(file: string, problem: string): void {
    this.#problems.set('', { file, message: `the cache cannot be used: ${problem}` });
  }

  #sumOf(key: string, body: Uint8Array): string {
    const question = [this.#root, this.#stamp, key, ''].join('\0');
    return createHash('sha1').update(question).update(body).digest('hex');
  }

  #file(key: string): string {
    return join(this.#folder, `${hashOf(`${this.#stamp}\0${key}`)}.answer`);
  }

  #stampOf(path: string): string {
    const known = this.#stamps.get(path);
    if (known !== undefined) return known;
    const stat = statOf(join(this.#root, path));
    const stamp =
      stat instanceof Failure
        ? stat.code
        : stat.isDirectory()
          ? `${stat.mtimeMs}`
          : `${stat.mtimeMs}:${stat.size}:${stat.ino}`;
    this.#stamps.set(path, stamp);
    return stamp;
  }
}

/** Deletes what no root has asked for since `now - keptFor`. */
function prune(folder: string, now: number): void {
  const roots = listFolder(folder);
  for (const root of roots instanceof Failure ? [] : roots) {
    const entries = listFolder(join(folder, root.name));
    for (const { name } of entries instanceof Failure ? [] : entries) {
      const file = join(folder, root.name, name);
      const stat = statOf(file);
      if (!(stat instanceof Failure) && stat.isFile() && stat.mtimeMs < now - keptFor)
        removeFile(file);
    }
  }
}

function hashOf(text: string): string {
  return createHash('sha1').update(text).digest('hex');
}
