/** Findings that a change adds: the modules that it touches, analysed before and after. */
import { resolve } from 'node:path';
import { applyPatch, parsePatch } from 'diff';
import type { Finding } from '../core/result.ts';
import type { Refine } from '../host/answers.ts';
import { Failure, readNamed } from '../host/disk.ts';
import { Git } from '../host/git.ts';
import { moduleKey } from '../host/modules.ts';
import type { Project } from '../host/project.ts';
import { decode } from '../host/sources.ts';
import type { Arguments } from './arguments.ts';
import { type Gathered, gather } from './gather.ts';
import type { Inputs, Wanted } from './inputs.ts';
import { type Io, UsageError } from './io.ts';
import { judging } from './judging.ts';

/** A change as the texts that differ. An absent file is an empty text. */
interface Change {
  readonly before: ReadonlyMap<string, string>;
  readonly after: ReadonlyMap<string, string>;
}

const none: ReadonlyMap<string, string> = new Map();
const source = /(?:\.[ch]|(?:^|\/)(?:Makefile|Kbuild))$/;

/** The difference between a commit and the working tree, which is read from the disk. */
async function changeSince(revision: string, root: string): Promise<Change> {
  const git = await Git.open(root);
  if (typeof git === 'string') throw new UsageError(`--since: ${git}: ${root}`);
  const commit = await git.commit(revision);
  if (commit === undefined) throw new UsageError(`--since: no commit ${revision}`);
  const before = new Map<string, string>();
  for (const { path, old } of await git.changedSince(commit)) {
    if (!source.test(path)) continue;
    const bytes = old === undefined ? undefined : await git.show(commit, old);
    const text = bytes === undefined ? undefined : decode(bytes);
    before.set(path, text?.kind === 'text' ? text.text : '');
  }
  return { before, after: none };
}

/** What git writes below a mailed patch looks like one more removed line. */
const mailFoot = /^-- \r?\n[^\n]*\n\s*(?=From [0-9a-f]{40}|(?![^]))/gm;

/** The path that a patch names, without the `a/` or `b/` that git and `patch -p1` strip. */
function stripped(name: string | undefined): string | undefined {
  const path = name?.replace(/\t.*$/, '').trim();
  return path === undefined || path === '/dev/null' ? undefined : path.replace(/^[^/]*\//, '');
}

function readPatch(name: string, cwd: string): string {
  const bytes = readNamed(name === '-' ? name : resolve(cwd, name));
  if (bytes instanceof Failure)
    throw new UsageError(`--patch: ${name} cannot be read (${bytes.problem})`);
  const result = decode(bytes);
  if (result.kind === 'text') return result.text;
  throw new UsageError(`--patch: ${name}: ${result.problem}`);
}

function parse(name: string, text: string): ReturnType<typeof parsePatch> {
  try {
    const parts = parsePatch(text.replace(mailFoot, '')).filter(({ hunks }) => hunks.length > 0);
    if (parts.length > 0) return parts;
  } catch (error) {
    throw new UsageError(
      `--patch: ${name} is no patch: ${(error as Error).message.split('\n')[0]}`,
    );
  }
  throw new UsageError(`--patch: no change in ${name === '-' ? 'the patch' : name}`);
}

/** What a patch makes of the working tree. */
function changeOf(name: string, project: Project, cwd: string): Change {
  const after = new Map<string, string>();
  for (const part of parse(name, readPatch(name, cwd))) {
    const [from, to] = [stripped(part.oldFileName), stripped(part.newFileName)];
    const path = to ?? from;
    if (path === undefined || !source.test(path)) continue;
    const present = from === undefined ? '' : (after.get(from) ?? textOf(project, from));
    const patched = applyPatch(present, part);
    if (patched === false) throw new UsageError(`--patch: does not apply to ${path}`);
    after.set(path, patched);
  }
  return { before: none, after };
}

function textOf(project: Project, path: string): string {
  const result = project.read(path);
  if (result.kind === 'text') return result.text;
  throw new UsageError(`--patch: ${path}: ${result.problem}`);
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

/**
 * What `--since` and `--patch` ask for.
 * @param reopen opens the same inputs once more, for the other state of the tree
 * @returns undefined when neither is given
 */
export async function addedFindings(
  inputs: Inputs,
  reopen: () => Inputs,
  args: Arguments,
  io: Io,
): Promise<Gathered | undefined> {
  const [since, patch] = [args.text('since'), args.text('patch')];
  if (since === undefined && patch === undefined) return undefined;
  if (since !== undefined && patch !== undefined)
    throw new UsageError('--since and --patch exclude each other');
  const change =
    patch === undefined
      ? await changeSince(since ?? '', inputs.project.root.folder)
      : changeOf(patch, inputs.project, io.cwd);
  const paths = [...new Set([...change.before.keys(), ...change.after.keys()])];
  const other = reopen();
  const before = await gatherWith(other, change.before, paths, args, io);
  const judge = judging(inputs, args);
  const after = await gatherWith(inputs, change.after, paths, args, io, judge);
  return { ...after, findings: grown(before.findings, after.findings) };
}
