/** `driver-teardown fix`: shows fixes as a diff, or applies them. */
import type { Assets } from '../../host/assets.ts';
import { type Rewritten, rewrite, unifiedDiff, writeRewritten } from '../../host/rewrite.ts';
import { judgedFixes } from '../../host/what-if.ts';
import type { Arguments } from '../arguments.ts';
import { gather } from '../gather.ts';
import { checkRules, type Inputs, openInputs } from '../inputs.ts';
import { type Io, UsageError } from '../io.ts';
import { type Plan, planFixes } from '../plan.ts';
import { count } from '../render/style.ts';
import { at } from '../render/text.ts';
import { writePatches } from './patch-files.ts';

function checkFlags(args: Arguments): void {
  if (args.flag('diff') && args.flag('write'))
    throw new UsageError('--diff and --write exclude each other');
  if (args.flag('safe') && args.flag('unsafe'))
    throw new UsageError('--safe and --unsafe exclude each other');
  if (args.flag('write') && args.text('patch-file') !== undefined)
    throw new UsageError('--write and --patch-file exclude each other');
}

/** All files after their edits; those that cannot be rewritten are said and left out. */
function rewriteAll(
  plan: Plan,
  inputs: Inputs,
  io: Io,
): { readonly files: readonly Rewritten[]; readonly failed: boolean } {
  const files: Rewritten[] = [];
  let failed = false;
  for (const [file, edits] of plan.edits) {
    const result = rewrite(file, inputs.project.read(file), edits);
    if (typeof result !== 'string') files.push(result);
    else {
      io.say(`${file}: ${result}`);
      failed = true;
    }
  }
  return { files, failed };
}

function write(files: readonly Rewritten[], inputs: Inputs, io: Io): boolean {
  let failed = false;
  for (const file of files) {
    try {
      writeRewritten(inputs.project.absolute(file.file), file);
    } catch (error) {
      io.say(
        `${file.file}: cannot be written (${(error as NodeJS.ErrnoException).code ?? String(error)})`,
      );
      failed = true;
    }
  }
  return failed;
}

function sayPlan(plan: Plan, args: Arguments, io: Io): void {
  if (args.quiet) return;
  const done = args.flag('write') ? 'fixed' : 'fix shown';
  for (const { finding, fix } of plan.planned) {
    io.say(
      `${at(finding.place)}: ${done}: ${fix.title}${fix.notice === undefined ? '' : ` (${fix.notice})`}`,
    );
  }
  for (const { finding, reason } of plan.left)
    io.say(`${at(finding.place)}: not fixed [${finding.rule}]: ${reason}`);
  const verb = args.flag('write') ? 'fixed' : 'showed a fix for';
  io.say(`${verb} ${count(plan.planned.length, 'finding')}, ${plan.left.length} left`);
}

/** @returns the exit code */
export async function fix(args: Arguments, assets: Assets, io: Io): Promise<number> {
  checkFlags(args);
  checkRules(args.rules);
  const inputs = openInputs(args, assets, io.cwd);
  for (const { file, message } of inputs.bad) io.say(`${file}: ${message}`);
  if (!('project' in inputs)) return 2;
  const patches = args.text('patch-file');
  try {
    if (patches !== undefined) return await writePatches(patches, inputs, args, assets, io);
    // A fix that would make an error is no safe one.
    const { findings } = await gather(inputs, inputs.wanted, args, io, async (base, finding) => ({
      ...finding,
      fixes: await judgedFixes(inputs.project, base, finding),
    }));
    const plan = planFixes(findings, { unsafe: args.flag('unsafe'), id: args.text('fix') });
    const { files, failed } = rewriteAll(plan, inputs, io);
    let broken = failed;
    if (args.flag('write')) broken = write(files, inputs, io) || broken;
    else for (const file of files) io.out(unifiedDiff(file));
    sayPlan(plan, args, io);
    if (inputs.bad.length > 0 || broken) return 2;
    return plan.left.length > 0 ? 1 : 0;
  } finally {
    await inputs.pool.close();
  }
}
