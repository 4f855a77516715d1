/**
 * The files of a root as their indexes show them: read from the open document or the disk, skimmed,
 * and parsed item by item when the analysis asks. What stays per file is its text with what was read
 * of it, until it is released.
 */
import { setImmediate } from 'node:timers/promises';
import { type Reading, SourceFile } from '../core/facts/source-file.ts';
import { cutOffProblem, isCutOff } from './cut-off.ts';
import { Failure, statOf } from './disk.ts';
import type { ReadResult, Sources } from './sources.ts';

/** Called as files get done; returning false stops the job. */
export type Progress = (done: number, total: number) => boolean;

interface FileState {
  /** Undefined when the file cannot be analysed, or was released. */
  source: SourceFile | undefined;
  readonly bytes: number;
  /** Why it cannot be analysed, or what is odd about the text. */
  readonly problem: string | undefined;
  readonly unreadable: boolean;
  /** The file does not exist; generated sources do not before a build. */
  readonly missing: boolean;
  /** Modification time and size on disk. */
  readonly stamp: string;
  /** Counts up with each question: when it was asked for last. */
  used: number;
}

export interface FileCounts {
  /** Files that were read. */
  files: number;
  bytes: number;
  /** Files that were answered without being read again. */
  cacheHits: number;
}

/** The main thread breathes after this long, so that a server keeps reading its messages. */
const sliceMs = 25;

function stampOf(file: string): string {
  const stat = statOf(file);
  return stat instanceof Failure ? '' : `${stat.mtimeMs}:${stat.size}`;
}

/** A document that is being written may end anywhere; a file that does was not written to its end. */
function judged(path: string, source: ReadResult, isOpen: boolean): ReadResult {
  if (isOpen || source.kind !== 'text' || !path.endsWith('.c') || !isCutOff(source.text))
    return source;
  return { kind: 'unreadable', problem: cutOffProblem, missing: false };
}

/** Whether a text that is not empty neither declares nor includes anything, and does not parse. */
function holdsNoC(file: SourceFile): boolean {
  const { functions, structs, tables, prototypes, macros, includes, publicIncludes } = file;
  const lists = [functions, structs, tables, prototypes, macros, includes, publicIncludes];
  return lists.every(({ length }) => length === 0) && file.text.trim() !== '' && file.isBroken;
}

export class Files {
  readonly #sources: Sources;
  readonly #states = new Map<string, FileState>();
  readonly #openTexts = new Map<string, string>();
  /** Of open documents the last text that was read: the next one takes over what they share. */
  readonly #lastRead = new Map<string, SourceFile>();
  /** What was asked for since the last `noteReads`. */
  #reads = new Set<string>();
  readonly counts: FileCounts = { files: 0, bytes: 0, cacheHits: 0 };
  #reading: Reading | undefined;
  #questions = 0;

  constructor(sources: Sources) {
    this.#sources = sources;
  }

  /** Must have been called before any file is asked for. */
  use(reading: Reading): void {
    this.#reading = reading;
  }

  /** The text of an open document is new. */
  open(path: string, text: string): void {
    this.#sources.setOpen(path, text);
    this.#openTexts.set(path, text);
    this.drop(path);
  }

  /** The document was closed: the disk counts again. */
  close(path: string): void {
    this.#sources.close(path);
    this.#openTexts.delete(path);
    this.#states.delete(path);
    this.#lastRead.delete(path);
  }

  /** Forgets what was read of a file. */
  drop(path: string): void {
    const source = this.#states.get(path)?.source;
    if (source && this.#openTexts.has(path)) this.#lastRead.set(path, source);
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

  /**
   * Frees what was read of files until no more than so much text is left: those first that were
   * asked for the longest ago.
   */
  releaseOver(maximum: number, kept: ReadonlySet<string>): void {
    const held = [...this.#states].filter(([, { source }]) => source !== undefined);
    let bytes = held.reduce((sum, [, state]) => sum + state.bytes, 0);
    const oldest = held.sort(([, a], [, b]) => a.used - b.used);
    for (const [path, state] of oldest) {
      if (bytes <= maximum) return;
      if (kept.has(path) || this.#openTexts.has(path)) continue;
      state.source = undefined;
      bytes -= state.bytes;
    }
  }

  /** Whether one of the files is an open document. */
  hasOpen(paths: readonly string[]): boolean {
    return this.#openTexts.size > 0 && paths.some((path) => this.#openTexts.has(path));
  }

  includesOf(path: string): readonly string[] {
    return this.sourceOf(path)?.includes ?? [];
  }

  /** What a file includes in angle brackets. */
  publicIncludesOf(path: string): readonly string[] {
    return this.sourceOf(path)?.publicIncludes ?? [];
  }

  bytesOf(path: string): number {
    return this.#state(path).bytes;
  }

  /** The problem to report for a file; generated sources that are not there are none. */
  problemOf(path: string): string | undefined {
    const state = this.#state(path);
    return state.missing ? undefined : state.problem;
  }

  /** Whether a file that is there was left out. */
  isLeftOut(path: string): boolean {
    const state = this.#state(path);
    return state.unreadable && !state.missing;
  }

  /** The file, read now when it was not; undefined when it cannot be analysed. */
  sourceOf(path: string): SourceFile | undefined {
    const state = this.#state(path);
    if (state.source === undefined && !state.unreadable) {
      const again = this.#read(path);
      this.#states.set(path, again);
      return again.source;
    }
    return state.source;
  }

  /**
   * Reads files in slices.
   * @returns false when the progress asked to stop
   */
  async readAll(paths: readonly string[], progress?: Progress): Promise<boolean> {
    let sliceEnd = performance.now() + sliceMs;
    for (const [i, path] of paths.entries()) {
      this.sourceOf(path);
      if (performance.now() < sliceEnd) continue;
      await setImmediate();
      sliceEnd = performance.now() + sliceMs;
      if (progress?.(i + 1, paths.length) === false) return false;
    }
    return true;
  }

  /** The files that are asked for from now on, until the next call. */
  noteReads(): ReadonlySet<string> {
    this.#reads = new Set();
    return this.#reads;
  }

  #state(path: string): FileState {
    this.#reads.add(path);
    let state = this.#states.get(path);
    if (state === undefined) {
      state = this.#read(path);
      this.#states.set(path, state);
    }
    state.used = ++this.#questions;
    return state;
  }

  #read(path: string): FileState {
    if (this.#reading === undefined) throw new Error('no parser yet');
    const open = this.#openTexts.has(path);
    const stamp = open ? '' : stampOf(this.#sources.absolute(path));
    const source = judged(path, this.#sources.read(path), open);
    if (source.kind === 'unreadable') {
      return {
        source: undefined,
        bytes: 0,
        problem: source.problem,
        unreadable: true,
        missing: source.missing,
        stamp,
        used: 0,
      };
    }
    this.counts.files++;
    this.counts.bytes += source.text.length;
    const file = new SourceFile(this.#reading, path, source.text, this.#lastRead.get(path));
    const isProse = !open && path.endsWith('.c') && holdsNoC(file);
    return {
      source: isProse ? undefined : file,
      bytes: source.text.length,
      problem: isProse ? 'no C is recognised in it, skipped' : source.notice,
      unreadable: isProse,
      missing: false,
      stamp,
      used: 0,
    };
  }
}
