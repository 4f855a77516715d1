/** `driver-teardown fix --patch-file DIR`: a patch to mail for each fix. */
import { join, resolve } from 'node:path';
import { patchName } from '../../core/mail/subject.ts';
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
import { at, namesFrom } from '../render/names.ts';

interface Made {
  readonly finding: Finding;
  readonly patch: MailablePatch;
}

interface Left {
  readonly finding: Finding;
  readonly reason: string;
}

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
  readonly made: Made[] = [];
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
    else if (patch !== undefined) this.made.push({ finding, patch });
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

/** @returns the exit code */
export async function writePatches(
  name: string,
  inputs: Inputs,
  args: Arguments,
  assets: Assets,
  io: Io,
): Promise<number> {
  const folder = patchFolder(name, io.cwd);
  const { project, wanted } = inputs;
  const git = await Git.open(project.root.folder);
  if (typeof git === 'string' && !args.quiet)
    io.say(`${git}: subjects follow the paths, and no patch has a Fixes: tag`);
  const patches = new Patches(inputs, args, {
    git: typeof git === 'string' ? undefined : git,
    date: now(),
    version: assets.version,
  });
  const byKey = new Map(wanted.map((entry) => [moduleKey(entry.module), entry]));
  for await (const result of project.analyseAll(wanted.map(({ module }) => module))) {
    const files = byKey.get(moduleKey(result.module))?.files;
    for (const finding of result.findings)
      if (isWanted(finding, files, args)) await patches.add(result, finding);
  }
  const names = namesFrom(project.root.folder, io.cwd);
  sayProblems(project.problems, names, args, io);
  patches.made.forEach(({ finding, patch }, i) => {
    const file = patchName(i + 1, patch.subject);
    const failed = writeWhole(join(folder, file), patch.bytes);
    if (failed !== undefined)
      throw new UsageError(`${join(name, file)} cannot be written: ${failed.problem}`);
    io.out(`${join(name, file)}\n`);
    if (!args.quiet) io.say(`${at(finding.place, names)}: ${patch.subject}`);
  });
  if (!args.quiet) {
    for (const { finding, reason } of patches.left)
      io.say(`${at(finding.place, names)}: no patch [${finding.rule}]: ${reason}`);
    const n = patches.made.length;
    io.say(`wrote ${n} ${n === 1 ? 'patch' : 'patches, each to be applied alone'}`);
  }
  if (inputs.bad.length > 0) return 2;
  return patches.left.length > 0 ? 1 : 0;
}
