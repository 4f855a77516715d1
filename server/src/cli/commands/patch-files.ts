/** `driver-teardown fix --patch-file DIR`: a patch to mail for each fix. */
import { join, resolve } from 'node:path';
import { patchName } from '../../core/mail/subject.ts';
import type { KernelModule } from '../../core/program/kbuild.ts';
import type { Finding, Fix } from '../../core/result.ts';
import { isWanted } from '../../host/answers.ts';
import type { Assets } from '../../host/assets.ts';
import { makeFolder } from '../../host/disk.ts';
import { Git } from '../../host/git.ts';
import { moduleKey } from '../../host/modules.ts';
import { type MailablePatch, type PatchOptions, patchOf } from '../../host/patches.ts';
import type { ModuleAnalysis } from '../../host/project.ts';
import { writeWhole } from '../../host/replace.ts';
import { judgedFixes } from '../../host/what-if.ts';
import type { Arguments } from '../arguments.ts';
import { sayProblems } from '../gather.ts';
import type { Inputs } from '../inputs.ts';
import { type Io, UsageError } from '../io.ts';
import { chooseFix } from '../plan.ts';
import { type Left, type Series, sayLeft, seriesOf, writeSeries } from './series.ts';

/** Reproducible builds set it; without it a patch is of this moment. */
function now(): Date {
  const seconds = Number(process.env['SOURCE_DATE_EPOCH']);
  return Number.isInteger(seconds) && seconds > 0 ? new Date(seconds * 1000) : new Date();
}

function patchFolder(name: string, cwd: string): string {
  const folder = resolve(cwd, name);
  const failed = makeFolder(folder);
  if (failed !== undefined)
    throw new UsageError(`${name} cannot be made a folder (${failed.problem})`);
  return folder;
}

class Patches {
  readonly made: MailablePatch[] = [];
  readonly left: Left[] = [];
  private readonly seen = new Set<string>();
  private readonly inputs: Inputs;
  private readonly args: Arguments;
  private readonly options: PatchOptions;

  constructor(inputs: Inputs, args: Arguments, options: PatchOptions) {
    this.inputs = inputs;
    this.args = args;
    this.options = options;
  }

  /** Two findings that the same edits fix are one patch; a file of two modules is one file. */
  async add(result: ModuleAnalysis, finding: Finding): Promise<void> {
    const name = `${finding.place.start} ${finding.fingerprint}`;
    if (this.seen.has(name)) return;
    this.seen.add(name);
    const { flag, text } = this.args;
    const fixes = await judgedFixes(this.inputs.project, result, finding);
    const fix = chooseFix({ ...finding, fixes }, { unsafe: flag('unsafe'), id: text('fix') });
    const patch = typeof fix === 'string' ? fix : await this.patch(result, finding, fix);
    if (typeof patch === 'string') this.left.push({ finding, reason: patch });
    else if (patch !== undefined) this.made.push(patch);
  }

  private async patch(
    result: ModuleAnalysis,
    finding: Finding,
    fix: Fix,
  ): Promise<MailablePatch | string | undefined> {
    const edits = JSON.stringify(fix.edits);
    if (this.seen.has(edits)) return undefined;
    this.seen.add(edits);
    return patchOf(this.inputs.project, result, finding, fix, this.options);
  }
}

/**
 * Writes the patches, each alone or as a series.
 * @param name the folder, as it was given
 * @param isAdded tells which findings were asked for by `--since` or `--patch`
 * @returns the exit code
 */
export async function writePatches(
  name: string,
  inputs: Inputs,
  args: Arguments,
  assets: Assets,
  io: Io,
  isAdded: (finding: Finding) => boolean = () => true,
): Promise<number> {
  const folder = patchFolder(name, io.cwd);
  const { project, wanted } = inputs;
  const git = await Git.open(project.root.folder);
  if (typeof git === 'string' && !args.quiet)
    io.say(`${git}: subjects follow the paths, and no patch has a Fixes: tag`);
  const options: PatchOptions = {
    git: typeof git === 'string' ? undefined : git,
    date: now(),
    version: assets.version,
  };
  const byKey = new Map(wanted.map((entry) => [moduleKey(entry.module), entry]));
  const asked = (result: ModuleAnalysis) => {
    const files = byKey.get(moduleKey(result.module))?.files;
    return (finding: Finding) => isWanted(finding, files, args) && isAdded(finding);
  };
  const modules = wanted.map(({ module }) => module);
  const isSeries = args.text('series') !== undefined;
  const { made, left } = isSeries
    ? await allSeries(inputs, asked, args, options)
    : await alone(inputs, modules, asked, args, options);
  sayProblems(project.problems, args, io);
  if (isSeries) await writeSeries(folder, name, made, options, io);
  else
    for (const [i, patch] of made.entries()) {
      const file = patchName(i + 1, patch.subject);
      const failed = writeWhole(join(folder, file), patch.bytes);
      if (failed !== undefined)
        throw new UsageError(`${join(name, file)} cannot be written: ${failed.problem}`);
      io.out(`${join(name, file)}\n`);
    }
  if (!args.quiet) {
    for (const { subject } of made) io.say(subject);
    sayLeft(left, io);
    const how = isSeries ? 'patches of one series' : 'patches, each to be applied alone';
    io.say(`wrote ${made.length} ${made.length === 1 ? 'patch' : how}`);
  }
  if (inputs.bad.length > 0) return 2;
  return left.length > 0 ? 1 : 0;
}

type Asked = (result: ModuleAnalysis) => (finding: Finding) => boolean;

async function alone(
  inputs: Inputs,
  modules: readonly KernelModule[],
  asked: Asked,
  args: Arguments,
  options: PatchOptions,
): Promise<Series> {
  const patches = new Patches(inputs, args, options);
  for await (const result of inputs.project.analyseAll(modules)) {
    const isAsked = asked(result);
    for (const finding of result.findings) if (isAsked(finding)) await patches.add(result, finding);
  }
  return { made: patches.made, left: patches.left };
}

/** Module by module: each sees what the patches of those before it leave. */
async function allSeries(
  inputs: Inputs,
  asked: Asked,
  args: Arguments,
  options: PatchOptions,
): Promise<Series> {
  const made: MailablePatch[] = [];
  const left: Left[] = [];
  for (const { module } of inputs.wanted) {
    const base = await inputs.project.analyse(module);
    const series = await seriesOf(base, asked(base), inputs, args, options);
    made.push(...series.made);
    left.push(...series.left);
  }
  return { made, left };
}
