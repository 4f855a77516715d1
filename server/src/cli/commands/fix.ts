/** `driver-teardown fix`: shows fixes as a diff, or applies them. */
import type { Assets } from '../../host/assets.ts';
import { unifiedDiff } from '../../host/rewrite.ts';
import { isInside, type Root, toReportPath } from '../../host/root.ts';
import { judgedFixes } from '../../host/what-if.ts';
import { type Applied, applyPlan } from '../apply.ts';
import type { Arguments } from '../arguments.ts';
import { gather, sayBad, sayNothing, sayProblems } from '../gather.ts';
import { checkRules, openInputs } from '../inputs.ts';
import { type Io, UsageError } from '../io.ts';
import { type Plan, planFixes } from '../plan.ts';
import { at, type Names, namesFrom } from '../render/names.ts';
import { count } from '../render/style.ts';
import { writePatches } from './patch-files.ts';

function checkFlags(args: Arguments): void {
  if (args.flag('diff') && args.flag('write'))
    throw new UsageError('--diff and --write exclude each other');
  if (args.flag('safe') && args.flag('unsafe'))
    throw new UsageError('--safe and --unsafe exclude each other');
  if (args.flag('write') && args.text('patch-file') !== undefined)
    throw new UsageError('--write and --patch-file exclude each other');
}

function sayApplied(
  applied: Applied,
  left: Plan['left'],
  names: Names,
  args: Arguments,
  io: Io,
): void {
  // Whoever asks for results only still has to hear that there are none.
  const problems = new Set(applied.failed.map(({ reason }) => reason));
  for (const problem of problems) io.say(problem);
  if (args.quiet) return;
  const done = args.flag('write') ? 'fixed' : 'fix shown';
  for (const { finding, fix } of applied.planned) {
    io.say(
      `${at(finding.place, names)}: ${done}: ${fix.title}${fix.notice === undefined ? '' : ` (${fix.notice})`}`,
    );
  }
  for (const { finding, reason } of [...left, ...applied.failed])
    io.say(`${at(finding.place, names)}: not fixed [${finding.rule}]: ${reason}`);
  const verb = args.flag('write') ? 'fixed' : 'showed a fix for';
  const rest = left.length + applied.failed.length;
  io.say(`${verb} ${count(applied.planned.length, 'finding')}, ${rest} left`);
}

/** A kernel patch has its paths from the top of the tree; another applies where the user stands. */
function diffPrefix({ folder, kernel }: Root, cwd: string): string {
  const way = toReportPath(cwd, folder);
  return kernel || way === '' || !isInside(cwd, folder) ? '' : `${way}/`;
}

/** @returns the exit code */
export async function fix(args: Arguments, assets: Assets, io: Io): Promise<number> {
  checkFlags(args);
  checkRules(args.rules);
  const inputs = openInputs(args, assets, io.cwd);
  sayBad(inputs.bad, io);
  if (!('project' in inputs)) return 2;
  const patches = args.text('patch-file');
  if (patches !== undefined) return await writePatches(patches, inputs, args, assets, io);
  // A fix that would make an error is no safe one.
  const gathered = await gather(inputs, inputs.wanted, args, io, async (base, finding) => ({
    ...finding,
    fixes: await judgedFixes(inputs.project, base, finding),
  }));
  const names = namesFrom(gathered.root, io.cwd);
  sayProblems(gathered.problems, names, args, io);
  const choice = { unsafe: args.flag('unsafe'), id: args.text('fix') };
  const plan = planFixes(gathered.findings, choice);
  const applied = applyPlan(plan, inputs, args.flag('write'));
  const prefix = diffPrefix(inputs.project.root, io.cwd);
  if (!args.flag('write')) for (const file of applied.files) io.out(unifiedDiff(file, prefix));
  sayApplied(applied, plan.left, names, args, io);
  if (inputs.bad.length > 0 || applied.failed.length > 0 || sayNothing(gathered, io)) return 2;
  return plan.left.length > 0 ? 1 : 0;
}
