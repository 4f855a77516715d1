/**
 * Answers many modules: on this thread, and on others when there are enough. Each takes the next one that
 * nobody has (`turns.ts`); what comes out does not depend on who answered what.
 */
import { setImmediate } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { Problem } from '../core/result.ts';
import { AnswerCache, cacheFolder } from './answer-cache.ts';
import { type AnswerOptions, type Asked, answerOf, judging, type ModuleAnswer } from './answers.ts';
import { type Assets, engineStamp } from './assets.ts';
import { collectIfLarge } from './collect.ts';
import type { Configuration } from './configuration.ts';
import { moduleKey } from './modules.ts';
import { openProject } from './open.ts';
import type { Project } from './project.ts';
import type { Root } from './root.ts';
import { newTurns, type Turns, takeTurn } from './turns.ts';

/** What a thread needs to answer; plain data. */
export interface Job {
  readonly assets: Assets;
  readonly root: Root;
  readonly configuration: Configuration;
  readonly asked: readonly Asked[];
  /** Indexes of `asked`, those that take longest first. */
  readonly order: readonly number[];
  readonly options: AnswerOptions;
  /** What of `order` is taken. */
  readonly turns: Turns;
}

export interface Answered {
  readonly index: number;
  readonly answer: ModuleAnswer;
}

export interface Answering {
  readonly answers: readonly ModuleAnswer[];
  /** Files that were read for modules whose answers were kept. */
  readonly cached: number;
  readonly problems: readonly Problem[];
}

export interface AnsweringParts {
  readonly assets: Assets;
  readonly configuration: Configuration;
  readonly jobs: number;
  /** Whether answers are kept on disk. */
  readonly cache: boolean;
  readonly progress: (done: number, total: number) => void;
}

/** Fewer sources than this for each thread, and starting it takes longer than it saves. */
const sourcesPerThread = 60;

/**
 * Takes modules until there is none.
 * @param own the project of the thread that started the others
 */
export async function answerModules(
  job: Job,
  tell: (answered: Answered) => void,
  own?: Project,
): Promise<void> {
  const project = own ?? openProject(job).project;
  project.beginBatch();
  const refine = judging(project, job.options);
  const end = own ? 'largest' : 'smallest';
  const take = () => takeTurn(job.turns, job.order.length, end);
  for (let at = take(); at !== undefined; at = take()) {
    const index = job.order[at] ?? 0;
    const one = job.asked[index];
    if (one === undefined) continue;
    const files = one.files && new Set(one.files);
    const inputs = project.noteReads();
    for await (const result of project.analyseAll([one.module])) {
      const answer = await answerOf(result, files, job.options, refine);
      tell({ index, answer: { ...answer, inputs: [...inputs] } });
    }
    collectIfLarge();
    await setImmediate();
  }
}

/** The answers of all modules, in their order. */
export async function answerAll(
  project: Project,
  asked: readonly Asked[],
  options: AnswerOptions,
  parts: AnsweringParts,
): Promise<Answering> {
  const { assets, configuration } = parts;
  const stamp = [engineStamp(assets), JSON.stringify(configuration), JSON.stringify(options)];
  const cache = parts.cache
    ? new AnswerCache(cacheFolder(), project.root.folder, stamp.join('\0'))
    : undefined;
  const answers: (ModuleAnswer | undefined)[] = asked.map((one) => cache?.get(keyOf(one)));
  const known = answers.filter((answer) => answer !== undefined);
  const sources = (index: number): number => asked[index]?.module.sources.length ?? 0;
  const order = answers
    .flatMap((answer, index) => (answer === undefined ? [index] : []))
    .sort((a, b) => sources(b) - sources(a) || a - b);
  let done = known.length;
  const take = ({ index, answer }: Answered): void => {
    answers[index] = answer;
    const one = asked[index];
    if (one !== undefined) cache?.put(keyOf(one), answer);
    parts.progress(++done, asked.length);
  };
  const job: Job = {
    assets,
    root: project.root,
    configuration,
    asked,
    order,
    options,
    turns: newTurns(),
  };
  const total = order.reduce((sum, index) => sum + sources(index), 0);
  const wanted = Math.min(parts.jobs, order.length, Math.floor(total / sourcesPerThread)) - 1;
  const workers = Array.from({ length: Math.max(0, wanted) }, () => start(job, take));
  if (order.length > 0) await answerModules(job, take, project);
  await Promise.all(workers);
  // What a worker took with it when it died (out of memory) is answered here.
  const missing = order.filter((index) => answers[index] === undefined);
  if (missing.length > 0)
    await answerModules({ ...job, order: missing, turns: newTurns() }, take, project);
  return {
    answers: answers.filter((answer) => answer !== undefined),
    cached: known.reduce((sum, { inputs }) => sum + inputs.length, 0),
    problems: cache?.problems ?? [],
  };
}

/** @returns when the worker has ended, well or not */
function start(job: Job, take: (answered: Answered) => void): Promise<void> {
  const { file, execArgv } = job.assets.worker;
  const worker = new Worker(file, { workerData: job, execArgv: [...execArgv] });
  return new Promise((resolve) => {
    worker.on('message', (message: Answered | 'done') => {
      if (message === 'done') void worker.terminate();
      else take(message);
    });
    worker.on('error', () => resolve());
    worker.on('exit', () => resolve());
  });
}

function keyOf({ module, files }: Asked): string {
  return JSON.stringify([moduleKey(module), module, files ?? null]);
}
