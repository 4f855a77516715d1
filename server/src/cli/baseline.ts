/** `--write-baseline` and `--baseline`: findings that are known and not reported again. */
import { resolve } from 'node:path';
import type { Finding } from '../core/result.ts';
import { Failure, readNamed } from '../host/disk.ts';
import { writeWhole } from '../host/replace.ts';
import { UsageError } from './io.ts';

interface Entry {
  readonly rule: string;
  readonly file: string;
  readonly fingerprint: string;
  readonly count: number;
}

function keyOf(entry: {
  readonly rule: string;
  readonly file: string;
  readonly fingerprint: string;
}): string {
  return `${entry.file}\0${entry.rule}\0${entry.fingerprint}`;
}

/** Entries carry a count: the same finding once more in the same place is new. */
export function writeBaseline(name: string, findings: readonly Finding[], cwd: string): void {
  const counts = new Map<string, Entry>();
  for (const { rule, place, fingerprint } of findings) {
    const entry = { rule, file: place.file, fingerprint };
    counts.set(keyOf(entry), { ...entry, count: (counts.get(keyOf(entry))?.count ?? 0) + 1 });
  }
  const entries = [...counts.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, entry]) => entry);
  const text = `${JSON.stringify({ version: 1, findings: entries }, null, 2)}\n`;
  const failed = writeWhole(resolve(cwd, name), Buffer.from(text));
  if (failed !== undefined) throw new UsageError(`${name}: cannot be written: ${failed.problem}`);
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
  const entries = (value as { findings?: unknown } | null)?.findings;
  if (!Array.isArray(entries) || !entries.every(isEntry))
    throw new UsageError(`${name}: not a baseline`);
  return entries;
}

/** The findings that the baseline does not list. */
export function withoutBaseline(
  name: string,
  findings: readonly Finding[],
  cwd: string,
): readonly Finding[] {
  const left = new Map(readEntries(name, cwd).map((entry) => [keyOf(entry), entry.count]));
  return findings.filter(({ rule, place, fingerprint }) => {
    const key = keyOf({ rule, file: place.file, fingerprint });
    const known = left.get(key) ?? 0;
    left.set(key, known - 1);
    return known <= 0;
  });
}
