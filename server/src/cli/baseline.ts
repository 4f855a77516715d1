/** `--write-baseline`, `--baseline`, `--no-baseline` and `--prune-baseline`. */
import { resolve } from 'node:path';
import type { Finding } from '../core/result.ts';
import {
  BaselineError,
  baselineFile,
  compareWithBaseline,
  entriesOf,
  hasBaseline,
  pruneBaseline,
  readEntries,
  writeEntries,
} from '../host/baseline.ts';
import type { Arguments } from './arguments.ts';
import type { Gathered } from './gather.ts';
import type { Inputs } from './inputs.ts';
import { type Io, UsageError } from './io.ts';
import { count } from './render/style.ts';

/** What leaves some of the findings out, and so cannot tell that one is gone. */
const partial: readonly string[] = ['since', 'patch', 'shard', 'write-baseline'];

function partialOption(args: Arguments): string | undefined {
  const other = partial.find((name) => args.text(name) !== undefined);
  return other ?? (args.rules.length > 0 ? 'rule' : undefined);
}

/** @throws UsageError when the options about baselines exclude each other */
export function checkBaselineOptions(args: Arguments): void {
  if (args.flag('no-baseline') && (args.text('baseline') ?? args.flag('prune-baseline')))
    throw new UsageError('--no-baseline excludes --baseline and --prune-baseline');
  const named = partialOption(args);
  if (args.flag('prune-baseline') && named !== undefined)
    throw new UsageError(`--prune-baseline and --${named} exclude each other`);
}

/** A failure about a file that the user knows by this name. */
function about<T>(name: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof BaselineError) throw new UsageError(`${name}: ${error.message}`);
    throw error;
  }
}

/** Writes what is found as the baseline that the user names. */
export function writeBaseline(name: string, findings: readonly Finding[], cwd: string): void {
  about(name, () => writeEntries(resolve(cwd, name), entriesOf(findings)));
}

/** The baseline to read: the one that is named, else that of the project where there is one. */
function present(
  { project, configuration }: Inputs,
  args: Arguments,
  cwd: string,
): { readonly name: string; readonly file: string } | undefined {
  const name = args.text('baseline');
  if (name !== undefined) return { name, file: resolve(cwd, name) };
  if (args.flag('no-baseline')) return undefined;
  const file = baselineFile(project.root.folder, configuration);
  return hasBaseline(file) ? { name: file, file } : undefined;
}

/** The findings that the baseline does not list; with `--prune-baseline` it is written anew. */
export function unlisted(
  all: Gathered,
  inputs: Inputs,
  args: Arguments,
  io: Io,
): readonly Finding[] {
  const found = present(inputs, args, io.cwd);
  const prunes = args.flag('prune-baseline');
  if (prunes && found === undefined)
    throw new UsageError('--prune-baseline needs a baseline: name it with --baseline FILE');
  if (found === undefined || args.text('write-baseline') !== undefined) return all.findings;
  const left = new Set(all.problems.filter((one) => one.leftOut).map(({ file }) => file));
  const named = new Set(inputs.wanted.flatMap(({ files }) => [...(files ?? [])]));
  const isSeen = (file: string): boolean =>
    partialOption(args) === undefined &&
    !left.has(file) &&
    (named.has(file) ||
      inputs.folders.some((folder) => folder === '' || file.startsWith(`${folder}/`)));
  return about(found.name, () => {
    const entries = readEntries(found.file);
    const { folder } = inputs.project.root;
    const compared = compareWithBaseline(entries, all.findings, folder, isSeen);
    if (prunes) {
      const dropped = pruneBaseline(found.file, compared, isSeen);
      if (!args.quiet) io.say(`${found.name}: lists ${count(dropped, 'finding')} less`);
    } else if (args.text('baseline') === undefined && compared.known.length > 0 && !args.quiet)
      io.say(`${found.name}: ${count(compared.known.length, 'finding')} listed there and not told`);
    return compared.fresh;
  });
}
