/** The messages between the main thread and its parse workers. Plain data. */
import type { MaskWords } from '../core/catalog.ts';
import type { FileFacts } from '../core/facts/types.ts';
import type { RuntimeFiles } from './runtime.ts';

/** Sent once, when a worker starts. */
export interface WorkerSetup {
  readonly files: RuntimeFiles;
  readonly words: MaskWords;
}

/** A list of files to parse; all threads take the next index from the shared counter. */
export interface Job {
  readonly id: number;
  /** Absolute, where to read. */
  readonly files: readonly string[];
  /** Relative to the root, how the facts name the file. */
  readonly paths: readonly string[];
  /** One Int32: the next index that nobody has taken. */
  readonly next: SharedArrayBuffer;
}

/** One file's outcome. From a worker the facts come as JSON, which is cheaper to send than objects and
 * goes into the cache as it is. */
export interface Parsed {
  readonly index: number;
  readonly hash: string;
  readonly facts: FileFacts | string | undefined;
  readonly problem: string | undefined;
}

export type WorkerMessage =
  | { readonly kind: 'parsed'; readonly id: number; readonly results: readonly Parsed[] }
  | { readonly kind: 'done'; readonly id: number };
