/** Findings that a change adds: the modules that it touches, analysed before and after. */
import { renamedFunctions, withNames } from '../core/index/renames.ts';
import { Words } from '../core/index/words.ts';
import type { MailedPatch } from '../core/mail/series.ts';
import type { Finding } from '../core/result.ts';
import type { Refine } from '../host/answers.ts';
import { Git } from '../host/git.ts';
import { moduleKey } from '../host/modules.ts';
import { decode } from '../host/sources.ts';
import type { Arguments } from './arguments.ts';
import { type Gathered, gather } from './gather.ts';
import type { Inputs, Wanted } from './inputs.ts';
import { type Io, UsageError } from './io.ts';
import { judging } from './judging.ts';
import { applied, isSource, readPatches } from './patch-input.ts';

const none: ReadonlyMap<string, string> = new Map();

/** The texts that a commit has and the working tree has not; that one is read from the disk. */
async function changeSince(revision: string, root: string): Promise<ReadonlyMap<string, string>> {
  const git = await Git.open(root);
  if (typeof git === 'string') throw new UsageError(`--since: ${git}: ${root}`);
  const commit = await git.commit(revision);
  if (commit === undefined) throw new UsageError(`--since: no commit ${revision}`);
  const before = new Map<string, string>();
  for (const { path, old } of await git.changedSince(commit)) {
    if (!isSource(path)) continue;
    const bytes = old === undefined ? undefined : await git.show(commit, old);
    const text = bytes === undefined ? undefined : decode(bytes);
    before.set(path, text?.kind === 'text' ? text.text : '');
  }
  return before;
}

/** The modules with a changed file, as far as the PATHs ask for them. */
function touched({ project, wanted, folders }: Inputs, paths: readonly string[]): Wanted[] {
  const asked = new Map(wanted.map((entry) => [moduleKey(entry.module), entry]));
  const modules = paths.flatMap((path) => project.modulesOf(path));
  const unique = new Map(modules.map((module) => [moduleKey(module), module]));
  return [...unique].flatMap(([key, module]): Wanted[] => {
    const entry = asked.get(key);
    if (entry !== undefined) return [{ module, files: entry.files }];
    // A module that only the other state of the tree has.
    const inside = folders.some((one) => one === '' || `${module.folder}/`.startsWith(`${one}/`));
    return inside ? [{ module, files: undefined }] : [];
  });
}

async function gatherWith(
  inputs: Inputs,
  texts: ReadonlyMap<string, string>,
  paths: readonly string[],
  args: Arguments,
  io: Io,
  refine?: Refine,
): Promise<Gathered> {
  const { project } = inputs;
  if (texts.size > 0) {
    await project.prepare();
    for (const [path, text] of texts) project.openDocument(path, text);
    // A Makefile may be among them.
    project.invalidate([], true);
  }
  return gather(inputs, touched(inputs, paths), args, io, refine);
}

/**
 * The texts of before as the newer ones call their functions: a finding is named by the function that it is in, and
 * another name makes no new one of it.
 */
function calledAsNow(
  before: ReadonlyMap<string, string>,
  now: (path: string) => string,
): ReadonlyMap<string, string> {
  const sources = [...before].filter(([path]) => /\.[ch]$/.test(path));
  const texts = sources.map(([, text]) => text);
  const names = renamedFunctions(
    texts,
    sources.map(([path]) => now(path)),
    new Words(),
  );
  if (names.size === 0) return before;
  return new Map([
    ...before,
    ...sources.map(([path, text]) => [path, withNames(text, names)] as const),
  ]);
}

function presentText({ project }: Inputs, path: string): string {
  const result = project.read(path);
  return result.kind === 'text' ? result.text : '';
}

/** The findings that are there more often than before; of those alike the last ones are new. */
function grown(before: readonly Finding[], after: readonly Finding[]): readonly Finding[] {
  const left = new Map<string, number>();
  for (const { fingerprint } of before) left.set(fingerprint, (left.get(fingerprint) ?? 0) + 1);
  return after.filter(({ fingerprint }) => {
    const count = left.get(fingerprint) ?? 0;
    left.set(fingerprint, count - 1);
    return count <= 0;
  });
}

/** What one patch adds: where it stands in its series, and what is found then. */
export interface PatchFindings {
  readonly patch: MailedPatch;
  readonly findings: readonly Finding[];
}

export interface Added extends Gathered {
  /** With `--patch`: patch by patch. All their findings together are those of the whole. */
  readonly patches?: readonly PatchFindings[];
}

/** Patch by patch, each on top of those before it. */
async function ofPatches(
  inputs: Inputs,
  before: (texts: ReadonlyMap<string, string>, paths: readonly string[]) => Promise<Gathered>,
  args: Arguments,
  io: Io,
  judge: Refine,
): Promise<Added> {
  const name = args.text('patch') ?? '-';
  const states = applied(readPatches(name, io), inputs.project);
  const present = new Map(
    states.flatMap(({ changed }) =>
      [...changed.keys()].map((path) => [path, presentText(inputs, path)] as const),
    ),
  );
  const atFirst = (path: string): string => present.get(path) ?? '';
  const paths = [...new Set(states.flatMap(({ changed }) => [...changed.keys()]))];
  // What the patches before the present one have made of the tree.
  const texts = new Map<string, string>();
  let last = await before(none, paths);
  const patches: PatchFindings[] = [];
  for (const { patch, changed } of states) {
    if (changed.size === 0) {
      patches.push({ patch, findings: [] });
      continue;
    }
    const base = new Map(
      [...changed.keys()].map((path) => [path, texts.get(path) ?? atFirst(path)] as const),
    );
    const renamed = calledAsNow(base, (path) => changed.get(path) ?? '');
    if (renamed !== base) last = await before(new Map([...texts, ...renamed]), paths);
    const after = await gatherWith(inputs, changed, paths, args, io, judge);
    patches.push({ patch, findings: grown(last.findings, after.findings) });
    last = after;
    for (const [path, text] of changed) texts.set(path, text);
  }
  return { ...last, findings: patches.flatMap(({ findings }) => findings), patches };
}

/**
 * What `--since` and `--patch` ask for.
 * @param reopen opens the same inputs once more, for the other state of the tree
 * @param judge what is done with each finding of the changed state
 * @returns undefined when neither is given
 */
export async function addedFindings(
  inputs: Inputs,
  reopen: () => Inputs,
  args: Arguments,
  io: Io,
  judge: Refine = judging(inputs, args),
): Promise<Added | undefined> {
  const [since, patch] = [args.text('since'), args.text('patch')];
  if (since === undefined && patch === undefined) return undefined;
  if (since !== undefined && patch !== undefined)
    throw new UsageError('--since and --patch exclude each other');
  if (since === undefined)
    return ofPatches(
      inputs,
      (texts, paths) => gatherWith(reopen(), texts, paths, args, io),
      args,
      io,
      judge,
    );
  const changed = await changeSince(since, inputs.project.root.folder);
  const paths = [...changed.keys()];
  const old = calledAsNow(changed, (path) => presentText(inputs, path));
  const before = await gatherWith(reopen(), old, paths, args, io);
  const after = await gatherWith(inputs, none, paths, args, io, judge);
  return { ...after, findings: grown(before.findings, after.findings) };
}
