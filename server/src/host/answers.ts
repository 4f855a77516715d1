/**
 * What a report says of one module, as plain data: it can be sent from a worker and kept on disk.
 * The fixes are made, and judged as far as the report wants it.
 */

import {
  boundFixes,
  findingsByFunction,
  functionKey,
  settle,
  withoutFixes,
} from '../core/fixes/lazily.ts';
import type { KernelModule } from '../core/program/kbuild.ts';
import type { Finding, Fix, ModuleSummary, Problem, Severity } from '../core/result.ts';
import { isAtLeast } from '../core/severity.ts';
import type { ModuleAnalysis, Project } from './project.ts';
import { withJudgedFixes } from './what-if.ts';

/** Which findings a report wants, and which of their fixes are tried before it is printed. */
export interface AnswerOptions {
  readonly rules: readonly string[];
  readonly minSeverity: Severity;
  /** `every` fix, those that call themselves `safe`, or `none`; `unseen`: fixes are not even made. */
  readonly judge: 'every' | 'safe' | 'none' | 'unseen';
}

/** A module, and the files that the report is about; all of them when there are none. */
export interface Asked {
  readonly module: KernelModule;
  readonly files: readonly string[] | undefined;
}

export interface ModuleAnswer {
  readonly summary: ModuleSummary;
  readonly findings: readonly Finding[];
  readonly problems: readonly Problem[];
  /** Line starts of the files that fixes touch. */
  readonly lineStarts: readonly (readonly [string, readonly number[]])[];
  /** Every file that was read for it, relative to the root. */
  readonly inputs: readonly string[];
}

/** Says more of a finding while the analysis that it is of is at hand. */
export type Refine = (base: ModuleAnalysis, finding: Finding) => Promise<Finding>;

/** Whether a report wants a finding. */
export function isWanted(
  finding: Finding,
  files: ReadonlySet<string> | undefined,
  { rules, minSeverity }: Pick<AnswerOptions, 'rules' | 'minSeverity'>,
): boolean {
  if (files !== undefined && !files.has(finding.place.file)) return false;
  if (rules.length > 0 && !rules.includes(finding.rule)) return false;
  return isAtLeast(finding.severity, minSeverity);
}

/**
 * What trying fixes for the report of one module may cost. A trial reads the function again that it edits, and what
 * follows from it: one of 3,000 characters costs 12,000, one of 200,000 nearly all that there is. What is found in that
 * function is told again and compared: hundreds of findings cost more than the text.
 */
const trialsOfModule = 3_000_000;

/** Tries the fixes of a finding as the options say; those that there is no time for are no safe ones. */
export function judging(project: Project, { judge }: AnswerOptions): Refine {
  const left = new WeakMap<ModuleAnalysis, number>();
  return async (base, finding) => {
    const wanted =
      judge === 'every' ||
      (judge === 'safe' && finding.fixes.some(({ safety }) => safety === 'safe'));
    if (!wanted) return finding;
    const tried = finding.fixes.filter(({ edits }) => edits.length > 0).length;
    // Where rules were given up, they would be again: nobody could say what the fix brings.
    const rest = base.analysis.complete ? (left.get(base) ?? trialsOfModule) : 0;
    if (rest <= 0) return withUntriedFixes(finding);
    const after = rest - tried * trialCost(base, finding);
    left.set(base, Math.max(0, after));
    return withJudgedFixes(project, base, finding);
  };
}

/** What each finding of the function adds. */
const costOfFinding = 2_000;

function trialCost({ files, findings }: ModuleAnalysis, finding: Finding): number {
  const { place } = finding;
  const functions = files.find(({ path }) => path === place.file)?.functions ?? [];
  const holder = functions.find(({ start, end }) => start <= place.start && place.start < end);
  const length = holder ? holder.end - holder.start : 0;
  const others = findingsByFunction(findings).get(functionKey(finding)) ?? 0;
  return 8_000 + length + (length * length) / 16_000 + others * costOfFinding;
}

/** Nothing is called safe that was not tried. */
function withUntriedFixes(finding: Finding): Finding {
  const notice = 'not tried: there are too many fixes in this module';
  const fixes = finding.fixes.map(
    (fix): Fix => (fix.safety === 'safe' ? { ...fix, safety: 'unsafe', notice } : fix),
  );
  return { ...finding, fixes };
}

/** The answer of an analysis. */
export async function answerOf(
  result: ModuleAnalysis,
  files: ReadonlySet<string> | undefined,
  options: AnswerOptions,
  refine: Refine,
): Promise<Omit<ModuleAnswer, 'inputs'>> {
  const findings: Finding[] = [];
  const lineStarts = new Map<string, readonly number[]>();
  boundFixes(result.findings, result.files);
  for (const finding of result.findings) {
    if (!isWanted(finding, files, options)) continue;
    const refined =
      options.judge === 'unseen' ? withoutFixes(finding) : await refine(result, finding);
    findings.push(refined);
    for (const { file } of refined.fixes.flatMap((fix) => fix.edits)) {
      const lines = result.lineStarts.get(file);
      if (lines !== undefined) lineStarts.set(file, lines);
    }
  }
  settle(findings);
  const { report } = result.analysis;
  return {
    summary: report.module,
    findings,
    problems: result.problems,
    lineStarts: [...lineStarts],
  };
}
