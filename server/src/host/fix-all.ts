/**
 * All safe fixes of some findings, applied until nothing is left to do: a fix may make room for
 * another, and two that overlap are taken one after the other.
 */
import { isClean } from '../core/fixes/judge.ts';
import type { FileEdit, Finding, Fix } from '../core/result.ts';
import type { ModuleAnalysis, Project } from './project.ts';
import { editsTo, sceneOf, type Texts, tryEdits } from './what-if.ts';

export interface Applied {
  readonly finding: Finding;
  readonly fix: Fix;
}

export interface FixAll {
  readonly applied: readonly Applied[];
  /** From the project's present texts to the last. */
  readonly edits: readonly FileEdit[];
  readonly texts: Texts;
  readonly after: ModuleAnalysis;
}

/** A module has no more fixes than this; one that makes its own finding again must not go on for ever. */
const maximumFixes = 200;

/**
 * @param wanted tells which findings are to be fixed
 * @param isCancelled asked before each step
 */
export async function fixAll(
  project: Project,
  base: ModuleAnalysis,
  wanted: (finding: Finding) => boolean,
  isCancelled: () => boolean = () => false,
): Promise<FixAll> {
  const applied: Applied[] = [];
  const refused = new Set<string>();
  let now = sceneOf(base);
  while (applied.length < maximumFixes && !isCancelled()) {
    const next = nextOf(now.module.findings.filter(wanted), refused);
    if (next === undefined) break;
    const trial = await tryEdits(project, now, next.fix.edits);
    if (trial === undefined || !isClean(trial, next.finding)) {
      refused.add(nameOf(next));
      continue;
    }
    applied.push(next);
    now = trial.after;
  }
  const { texts, module } = now;
  return { applied, edits: editsTo(project, texts), texts, after: module };
}

function nameOf({ finding, fix }: Applied): string {
  return `${finding.fingerprint} ${fix.id}`;
}

/** The first safe fix that was not refused; each finding has one that goes before the others. */
function nextOf(findings: readonly Finding[], refused: ReadonlySet<string>): Applied | undefined {
  for (const finding of findings) {
    const safe = finding.fixes.filter(
      (fix) =>
        fix.safety === 'safe' && fix.edits.length > 0 && !refused.has(nameOf({ finding, fix })),
    );
    const fix = safe.find((one) => one.preferred) ?? safe[0];
    if (fix) return { finding, fix };
  }
  return undefined;
}
