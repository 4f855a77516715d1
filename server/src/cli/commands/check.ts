/** `driver-teardown check`. */
import { resolve } from 'node:path';

import type { Finding } from '../../core/result.ts';
import { isAtLeast } from '../../core/severity.ts';
import type { Assets } from '../../host/assets.ts';
import type { Project } from '../../host/project.ts';
import { writeWhole } from '../../host/replace.ts';
import { type Added, addedFindings } from '../added.ts';
import { type Arguments, severityOption } from '../arguments.ts';
import { checkBaselineOptions, unlisted, writeBaseline } from '../baseline.ts';
import {
  type Gathered,
  gatherFiles,
  type Shard,
  sayBad,
  sayNothing,
  sayProblems,
  shardOf,
} from '../gather.ts';
import { checkRules, type Inputs, openInputs, type Wanted } from '../inputs.ts';
import { type Io, UsageError } from '../io.ts';
import { profiled } from '../profile.ts';
import { b4Problem, renderB4Review } from '../render/b4-review.ts';
import { renderCheckpatch } from '../render/checkpatch.ts';
import { renderEmacs } from '../render/emacs.ts';
import { renderGithub } from '../render/github.ts';
import { renderJson } from '../render/json.ts';
import { namesFrom } from '../render/names.ts';
import { renderReply } from '../render/reply.ts';
import { reportHtml, reportMarkdown } from '../render/report.ts';
import { renderSarif } from '../render/sarif.ts';
import { styleFor } from '../render/style.ts';
import { renderText } from '../render/text.ts';

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function readShard(value: string | undefined): Shard | undefined {
  if (value === undefined) return undefined;
  const match = /^(\d+)\/(\d+)$/.exec(value);
  const [index, of] = [Number(match?.[1]), Number(match?.[2])];
  if (match === null || index < 1 || index > of)
    throw new UsageError(`--shard must be I/N with I from 1 to N, not ${value}`);
  return { index, of };
}

function textOf(project: Project, file: string): string | undefined {
  const source = project.read(file);
  return source.kind === 'text' ? source.text : undefined;
}

function render(all: Added, { project }: Inputs, args: Arguments, assets: Assets, io: Io): string {
  // Reports that programs read have an order that the parts of a check can be put together in.
  const problems = [...all.problems].sort(
    (a, b) => compare(a.file, b.file) || compare(a.message, b.message),
  );
  const result = { ...all, problems };
  const shard = readShard(args.text('shard'));
  // Of a series the text is that after the last patch only.
  const isLast = (result.patches ?? []).length < 2;
  const lineOf = (file: string, line: number): string | undefined => {
    const text = isLast ? textOf(project, file) : undefined;
    return text?.split(/\r?\n/)[line];
  };
  const names = namesFrom(all.root, io.cwd);
  switch (args.format) {
    case 'json':
      return renderJson(result, assets.version, shard);
    case 'sarif':
      return renderSarif(result, assets, (file) => textOf(project, file), shard);
    case 'github':
      return renderGithub(result, names);
    case 'checkpatch':
      return renderCheckpatch(result, args.quiet, lineOf);
    case 'b4-review':
      return renderB4Review(result);
    case 'reply':
      return renderReply(result.patches ?? [], `driver-teardown ${assets.version}`);
    case 'emacs':
      return renderEmacs(result, names);
    default:
      return renderText(result, styleFor(args.color, names), args.quiet);
  }
}

/** A build asks for each file of a module: the answer for the whole is kept, and read again. */
function wholeModules(wanted: readonly Wanted[]): readonly Wanted[] {
  return wanted.map(({ module }) => ({ module, files: undefined }));
}

/**
 * Where a compiler's messages go, and with an exit status that stops the build only when asked for:
 * make would not go on to the next file.
 */
function endOfBuild(all: Added, inputs: Inputs, args: Arguments, assets: Assets, io: Io): number {
  const files = new Set(inputs.wanted.flatMap((one) => [...(one.files ?? [])]));
  const result = {
    ...all,
    findings: all.findings.filter(({ place }) => files.has(place.file)),
    problems: all.problems.filter(({ file }) => files.has(file)),
  };
  const text = render(result, inputs, args, assets, io);
  if (args.text('format') !== undefined) io.out(text);
  else if (text !== '') io.say(text.trimEnd());
  sayProblems(
    result.problems.filter((one) => !inputs.bad.includes(one)),
    namesFrom(all.root, io.cwd),
    args,
    io,
  );
  if (inputs.bad.length > 0) return 2;
  const failOn = args.text('fail-on');
  if (failOn === undefined) return 0;
  const least = severityOption('fail-on', failOn, 'warning');
  return result.findings.some(({ severity }) => isAtLeast(severity, least)) ? 1 : 0;
}

/** The form of a report, by the name of its file. */
function reportForm(name: string): typeof reportMarkdown {
  if (name.endsWith('.md')) return reportMarkdown;
  if (name.endsWith('.html')) return reportHtml;
  throw new UsageError(`--report names a file that ends in .md or .html, not ${name}`);
}

function writeReport(result: Gathered, { wanted }: Inputs, args: Arguments, io: Io): void {
  const name = args.text('report');
  if (name === undefined) return;
  const failed = writeWhole(resolve(io.cwd, name), Buffer.from(reportForm(name)(result, wanted)));
  if (failed !== undefined) throw new UsageError(`${name}: cannot be written: ${failed.problem}`);
}

/** What is left of each patch's findings. */
function patchesWith({ patches }: Added, left: readonly Finding[]): Pick<Added, 'patches'> {
  if (patches === undefined) return {};
  const kept = new Set(left);
  const of = (findings: readonly Finding[]): readonly Finding[] =>
    findings.filter((finding) => kept.has(finding));
  return { patches: patches.map(({ patch, findings }) => ({ patch, findings: of(findings) })) };
}

/** The inputs a second time, for another state of the tree: they opened before, so they do again. */
function reopen(args: Arguments, assets: Assets, io: Io): Inputs {
  const inputs = openInputs(args, assets, io.cwd);
  if ('project' in inputs) return inputs;
  throw new UsageError('the files went away while they were read');
}

/** @returns the exit code */
export async function check(args: Arguments, assets: Assets, io: Io): Promise<number> {
  const profile = args.text('profile');
  const file = profile === undefined ? undefined : resolve(io.cwd, profile);
  // What other threads do would be missing.
  const all = file === undefined ? args : { ...args, jobs: 1 };
  return profiled(file, () => checkAll(all, assets, io));
}

async function checkAll(args: Arguments, assets: Assets, io: Io): Promise<number> {
  checkRules(args.rules);
  const failOn = severityOption('fail-on', args.text('fail-on'), 'warning');
  const shard = readShard(args.text('shard'));
  checkBaselineOptions(args);
  const report = args.text('report');
  if (report !== undefined) reportForm(report);
  if (args.format === 'reply' && args.text('patch') === undefined)
    throw new UsageError('--format reply answers a --patch');
  const inputs = openInputs(args, assets, io.cwd);
  sayBad(inputs.bad, io);
  if (!('project' in inputs)) return 2;
  const wanted = shardOf(inputs.wanted, shard);
  const sharded = { ...inputs, wanted: args.inBuild ? wholeModules(wanted) : wanted };
  const added = await addedFindings(sharded, () => reopen(args, assets, io), args, io).catch(
    (error: unknown) => {
      if (args.format !== 'b4-review' || !(error instanceof UsageError)) throw error;
      io.out(b4Problem(error.message));
      return 'told' as const;
    },
  );
  if (added === 'told') return 2;
  const all: Added = added ?? (await gatherFiles(inputs, sharded.wanted, args, assets, io));
  const write = args.text('write-baseline');
  if (write !== undefined) writeBaseline(write, all.findings, io.cwd);
  const findings = unlisted(all, inputs, args, io);
  const result = {
    ...all,
    findings,
    ...patchesWith(all, findings),
    problems: [
      ...inputs.bad,
      ...all.problems.filter((p) => !inputs.bad.some((b) => b.file === p.file)),
    ],
  };
  writeReport(result, inputs, args, io);
  if (args.inBuild) return endOfBuild(result, inputs, args, assets, io);
  io.out(render(result, inputs, args, assets, io));
  // The formats that carry problems themselves need them on stderr no more.
  if (args.format !== 'json' && args.format !== 'sarif')
    sayProblems(result.problems.slice(inputs.bad.length), namesFrom(all.root, io.cwd), args, io);
  // A shard, or a change, may well touch no module.
  const nothing = shard === undefined && added === undefined && sayNothing(result, io);
  if (inputs.bad.length > 0 || nothing) return 2;
  if (write !== undefined) return 0;
  return findings.some((finding) => isAtLeast(finding.severity, failOn)) ? 1 : 0;
}
