/**
 * New texts for files, all of them or none. Each is written whole beside the old one and takes its
 * name when all the others are there too: a full disk, a crash or a lack of permission leaves the old
 * text, never a part of the new.
 */
import { randomBytes } from 'node:crypto';
import type { Stats } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  Failure,
  linkFile,
  readRegular,
  realPath,
  removeFile,
  renameFile,
  statOf,
  syncFolder,
  whyNotWritable,
  writeInto,
  writeNew,
} from './disk.ts';
import { isInside } from './root.ts';

export interface Replacement {
  /** Absolute, without links. */
  readonly file: string;
  /** What the file must still hold. */
  readonly before: Uint8Array;
  readonly after: Uint8Array;
}

export interface Refused {
  readonly file: string;
  readonly problem: string;
}

/** The steps that may fail; a test puts its own in their place. */
export interface ReplaceSteps {
  readonly writeNew: typeof writeNew;
  readonly linkFile: typeof linkFile;
  readonly renameFile: typeof renameFile;
}

const realSteps: ReplaceSteps = { writeNew, linkFile, renameFile };

interface Prepared {
  readonly file: string;
  /** The new text. */
  readonly fresh: string;
  /** The old text under another name, when other files may fail after this one. */
  readonly kept: string | undefined;
}

/**
 * Where a file of a tree may be written: where it stands, or, behind a symbolic link, at the link's
 * target when that lies below one of the `places` that the user named. Any other link leads to a file
 * that nobody spoke of.
 * @param root absolute
 * @param path below the root
 * @param places absolute folders
 */
export function placeToWrite(
  root: string,
  path: string,
  places: readonly string[],
): string | Failure {
  const top = realPath(root);
  const real = realPath(join(root, path));
  if (top instanceof Failure) return top;
  if (real instanceof Failure) return real;
  if (isInside(top, real) && real === join(top, path)) return real;
  const named = places.map(realPath);
  if (named.some((place) => !(place instanceof Failure) && isInside(place, real))) return real;
  return new Failure(`lies outside, at ${real}, left as it is`);
}

/**
 * Replaces all files, or none.
 * @returns undefined when all have their new text; else what went wrong, and all have their old one
 */
export function replaceAll(
  files: readonly Replacement[],
  steps: ReplaceSteps = realSteps,
): Refused | undefined {
  const batch = new Batch(steps);
  try {
    return batch.prepare(files) ?? changed(files) ?? batch.rename();
  } finally {
    batch.clear();
    for (const folder of new Set(files.map(({ file }) => dirname(file)))) syncFolder(folder);
  }
}

/**
 * Writes a file that a person named, whole or not at all. Where a link of that name stands, it goes on
 * to be one: its target is written.
 */
export function writeWhole(named: string, bytes: Uint8Array): Failure | undefined {
  const real = realPath(named);
  const file = real instanceof Failure ? named : real;
  const stats = statOf(file);
  // A pipe or a terminal (`/dev/stdout`) has no other name to take.
  if (!(stats instanceof Failure) && !stats.isFile()) return writeInto(file, bytes);
  const random = randomBytes(6).toString('hex');
  const fresh = join(dirname(file), `.driver-teardown-${random}.tmp`);
  const failed =
    writeNew(fresh, bytes, stats instanceof Failure ? undefined : stats) ?? renameFile(fresh, file);
  if (failed !== undefined) removeFile(fresh);
  return failed;
}

/** Asked as late as can be: an editor may have saved meanwhile. */
function changed(files: readonly Replacement[]): Refused | undefined {
  for (const { file, before } of files) {
    const now = readRegular(file);
    if (now instanceof Failure) return { file, problem: now.problem };
    if (!now.equals(before))
      return { file, problem: 'changed while it was analysed, left as it is' };
  }
  return undefined;
}

class Batch {
  private readonly steps: ReplaceSteps;
  private readonly prepared: Prepared[] = [];
  /** Files of our own making, to be removed at the end. */
  private readonly scrap = new Set<string>();

  constructor(steps: ReplaceSteps) {
    this.steps = steps;
  }

  /** Writes the new texts beside the old ones, which get a second name when others may fail. */
  prepare(files: readonly Replacement[]): Refused | undefined {
    for (const { file, before, after } of files) {
      const stats = statOf(file);
      const failed =
        stats instanceof Failure
          ? stats
          : (whyNotWritable(file) ?? this.prepareOne(file, before, after, stats, files.length > 1));
      if (failed !== undefined) return { file, problem: `cannot be written: ${failed.problem}` };
    }
    return undefined;
  }

  /** Gives the new texts their names; when one cannot have it, the others give it back. */
  rename(): Refused | undefined {
    const done: Prepared[] = [];
    for (const one of this.prepared) {
      const failed = this.steps.renameFile(one.fresh, one.file);
      if (failed !== undefined) {
        const lost = done.flatMap((earlier) => this.putBack(earlier));
        const problem = [`cannot be written: ${failed.problem}`, ...lost].join('; ');
        return { file: one.file, problem };
      }
      done.push(one);
    }
    return undefined;
  }

  clear(): void {
    for (const name of this.scrap) removeFile(name);
  }

  private prepareOne(
    file: string,
    before: Uint8Array,
    after: Uint8Array,
    stats: Stats,
    keeps: boolean,
  ): Failure | undefined {
    const fresh = this.besides(file);
    const kept = keeps ? this.besides(file) : undefined;
    this.prepared.push({ file, fresh, kept });
    const failed = this.steps.writeNew(fresh, after, stats);
    // A second name costs no space; where there are none, a copy has to do.
    if (failed !== undefined || kept === undefined || !this.steps.linkFile(file, kept))
      return failed;
    return this.steps.writeNew(kept, before, stats);
  }

  private besides(file: string): string {
    const random = randomBytes(6).toString('hex');
    const name = join(dirname(file), `.driver-teardown-${random}.tmp`);
    this.scrap.add(name);
    return name;
  }

  /** @returns what to tell when the old text did not get its name back */
  private putBack({ file, kept }: Prepared): readonly string[] {
    const failed = kept === undefined ? undefined : this.steps.renameFile(kept, file);
    if (kept === undefined || failed === undefined) return [];
    this.scrap.delete(kept);
    return [`${file} has its new text already (${failed.problem}); the old one is in ${kept}`];
  }
}
