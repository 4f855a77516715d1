/**
 * Fixes tried out before anybody applies them: the module is analysed with the edited texts, of open
 * documents and of files on disk alike, and the two reports are compared.
 */
import { compareFindings, judged, type WhatIf } from '../core/fixes/what-if.ts';
import type { FileEdit, Finding, Fix } from '../core/result.ts';
import { applyEdits, type TextEdit, withLineEnds } from '../core/text.ts';
import type { ModuleAnalysis, Project } from './project.ts';
import { editsBetween } from './text-edits.ts';

/** Texts that stand in for those of the project, by report path. */
export type Texts = ReadonlyMap<string, string>;

export interface Trial extends WhatIf {
  readonly after: ModuleAnalysis;
  readonly texts: Texts;
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

/** Tries a fix on a module; undefined when its edits do not fit the present texts. */
export async function tryFix(
  project: Project,
  base: ModuleAnalysis,
  fix: Fix,
): Promise<Trial | undefined> {
  const texts = textsAfter(project, fix.edits);
  if (texts === undefined) return undefined;
  const after = await project.imagine(base, texts);
  return { ...compareFindings(base.findings, after.findings), after, texts };
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
  fix: Fix,
): Promise<JudgedFix> {
  const trial = fix.edits.length > 0 ? await tryFix(project, base, fix) : undefined;
  if (trial === undefined) return { fix, whatIf: undefined, chained: undefined };
  const { removes, creates } = trial;
  const better = creates.length > 0 ? await followUp(project, base, fix, trial) : undefined;
  return {
    fix: judged(fix, trial),
    whatIf: { removes, creates },
    chained: better && chain(fix, better),
  };
}

/** The fixes of a finding with what each would do, and after each the chain that mends what it breaks. */
export async function judgedFixes(
  project: Project,
  base: ModuleAnalysis,
  finding: Finding,
): Promise<readonly Fix[]> {
  const out: Fix[] = [];
  for (const one of finding.fixes) {
    const { fix, chained } = await attempt(project, base, one);
    out.push(fix, ...(chained === undefined ? [] : [chained.fix]));
  }
  return out;
}

function chain(first: Fix, { titles, edits, trial }: FollowUp): NonNullable<JudgedFix['chained']> {
  const fix: Fix = {
    id: `${first.id}-and-follow-ups`,
    title: titles.join('; then: '),
    safety: 'unsafe',
    preferred: false,
    edits,
    notice: `${titles.length} fixes in one step`,
    creates: [],
  };
  return { fix: judged(fix, trial), whatIf: { removes: trial.removes, creates: trial.creates } };
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
  for (let i = 0; i < maximumFollowUps && now.creates.length > 0; i++) {
    const better = await mend(project, base, now);
    if (better === undefined) break;
    titles.push(better.title);
    now = better.trial;
  }
  if (titles.length === 1) return undefined;
  return { titles, trial: now, edits: editsTo(project, now.texts) };
}

async function mend(
  project: Project,
  base: ModuleAnalysis,
  now: Trial,
): Promise<{ readonly title: string; readonly trial: Trial } | undefined> {
  for (const created of now.creates) {
    const fix = firstFix(created);
    const texts = fix && textsAfter(project, fix.edits, now.texts);
    if (fix === undefined || texts === undefined) continue;
    const after = await project.imagine(base, texts);
    const trial: Trial = { ...compareFindings(base.findings, after.findings), after, texts };
    if (trial.creates.length < now.creates.length) return { title: fix.title, trial };
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
