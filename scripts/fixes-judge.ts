/**
 * Judges the fixes that are offered over a kernel tree: `npm run fixes:judge -- TREE [FOLDER…]`. TREE is
 * a version that the fetch script knows, or a folder. Each is applied alone, read again, and the model
 * of its module and of those that it reaches compared before and after; then it is joined with what
 * was said of that very edit by hand (test/truth/fixes-TREE.json).
 *
 *   --sample N     only N of them, drawn by --seed (a commit)
 *   --seed WORD
 *   --unread FILE  stores what nobody has read yet as JSON, with the diffs
 *   --compile      compiles the changed files, too (6.12 only: the build folder of fixes:compile)
 *   --write        keeps in the verdicts how each is offered now
 *
 * It fails when one goes wrong by its own word, when a safe one is wrong, or more than 3 % of those
 * that were read are.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { findAssets } from '../server/src/host/assets.ts';
import { emptyConfiguration } from '../server/src/host/configuration.ts';
import { defaultJobs, openProject } from '../server/src/host/open.ts';
import { rootOf } from '../server/src/host/root.ts';
import { buildFolder } from './fixes/build-folder.ts';
import { allModules, modulesOf, sampledModules } from './fixes/chosen.ts';
import { Compiler } from './fixes/compiler.ts';
import { type JudgedOffer, judgedOffers } from './fixes/judged-offers.ts';
import { joined, storeNow, verdictsOn } from './fixes/verdicts.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    sample: { type: 'string' },
    seed: { type: 'string' },
    unread: { type: 'string' },
    compile: { type: 'boolean' },
    write: { type: 'boolean' },
  },
});
const [tree = '', ...folders] = positionals;
const maximumWrong = 0.03;
const say = (line: string): void => console.error(line);

function folderOf(name: string): string {
  if (existsSync(name)) return name;
  const script = join(import.meta.dirname, 'fetch-kernel.sh');
  const { status, stdout, stderr } = spawnSync(script, [name], { encoding: 'utf8' });
  if (status === 0) return stdout.trim();
  say(`no kernel ${name}: ${stderr.trim().split('\n').pop() ?? ''}`);
  process.exit(2);
}

function told({ finding, fix, edit }: JudgedOffer): string {
  const { file, from } = finding.place;
  return `${file}:${from.line + 1} ${finding.rule} ${fix.id} (${fix.safety}) ${edit}`;
}

/** The errors and new warnings of the compiler, by offer. */
async function compiled(offers: readonly JudgedOffer[]): Promise<readonly string[]> {
  const compiler = new Compiler(buildFolder(defaultJobs(), say), new Map());
  const out: string[] = [];
  try {
    for (const offer of offers) {
      const sources = [...offer.texts.keys()].filter((file) => file.endsWith('.c'));
      const files = sources.map((file) => ({ file, depth: 'whole' as const }));
      const { complaints } = await compiler.run({ texts: offer.texts, files });
      out.push(...complaints.map((line) => `${told(offer)}: ${line}`));
    }
  } finally {
    compiler.close();
  }
  return out;
}

function storeUnread(file: string, offers: readonly JudgedOffer[]): void {
  const rows = offers.map(({ finding, fix, edit, diff }) => ({
    file: finding.place.file,
    function: finding.function,
    rule: finding.rule,
    fix: fix.id,
    finding: finding.fingerprint,
    edit,
    safety: fix.safety,
    message: finding.message,
    title: fix.title,
    notice: fix.notice,
    diff,
  }));
  writeFileSync(file, `${JSON.stringify(rows, null, 2)}\n`);
}

async function main(): Promise<number> {
  const { project } = openProject({
    assets: findAssets(import.meta.dirname),
    root: rootOf(folderOf(tree)),
    configuration: emptyConfiguration,
  });
  await project.prepare();
  const all = folders.length > 0 ? modulesOf(project, folders) : allModules(project);
  const chosen =
    values.sample === undefined
      ? all
      : sampledModules(all, values.seed ?? 'none', Number(values.sample));
  const offers = await judgedOffers(project, chosen, say);
  const verdicts = verdictsOn(tree);
  const { known, asked } = joined(offers, verdicts);
  const count = (word: string): number =>
    known.filter((one) => one.verdict.verdict === word).length;
  const wrong = known.filter(({ verdict }) => verdict.verdict === 'wrong');
  const safe = wrong.filter(({ offer }) => offer.fix.safety === 'safe');
  const complaints = offers.flatMap((one) => one.complaints.map((line) => `${told(one)}: ${line}`));
  if (values.compile) complaints.push(...(await compiled(offers)));
  console.log(
    `${offers.length} fixes offered, ${offers.filter(({ fix }) => fix.safety === 'safe').length} safe; ` +
      `read: ${count('right')} right, ${count('style')} style, ${wrong.length} wrong (${safe.length} of them safe); ` +
      `${asked.length} not read as they are now`,
  );
  for (const { offer, verdict } of wrong) console.log(`wrong: ${told(offer)}: ${verdict.why}`);
  for (const offer of asked) console.log(`not read: ${told(offer)}`);
  for (const line of complaints) console.log(`fails: ${line}`);
  if (values.unread !== undefined) storeUnread(values.unread, asked);
  if (values.write) storeNow(tree, offers, verdicts);
  const many = wrong.length > maximumWrong * Math.max(known.length, 1);
  return complaints.length > 0 || safe.length > 0 || (many && values.sample === undefined) ? 1 : 0;
}

process.exitCode = await main();
