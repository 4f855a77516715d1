/**
 * What fixes would do, tried out once for each analysis: an editor asks for code actions whenever the
 * cursor moves, and each trial analyses the module again.
 */
import { judged, summaryOf, type WhatIf } from '../core/fixes/what-if.ts';
import type { FileEdit, Finding, Fix } from '../core/result.ts';
import type { ModuleAnalysis, Project } from '../host/project.ts';
import { followUp, tryFix } from '../host/what-if.ts';

/** A fix and what it does, without the analyses that showed it. */
export interface JudgedFix {
  readonly fix: Fix;
  /** Undefined when there is nothing to try: the fix has no edits, or they do not fit any more. */
  readonly whatIf: WhatIf | undefined;
  /** The fix with those that mend what it breaks. */
  readonly chained: Fix | undefined;
}

/** Titles stand in a menu: what is too long there is read in the preview. */
const longestSummary = 110;

export class Trials {
  readonly #known = new WeakMap<ModuleAnalysis, Map<string, Promise<JudgedFix>>>();

  /** The fixes of a finding of `base`, each with what it would do. */
  async of(
    project: Project,
    base: ModuleAnalysis,
    finding: Finding,
    isCancelled: () => boolean,
  ): Promise<readonly JudgedFix[]> {
    const out: JudgedFix[] = [];
    for (const fix of finding.fixes) {
      if (isCancelled()) return out;
      out.push(await this.#one(project, base, finding, fix));
    }
    return out;
  }

  #one(project: Project, base: ModuleAnalysis, finding: Finding, fix: Fix): Promise<JudgedFix> {
    const known = this.#known.get(base) ?? new Map<string, Promise<JudgedFix>>();
    this.#known.set(base, known);
    const key = `${finding.fingerprint} ${fix.id}`;
    const trial = known.get(key) ?? attempt(project, base, fix);
    known.set(key, trial);
    // A trial that went wrong says nothing of the next one.
    trial.catch(() => known.delete(key));
    return trial;
  }
}

async function attempt(project: Project, base: ModuleAnalysis, fix: Fix): Promise<JudgedFix> {
  const trial = fix.edits.length > 0 ? await tryFix(project, base, fix) : undefined;
  if (trial === undefined) return { fix, whatIf: undefined, chained: undefined };
  const { removes, creates } = trial;
  const better = creates.length > 0 ? await followUp(project, base, fix, trial) : undefined;
  const chained = better && chain(fix, better.titles, better.edits, better.trial);
  return { fix: titled(judged(fix, trial), trial), whatIf: { removes, creates }, chained };
}

function chain(
  fix: Fix,
  titles: readonly string[],
  edits: readonly FileEdit[],
  whatIf: WhatIf,
): Fix {
  const all: Fix = {
    id: `${fix.id}-and-follow-ups`,
    title: titles.join('; then: '),
    safety: 'unsafe',
    preferred: false,
    edits,
    notice: `${titles.length} fixes in one step`,
    creates: [],
  };
  return titled(judged(all, whatIf), whatIf);
}

/** A fix that does what it is there for, and nothing else, has no more to say. */
function titled(fix: Fix, whatIf: WhatIf): Fix {
  if (whatIf.removes.length === 1 && whatIf.creates.length === 0) return fix;
  return { ...fix, title: `${fix.title} (${shortened(summaryOf(whatIf))})` };
}

function shortened(text: string): string {
  if (text.length <= longestSummary) return text;
  return `${text.slice(0, text.lastIndexOf(' ', longestSummary))} …`;
}
