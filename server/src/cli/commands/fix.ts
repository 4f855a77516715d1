/** `driver-teardown fix`: shows fixes as a diff, or applies them. */
import type { Finding } from '../../core/result.ts';
import { isWanted, type Refine } from '../../host/answers.ts';
import type { Assets } from '../../host/assets.ts';
import { unifiedDiff } from '../../host/rewrite.ts';
import { judgedFixes } from '../../host/what-if.ts';
import { addedFindings } from '../added.ts';
import { type Applied, applyPlan } from '../apply.ts';
import type { Arguments } from '../arguments.ts';
import { type Gathered, gather, sayBad, sayNothing, sayProblems } from '../gather.ts';
import { checkRules, type Inputs, openInputs } from '../inputs.ts';
import { type Io, UsageError } from '../io.ts';
import { type Plan, planFixes } from '../plan.ts';
import { count } from '../render/style.ts';
import { at } from '../render/text.ts';
import { compareFixes } from './compare.ts';
import { writePatches } from './patch-files.ts';

function checkFlags(args: Arguments): void {
  if (args.flag('diff') && args.flag('write'))
    throw new UsageError('--diff and --write exclude each other');
  if (args.flag('safe') && args.flag('unsafe'))
    throw new UsageError('--safe and --unsafe exclude each other');
  const folders = ['patch-file', 'series'].filter((name) => args.text(name) !== undefined);
  const [folder] = folders;
  if (folders.length > 1) throw new UsageError('--patch-file and --series exclude each other');
  if (args.flag('write') && folder !== undefined)
    throw new UsageError(`--write and --${folder} exclude each other`);
  if (args.flag('compare') && (args.flag('write') || folder !== undefined))
    throw new UsageError(`--compare and --${folder ?? 'write'} exclude each other`);
  if (args.flag('write') && args.text('patch') !== undefined)
    throw new UsageError('--write and --patch exclude each other: the tree has not got the patch');
}

function sayApplied(applied: Applied, left: Plan['left'], args: Arguments, io: Io): void {
  // Whoever asks for results only still has to hear that there are none.
  const problems = new Set(applied.failed.map(({ reason }) => reason));
  for (const problem of problems) io.say(problem);
  if (args.quiet) return;
  const done = args.flag('write') ? 'fixed' : 'fix shown';
  for (const { finding, fix } of applied.planned) {
    io.say(
      `${at(finding.place)}: ${done}: ${fix.title}${fix.notice === undefined ? '' : ` (${fix.notice})`}`,
    );
  }
  for (const { finding, reason } of [...left, ...applied.failed])
    io.say(`${at(finding.place)}: not fixed [${finding.rule}]: ${reason}`);
  const verb = args.flag('write') ? 'fixed' : 'showed a fix for';
  const rest = left.length + applied.failed.length;
  io.say(`${verb} ${count(applied.planned.length, 'finding')}, ${rest} left`);
}

/** Rounds of `--write`; a fix that makes its own finding again must not go on for ever. */
const maximumRounds = 16;

/**
 * What is found, each finding with its fixes tried: a fix that would make an error is no safe one. With
 * `--since` and `--patch` only what they add.
 */
async function found(
  inputs: Inputs,
  reopen: () => Inputs,
  args: Arguments,
  io: Io,
): Promise<Gathered> {
  const refine: Refine = async (base, finding) => ({
    ...finding,
    fixes: await judgedFixes(inputs.project, base, finding),
  });
  return (
    (await addedFindings(inputs, reopen, args, io, refine)) ??
    (await gather(inputs, inputs.wanted, args, io, refine))
  );
}

/** Applies what a plan chooses, and with `--write` what there is to do then, until nothing is left. */
async function applied(
  first: Plan,
  inputs: Inputs,
  again: () => Promise<Plan>,
  write: boolean,
): Promise<{ readonly applied: Applied; readonly left: Plan['left'] }> {
  let plan = first;
  let now = applyPlan(plan, inputs, write);
  const planned = [...now.planned];
  const failed = [...now.failed];
  const files = [...now.files];
  for (let round = 1; write && now.files.length > 0 && round < maximumRounds; round++) {
    inputs.project.invalidate(
      now.files.map(({ file }) => file),
      false,
    );
    plan = await again();
    now = applyPlan(plan, inputs, write);
    planned.push(...now.planned);
    failed.push(...now.failed);
    files.push(...now.files);
  }
  return { applied: { planned, files, failed }, left: plan.left };
}

/** `--compare`: nothing is changed. */
async function compare(
  inputs: Inputs,
  isAdded: (finding: Finding) => boolean,
  args: Arguments,
  io: Io,
): Promise<number> {
  let count = 0;
  for (const { module, files } of inputs.wanted) {
    const base = await inputs.project.analyse(module);
    for (const finding of base.findings) {
      if (!isWanted(finding, files, args) || !isAdded(finding)) continue;
      count++;
      await compareFixes(inputs.project, base, finding, io);
    }
  }
  sayProblems(inputs.project.problems, args, io);
  if (inputs.bad.length > 0) return 2;
  return count > 0 ? 1 : 0;
}

/** @returns the exit code */
export async function fix(args: Arguments, assets: Assets, io: Io): Promise<number> {
  checkFlags(args);
  checkRules(args.rules);
  const opened = openInputs(args, assets, io.cwd);
  sayBad(opened.bad, io);
  if (!('project' in opened)) return 2;
  const inputs: Inputs = opened;
  const reopen = (): Inputs => {
    const other = openInputs(args, assets, io.cwd);
    return 'project' in other ? other : inputs;
  };
  const patches = args.text('series') ?? args.text('patch-file');
  const narrowed = args.text('since') !== undefined || args.text('patch') !== undefined;
  if (patches !== undefined || args.flag('compare')) {
    const added = narrowed
      ? await addedFindings(inputs, reopen, args, io, async (_, finding) => finding)
      : undefined;
    const names = added && new Set(added.findings.map(nameOf));
    const isAdded = (finding: Finding): boolean => names?.has(nameOf(finding)) ?? true;
    return patches === undefined
      ? compare(inputs, isAdded, args, io)
      : writePatches(patches, inputs, args, assets, io, isAdded);
  }
  let gathered = await found(inputs, reopen, args, io);
  sayProblems(gathered.problems, args, io);
  const choice = { unsafe: args.flag('unsafe'), id: args.text('fix') };
  const write = args.flag('write');
  const again = async (): Promise<Plan> => {
    gathered = await found(inputs, reopen, args, io);
    return planFixes(gathered.findings, choice);
  };
  const first = planFixes(gathered.findings, choice);
  const done = await applied(first, inputs, again, write);
  if (!write) for (const file of done.applied.files) io.out(unifiedDiff(file));
  sayApplied(done.applied, done.left, args, io);
  const nothing = !narrowed && sayNothing(gathered, io);
  if (inputs.bad.length > 0 || done.applied.failed.length > 0 || nothing) return 2;
  return done.left.length > 0 ? 1 : 0;
}

function nameOf({ fingerprint, place }: Finding): string {
  return `${place.file} ${place.start} ${fingerprint}`;
}
