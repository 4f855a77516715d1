/** `driver-teardown check`. */

import type { Finding } from '../../core/result.ts';
import { isAtLeast } from '../../host/answers.ts';
import type { Assets } from '../../host/assets.ts';
import { type Added, addedFindings } from '../added.ts';
import { type Arguments, severityOption } from '../arguments.ts';
import { compareWithBaseline, pruneBaseline, writeBaseline } from '../baseline.ts';
import { type Gathered, gatherFiles, sayBad, sayNothing, sayProblems, shardOf } from '../gather.ts';
import { checkRules, type Inputs, openInputs } from '../inputs.ts';
import { type Io, UsageError } from '../io.ts';
import { renderEmacs } from '../render/emacs.ts';
import { renderGithub } from '../render/github.ts';
import { renderJson } from '../render/json.ts';
import { renderReply } from '../render/reply.ts';
import { renderSarif } from '../render/sarif.ts';
import { count, styleFor } from '../render/style.ts';
import { renderText } from '../render/text.ts';

function readShard(value: string | undefined): { index: number; of: number } | undefined {
  if (value === undefined) return undefined;
  const match = /^(\d+)\/(\d+)$/.exec(value);
  const [index, of] = [Number(match?.[1]), Number(match?.[2])];
  if (match === null || index < 1 || index > of)
    throw new UsageError(`--shard must be I/N with I from 1 to N, not ${value}`);
  return { index, of };
}

function render(result: Added, args: Arguments, assets: Assets, io: Io): string {
  switch (args.format) {
    case 'json':
      return renderJson(result, assets.version);
    case 'sarif':
      return renderSarif(result, assets);
    case 'github':
      return renderGithub(result);
    case 'reply':
      return renderReply(result.patches ?? [], `driver-teardown ${assets.version}`);
    case 'emacs':
      return renderEmacs(result, io.cwd);
    default:
      return renderText(result, styleFor(args.color), args.quiet);
  }
}

/** What leaves some of the findings out, and so cannot tell that one is gone. */
const partial: readonly string[] = ['since', 'patch', 'shard', 'write-baseline'];

function checkPrune(args: Arguments): void {
  if (!args.flag('prune-baseline')) return;
  if (args.text('baseline') === undefined)
    throw new UsageError('--prune-baseline needs --baseline FILE');
  const other = partial.find((name) => args.text(name) !== undefined);
  const named = other ?? (args.rules.length > 0 ? 'rule' : undefined);
  if (named !== undefined)
    throw new UsageError(`--prune-baseline and --${named} exclude each other`);
}

/** The findings that the baseline does not list. */
function unlisted(all: Gathered, inputs: Inputs, args: Arguments, io: Io): readonly Finding[] {
  const name = args.text('baseline');
  if (name === undefined) return all.findings;
  const compared = compareWithBaseline(name, all.findings, inputs.project.root.folder, io.cwd);
  if (!args.flag('prune-baseline')) return compared.fresh;
  const left = new Set(all.problems.filter((one) => one.leftOut).map(({ file }) => file));
  const named = new Set(inputs.wanted.flatMap(({ files }) => [...(files ?? [])]));
  const isSeen = (file: string): boolean =>
    !left.has(file) &&
    (named.has(file) ||
      inputs.folders.some((folder) => folder === '' || file.startsWith(`${folder}/`)));
  const dropped = pruneBaseline(name, compared, isSeen, io.cwd);
  if (!args.quiet) io.say(`${name}: lists ${count(dropped, 'finding')} less`);
  return compared.fresh;
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
  checkRules(args.rules);
  const failOn = severityOption('fail-on', args.text('fail-on'), 'warning');
  const shard = readShard(args.text('shard'));
  checkPrune(args);
  if (args.format === 'reply' && args.text('patch') === undefined)
    throw new UsageError('--format reply answers a --patch');
  const inputs = openInputs(args, assets, io.cwd);
  sayBad(inputs.bad, io);
  if (!('project' in inputs)) return 2;
  const sharded = { ...inputs, wanted: shardOf(inputs.wanted, shard) };
  const added = await addedFindings(sharded, () => reopen(args, assets, io), args, io);
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
  io.out(render(result, args, assets, io));
  // The formats that carry problems themselves need them on stderr no more.
  if (args.format !== 'json' && args.format !== 'sarif')
    sayProblems(result.problems.slice(inputs.bad.length), args, io);
  // A shard, or a change, may well touch no module.
  const nothing = shard === undefined && added === undefined && sayNothing(result, io);
  if (inputs.bad.length > 0 || nothing) return 2;
  if (write !== undefined) return 0;
  return findings.some((finding) => isAtLeast(finding.severity, failOn)) ? 1 : 0;
}
