/** Runs the analysis for a command and gathers what it found, in an order that depends on nothing else. */
import type { Finding, ModuleSummary, Problem, Severity } from '../core/result.ts';
import { moduleKey } from '../host/modules.ts';
import type { LineStarts, ModuleAnalysis } from '../host/project.ts';
import type { Arguments } from './arguments.ts';
import type { Inputs, Wanted } from './inputs.ts';
import type { Io } from './io.ts';

export interface Gathered {
  readonly root: string;
  readonly findings: readonly Finding[];
  readonly modules: readonly ModuleSummary[];
  readonly problems: readonly Problem[];
  readonly stats: {
    readonly files: number;
    readonly bytes: number;
    readonly ms: number;
    readonly cacheHits: number;
  };
  /** Line starts of the files that fixes touch. */
  readonly lineStarts: LineStarts;
}

const ranks: Readonly<Record<Severity, number>> = { error: 3, warning: 2, info: 1, hint: 0 };

/** Whether `severity` is `limit` or worse. */
export function isAtLeast(severity: Severity, limit: Severity): boolean {
  return ranks[severity] >= ranks[limit];
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function compareFindings(a: Finding, b: Finding): number {
  return (
    compareText(a.place.file, b.place.file) ||
    a.place.start - b.place.start ||
    compareText(a.rule, b.rule) ||
    compareText(a.fingerprint, b.fingerprint) ||
    compareText(a.message, b.message)
  );
}

/** `--shard I/N`: every N-th module, so that large and small ones mix. */
export function shardOf(
  wanted: readonly Wanted[],
  shard: { readonly index: number; readonly of: number } | undefined,
): readonly Wanted[] {
  return shard === undefined ? wanted : wanted.filter((_, i) => i % shard.of === shard.index - 1);
}

function dedupe<T>(items: readonly T[], keyOf: (item: T) => string): T[] {
  return [...new Map(items.map((item) => [keyOf(item), item])).values()];
}

/** Says that there is no analysis to judge by, when there is none: that is not the same as clean. */
export function sayNothing(
  { modules, problems }: Pick<Gathered, 'modules' | 'problems'>,
  io: Io,
): boolean {
  if (modules.some(({ files }) => files > 0)) return false;
  const left = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
  io.say(problems.length === 0 ? 'no C files here' : `nothing could be analysed: ${left}`);
  return true;
}

/** A line for each problem, for people. */
export function sayProblems(problems: readonly Problem[], args: Arguments, io: Io): void {
  if (args.quiet) return;
  for (const { file, message } of problems) io.say(`${file}: ${message}`);
}

/** Whether the command line asks for a finding. */
export function isWanted(
  finding: Finding,
  files: ReadonlySet<string> | undefined,
  args: Arguments,
): boolean {
  if (files !== undefined && !files.has(finding.place.file)) return false;
  if (args.rules.length > 0 && !args.rules.includes(finding.rule)) return false;
  return isAtLeast(finding.severity, args.minSeverity);
}

function keepLines(finding: Finding, from: LineStarts, into: Map<string, readonly number[]>): void {
  for (const { file } of finding.fixes.flatMap((fix) => fix.edits)) {
    const lines = from.get(file);
    if (lines !== undefined) into.set(file, lines);
  }
}

/** Says more of a finding while the analysis that it is of is at hand. */
export type Refine = (base: ModuleAnalysis, finding: Finding) => Promise<Finding>;

/** Analyses the modules and picks the findings that the arguments ask for. */
export async function gather(
  inputs: Inputs,
  wanted: readonly Wanted[],
  args: Arguments,
  io: Io,
  refine: Refine = async (_, finding) => finding,
): Promise<Gathered> {
  const start = performance.now();
  const { project } = inputs;
  const byKey = new Map(wanted.map((entry) => [moduleKey(entry.module), entry]));
  const findings: Finding[] = [];
  const modules: ModuleSummary[] = [];
  const problems: Problem[] = [];
  const lineStarts = new Map<string, readonly number[]>();
  const counting = (done: number, total: number): boolean => {
    io.progress(`reading ${done} of ${total} files`);
    return true;
  };
  for await (const result of project.analyseAll(
    wanted.map((entry) => entry.module),
    counting,
  )) {
    modules.push(result.analysis.report.module);
    problems.push(...result.problems);
    const files = byKey.get(moduleKey(result.module))?.files;
    for (const finding of result.findings) {
      if (!isWanted(finding, files, args)) continue;
      findings.push(await refine(result, finding));
      keepLines(finding, result.lineStarts, lineStarts);
    }
  }
  problems.push(...project.problems);
  io.progress('');
  const keyOf = (f: Finding): string =>
    `${f.place.file}\0${f.place.start}\0${f.rule}\0${f.fingerprint}`;
  return {
    root: project.root.folder,
    findings: dedupe(findings, keyOf).sort(compareFindings),
    modules,
    problems: dedupe(problems, (p) => `${p.file}\0${p.message}`).sort((a, b) =>
      compareText(a.file, b.file),
    ),
    stats: { ...project.counts, ms: Math.round(performance.now() - start) },
    lineStarts,
  };
}
