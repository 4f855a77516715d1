/**
 * What fixes would do, tried out once for each analysis: an editor asks for code actions whenever the
 * cursor moves, and each trial analyses the module again.
 */

import { summaryOf, type WhatIf } from '../core/fixes/fix-effect.ts';
import { withPreference } from '../core/fixes/judge.ts';
import type { Finding, Fix } from '../core/result.ts';
import type { ModuleAnalysis, Project } from '../host/project.ts';
import { attempt, type JudgedFix } from '../host/what-if.ts';

/** Titles stand in a menu: what is too long there is read in the preview. */
const longestSummary = 110;

/** A fix and what it would do, undefined when it cannot be tried. */
export interface TriedFix {
  readonly fix: Fix;
  readonly whatIf: WhatIf | undefined;
}

export class Trials {
  private readonly known = new WeakMap<ModuleAnalysis, Map<string, Promise<JudgedFix>>>();

  /** The fixes of a finding of `base`, each followed by the chain that mends what it breaks. */
  async of(
    project: Project,
    base: ModuleAnalysis,
    finding: Finding,
    isCancelled: () => boolean = () => false,
  ): Promise<readonly TriedFix[]> {
    const out: TriedFix[] = [];
    for (const one of finding.fixes) {
      if (isCancelled()) return out;
      const { fix, whatIf, chained } = await this.one(project, base, finding, one);
      out.push({ fix, whatIf }, ...(chained === undefined ? [] : [chained]));
    }
    const fixes = withPreference(out.map(({ fix }) => fix));
    return fixes.map((fix, i) => ({ fix, whatIf: out[i]?.whatIf }));
  }

  private one(
    project: Project,
    base: ModuleAnalysis,
    finding: Finding,
    fix: Fix,
  ): Promise<JudgedFix> {
    const known = this.known.get(base) ?? new Map<string, Promise<JudgedFix>>();
    this.known.set(base, known);
    const key = `${finding.fingerprint} ${fix.id}`;
    const trial = known.get(key) ?? attempt(project, base, finding, fix);
    known.set(key, trial);
    // A trial that went wrong says nothing of the next one.
    trial.catch(() => known.delete(key));
    return trial;
  }
}

/**
 * The fix under the name that it has in a menu: one that does what it is there for, and nothing else, has no more
 * to say.
 */
export function inMenu({ fix, whatIf }: TriedFix): Fix {
  if (whatIf === undefined || (whatIf.removes.length === 1 && whatIf.creates.length === 0))
    return fix;
  return { ...fix, title: `${fix.title} (${shortened(summaryOf(whatIf))})` };
}

function shortened(text: string): string {
  if (text.length <= longestSummary) return text;
  return `${text.slice(0, text.lastIndexOf(' ', longestSummary))} …`;
}
