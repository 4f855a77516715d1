/**
 * Compiles what the fixes make of Linux 6.12: `npm run fixes:compile [-- FOLDER… | --all | --ci]`.
 * Every fix alone, then all safe ones of a module together; nothing may fail and no warning may be
 * new. Without a folder all of DRM and accel is taken. `--all` also compares with upstream and writes
 * docs/fixes.md (with `--check` it only compares that file); `--ci` takes some drivers and a sample
 * of the others that changes every week; `--failures FILE` stores what was wrong, with the diffs.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { findAssets } from '../server/src/host/assets.ts';
import { emptyConfiguration } from '../server/src/host/configuration.ts';
import { defaultJobs, openProject } from '../server/src/host/open.ts';
import { rootOf } from '../server/src/host/root.ts';
import { BuildProblem, buildFolder } from './fixes/build-folder.ts';
import { allModules, modulesOf, weeklyModules, weekOf } from './fixes/chosen.ts';
import { patchesText } from './fixes/patches.ts';
import { documentText, failuresText, summaryText } from './fixes/report.ts';
import { type TrialResult, tryModules } from './fixes/trial.ts';
import { compareWithUpstream } from './fixes/upstream.ts';
import { upstreamText } from './fixes/upstream-report.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    all: { type: 'boolean' },
    ci: { type: 'boolean' },
    check: { type: 'boolean' },
    failures: { type: 'string' },
    jobs: { type: 'string' },
  },
});
const jobs = Number(values.jobs ?? defaultJobs());
const table = join(import.meta.dirname, '..', 'docs', 'fixes.md');
const say = (line: string): void => console.error(line);

/** @returns whether docs/fixes.md says what was found */
async function document(result: TrialResult, version: string): Promise<boolean> {
  const upstream = upstreamText(await compareWithUpstream());
  const text = documentText(result, version, upstream, await patchesText());
  if (!values.check) writeFileSync(table, text);
  else if (!existsSync(table) || readFileSync(table, 'utf8') !== text) {
    console.error('docs/fixes.md is out of date: npm run fixes:compile -- --all');
    return false;
  }
  return true;
}

async function main(): Promise<number> {
  const folder = buildFolder(jobs, say);
  const { project } = openProject({
    assets: findAssets(import.meta.dirname),
    root: rootOf(folder.source),
    configuration: emptyConfiguration,
  });
  await project.prepare();
  const modules = values.ci
    ? weeklyModules(project, weekOf(new Date()))
    : positionals.length > 0
      ? modulesOf(project, positionals)
      : allModules(project);
  const result = await tryModules(project, modules, folder, jobs, say);
  console.log(summaryText(result));
  const failed = result.outcomes.filter(({ complaints }) => complaints.length > 0);
  if (values.failures !== undefined) writeFileSync(values.failures, failuresText(failed));
  else if (failed.length > 0) console.log(failuresText(failed));
  const told = !values.all || (await document(result, project.root.version ?? ''));
  return failed.length > 0 || !told ? 1 : 0;
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof BuildProblem)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}
