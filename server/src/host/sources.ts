/**
 * Reads source files. What cannot be analysed gets one clear sentence instead of a text, and what was
 * decoded as latin-1 is remembered as such, so that it can be written back byte for byte.
 */
import { Buffer, isUtf8 } from 'node:buffer';
import { join } from 'node:path';
import { Failure, isListed, readRegular, readStart, statOf } from './disk.ts';

export type Encoding = 'utf-8' | 'latin-1';

export interface SourceText {
  readonly kind: 'text';
  readonly text: string;
  readonly encoding: Encoding;
  /** Something worth saying although the file was read. */
  readonly notice: string | undefined;
}

export interface Unreadable {
  readonly kind: 'unreadable';
  readonly problem: string;
  /** There is no entry of that name at all; generated sources are not there before a build. */
  readonly missing: boolean;
}

export type ReadResult = SourceText | Unreadable;

/** Larger files are generated data, and would hold up everything else. */
const maximumBytes = 8 * 1024 * 1024;

function unreadable(problem: string, missing = false): Unreadable {
  return { kind: 'unreadable', problem, missing };
}

/** Turns a file's bytes into text. A byte order mark stays in the text, so that it can be written back. */
export function decode(bytes: Buffer): ReadResult {
  if (bytes.includes(0)) return unreadable('binary file (holds NUL bytes), skipped');
  if (isUtf8(bytes))
    return { kind: 'text', text: bytes.toString('utf8'), encoding: 'utf-8', notice: undefined };
  const notice = 'not valid UTF-8, read as latin-1';
  return { kind: 'text', text: bytes.toString('latin1'), encoding: 'latin-1', notice };
}

/** The inverse of `decode`. */
export function encode(text: string, encoding: Encoding): Buffer {
  return Buffer.from(text, encoding === 'latin-1' ? 'latin1' : 'utf8');
}

/** Reads one file of the disk. Never throws, and waits for nothing. */
export function readSource(file: string): ReadResult {
  const bytes = readRegular(file, maximumBytes);
  if (!(bytes instanceof Failure)) return decode(bytes);
  if (bytes.code !== 'ENOENT') return unreadable(bytes.problem);
  return isListed(file) ? unreadable('symbolic link to nothing') : unreadable(bytes.problem, true);
}

/** The size of a regular file, or undefined when there is none. */
export function sizeOf(file: string): number | undefined {
  const stats = statOf(file);
  return stats instanceof Failure || !stats.isFile() ? undefined : stats.size;
}

/** The first bytes of a file as latin-1, enough to judge what kind of file it is. */
export function readHead(file: string, bytes: number): string | undefined {
  const start = readStart(file, bytes);
  return start instanceof Failure ? undefined : start.toString('latin1');
}

/** The files under one root, where the text of an open document wins over the disk. */
export class Sources {
  private readonly root: string;
  private readonly overlay = new Map<string, string>();

  constructor(root: string) {
    this.root = root;
  }

  /** The absolute name of a path relative to the root. */
  absolute(path: string): string {
    return join(this.root, path);
  }

  isOpen(path: string): boolean {
    return this.overlay.has(path);
  }

  setOpen(path: string, text: string): void {
    this.overlay.set(path, text);
  }

  close(path: string): void {
    this.overlay.delete(path);
  }

  read(path: string): ReadResult {
    const text = this.overlay.get(path);
    if (text !== undefined) return { kind: 'text', text, encoding: 'utf-8', notice: undefined };
    return readSource(this.absolute(path));
  }

  /** The text, or undefined when there is none to be had. */
  text(path: string): string | undefined {
    const result = this.read(path);
    return result.kind === 'text' ? result.text : undefined;
  }

  exists(path: string): boolean {
    return this.overlay.has(path) || sizeOf(this.absolute(path)) !== undefined;
  }
}
