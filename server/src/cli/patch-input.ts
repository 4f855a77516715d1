/** `--patch FILE|-`: what patches make of the working tree, one after the other. */
import { resolve } from 'node:path';
import { applyPatch } from 'diff';
import type { FileDiff } from '../core/mail/diff.ts';
import { type MailedPatch, patchesIn } from '../core/mail/series.ts';
import { Failure, readNamed } from '../host/disk.ts';
import type { Project } from '../host/project.ts';
import { type Io, UsageError } from './io.ts';

/** Whether a file has a say in what is found. */
export function isSource(path: string): boolean {
  return /(?:\.[ch]|(?:^|\/)(?:Makefile|Kbuild))$/.test(path);
}

/** @throws UsageError when there is none */
export function readPatches(name: string, io: Io): readonly MailedPatch[] {
  const bytes = name === '-' ? io.stdin() : readNamed(resolve(io.cwd, name));
  if (bytes instanceof Failure)
    throw new UsageError(`--patch: ${name} cannot be read (${bytes.problem})`);
  const patches = patchesIn(bytes);
  if (patches.length === 0)
    throw new UsageError(`--patch: no change in ${name === '-' ? 'the patch' : name}`);
  for (const patch of patches)
    if (patch.problem !== undefined)
      throw new UsageError(`--patch: ${nameOf(patch, patches)}${patch.problem}`);
  return patches;
}

/** Says which of several is meant. */
function nameOf({ subject }: MailedPatch, patches: readonly MailedPatch[]): string {
  return patches.length > 1 && subject !== null ? `${subject}: ` : '';
}

export interface AppliedPatch {
  readonly patch: MailedPatch;
  /** The texts as the patch leaves them; a file that goes is an empty one. */
  readonly changed: ReadonlyMap<string, string>;
}

/** @throws UsageError when one does not apply on top of those before it */
export function applied(
  patches: readonly MailedPatch[],
  project: Project,
): readonly AppliedPatch[] {
  const texts = new Map<string, string>();
  return patches.map((patch): AppliedPatch => {
    const changed = new Map<string, string>();
    const say = nameOf(patch, patches);
    const present = (path: string): string => {
      const text = texts.get(path) ?? textOf(project, path);
      if (typeof text === 'string') return text;
      throw new UsageError(`--patch: ${say}${path}: ${text.problem}`);
    };
    for (const file of patch.files) {
      const path = file.to ?? file.from;
      if (path === undefined || !isSource(path)) continue;
      const text = patched(file, present);
      if (text === undefined) throw new UsageError(`--patch: ${say}does not apply to ${path}`);
      changed.set(path, text);
      if (file.from !== undefined && file.from !== path) changed.set(file.from, '');
      for (const [name, now] of changed) texts.set(name, now);
    }
    return { patch, changed };
  });
}

function textOf(project: Project, path: string): string | { readonly problem: string } {
  const result = project.read(path);
  return result.kind === 'text' ? result.text : result;
}

function patched(
  { from, to, hunks }: FileDiff,
  present: (path: string) => string,
): string | undefined {
  const before = from === undefined ? '' : present(from);
  const after = applyPatch(before, {
    oldFileName: from ?? '/dev/null',
    newFileName: to ?? '/dev/null',
    oldHeader: undefined,
    newHeader: undefined,
    hunks: hunks.map(({ head: _, ...hunk }) => ({ ...hunk, lines: [...hunk.lines] })),
  });
  return after === false ? undefined : after;
}
