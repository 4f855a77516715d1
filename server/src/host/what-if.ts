/**
 * Fixes tried out before anybody applies them: every module that the edits reach is analysed with the
 * edited texts, of open documents and of files on disk alike, and the reports are compared.
 */

import { compareFindings, together, type WhatIf } from '../core/fixes/fix-effect.ts';
import { judged, type Verdict, withPreference } from '../core/fixes/judge.ts';
import { boundFixes, settle } from '../core/fixes/lazily.ts';
import type { FileEdit, Finding, Fix } from '../core/result.ts';
import { applyEdits, type TextEdit, withLineEnds } from '../core/text.ts';
import { moduleKey } from './modules.ts';
import type { ModuleAnalysis, Project } from './project.ts';
import { editsBetween } from './text-edits.ts';

/** Texts that stand in for those of the project, by report path. */
export type Texts = ReadonlyMap<string, string>;

/** A module, and the others that read the edited files, as they are with some texts replaced. */
export interface Scene {
  readonly module: ModuleAnalysis;
  readonly others: readonly ModuleAnalysis[];
  readonly texts: Texts;
}

export interface Trial extends Verdict {
  readonly after: Scene;
}

/** A fix and those that mend what it breaks, as one. */
interface FollowUp {
  readonly titles: readonly string[];
  readonly trial: Trial;
  /** From the project's present texts. */
  readonly edits: readonly FileEdit[];
}

/** So many fixes are put on top of the first one before it is given up. */
const maximumFollowUps = 4;

/** The texts after a fix, on top of `texts`; undefined when an edit does not fit. */
export function textsAfter(
  project: Project,
  edits: readonly FileEdit[],
  texts: Texts = new Map(),
): Texts | undefined {
  const out = new Map(texts);
  for (const { file, edits: list } of edits) {
    const text = out.get(file) ?? textOf(project, file);
    if (text === undefined) return undefined;
    try {
      out.set(file, applyEdits(text, withLineEnds(list, text)));
    } catch {
      return undefined;
    }
  }
  return out;
}

function textOf(project: Project, file: string): string | undefined {
  const source = project.read(file);
  return source.kind === 'unreadable' ? undefined : source.text;
}

/** The module as it stands in the project. */
export function sceneOf(module: ModuleAnalysis): Scene {
  return { module, others: [], texts: new Map() };
}

/** Tries edits on top of a scene; undefined when they do not fit its texts. */
export async function tryEdits(
  project: Project,
  before: Scene,
  edits: readonly FileEdit[],
): Promise<Trial | undefined> {
  const texts = textsAfter(project, edits, before.texts);
  if (texts === undefined) return undefined;
  const files = edits.map(({ file }) => file);
  const others = [...before.others];
  for (const module of project.readersOf(before.module.module, files)) {
    if (others.some((other) => moduleKey(other.module) === moduleKey(module))) continue;
    const known = await project.analyse(module);
    others.push(before.texts.size === 0 ? known : await project.imagine(known, before.texts));
  }
  const after: Scene = {
    module: await project.imagine(before.module, texts),
    others: [],
    texts,
  };
  const changed: ModuleAnalysis[] = [];
  for (const other of others) changed.push(await project.imagine(other, texts));
  const whatIf = together([
    compareFindings(before.module.findings, after.module.findings),
    ...others.map((other, i) => compareFindings(other.findings, changed[i]?.findings ?? [])),
  ]);
  // The next question moves the imagined module on: the fixes of what is new are asked for now.
  boundFixes(whatIf.creates, after.module.files);
  settle(whatIf.creates);
  const damages = files.find((file) => readsWorse(before.module, after.module, file));
  return { whatIf, damages, after: { ...after, others: changed } };
}

/** Whether the parser understands less of a file: what both texts of it have in common is not read. */
function readsWorse(before: ModuleAnalysis, after: ModuleAnalysis, file: string): boolean {
  const was = before.files.find(({ path }) => path === file);
  const is = after.files.find(({ path }) => path === file);
  return is !== undefined && (was ? is.errorsOver(was) : is.countErrors()) > 0;
}

/** A fix and what it does, without the analyses that showed it. */
export interface JudgedFix {
  readonly fix: Fix;
  /** Undefined when there is nothing to try: the fix has no edits, or they do not fit any more. */
  readonly whatIf: WhatIf | undefined;
  /** The fix with those that mend what it breaks. */
  readonly chained: { readonly fix: Fix; readonly whatIf: WhatIf } | undefined;
}

/** Tries a fix, and others on top of it when it breaks something. */
export async function attempt(
  project: Project,
  base: ModuleAnalysis,
  finding: Finding,
  fix: Fix,
): Promise<JudgedFix> {
  const trial = await tryFix(project, base, fix);
  if (trial === undefined) return { fix, whatIf: undefined, chained: undefined };
  const { whatIf, damages } = trial;
  const better =
    whatIf.creates.length > 0 && damages === undefined
      ? await followUp(project, base, fix, trial)
      : undefined;
  return {
    fix: judged(fix, finding, trial),
    whatIf: damages === undefined ? whatIf : undefined,
    chained: better && chain(finding, fix, better),
  };
}

/** Tries a fix on a module; undefined when it has no edits, or they do not fit the present texts. */
export async function tryFix(
  project: Project,
  base: ModuleAnalysis,
  fix: Fix,
): Promise<Trial | undefined> {
  return fix.edits.length > 0 ? tryEdits(project, sceneOf(base), fix.edits) : undefined;
}

/** The fixes of a finding with what each would do, and after each the chain that mends what it breaks. */
export async function judgedFixes(
  project: Project,
  base: ModuleAnalysis,
  finding: Finding,
): Promise<readonly Fix[]> {
  const out: Fix[] = [];
  for (const one of finding.fixes) {
    const { fix, chained } = await attempt(project, base, finding, one);
    out.push(fix, ...(chained === undefined ? [] : [chained.fix]));
  }
  return withPreference(out);
}

/** The finding with its fixes judged one by one, for reports: nothing is put on top of them. */
export async function withJudgedFixes(
  project: Project,
  base: ModuleAnalysis,
  finding: Finding,
): Promise<Finding> {
  const fixes: Fix[] = [];
  for (const fix of finding.fixes) {
    const trial = await tryFix(project, base, fix);
    fixes.push(trial === undefined ? fix : judged(fix, finding, trial));
  }
  return { ...finding, fixes: withPreference(fixes) };
}

function chain(
  finding: Finding,
  first: Fix,
  { titles, edits, trial }: FollowUp,
): NonNullable<JudgedFix['chained']> {
  const fix: Fix = {
    id: `${first.id}-and-follow-ups`,
    title: titles.join('; then: '),
    safety: 'unsafe',
    preferred: false,
    edits,
    notice: `${titles.length} fixes in one step`,
    creates: [],
  };
  return { fix: judged(fix, finding, trial), whatIf: trial.whatIf };
}

/** The fix of a finding that the module would offer first. */
function firstFix({ fixes }: Finding): Fix | undefined {
  const offered = fixes.filter((fix) => fix.edits.length > 0);
  return offered.find((fix) => fix.preferred) ?? offered[0];
}

/**
 * Mends what a fix creates with the fixes of the created findings, one after the other, as long as
 * each leaves fewer of them.
 * @returns undefined when nothing that it creates can be mended
 */
async function followUp(
  project: Project,
  base: ModuleAnalysis,
  first: Fix,
  trial: Trial,
): Promise<FollowUp | undefined> {
  let now = trial;
  const titles = [first.title];
  for (let i = 0; i < maximumFollowUps && now.whatIf.creates.length > 0; i++) {
    const better = await mend(project, base, now);
    if (better === undefined) break;
    titles.push(better.title);
    now = better.trial;
  }
  if (titles.length === 1) return undefined;
  return { titles, trial: now, edits: editsTo(project, now.after.texts) };
}

async function mend(
  project: Project,
  base: ModuleAnalysis,
  now: Trial,
): Promise<{ readonly title: string; readonly trial: Trial } | undefined> {
  for (const created of now.whatIf.creates) {
    const fix = firstFix(created);
    const texts = fix && textsAfter(project, fix.edits, now.after.texts);
    if (fix === undefined || texts === undefined) continue;
    // Compared with the present texts: what the first fix broke is to be mended, not moved.
    const trial = await tryEdits(project, sceneOf(base), editsTo(project, texts));
    if (trial === undefined || trial.damages !== undefined) continue;
    if (trial.whatIf.creates.length < now.whatIf.creates.length) return { title: fix.title, trial };
  }
  return undefined;
}

/** The edits from the project's present texts to others. */
export function editsTo(project: Project, texts: Texts): readonly FileEdit[] {
  return [...texts].flatMap(([file, text]): FileEdit[] => {
    const before = textOf(project, file);
    const edits: readonly TextEdit[] = before === undefined ? [] : editsBetween(before, text);
    return edits.length === 0 ? [] : [{ file, edits }];
  });
}
