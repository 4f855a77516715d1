/**
 * The facts of files: from the open document, the cache, or a parse. Texts are not kept; what stays
 * per file is its hash, what it includes, and its facts until they are released.
 */
import type { FileFacts } from '../core/facts/types.ts';
import { type CParser, SourceUnit } from '../core/syntax/parse.ts';
import { type FactsCache, readFacts } from './cache.ts';
import { Failure, statOf } from './disk.ts';
import { type Includes, includesIn } from './includes.ts';
import { hashOf } from './parse-file.ts';
import type { ParsePool, ParseTask, Progress } from './pool.ts';
import type { Sources } from './sources.ts';
import type { Parsed } from './tasks.ts';

interface FileState {
  hash: string;
  includes: Includes;
  bytes: number;
  facts: FileFacts | undefined;
  /** Why there are no facts, or what is odd about the text. */
  problem: string | undefined;
  /** There will be no facts. */
  readonly unreadable: boolean;
  /** The file does not exist; generated sources do not before a build. */
  readonly missing: boolean;
  /** Modification time and size on disk. */
  readonly stamp: string;
}

export interface FileCounts {
  /** Files whose facts were asked for. */
  files: number;
  bytes: number;
  cacheHits: number;
}

function stampOf(file: string): string {
  const stats = statOf(file);
  return stats instanceof Failure ? '' : `${stats.mtimeMs}:${stats.size}`;
}

export class Files {
  readonly #sources: Sources;
  readonly #pool: ParsePool;
  readonly #cache: FactsCache;
  readonly #states = new Map<string, FileState>();
  readonly #units = new Map<string, SourceUnit>();
  readonly #openTexts = new Map<string, string>();
  readonly counts: FileCounts = { files: 0, bytes: 0, cacheHits: 0 };
  #parser: CParser | undefined;

  constructor(sources: Sources, pool: ParsePool, cache: FactsCache) {
    this.#sources = sources;
    this.#pool = pool;
    this.#cache = cache;
  }

  /** Open documents are parsed on the main thread with trees that are kept. */
  useParser(parser: CParser): void {
    this.#parser = parser;
  }

  /** The text of an open document is new. */
  open(path: string, text: string): void {
    this.#sources.setOpen(path, text);
    this.#openTexts.set(path, text);
    this.#states.delete(path);
  }

  /** The document was closed: the disk counts again, and the tree goes. */
  close(path: string): void {
    this.#sources.close(path);
    this.#openTexts.delete(path);
    this.#units.get(path)?.dispose();
    this.#units.delete(path);
    this.#states.delete(path);
  }

  /** Forgets what was read of a file. */
  drop(path: string): void {
    this.#states.delete(path);
  }

  /** Forgets files that changed on disk since they were read, and names them. */
  dropChanged(): readonly string[] {
    const changed: string[] = [];
    for (const [path, state] of this.#states) {
      if (this.#openTexts.has(path) || state.stamp === stampOf(this.#sources.absolute(path)))
        continue;
      this.#states.delete(path);
      changed.push(path);
    }
    return changed;
  }

  /** Frees the facts of a file that no further analysis needs. */
  release(path: string): void {
    const state = this.#states.get(path);
    if (state !== undefined) state.facts = undefined;
  }

  /** Whether one of the files is an open document. */
  hasOpen(paths: readonly string[]): boolean {
    return this.#openTexts.size > 0 && paths.some((path) => this.#openTexts.has(path));
  }

  includesOf(path: string): readonly string[] {
    return this.#state(path).includes.quoted;
  }

  /** What a file includes in angle brackets. */
  publicIncludesOf(path: string): readonly string[] {
    return this.#state(path).includes.public;
  }

  bytesOf(path: string): number {
    return this.#state(path).bytes;
  }

  /** The problem to report for a file; generated sources that are not there are none. */
  problemOf(path: string): string | undefined {
    const state = this.#state(path);
    return state.missing ? undefined : state.problem;
  }

  /** The facts, when they are at hand. */
  factsOf(path: string): FileFacts | undefined {
    return this.#state(path).facts;
  }

  /** Whether the facts must be fetched first. */
  lacks(path: string): boolean {
    const state = this.#state(path);
    return state.facts === undefined && !state.unreadable;
  }

  /** Gets the facts of all `paths`; what cannot be parsed gets a problem instead. */
  async fetch(paths: readonly string[], progress?: Progress): Promise<void> {
    const tasks: ParseTask[] = [];
    const open: [string, FileState][] = [];
    for (const path of paths) {
      const state = this.#state(path);
      if (state.facts !== undefined || state.unreadable) continue;
      this.counts.files++;
      this.counts.bytes += state.bytes;
      if (this.#openTexts.has(path)) {
        open.push([path, state]);
        continue;
      }
      state.facts = this.#cache.get(path, state.hash);
      if (state.facts !== undefined) this.counts.cacheHits++;
      else tasks.push({ file: this.#sources.absolute(path), path, bytes: state.bytes });
    }
    const parsing = this.#pool.parse(tasks, progress);
    // The workers are busy by now: the open documents are this thread's own.
    for (const [path, state] of open) this.#parseOpen(path, state);
    const results = await parsing;
    results.forEach((result, i) => {
      const path = tasks[i]?.path;
      if (path !== undefined && result !== undefined) this.#accept(path, result);
    });
  }

  /** Disposes of all trees. */
  dispose(): void {
    for (const unit of this.#units.values()) unit.dispose();
    this.#units.clear();
  }

  #accept(path: string, result: Parsed): void {
    const state = this.#states.get(path);
    // The document was opened, or the file changed, while it was parsed: the next round sees to it.
    if (state === undefined || state.facts !== undefined || this.#openTexts.has(path)) return;
    if (result.hash !== '' && result.hash !== state.hash) {
      this.#states.delete(path);
      return;
    }
    const facts = typeof result.facts === 'string' ? readFacts(path, result.facts) : result.facts;
    if (facts === undefined) {
      this.#states.set(path, {
        ...state,
        unreadable: true,
        problem: result.problem ?? 'cannot be parsed',
      });
      return;
    }
    state.facts = facts;
    this.#cache.put(path, result.hash, result.facts ?? facts);
  }

  #parseOpen(path: string, state: FileState): void {
    const text = this.#openTexts.get(path) ?? '';
    try {
      const unit = this.#units.get(path);
      if (unit !== undefined) unit.update(text);
      else {
        if (this.#parser === undefined) throw new Error('no parser');
        this.#units.set(path, new SourceUnit(this.#parser, path, text));
      }
      state.facts = this.#units.get(path)?.facts();
    } catch (error) {
      this.#units.get(path)?.dispose();
      this.#units.delete(path);
      this.#states.set(path, {
        ...state,
        unreadable: true,
        problem: `cannot be parsed: ${String(error)}`,
      });
    }
  }

  #state(path: string): FileState {
    let state = this.#states.get(path);
    if (state === undefined) {
      state = this.#read(path);
      this.#states.set(path, state);
    }
    return state;
  }

  #read(path: string): FileState {
    const open = this.#openTexts.has(path);
    const stamp = open ? '' : stampOf(this.#sources.absolute(path));
    const source = this.#sources.read(path);
    if (source.kind === 'unreadable') {
      return {
        hash: '',
        includes: { quoted: [], public: [] },
        bytes: 0,
        facts: undefined,
        problem: source.problem,
        unreadable: true,
        missing: source.missing,
        stamp,
      };
    }
    return {
      hash: open ? '' : hashOf(source.text),
      includes: includesIn(source.text),
      bytes: source.text.length,
      facts: undefined,
      problem: source.notice,
      unreadable: false,
      missing: false,
      stamp,
    };
  }
}
