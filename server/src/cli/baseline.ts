/** `--write-baseline`, `--baseline` and `--prune-baseline`: findings that are known and not reported again. */
import { resolve } from 'node:path';
import type { Finding } from '../core/result.ts';
import { Failure, isFile, readNamed } from '../host/disk.ts';
import { writeWhole } from '../host/replace.ts';
import { UsageError } from './io.ts';

interface Entry {
  readonly rule: string;
  readonly file: string;
  readonly fingerprint: string;
  readonly count: number;
}

type Key = Omit<Entry, 'count'>;

/** Counts up when entries of before would match nothing any more. */
const version = 2;

function keyOf({ file, rule, fingerprint }: Key): string {
  return `${file}\0${rule}\0${fingerprint}`;
}

function writeEntries(name: string, entries: readonly Entry[], cwd: string): void {
  const byKey = new Map(entries.map((entry) => [keyOf(entry), entry]));
  const findings = [...byKey]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { rule, file, fingerprint, count }]) => ({ rule, file, fingerprint, count }));
  const text = `${JSON.stringify({ version, findings }, null, 2)}\n`;
  const failed = writeWhole(resolve(cwd, name), Buffer.from(text));
  if (failed !== undefined) throw new UsageError(`${name}: cannot be written: ${failed.problem}`);
}

function entriesOf(findings: readonly Finding[]): Entry[] {
  const counts = new Map<string, Entry>();
  for (const { rule, place, fingerprint } of findings) {
    const key = { rule, file: place.file, fingerprint };
    counts.set(keyOf(key), { ...key, count: (counts.get(keyOf(key))?.count ?? 0) + 1 });
  }
  return [...counts.values()];
}

/** Entries carry a count: the same finding once more in the same place is new. */
export function writeBaseline(name: string, findings: readonly Finding[], cwd: string): void {
  writeEntries(name, entriesOf(findings), cwd);
}

function isEntry(value: unknown): value is Entry {
  const entry = value as Partial<Entry> | null;
  return (
    typeof entry?.rule === 'string' &&
    typeof entry.file === 'string' &&
    typeof entry.fingerprint === 'string' &&
    typeof entry.count === 'number'
  );
}

function readEntries(name: string, cwd: string): readonly Entry[] {
  const bytes = readNamed(resolve(cwd, name));
  if (bytes instanceof Failure) throw new UsageError(`${name}: ${bytes.problem}`);
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString('utf8'));
  } catch {
    throw new UsageError(`${name}: not a baseline`);
  }
  const read = value as { version?: unknown; findings?: unknown } | null;
  const entries = read?.findings;
  if (!Array.isArray(entries) || !entries.every(isEntry))
    throw new UsageError(`${name}: not a baseline`);
  if (read?.version !== version)
    throw new UsageError(
      `${name}: a baseline of another version, whose findings have other names: write it again`,
    );
  return entries;
}

export interface Compared {
  /** The findings that the baseline does not list. */
  readonly fresh: readonly Finding[];
  /** Those that it lists. */
  readonly known: readonly Finding[];
  readonly entries: readonly Entry[];
  /** What of the entries is not found, with the count that is left. */
  readonly missing: readonly Entry[];
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
 * Compares with a baseline: first file by file, then what is left of files that are gone with findings
 * elsewhere, for a file that was renamed took its findings along.
 * @param root the folder that the files of the entries are relative to
 */
export function compareWithBaseline(
  name: string,
  findings: readonly Finding[],
  root: string,
  cwd: string,
): Compared {
  const entries = readEntries(name, cwd);
  const same = new Map(entries.map((entry) => [keyOf(entry), entry.count]));
  const known: Finding[] = [];
  const took = (finding: Finding): void => void known.push(finding);
  const others = takeFrom(
    same,
    findings,
    ({ rule, place, fingerprint }) => keyOf({ rule, file: place.file, fingerprint }),
    took,
  );
  const gone = entries.filter(({ file }) => !isFile(resolve(root, file)));
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
  const missing = entries.map((entry) => {
    const [left, key] = isGone.has(entry)
      ? [moved, keyOf({ ...entry, file: '' })]
      : [same, keyOf(entry)];
    const count = Math.min(entry.count, left.get(key) ?? 0);
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
 */
export function pruneBaseline(
  name: string,
  { known, missing }: Compared,
  isSeen: (file: string) => boolean,
  cwd: string,
): number {
  const unseen = missing.filter(({ file }) => !isSeen(file));
  const counts = new Map(entriesOf(known).map((entry) => [keyOf(entry), entry]));
  for (const entry of unseen) {
    const count = entry.count + (counts.get(keyOf(entry))?.count ?? 0);
    counts.set(keyOf(entry), { ...entry, count });
  }
  writeEntries(name, [...counts.values()], cwd);
  return missing.reduce((sum, { count, file }) => sum + (isSeen(file) ? count : 0), 0);
}
