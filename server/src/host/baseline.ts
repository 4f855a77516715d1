/** Findings that are known and not told again: a file that lists them, each with how often it is there. */
import { dirname, isAbsolute, join } from 'node:path';
import type { Finding } from '../core/result.ts';
import type { Configuration } from './configuration.ts';
import { Failure, isFile, isListed, readNamed } from './disk.ts';
import { writeWhole } from './replace.ts';

/** Read by itself where it lies in the folder of a project. */
export const baselineName = '.driver-teardown-baseline.json';

/** A baseline that cannot be used. `message` is one line for a user and does not name the file. */
export class BaselineError extends Error {}

export interface BaselineEntry {
  readonly rule: string;
  /** Relative to the folder of the project. */
  readonly file: string;
  readonly fingerprint: string;
  readonly count: number;
}

type Key = Omit<BaselineEntry, 'count'>;

/** Counts up when entries of before would match nothing any more. */
const version = 2;

function keyOf({ file, rule, fingerprint }: Key): string {
  return `${file}\0${rule}\0${fingerprint}`;
}

/**
 * The baseline of a project: what its configuration names, else the file of the usual name.
 * @returns absolute; whether it is there is another question
 */
export function baselineFile(root: string, { baseline, file }: Configuration): string {
  if (baseline === undefined) return join(root, baselineName);
  return isAbsolute(baseline)
    ? baseline
    : join(file === undefined ? root : dirname(file), baseline);
}

/** Whether there is one to read. */
export function hasBaseline(file: string): boolean {
  return isListed(file);
}

/** @throws BaselineError when it cannot be written */
export function writeEntries(file: string, entries: readonly BaselineEntry[]): void {
  const byKey = new Map(entries.map((entry) => [keyOf(entry), entry]));
  const findings = [...byKey]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { rule, file: path, fingerprint, count }]) => ({
      rule,
      file: path,
      fingerprint,
      count,
    }));
  const text = `${JSON.stringify({ version, findings }, null, 2)}\n`;
  const failed = writeWhole(file, Buffer.from(text));
  if (failed !== undefined) throw new BaselineError(`cannot be written: ${failed.problem}`);
}

/** Entries carry a count: the same finding once more in the same place is new. */
export function entriesOf(findings: readonly Finding[]): BaselineEntry[] {
  const counts = new Map<string, BaselineEntry>();
  for (const { rule, place, fingerprint } of findings) {
    const key = { rule, file: place.file, fingerprint };
    counts.set(keyOf(key), { ...key, count: (counts.get(keyOf(key))?.count ?? 0) + 1 });
  }
  return [...counts.values()];
}

function isEntry(value: unknown): value is BaselineEntry {
  const entry = value as Partial<BaselineEntry> | null;
  return (
    typeof entry?.rule === 'string' &&
    typeof entry.file === 'string' &&
    typeof entry.fingerprint === 'string' &&
    typeof entry.count === 'number'
  );
}

/**
 * @param open a pipe that a setting of somebody's repository names is not waited for: a server reads regular files
 * alone
 * @throws BaselineError when it cannot be read, or is none
 */
export function readEntries(
  file: string,
  open: (file: string) => Buffer | Failure = readNamed,
): readonly BaselineEntry[] {
  const bytes = open(file);
  if (bytes instanceof Failure) throw new BaselineError(bytes.problem);
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString('utf8'));
  } catch {
    throw new BaselineError('not a baseline');
  }
  const read = value as { version?: unknown; findings?: unknown } | null;
  const entries = read?.findings;
  if (!Array.isArray(entries) || !entries.every(isEntry)) throw new BaselineError('not a baseline');
  if (read?.version !== version)
    throw new BaselineError(
      'a baseline of another version, whose findings have other names: write it again',
    );
  return entries;
}

export interface Compared {
  /** The findings that the baseline does not list. */
  readonly fresh: readonly Finding[];
  /** Those that it lists. */
  readonly known: readonly Finding[];
  readonly entries: readonly BaselineEntry[];
  /** What of the entries is not found, with the count that is left. */
  readonly missing: readonly BaselineEntry[];
}

/** Takes from each entry what it allows, and returns the findings that none did. */
function takeFrom(
  left: Map<string, number>,
  findings: readonly Finding[],
  nameOf: (finding: Finding) => string,
  took: (finding: Finding) => void,
): readonly Finding[] {
  return findings.filter((finding) => {
    const known = left.get(nameOf(finding)) ?? 0;
    if (known <= 0) return true;
    left.set(nameOf(finding), known - 1);
    took(finding);
    return false;
  });
}

/**
 * Compares with a baseline: first file by file, then what is left of files that are gone, or that were looked
 * at and have it no more, with findings elsewhere: a file that was renamed took its findings along, and
 * so did a function that was moved.
 * @param root the folder that the files of the entries are relative to
 * @param isSeen whether a file was looked at, so that what is not found in it is gone from there
 */
export function compareWithBaseline(
  entries: readonly BaselineEntry[],
  findings: readonly Finding[],
  root: string,
  isSeen: (file: string) => boolean,
): Compared {
  const same = new Map(entries.map((entry) => [keyOf(entry), entry.count]));
  const known: Finding[] = [];
  const took = (finding: Finding): void => void known.push(finding);
  const others = takeFrom(
    same,
    findings,
    ({ rule, place, fingerprint }) => keyOf({ rule, file: place.file, fingerprint }),
    took,
  );
  const open = entries.filter((entry) => (same.get(keyOf(entry)) ?? 0) > 0);
  const gone = open.filter(({ file }) => isSeen(file) || !isFile(join(root, file)));
  const moved = new Map<string, number>();
  for (const entry of gone) {
    const key = keyOf({ ...entry, file: '' });
    moved.set(key, (moved.get(key) ?? 0) + (same.get(keyOf(entry)) ?? 0));
  }
  const fresh = takeFrom(
    moved,
    others,
    ({ rule, fingerprint }) => keyOf({ rule, file: '', fingerprint }),
    took,
  );
  const isGone = new Set(gone);
  const missing = open.map((entry) => {
    const [left, key] = isGone.has(entry)
      ? [moved, keyOf({ ...entry, file: '' })]
      : [same, keyOf(entry)];
    const count = Math.min(same.get(keyOf(entry)) ?? 0, left.get(key) ?? 0);
    left.set(key, (left.get(key) ?? 0) - count);
    return { ...entry, count };
  });
  return { fresh, known, entries, missing: missing.filter(({ count }) => count > 0) };
}

/**
 * Takes out of a baseline what is not found any more, names files as they are called now, and adds
 * nothing.
 * @param isSeen whether a file was looked at, so that what is not found in it is gone
 * @returns how many findings it lists no more
 * @throws BaselineError when it cannot be written
 */
export function pruneBaseline(
  file: string,
  { known, missing }: Compared,
  isSeen: (path: string) => boolean,
): number {
  const unseen = missing.filter(({ file: path }) => !isSeen(path));
  const counts = new Map(entriesOf(known).map((entry) => [keyOf(entry), entry]));
  for (const entry of unseen) {
    const count = entry.count + (counts.get(keyOf(entry))?.count ?? 0);
    counts.set(keyOf(entry), { ...entry, count });
  }
  writeEntries(file, [...counts.values()]);
  return missing.reduce((sum, { count, file: path }) => sum + (isSeen(path) ? count : 0), 0);
}

/**
 * Lists one finding more.
 * @throws BaselineError when the file is no baseline, or cannot be written
 */
export function addToBaseline(file: string, finding: Finding): void {
  const before = hasBaseline(file) ? readEntries(file) : [];
  const counts = new Map(before.map((entry) => [keyOf(entry), entry]));
  for (const entry of entriesOf([finding])) {
    const count = entry.count + (counts.get(keyOf(entry))?.count ?? 0);
    counts.set(keyOf(entry), { ...entry, count });
  }
  writeEntries(file, [...counts.values()]);
}
