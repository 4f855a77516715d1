/**
 * The one way to the file system. Every call may fail on any entry of a tree that somebody else made
 * (a link to itself, a folder without permission, a pipe called Makefile), and no such entry may end a
 * run: nothing here throws, and nothing here waits. What went wrong comes back as words for people.
 */
import { isUtf8 } from 'node:buffer';
import {
  chmodSync,
  closeSync,
  constants,
  type Dirent,
  fchmodSync,
  fchownSync,
  fstatSync,
  fsyncSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  utimesSync,
  writeSync,
} from 'node:fs';

/** Why the disk did not do what was asked. */
export class Failure {
  /** Words for people, without the file's name. */
  readonly problem: string;
  /** `ENOENT` and the like; empty when the operating system gave none. */
  readonly code: string;

  constructor(problem: string, code = '') {
    this.problem = problem;
    this.code = code;
  }
}

const words: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EDQUOT: 'disk quota exceeded',
  EEXIST: 'is there already',
  EIO: 'input/output error',
  EISDIR: 'is a folder',
  ELOOP: 'too many symbolic links',
  ENAMETOOLONG: 'the name is too long',
  ENOENT: 'no such file',
  ENOSPC: 'no space left on the disk',
  ENOTDIR: 'a part of its path is not a folder',
  ENXIO: 'not a regular file, skipped',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
};

function failureOf(error: unknown): Failure {
  const code = (error as NodeJS.ErrnoException | null)?.code ?? '';
  return new Failure(words[code] ?? `failed (${code === '' ? String(error) : code})`, code);
}

function tried<T>(act: () => T): T | Failure {
  try {
    return act();
  } catch (error) {
    return failureOf(error);
  }
}

/** What stands at a path, links followed. */
export function statOf(path: string): Stats | Failure {
  return tried(() => statSync(path));
}

function are(stats: Stats | Failure, what: (stats: Stats) => boolean): boolean {
  return !(stats instanceof Failure) && what(stats);
}

export function isFolder(path: string): boolean {
  return are(statOf(path), (stats) => stats.isDirectory());
}

export function isFile(path: string): boolean {
  return are(statOf(path), (stats) => stats.isFile());
}

/** Whether anything can be reached at a path; a link to nothing is nothing. */
export function exists(path: string): boolean {
  return are(statOf(path), () => true);
}

/** Whether there is an entry of that name, whatever it leads to. */
export function isListed(path: string): boolean {
  return are(
    tried(() => lstatSync(path)),
    () => true,
  );
}

export function listFolder(folder: string): readonly Dirent[] | Failure {
  return tried(() => readdirSync(folder, { withFileTypes: true }));
}

/** An entry whose name is no UTF-8: there is no text by which it could be opened. */
export interface OddName {
  readonly bytes: Buffer;
  /** Whether it is a C source or a folder, by what can be seen of it. */
  readonly isSource: boolean;
}

/** The entries of a listed folder whose names are no UTF-8. Asks the disk again only if one may be. */
export function oddNames(folder: string, entries: readonly Dirent[]): ReadonlyMap<Dirent, OddName> {
  if (!entries.some(({ name }) => name.includes('\ufffd'))) return new Map();
  const raw = tried(() => readdirSync(folder, { encoding: 'buffer' }));
  const left = raw instanceof Failure ? [] : raw.filter((bytes) => !isUtf8(bytes));
  return new Map(
    entries.flatMap((entry): [Dirent, OddName][] => {
      const at = left.findIndex((bytes) => bytes.toString('utf8') === entry.name);
      const [bytes] = at < 0 ? [] : left.splice(at, 1);
      const isSource = entry.isDirectory() || /\.[ch]$/.test(entry.name);
      return bytes === undefined ? [] : [[entry, { bytes, isSource }]];
    }),
  );
}

/** The path without any link in it. */
export function realPath(path: string): string | Failure {
  return tried(() => realpathSync(path));
}

/** Runs with an open file, and closes it. */
function withFile<T>(
  file: string,
  flags: number,
  mode: number,
  act: (handle: number) => T | Failure,
): T | Failure {
  return tried(() => {
    const handle = openSync(file, flags, mode);
    try {
      return act(handle);
    } finally {
      closeSync(handle);
    }
  });
}

/** Opening a pipe would wait for somebody to write into it; Windows has no such flag and no such files. */
const reading = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

function withRegularFile<T>(
  file: string,
  act: (handle: number, stats: Stats) => T | Failure,
): T | Failure {
  return withFile(file, reading, 0, (handle) => {
    const stats = fstatSync(handle);
    if (stats.isDirectory()) return new Failure(words.EISDIR ?? '', 'EISDIR');
    return stats.isFile() ? act(handle, stats) : new Failure('not a regular file, skipped');
  });
}

/** The bytes of a regular file, unless it has more than `maximum` of them. */
export function readRegular(file: string, maximum = Number.POSITIVE_INFINITY): Buffer | Failure {
  return withRegularFile(file, (handle, { size }) =>
    size > maximum
      ? new Failure(`too large (${(size / 1e6).toFixed(1)} MB), skipped`)
      : readFileSync(handle),
  );
}

/** The first bytes of a regular file. */
export function readStart(file: string, bytes: number): Buffer | Failure {
  return withRegularFile(file, (handle) => {
    const buffer = Buffer.alloc(bytes);
    return buffer.subarray(0, readSync(handle, buffer, 0, bytes, 0));
  });
}

/** What a person named on purpose, be it a pipe (`<(git diff)`) or, with `-`, the standard input. */
export function readNamed(file: string): Buffer | Failure {
  const read = (handle: number): Buffer | Failure => {
    const pieces: Buffer[] = [];
    let size = 0;
    for (;;) {
      const piece = Buffer.alloc(pieceSize);
      const got = next(handle, piece);
      if (got === 0) return Buffer.concat(pieces);
      size += got;
      // A device may never end.
      if (size > mostNamed) return endless(mostNamed);
      pieces.push(piece.subarray(0, got));
    }
  };
  return file === '-' ? tried(() => read(0)) : withFile(file, constants.O_RDONLY, 0, read);
}

/** More is no patch, baseline or configuration. */
const mostNamed = 64 << 20;
/** More is no log. */
const mostLines = 1 << 30;

function endless(maximum: number): Failure {
  return new Failure(`more than ${maximum >> 20} MB: not read`);
}

/** So much of a file is read at once where it is taken line by line. */
const pieceSize = 1 << 20;

/**
 * Takes what a person named line by line, each as latin1 and without its newline: no more of it than one piece is
 * kept. Of a line longer than `maximum` only its beginning is given.
 */
export function eachLine(
  file: string,
  maximum: number,
  take: (line: string) => void,
): Failure | undefined {
  const read = (handle: number): Failure | undefined => {
    const piece = Buffer.alloc(pieceSize);
    let rest = '';
    let size = 0;
    for (let got = next(handle, piece); got > 0; got = next(handle, piece)) {
      size += got;
      if (size > mostLines) return endless(mostLines);
      let start = 0;
      for (let end = piece.indexOf(10, 0); end >= 0 && end < got; end = piece.indexOf(10, start)) {
        take(rest + piece.toString('latin1', start, Math.min(end, start + maximum)));
        rest = '';
        start = end + 1;
      }
      if (rest.length < maximum)
        rest += piece.toString('latin1', start, Math.min(got, start + maximum));
    }
    if (rest !== '') take(rest);
    return undefined;
  };
  const done = file === '-' ? tried(() => read(0)) : withFile(file, constants.O_RDONLY, 0, read);
  return done instanceof Failure ? done : undefined;
}

/** The next bytes of a file; 0 at its end, which a closed pipe says in its own way. */
function next(handle: number, piece: Buffer): number {
  const got = tried(() => readSync(handle, piece, 0, piece.length, null));
  if (!(got instanceof Failure)) return got;
  if (got.code === 'EOF') return 0;
  throw Object.assign(new Error(got.problem), { code: got.code });
}

/** Makes a folder with all those above it. */
export function makeFolder(folder: string): Failure | undefined {
  const made = tried(() => void mkdirSync(folder, { recursive: true }));
  return made instanceof Failure ? made : undefined;
}

/** Removes a file; that there is none is no failure. */
export function removeFile(file: string): Failure | undefined {
  const gone = tried(() => rmSync(file, { force: true }));
  return gone instanceof Failure ? gone : undefined;
}

/** Dates a file to `seconds`. */
export function touchFile(file: string, seconds: number): void {
  tried(() => utimesSync(file, seconds, seconds));
}

export function renameFile(from: string, to: string): Failure | undefined {
  const done = tried(() => renameSync(from, to));
  return done instanceof Failure ? done : undefined;
}

/** A second name for a file. */
export function linkFile(file: string, name: string): Failure | undefined {
  const done = tried(() => linkSync(file, name));
  return done instanceof Failure ? done : undefined;
}

/** Whoever may read a file may run it. */
export function makeExecutable(file: string): Failure | undefined {
  const done = tried(() => {
    const { mode } = statSync(file);
    chmodSync(file, (mode & 0o777) | ((mode & 0o444) >> 2));
  });
  return done instanceof Failure ? done : undefined;
}

/** Whether the file may be written to, as it stands. */
export function whyNotWritable(file: string): Failure | undefined {
  const opened = withFile(file, constants.O_WRONLY | (constants.O_NONBLOCK ?? 0), 0, () => {});
  return opened instanceof Failure ? opened : undefined;
}

/**
 * Makes a file that was not there before. What could not be written whole is removed.
 * @param like whose owner and mode it gets
 * @param durable whether it has to be on the disk before this returns
 */
export function writeNew(
  file: string,
  bytes: Uint8Array,
  like?: Stats,
  durable = true,
): Failure | undefined {
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL;
  const written = withFile(file, flags, like === undefined ? 0o666 : 0o600, (handle) => {
    for (let at = 0; at < bytes.length; ) at += writeSync(handle, bytes, at);
    if (like !== undefined) {
      // Only root can give a file away, and only then is there anybody to give it to.
      tried(() => fchownSync(handle, like.uid, like.gid));
      fchmodSync(handle, like.mode & 0o7777);
    }
    if (durable) fsyncSync(handle);
  });
  if (!(written instanceof Failure)) return undefined;
  if (written.code !== 'EEXIST') removeFile(file);
  return written;
}

/** Writes into what is there already and is no file: a pipe, a terminal. */
export function writeInto(file: string, bytes: Uint8Array): Failure | undefined {
  const written = withFile(file, constants.O_WRONLY, 0, (handle) => {
    for (let at = 0; at < bytes.length; ) at += writeSync(handle, bytes, at);
  });
  return written instanceof Failure ? written : undefined;
}

/** What happened in a folder reaches the disk; where folders cannot be synced it does so later. */
export function syncFolder(folder: string): void {
  withFile(folder, constants.O_RDONLY, 0, (handle) => fsyncSync(handle));
}
