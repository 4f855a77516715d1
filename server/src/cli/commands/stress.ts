/** `driver-teardown stress PATH -o DIR`: a kit that takes the driver down on a test machine. */
import { join, resolve } from 'node:path';
import { quotedName } from '../../core/mail/quote.ts';
import { type StressPlan, stressPlan } from '../../core/stress/plan.ts';
import { kitMark, stressScript } from '../../core/stress/script.ts';
import { isWanted } from '../../host/answers.ts';
import { type Assets, kitFile } from '../../host/assets.ts';
import {
  exists,
  Failure,
  isListed,
  makeExecutable,
  makeFolder,
  readStart,
} from '../../host/disk.ts';
import { writeWhole } from '../../host/replace.ts';
import type { Arguments } from '../arguments.ts';
import { sayBad } from '../gather.ts';
import { openInputs } from '../inputs.ts';
import { type Io, UsageError } from '../io.ts';
import { oneModule } from '../one-module.ts';
import { asReported, at } from '../render/names.ts';
import { count } from '../render/style.ts';

/** So much of a file tells whether it is of an earlier kit. */
const headBytes = 400;

/** A file of somebody else's is left alone. @throws UsageError when one stands there */
function checkPlace(folder: string, shown: string): void {
  for (const name of ['stress.sh', 'hold.c']) {
    const file = join(folder, name);
    if (!isListed(file) && !exists(file)) continue;
    const head = readStart(file, headBytes);
    const isOurs =
      !(head instanceof Failure) && [kitMark, 'hold PATH MODE'].some((mark) => head.includes(mark));
    if (!isOurs)
      throw new UsageError(
        `${join(shown, name)} is there and is of no earlier kit: name another DIR`,
      );
  }
}

function writeKit(
  folder: string,
  shown: string,
  files: Readonly<Record<string, string>>,
  io: Io,
): void {
  const failed = makeFolder(folder);
  if (failed) throw new UsageError(`${shown} cannot be made a folder (${failed.problem})`);
  checkPlace(folder, shown);
  for (const [name, text] of Object.entries(files)) {
    const file = join(folder, name);
    const wrong =
      writeWhole(file, Buffer.from(text, 'utf8')) ??
      (name.endsWith('.sh') ? makeExecutable(file) : undefined);
    if (wrong) throw new UsageError(`${join(shown, name)} cannot be written: ${wrong.problem}`);
    io.out(`${quotedName(join(shown, name))}\n`);
  }
}

/** What the kit is for, on stderr. */
function sayPlan({ module, scenarios, failures }: StressPlan, io: Io): void {
  const risky = scenarios.filter(({ shows }) => shows.length > 0);
  const hazards = new Set(scenarios.flatMap(({ shows }) => shows.map((one) => one.fingerprint)));
  io.say(
    `${count(scenarios.length, 'scenario')} for ${module}, ${risky.length} of which may show ${count(hazards.size, 'predicted hazard')}; ${count(failures.length, 'call')} of probe to let fail`,
  );
  io.say('on a test machine: sh stress.sh --dry-run, then sh stress.sh --break-this-machine');
}

/** @returns the exit code */
export async function stress(args: Arguments, assets: Assets, io: Io): Promise<number> {
  const name = args.text('output');
  if (name === undefined || name === '')
    throw new UsageError('stress needs -o DIR, the folder for the kit');
  if (args.positionals.length > 1) throw new UsageError('stress takes one PATH');
  const inputs = openInputs(args, assets, io.cwd);
  sayBad(inputs.bad, io);
  if (!('project' in inputs)) return 2;
  const result = await oneModule(inputs, args, io);
  if (!result) return 2;
  const { analysis, findings } = result;
  const order = analysis.order();
  const plan = stressPlan({
    pass: analysis.pass,
    order,
    findings: findings.filter((finding) => isWanted(finding, undefined, args)),
  });
  if (plan.scenarios.length === 0)
    throw new UsageError(
      `${order.module} is no driver of a bus that can be unbound, and no module: there is nothing to stress`,
    );
  const script = stressScript(plan, {
    body: kitFile(assets, 'stress.sh'),
    version: assets.version,
    at: (place) => at(place, asReported),
  });
  writeKit(
    resolve(io.cwd, name),
    name,
    { 'stress.sh': script, 'hold.c': kitFile(assets, 'hold.c') },
    io,
  );
  if (!args.quiet) sayPlan(plan, io);
  return inputs.bad.length > 0 ? 2 : 0;
}
