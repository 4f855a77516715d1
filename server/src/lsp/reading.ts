/**
 * Reading modules for open documents. The first time takes as long as there are files, and until then
 * nothing is known: the client is told what is read, and that is not the same as "no findings". The
 * user may give it up, after which it is not begun again by itself.
 */
import { setTimeout } from 'node:timers/promises';
import type { KernelModule } from '../core/program/kbuild.ts';
import type { Finding, Severity } from '../core/result.ts';
import { moduleKey } from '../host/modules.ts';
import { type ModuleAnalysis, type Project, Stopped } from '../host/project.ts';
import { type ModuleStatusParams, moduleStatus } from './protocol.ts';
import { type ProgressPlace, SlowWork } from './slow.ts';

/** Thrown for a module that the user did not want to wait for. */
export class GivenUp extends Stopped {}

/** The client is told of progress so often. */
const intervalMs = 250;
/** A module of so many sources takes long, and one whose last analysis took so long will again. */
const manySources = 100;
const longMs = 1000;
/** So long a shown progress waits for a cancel before the thread is busy. */
const hearingMs = 40;

interface Known {
  /** How long the last analysis took. */
  lastMs: number;
  read: boolean;
  givenUp: boolean;
  /** The reading that is under way, for whoever else asks meanwhile. */
  pending: Promise<ModuleAnalysis> | undefined;
  /** The documents that wait for it. */
  readonly waiting: Set<string>;
}

export interface ReadingPlace extends ProgressPlace {
  readonly features: ProgressPlace['features'] & { readonly showsModules: boolean };
}

export class Readings {
  private readonly place: ReadingPlace;
  private readonly known = new WeakMap<Project, Map<string, Known>>();
  /** What the client was told last, by document. */
  private readonly told = new Map<string, string>();

  private underWay = 0;

  constructor(place: ReadingPlace) {
    this.place = place;
  }

  /** Whether a module is being read, which its progress shows. */
  get isBusy(): boolean {
    return this.underWay > 0;
  }

  /** A document is looked at for the first time: which module it belongs to is found out next. */
  begun(uri: string, file: string): void {
    if (!this.told.has(uri)) this.tell({ uri, module: file, state: 'reading' });
  }

  /**
   * The analysis of a module for a document.
   * @throws GivenUp when the user has given it up
   */
  async analyse(project: Project, module: KernelModule, uri: string): Promise<ModuleAnalysis> {
    const known = this.of(project, module);
    if (known.givenUp) {
      this.tell({ uri, module: module.name, state: 'given-up' });
      throw new GivenUp(`reading ${module.name} was cancelled`);
    }
    const ready = project.known(module);
    if (ready !== undefined) return ready;
    known.waiting.add(uri);
    if (known.pending === undefined) {
      known.pending = this.read(project, module, known).finally(() => {
        known.pending = undefined;
        known.waiting.clear();
      });
    } else if (!known.read) this.tell({ uri, module: module.name, state: 'reading' });
    return known.pending;
  }

  /**
   * Says what was found in the modules of a document.
   * @param here the findings in the document itself
   */
  done(uri: string, analyses: readonly ModuleAnalysis[], here: readonly Finding[]): void {
    if (!this.place.features.showsModules) return;
    const findings = new Map<string, Finding>();
    for (const finding of analyses.flatMap((one) => one.findings))
      findings.set(`${finding.place.file}\0${finding.rule}\0${finding.fingerprint}`, finding);
    const counts = countsOf(findings.values());
    const files = new Set([...findings.values()].map(({ place }) => place.file)).size;
    const module = analyses.map((one) => one.module.name).join(', ');
    this.tell({ uri, module, state: 'read', counts, files, here: countsOf(here) });
  }

  /** Reads again what was given up: the user asks for it, or opens the document anew. */
  wanted(project: Project, modules: readonly KernelModule[]): boolean {
    const given = modules.map((module) => this.of(project, module)).filter((one) => one.givenUp);
    for (const one of given) one.givenUp = false;
    return given.length > 0;
  }

  closed(uri: string): void {
    this.told.delete(uri);
  }

  private of(project: Project, module: KernelModule): Known {
    const all = this.known.get(project) ?? new Map<string, Known>();
    this.known.set(project, all);
    const key = moduleKey(module);
    const known = all.get(key) ?? {
      lastMs: 0,
      read: false,
      givenUp: false,
      pending: undefined,
      waiting: new Set<string>(),
    };
    all.set(key, known);
    return known;
  }

  private async read(
    project: Project,
    module: KernelModule,
    known: Known,
  ): Promise<ModuleAnalysis> {
    const { name } = module;
    const started = Date.now();
    // Only the first time may be given up: after it there is something to lose.
    const first = !known.read;
    const giveUp = (): void => {
      known.givenUp = true;
    };
    const work = new SlowWork(this.place, `Reading ${name}`, first ? giveUp : undefined);
    const tell = (files: { readonly done?: number; readonly total?: number }): void => {
      for (const uri of known.waiting) this.tell({ uri, module: name, state: 'reading', ...files });
    };
    if (first || known.lastMs > longMs) tell({});
    let told = Date.now();
    const counted = totalled();
    this.underWay++;
    try {
      const analysis = await project.analyse(module, {
        files: (now, of) => {
          const { done, total } = counted(now, of);
          if (Date.now() - told > intervalMs) {
            told = Date.now();
            if (first) tell({ done, total });
            work.report(Math.floor((100 * done) / Math.max(1, total)), `${done} of ${total} files`);
          }
          return !known.givenUp;
        },
        joining: async () => {
          work.report(100, 'looking for findings');
          const long = known.lastMs > longMs || (first && module.sources.length > manySources);
          if (long) {
            await work.show();
            // The join keeps the thread: whoever cancels at once is heard before it.
            await setTimeout(hearingMs);
          }
          return !known.givenUp;
        },
      });
      // A cancel that came while the join kept the thread was before the answer all the same.
      if (first && work.isShown) await setTimeout(hearingMs);
      if (known.givenUp) throw new Stopped();
      known.read = true;
      return analysis;
    } catch (error) {
      const stopped = error instanceof Stopped;
      const state = stopped ? 'given-up' : 'failed';
      for (const uri of known.waiting) this.tell({ uri, module: name, state });
      if (!stopped) throw error;
      throw new GivenUp(`reading ${name} was cancelled`);
    } finally {
      this.underWay--;
      known.lastMs = Date.now() - started;
      work.end();
    }
  }

  private tell(status: ModuleStatusParams): void {
    if (!this.place.features.showsModules) return;
    const text = JSON.stringify(status);
    if (this.told.get(status.uri) === text) return;
    this.told.set(status.uri, text);
    void this.place.connection.sendNotification(moduleStatus, status);
  }
}

function countsOf(findings: Iterable<Finding>): Record<Severity, number> {
  const counts: Record<Severity, number> = { error: 0, warning: 0, info: 0, hint: 0 };
  for (const { severity } of findings) counts[severity]++;
  return counts;
}

/** Files are read in rounds, each of which counts from the start: adds the rounds up. */
function totalled(): (done: number, total: number) => { done: number; total: number } {
  let before = 0;
  let last = { done: 0, total: 0 };
  return (done, total) => {
    if (done < last.done || total !== last.total) before += last.total;
    last = { done, total };
    return { done: before + done, total: before + total };
  };
}
