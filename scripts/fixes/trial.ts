/** Tries every fix of the modules: applied in memory, given to git, compiled. */
import type { KernelModule } from '../../server/src/core/program/kbuild.ts';
import type { Finding } from '../../server/src/core/result.ts';
import type { ModuleAnalysis, Project } from '../../server/src/host/project.ts';
import type { BuildFolder } from './build-folder.ts';
import { checkpatch, kernelDoc } from './checkpatch.ts';
import { type CompileJob, type CompileResult, Compiler } from './compiler.ts';
import { wrongWithDiff } from './git-apply.ts';
import { includersOf } from './includes.ts';
import {
  type Applied,
  bytesOf,
  chainOf,
  mailOf,
  type Offer,
  offersOf,
  type Tried,
  tryAll,
  tryOffer,
} from './offers.ts';

export interface Outcome {
  /** `all`: all safe fixes of a module together. */
  readonly offer: Offer | { readonly all: string; readonly fixed: number };
  readonly complaints: readonly string[];
  readonly compiled: readonly string[];
  readonly skipped: readonly string[];
  readonly creates: readonly Finding[];
  readonly diff: Buffer;
  /** Whether it was made a patch, and checkpatch looked at that. */
  readonly mailed: boolean;
}

type Changed = Omit<Tried, 'fix'>;

export interface TrialResult {
  readonly outcomes: readonly Outcome[];
  /** Fixes that only say what is to be done. */
  readonly manual: readonly Offer[];
  readonly findings: number;
  /** Offers with the very edits of another one. */
  readonly repeated: readonly Offer[];
}

/** Hands jobs to the compilers, as many at once as there are. */
class Queue {
  readonly #free: Compiler[];
  readonly #waiting: ((compiler: Compiler) => void)[] = [];

  constructor(compilers: readonly Compiler[]) {
    this.#free = [...compilers];
  }

  async run(job: CompileJob): Promise<CompileResult> {
    const compiler =
      this.#free.pop() ?? (await new Promise<Compiler>((take) => this.#waiting.push(take)));
    try {
      return await compiler.run(job);
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#free.push(compiler);
      else next(compiler);
    }
  }
}

/** The changed sources whole, and for their types those that read a changed header. */
function jobFor(folder: BuildFolder, tried: Applied, around: readonly string[]): CompileJob {
  const changed = tried.files.map(({ file }) => file);
  const sources = changed.filter((file) => file.endsWith('.c'));
  const headers = changed.filter((file) => file.endsWith('.h'));
  const readers = headers.length === 0 ? [] : includersOf(folder.source, around, headers);
  return {
    texts: bytesOf(tried),
    files: [
      ...sources.map((file) => ({ file, depth: 'whole' as const })),
      ...readers
        .filter((file) => !sources.includes(file))
        .map((file) => ({ file, depth: 'syntax' as const })),
    ],
  };
}

class Trials {
  readonly #folder: BuildFolder;
  readonly #queue: Queue;
  readonly #seen = new Set<string>();
  readonly #running: Promise<Outcome>[] = [];
  readonly manual: Offer[] = [];
  readonly repeated: Offer[] = [];

  constructor(folder: BuildFolder, queue: Queue) {
    this.#folder = folder;
    this.#queue = queue;
  }

  async addModule(project: Project, base: ModuleAnalysis): Promise<void> {
    for (const offer of offersOf(base)) await this.#add(project, base, offer);
    const { fixed, ...all } = await tryAll(project, base);
    if (fixed > 0) this.#start({ all: base.module.folder, fixed }, all, base);
  }

  async #add(project: Project, base: ModuleAnalysis, offer: Offer): Promise<void> {
    // A file that two modules build is one file.
    const edits = JSON.stringify(offer.fix.edits);
    const name = offer.finding.fingerprint + offer.fix.id + edits;
    if (this.#seen.has(name)) return;
    this.#seen.add(name);
    if (offer.fix.safety === 'manual') this.manual.push(offer);
    else if (this.#seen.has(edits)) this.repeated.push(offer);
    else {
      this.#seen.add(edits);
      const tried = await tryOffer(project, base, offer);
      const known = { ...offer, fix: tried.fix };
      // The trial may have shown that it is no fix.
      if (tried.fix.edits.length === 0) this.manual.push(known);
      else this.#start(known, tried, base, await mailOf(project, base, known));
      const chain = await chainOf(project, base, offer);
      if (chain) await this.#add(project, base, chain);
    }
  }

  outcomes(): Promise<readonly Outcome[]> {
    return Promise.all(this.#running);
  }

  #start(offer: Outcome['offer'], tried: Changed, base: ModuleAnalysis, patch?: Buffer): void {
    const around = [...base.lineStarts.keys()];
    this.#running.push(this.#finish(offer, tried, jobFor(this.#folder, tried, around), patch));
  }

  async #finish(
    offer: Outcome['offer'],
    tried: Changed,
    job: CompileJob,
    patch?: Buffer,
  ): Promise<Outcome> {
    const { creates, diff } = tried;
    const { source } = this.#folder;
    const { complaints, compiled, skipped } = await this.#queue.run(job);
    const said = [...tried.complaints, ...complaints, ...(await kernelDoc(source, tried))];
    const git = wrongWithDiff(tried);
    if (git !== undefined) said.push(git);
    if (patch !== undefined) said.push(...(await checkpatch(source, patch)));
    return {
      offer,
      creates,
      diff,
      compiled,
      skipped,
      complaints: said,
      mailed: patch !== undefined,
    };
  }
}

/** @param say hears how far it is */
export async function tryModules(
  project: Project,
  modules: readonly KernelModule[],
  folder: BuildFolder,
  jobs: number,
  say: (line: string) => void,
): Promise<TrialResult> {
  const unchanged = new Map();
  const compilers = Array.from({ length: jobs }, () => new Compiler(folder, unchanged));
  const trials = new Trials(folder, new Queue(compilers));
  let findings = 0;
  try {
    for await (const base of project.analyseAll(modules)) {
      findings += base.findings.length;
      await trials.addModule(project, base);
      const { folder: where, name } = base.module;
      if (base.findings.length > 0) say(`${where} ${name}: ${base.findings.length} findings`);
    }
    const outcomes = await trials.outcomes();
    return { outcomes, manual: trials.manual, repeated: trials.repeated, findings };
  } finally {
    for (const compiler of compilers) compiler.close();
  }
}
