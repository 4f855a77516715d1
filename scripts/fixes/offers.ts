/** What the engine offers over the modules of a tree, and what each fix does to their texts. */

import { judged } from '../../server/src/core/fixes/judge.ts';
import type { Finding, Fix } from '../../server/src/core/result.ts';
import { fixAll } from '../../server/src/host/fix-all.ts';
import { moduleKey } from '../../server/src/host/modules.ts';
import { patchOf } from '../../server/src/host/patches.ts';
import type { ModuleAnalysis, Project } from '../../server/src/host/project.ts';
import { type Rewritten, unifiedDiff } from '../../server/src/host/rewrite.ts';
import { encode } from '../../server/src/host/sources.ts';
import { attempt, type Texts, tryFix } from '../../server/src/host/what-if.ts';

/** One fix of one finding. */
export interface Offer {
  readonly finding: Finding;
  readonly fix: Fix;
  readonly module: string;
}

/** Changed files after one fix, or after all safe ones. */
export interface Applied {
  readonly files: readonly Rewritten[];
  readonly diff: Buffer;
}

export interface Tried extends Applied {
  /** The fix as it is offered when it is known what it does: not safe when it makes an error. */
  readonly fix: Fix;
  /** What is wrong with the fix before any compiler has seen it. */
  readonly complaints: readonly string[];
  /** Findings of severity error or warning that the fixed code has and the present code has not. */
  readonly creates: readonly Finding[];
}

/** All fixes of a module's findings, those without edits among them. */
export function offersOf(result: ModuleAnalysis): readonly Offer[] {
  return result.findings.flatMap((finding) =>
    finding.fixes.map((fix) => ({ finding, fix, module: moduleKey(result.module) })),
  );
}

/** The fix together with those that mend what it breaks, where there are any. */
export async function chainOf(
  project: Project,
  base: ModuleAnalysis,
  offer: Offer,
): Promise<Offer | undefined> {
  const { chained } = await attempt(project, base, offer.finding, offer.fix);
  return chained && { ...offer, fix: chained.fix };
}

function rewritten(project: Project, texts: Texts): readonly Rewritten[] {
  const files = [...texts].flatMap(([file, after]): Rewritten[] => {
    const source = project.read(file);
    if (source.kind !== 'text' || source.text === after) return [];
    return [{ file, before: source.text, after, encoding: source.encoding }];
  });
  return files.sort((a, b) => (a.file < b.file ? -1 : 1));
}

/** What texts change in the files of a project. */
export function applied(project: Project, texts: Texts): Applied {
  const files = rewritten(project, texts);
  return { files, diff: Buffer.concat(files.map((one) => unifiedDiff(one))) };
}

export function bytesOf({ files }: Applied): Map<string, Buffer> {
  return new Map(files.map(({ file, after, encoding }) => [file, encode(after, encoding)]));
}

const serious = new Set(['error', 'warning']);

/** Applies one fix to texts in memory and analyses the module as it would be. */
export async function tryOffer(
  project: Project,
  base: ModuleAnalysis,
  { finding, fix }: Offer,
): Promise<Tried> {
  const trial = await tryFix(project, base, fix);
  if (trial === undefined)
    return {
      files: [],
      diff: Buffer.alloc(0),
      complaints: ['its edits do not fit'],
      creates: [],
      fix,
    };
  const result = applied(project, trial.after.texts);
  const complaints: string[] = [];
  if (result.files.length === 0) complaints.push('it changes nothing');
  // Two alike in one function: the second takes the first one's name when that is gone.
  const { findings } = trial.after.module;
  const gone = alike(findings, finding) < alike(base.findings, finding);
  const named = findings.some((one) => one.fingerprint === finding.fingerprint);
  if (trial.damages !== undefined) complaints.push(`${trial.damages} does not parse after it`);
  if (named && !gone) complaints.push('the finding is still there after the fix');
  const creates = trial.whatIf.creates.filter((one) => serious.has(one.severity));
  return { ...result, complaints, creates, fix: judged(fix, finding, trial) };
}

function alike(list: readonly Finding[], { rule, function: name, place }: Finding): number {
  return list.filter(
    (one) => one.rule === rule && one.function === name && one.place.file === place.file,
  ).length;
}

export interface TriedAll extends Omit<Tried, 'fix'> {
  readonly fixed: number;
}

/** Applies all safe fixes until none is left, and looks whether that is a fixed point. */
export async function tryAll(project: Project, base: ModuleAnalysis): Promise<TriedAll> {
  const result = await fixAll(project, base, () => true);
  const { files, diff } = applied(project, result.texts);
  const complaints: string[] = [];
  if (files.length > 0) {
    // As if all was saved and asked for again.
    for (const { file, after } of files) project.openDocument(file, after);
    const again = await fixAll(project, await project.analyse(base.module), () => true);
    for (const { file } of files) project.closeDocument(file);
    for (const { fix } of again.applied) complaints.push(`fixing all again applies "${fix.title}"`);
  }
  return { files, diff, complaints, creates: [], fixed: result.applied.length };
}

/** The fix as a patch to mail, with what does not depend on the machine; undefined when it cannot be. */
export async function mailOf(
  project: Project,
  base: ModuleAnalysis,
  { finding, fix }: Offer,
): Promise<Buffer | undefined> {
  const options = { git: undefined, date: new Date(0), version: '0' };
  const patch = await patchOf(project, base, finding, fix, options);
  return typeof patch === 'string' ? undefined : patch.bytes;
}
