/**
 * As much of node's `fs` as the server asks for, over the files that the worker knows of. It fails as node's does:
 * by throwing errors with a `code`. There is nothing to write to.
 */
import { Buffer } from 'buffer/';
import { type Entry, FileTree } from '../file-tree.ts';

/** The worker's files: there is one tree, as a machine has one. */
export const files = new FileTree();

export const constants = { O_RDONLY: 0, O_WRONLY: 1, O_CREAT: 64, O_EXCL: 128, O_NONBLOCK: 2048 };

function failure(code: string, path: string): Error {
  return Object.assign(new Error(`${code}: ${path}`), { code });
}

function found(path: string): Entry {
  const entry = files.find(path);
  if (entry === undefined) throw failure('ENOENT', path);
  return entry;
}

/** A file that was not brought yet is not there yet. */
function bytesAt(path: string): Uint8Array {
  const entry = found(path);
  if (entry.kind === 'folder') throw failure('EISDIR', path);
  const bytes = files.bytesOf(path, entry);
  if (bytes === undefined) throw failure('ENOENT', path);
  return bytes;
}

class Stats {
  readonly size: number;
  /** Nobody says when a file changed, only that it did. */
  readonly mtimeMs = 0;
  readonly #isFolder: boolean;

  constructor(isFolder: boolean, size: number) {
    this.#isFolder = isFolder;
    this.size = size;
  }

  isDirectory(): boolean {
    return this.#isFolder;
  }

  isFile(): boolean {
    return !this.#isFolder;
  }
}

export function statSync(path: string): Stats {
  const entry = found(path);
  return entry.kind === 'folder' ? new Stats(true, 0) : new Stats(false, bytesAt(path).length);
}

/** Whether there is an entry, whatever it holds: no file has to be read for that. */
export function lstatSync(path: string): Stats {
  return new Stats(found(path).kind === 'folder', 0);
}

export function existsSync(path: string): boolean {
  return files.find(path) !== undefined;
}

export function realpathSync(path: string): string {
  found(path);
  return path;
}

export function readdirSync(
  path: string,
  options?: { readonly withFileTypes?: boolean },
): readonly unknown[] {
  const entry = found(path);
  if (entry.kind === 'file') throw failure('ENOTDIR', path);
  const entries = files.entriesOf(path, entry);
  if (entries === undefined) throw failure('ENOENT', path);
  if (options?.withFileTypes !== true) return [...entries.keys()];
  return [...entries].map(([name, { kind }]) => ({ name, isDirectory: () => kind === 'folder' }));
}

/** Handles are numbers, as node's are; each is good until it is closed. */
const handles = new Map<number, { readonly bytes: Uint8Array; at: number }>();

export function openSync(path: string, flags: number): number {
  if ((flags & (constants.O_WRONLY | constants.O_CREAT)) !== 0) throw failure('EROFS', path);
  const handle = Math.max(2, ...handles.keys()) + 1;
  handles.set(handle, { bytes: bytesAt(path), at: 0 });
  return handle;
}

export function closeSync(handle: number): void {
  handles.delete(handle);
}

function opened(handle: number): { readonly bytes: Uint8Array; at: number } {
  const file = handles.get(handle);
  if (file === undefined) throw failure('EBADF', String(handle));
  return file;
}

export function fstatSync(handle: number): Stats {
  return new Stats(false, opened(handle).bytes.length);
}

export function readFileSync(file: string | number, encoding?: 'utf8'): Buffer | string {
  const bytes = typeof file === 'number' ? opened(file).bytes : bytesAt(file);
  // A view: the library's name for its own constructor from memory wants the memory to be of one thread.
  const buffer = Buffer.from(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.byteLength);
  return encoding === undefined ? buffer : buffer.toString(encoding);
}

export function readSync(handle: number, into: Uint8Array, offset: number, length: number): number {
  const file = opened(handle);
  const piece = file.bytes.subarray(file.at, file.at + length);
  into.set(piece, offset);
  file.at += piece.length;
  return piece.length;
}

const readOnly = (path: unknown): never => {
  throw failure('EROFS', String(path));
};

export const chmodSync = readOnly;
export const fchmodSync = readOnly;
export const fchownSync = readOnly;
export const fsyncSync = readOnly;
export const linkSync = readOnly;
export const mkdirSync = readOnly;
export const renameSync = readOnly;
export const rmSync = readOnly;
export const utimesSync = readOnly;
export const writeSync = readOnly;
