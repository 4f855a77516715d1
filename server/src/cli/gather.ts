/** Runs the analysis for a command and gathers what it found, in an order that depends on nothing else. */
import { quotedName } from '../core/mail/quote.ts';
import type { Finding, ModuleSummary, Problem } from '../core/result.ts';
import { answerAll } from '../host/answering.ts';
import { type AnswerOptions, answerOf, type ModuleAnswer, type Refine } from '../host/answers.ts';
import type { Assets } from '../host/assets.ts';
import { moduleKey } from '../host/modules.ts';
import type { LineStarts, Project } from '../host/project.ts';
import type { Arguments } from './arguments.ts';
import type { Inputs, Wanted } from './inputs.ts';
import type { Io } from './io.ts';
import type { Names } from './render/names.ts';
import { count } from './render/style.ts';

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

/** The part of all modules that is looked at. */
export interface Shard {
  readonly index: number;
  readonly of: number;
}

/** `--shard I/N`: every N-th module, so that large and small ones mix. */
export function shardOf(wanted: readonly Wanted[], shard: Shard | undefined): readonly Wanted[] {
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
  const left = count(problems.length, 'problem');
  io.say(problems.length === 0 ? 'no C files here' : `nothing could be analysed: ${left}`);
  return true;
}

/** What was named and cannot be analysed, also when only results are wanted. */
export function sayBad(bad: readonly Problem[], io: Io): void {
  for (const { file, message } of bad) io.say(`${quotedName(file)}: ${message}`);
}

/** A line for each problem, for people. */
export function sayProblems(
  problems: readonly Problem[],
  names: Names,
  args: Arguments,
  io: Io,
): void {
  if (args.quiet) return;
  for (const { file, message } of problems) io.say(`${quotedName(names(file))}: ${message}`);
}

/** What the arguments want of the modules. */
function optionsOf(args: Arguments, judge: AnswerOptions['judge']): AnswerOptions {
  return { rules: args.rules, minSeverity: args.minSeverity, judge };
}

/**
 * Analyses the modules on this thread and picks the findings that the arguments ask for: for what
 * looks at the analyses themselves, or at texts that are not on the disk.
 */
export async function gather(
  inputs: Inputs,
  wanted: readonly Wanted[],
  args: Arguments,
  io: Io,
  refine: Refine = async (_, finding) => finding,
): Promise<Gathered> {
  const start = performance.now();
  const { project } = inputs;
  const options = optionsOf(args, 'none');
  const byKey = new Map(wanted.map((entry) => [moduleKey(entry.module), entry]));
  const answers: Omit<ModuleAnswer, 'inputs'>[] = [];
  const modules = wanted.map((entry) => entry.module);
  for await (const result of project.analyseAll(modules, progressOf(io))) {
    const files = byKey.get(moduleKey(result.module))?.files;
    answers.push(await answerOf(result, files, options, refine));
  }
  io.progress('');
  return gathered(project, answers, project.problems, { ...project.counts }, start);
}

/** The same for the files on the disk: on several threads, and from the cache what has not changed. */
export async function gatherFiles(
  inputs: Inputs,
  wanted: readonly Wanted[],
  args: Arguments,
  assets: Assets,
  io: Io,
): Promise<Gathered> {
  const start = performance.now();
  const { project, configuration } = inputs;
  const asked = wanted.map(({ module, files }) => ({ module, files: files && [...files].sort() }));
  const { answers, cached, problems } = await answerAll(
    project,
    asked,
    optionsOf(args, judgeOf(args)),
    {
      assets,
      configuration,
      jobs: args.jobs,
      cache: args.cache,
      progress: progressOf(io),
    },
  );
  io.progress('');
  const files = answers.reduce((sum, answer) => sum + answer.inputs.length, 0);
  const counts = { files, bytes: project.counts.bytes, cacheHits: cached };
  return gathered(project, answers, [...project.problems, ...problems], counts, start);
}

/**
 * The formats that hand fixes to programs say of each what it would create; for people to read it is
 * enough that no fix is called safe untried.
 */
export function judgeOf({ format }: Arguments): AnswerOptions['judge'] {
  if (format === 'json' || format === 'sarif') return 'every';
  return format === 'text' ? 'safe' : 'unseen';
}

function progressOf(io: Io): (done: number, total: number) => boolean {
  return (done, total) => {
    io.progress(`${done} of ${total} modules`);
    return true;
  };
}

function gathered(
  project: Project,
  answers: readonly Omit<ModuleAnswer, 'inputs'>[],
  problems: readonly Problem[],
  counts: Omit<Gathered['stats'], 'ms'>,
  start: number,
): Gathered {
  const all = [...answers.flatMap((answer) => answer.problems), ...problems];
  const keyOf = (f: Finding): string =>
    `${f.place.file}\0${f.place.start}\0${f.rule}\0${f.fingerprint}`;
  return {
    root: project.root.folder,
    findings: dedupe(
      answers.flatMap((answer) => answer.findings),
      keyOf,
    ).sort(compareFindings),
    modules: answers.map((answer) => answer.summary),
    problems: dedupe(all, (p) => `${p.file}\0${p.message}`).sort((a, b) =>
      compareText(a.file, b.file),
    ),
    stats: { ...counts, ms: Math.round(performance.now() - start) },
    lineStarts: new Map(answers.flatMap((answer) => answer.lineStarts)),
  };
}
