/**
 * Parses many files at once. Worker threads and the main thread take files from one shared counter, so
 * nobody waits for messages and small jobs stay on the main thread. Results are kept by index: what
 * comes out does not depend on who parsed what.
 */
import { setImmediate } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { MaskWords } from '../core/catalog.ts';
import type { CParser } from '../core/syntax/parse.ts';
import type { Assets } from './assets.ts';
import { parseFile } from './parse-file.ts';
import type { Runtime } from './runtime.ts';
import type { Job, Parsed, WorkerMessage, WorkerSetup } from './tasks.ts';

export interface ParseTask {
  /** Absolute. */
  readonly file: string;
  /** Relative to the root. */
  readonly path: string;
  readonly bytes: number;
}

/** Called as files get done; returning false stops the job. */
export type Progress = (done: number, total: number) => boolean;

/** Starting a worker costs about as much as parsing this much text. */
const bytesPerWorker = 400_000;
/** The main thread breathes after this long, so that a server keeps reading its messages. */
const sliceMs = 25;

interface Running {
  readonly id: number;
  readonly results: (Parsed | undefined)[];
  readonly left: Set<Worker>;
  readonly finish: () => void;
}

export class ParsePool {
  readonly #assets: Assets;
  readonly #words: MaskWords;
  readonly #runtime: () => Promise<Runtime>;
  readonly #workers: Worker[] = [];
  readonly #running = new Map<number, Running>();
  readonly #jobs: number;
  #nextId = 1;
  #parser: CParser | undefined;

  /** @param jobs number of threads that parse, the main thread among them */
  constructor(assets: Assets, words: MaskWords, runtime: () => Promise<Runtime>, jobs: number) {
    this.#assets = assets;
    this.#words = words;
    this.#runtime = runtime;
    this.#jobs = Math.max(1, jobs);
  }

  /** Parses all tasks; the results stand in the order of the tasks, undefined where it was stopped. */
  async parse(
    tasks: readonly ParseTask[],
    progress?: Progress,
  ): Promise<readonly (Parsed | undefined)[]> {
    if (tasks.length === 0) return [];
    const order = tasks
      .map((_, i) => i)
      .sort((a, b) => (tasks[b]?.bytes ?? 0) - (tasks[a]?.bytes ?? 0) || a - b);
    const job = this.#newJob(order.map((i) => tasks[i] as ParseTask));
    const results = await this.#run(job, tasks, progress);
    const out = new Array<Parsed | undefined>(tasks.length);
    order.forEach((index, k) => {
      out[index] = results[k];
    });
    return out;
  }

  /** Starts the workers before the files are known: what follows will be a large job. */
  warm(): void {
    this.#helpers(this.#jobs - 1);
    void this.#runtime();
  }

  /** Ends the workers unless they are at work: a server that rests should not hold their memory. */
  async rest(): Promise<void> {
    if (this.#running.size === 0) await this.close();
  }

  /** Ends the workers. The pool may be used again; it then starts new ones. */
  async close(): Promise<void> {
    this.#parser?.parser.delete();
    this.#parser = undefined;
    await Promise.all(this.#workers.splice(0).map((worker) => worker.terminate()));
  }

  #newJob(tasks: readonly ParseTask[]): Job {
    const next = new SharedArrayBuffer(4);
    return {
      id: this.#nextId++,
      files: tasks.map((t) => t.file),
      paths: tasks.map((t) => t.path),
      next,
    };
  }

  async #run(
    job: Job,
    tasks: readonly ParseTask[],
    progress?: Progress,
  ): Promise<(Parsed | undefined)[]> {
    const results = new Array<Parsed | undefined>(job.files.length).fill(undefined);
    const bytes = tasks.reduce((sum, task) => sum + task.bytes, 0);
    const helpers = this.#helpers(Math.min(this.#jobs - 1, Math.floor(bytes / bytesPerWorker)));
    const others = new Promise<void>((finish) => {
      this.#running.set(job.id, { id: job.id, results, left: new Set(helpers), finish });
      if (helpers.length === 0) finish();
    });
    for (const worker of helpers) worker.postMessage(job);
    const stopped = await this.#parseHere(job, results, progress);
    await others;
    this.#running.delete(job.id);
    if (!stopped) await this.#parseMissing(job, results);
    return results;
  }

  async #parseHere(
    job: Job,
    results: (Parsed | undefined)[],
    progress?: Progress,
  ): Promise<boolean> {
    this.#parser ??= (await this.#runtime()).newCParser(this.#words);
    const next = new Int32Array(job.next);
    const total = job.files.length;
    let sliceEnd = performance.now() + sliceMs;
    for (let i = Atomics.add(next, 0, 1); i < total; i = Atomics.add(next, 0, 1)) {
      results[i] = parseFile(this.#parser, i, job.files[i] ?? '', job.paths[i] ?? '');
      if (performance.now() < sliceEnd) continue;
      await setImmediate();
      sliceEnd = performance.now() + sliceMs;
      if (progress?.(Math.min(total, Atomics.load(next, 0)), total) !== false) continue;
      Atomics.store(next, 0, total);
      return true;
    }
    return false;
  }

  /** What a worker took with it when it died (out of memory) is parsed here. */
  async #parseMissing(job: Job, results: (Parsed | undefined)[]): Promise<void> {
    for (let i = 0; i < results.length; i++) {
      if (results[i] !== undefined) continue;
      this.#parser ??= (await this.#runtime()).newCParser(this.#words);
      results[i] = parseFile(this.#parser, i, job.files[i] ?? '', job.paths[i] ?? '');
    }
  }

  #helpers(wanted: number): readonly Worker[] {
    while (this.#workers.length < wanted) this.#workers.push(this.#start());
    return this.#workers.slice(0, wanted);
  }

  #start(): Worker {
    const setup: WorkerSetup = {
      files: { grammar: this.#assets.grammar, runtime: this.#assets.runtime },
      words: this.#words,
    };
    const { file, execArgv } = this.#assets.worker;
    const worker = new Worker(file, { workerData: setup, execArgv: [...execArgv] });
    worker.on('message', (message: WorkerMessage) => this.#receive(worker, message));
    worker.on('error', () => this.#lose(worker));
    worker.on('exit', () => this.#lose(worker));
    return worker;
  }

  #receive(worker: Worker, message: WorkerMessage): void {
    const running = this.#running.get(message.id);
    if (running === undefined) return;
    if (message.kind === 'parsed') {
      for (const parsed of message.results) running.results[parsed.index] = parsed;
    } else if (running.left.delete(worker) && running.left.size === 0) running.finish();
  }

  #lose(worker: Worker): void {
    const at = this.#workers.indexOf(worker);
    if (at >= 0) this.#workers.splice(at, 1);
    for (const running of this.#running.values()) {
      if (running.left.delete(worker) && running.left.size === 0) running.finish();
    }
  }
}
