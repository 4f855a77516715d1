/**
 * The one façade that the CLI and the language server use: modules of a root, and their analyses.
 * An analysis is kept until a file that it read changes; it is immutable, so that a request can keep
 * working with the one it started from.
 */
import { isAbsolute, relative } from 'node:path';
import {
  type Analysis,
  type AnalysisConfig,
  analyzeModule,
  type ModuleInput,
} from '../core/analyze.ts';
import type { Catalog } from '../core/catalog.ts';
import { itemReader } from '../core/facts/parse.ts';
import { type Reading, SourceFile } from '../core/facts/source-file.ts';
import { settle } from '../core/fixes/lazily.ts';
import { mentionsAny } from '../core/index/mentions-any.ts';
import { kernelOf } from '../core/index/version-condition.ts';
import { Words } from '../core/index/words.ts';
import type { Pass } from '../core/pass.ts';
import type { KernelModule } from '../core/program/kbuild.ts';
import type { Finding, Problem, Severity } from '../core/result.ts';
import { isAtLeast } from '../core/severity.ts';
import { type BaselineEntry, compareWithBaseline } from './baseline.ts';
import type { Configuration, RuleSeverity } from './configuration.ts';
import { conversionPlaces, exclusion } from './exclusion.ts';
import { type FileCounts, Files, type Progress } from './files.ts';
import { ForeignCode, type Provider } from './foreign.ts';
import { Headers } from './includes.ts';
import { folderOf, ModuleMap, moduleKey } from './modules.ts';
import type { Root } from './root.ts';
import { toReportPath } from './root.ts';
import type { Runtime } from './runtime.ts';
import { type ReadResult, Sources } from './sources.ts';

/** Line starts by report path, made when somebody asks. */
export type LineStarts = Pick<ReadonlyMap<string, readonly number[]>, 'get' | 'has' | 'keys'>;

export interface ModuleAnalysis {
  readonly module: KernelModule;
  readonly analysis: Analysis;
  /** Those of the report that the configuration does not exclude. */
  readonly findings: readonly Finding[];
  readonly problems: readonly Problem[];
  /** What was analysed, without the texts that were only imagined. */
  readonly sources: Pick<ModuleInput, 'files' | 'foreign'>;
  /** The module's own files as they were analysed, texts that were only imagined included. */
  readonly files: readonly SourceFile[];
  /** Line starts of every file that was read, for edits and links into them. */
  readonly lineStarts: LineStarts;
}

export interface ProjectParts {
  readonly root: Root;
  readonly catalog: Catalog;
  readonly configuration: Configuration;
  readonly runtime: () => Promise<Runtime>;
}

/** What a module reads, and what each of the files included when that was found. */
interface Closure {
  readonly files: readonly string[];
  readonly includes: readonly (readonly string[])[];
  readonly structure: number;
}

/** In a run over many modules so much source is kept for those that share it. */
const maximumBytes = 12_000_000;

/** Of other modules that fixes were tried on, so many sources are kept analysed in such a run. */
const maximumOthers = 60;

/** Modules with imagined texts are kept for the next question, this many. */
const maximumImagined = 4;

/** Thrown by `analyse` when one of its callbacks asked to stop. */
export class Stopped extends Error {}

/** Follows the analysis of a module; each callback may end it by answering false. */
export interface Watch {
  /** Files that have to be parsed. */
  readonly files: Progress;
  /** Everything is parsed: what follows keeps the thread busy until it is done. */
  readonly joining: () => Promise<boolean>;
}

export class Project {
  readonly root: Root;
  readonly #parts: ProjectParts;
  readonly #sources: Sources;
  readonly #files: Files;
  readonly #modules: ModuleMap;
  readonly #headers: Headers;
  readonly #foreign: ForeignCode;
  readonly #excluded: (path: string) => boolean;
  readonly #converts: (path: string) => boolean;
  readonly #analyses = new Map<string, ModuleAnalysis>();
  /** The pass of each module with an open document: the next analysis goes on with it. */
  readonly #passes = new Map<string, Pass>();
  /** Who calls what a module exports; a keystroke adds none that would be worth another search. */
  readonly #callers = new Map<string, readonly KernelModule[]>();
  readonly #pending = new Map<string, Promise<ModuleAnalysis>>();
  #severities: Readonly<Record<string, RuleSeverity>>;
  #least: Severity = 'hint';
  #baseline: readonly BaselineEntry[] = [];
  #reading: Promise<Reading> | undefined;
  readonly #closures = new Map<string, Closure>();
  /** The passes that show modules with imagined texts, the last used one last. */
  readonly #imagined = new Map<string, Pass>();
  #isBatch = false;
  /** Counts how often Makefiles changed, or files came and went. */
  #structure = 0;

  constructor(parts: ProjectParts) {
    this.root = parts.root;
    this.#parts = parts;
    this.#sources = new Sources(parts.root.folder);
    this.#files = new Files(this.#sources);
    this.#modules = new ModuleMap(this.#sources);
    this.#headers = new Headers(this.#sources);
    const closure = (module: KernelModule): readonly string[] => this.#closure(module);
    this.#foreign = new ForeignCode(
      this.#sources,
      this.#files,
      this.#modules,
      parts.catalog,
      closure,
    );
    this.#excluded = exclusion(parts.root, parts.configuration);
    this.#converts = conversionPlaces(parts.root, parts.configuration);
    this.#severities = parts.configuration.severities;
  }

  get counts(): Readonly<FileCounts> {
    return this.#files.counts;
  }

  /** What could not be read or written beside the sources themselves: each module names those. */
  get problems(): readonly Problem[] {
    const { configuration } = this.#parts;
    const { unreadable } = configuration;
    const own = unreadable && {
      file: this.reportPath(unreadable.file),
      message: `${unreadable.problem}: no configuration is used`,
    };
    const first = [own, this.#versionProblem()].filter((problem) => problem !== undefined);
    const files = new Set(first.map(({ file }) => file));
    const others = this.#modules.problems.filter(({ file }) => !files.has(file));
    return [...first, ...others];
  }

  /** A kernel tree whose top Makefile cannot be read is analysed as if it were the newest. */
  #versionProblem(): Problem | undefined {
    const { kernel, version } = this.root;
    const isOpen = version === undefined && this.#parts.configuration.kernelVersion === undefined;
    const makefile = kernel && isOpen ? this.#sources.read('Makefile') : undefined;
    if (makefile?.kind !== 'unreadable' || makefile.missing) return undefined;
    const message = `${makefile.problem}: the kernel's version is not known`;
    return { file: 'Makefile', message };
  }

  /** What the kernel's functions do, for the tree's version. */
  get catalog(): Catalog {
    return this.#parts.catalog;
  }

  /** A report path's absolute name. */
  absolute(path: string): string {
    return this.#sources.absolute(path);
  }

  /** An absolute name as a report path. */
  reportPath(file: string): string {
    return toReportPath(this.root.folder, file);
  }

  /** The sources and headers that are read from now on, until the next call. */
  noteReads(): ReadonlySet<string> {
    return this.#files.noteReads();
  }

  read(path: string): ReadResult {
    return this.#sources.read(path);
  }

  /** The paths that were read as Makefiles, whatever their names. */
  get makefiles(): ReadonlySet<string> {
    return this.#modules.makefiles;
  }

  isExcluded(path: string): boolean {
    return this.#excluded(path);
  }

  modulesOf(path: string): readonly KernelModule[] {
    return this.#modules.modulesOf(path);
  }

  /** Every module with a file below the folder, but for those that are excluded whole. */
  modulesUnder(folder: string): readonly KernelModule[] {
    const all = this.#modules.modulesUnder(folder);
    return all.filter((module) => !module.sources.every((source) => this.#excluded(source)));
  }

  /**
   * Severities from an editor's settings; they win over the configuration file.
   * @param least findings below it are told nowhere
   */
  setSeverities(
    severities: Readonly<Record<string, RuleSeverity>>,
    least: Severity = 'hint',
  ): void {
    this.#least = least;
    this.#severities = { ...this.#parts.configuration.severities, ...severities };
    this.#analyses.clear();
  }

  /** Which findings are told: an editor leaves out those that a baseline lists. */
  setBaseline(entries: readonly BaselineEntry[]): void {
    this.#baseline = entries;
    this.#analyses.clear();
  }

  /** The document's text now counts instead of the disk's. */
  openDocument(path: string, text: string): void {
    this.#files.open(path, text);
    this.#stale(path);
  }

  closeDocument(path: string): void {
    this.#files.close(path);
    this.#stale(path);
  }

  /** Files changed, came or went on disk. */
  invalidate(paths: readonly string[], structure: boolean): void {
    this.#callers.clear();
    for (const path of paths) {
      this.#files.drop(path);
      this.#stale(path);
    }
    if (structure) this.#forgetStructure();
  }

  /** Looks for files that changed on disk, for editors that do not watch them. */
  refresh(): boolean {
    const changed = this.#files.dropChanged();
    for (const path of changed) this.#stale(path);
    return changed.length > 0;
  }

  /** Whether nothing that the analysis read has changed since. */
  isCurrent(analysis: ModuleAnalysis): boolean {
    return this.#analyses.get(moduleKey(analysis.module)) === analysis;
  }

  /** The analysis of a module that is in memory. */
  known(module: KernelModule): ModuleAnalysis | undefined {
    return this.#analyses.get(moduleKey(module));
  }

  /** The analysis of a module, from memory when none of its files changed. */
  async analyse(module: KernelModule, watch?: Watch): Promise<ModuleAnalysis> {
    const key = moduleKey(module);
    const known = this.#analyses.get(key);
    if (known !== undefined) return known;
    const pending = this.#pending.get(key);
    if (pending !== undefined) return pending;
    const promise = this.#analyse(module, watch).finally(() => this.#pending.delete(key));
    this.#pending.set(key, promise);
    return promise;
  }

  /**
   * Analyses many modules, in their order, and forgets each when it was handed out, but for those
   * that were known before. Who keeps findings settles or forgets their fixes, which hold the module.
   * @param progress counts modules; returning false ends the iteration
   */
  async *analyseAll(
    modules: readonly KernelModule[],
    progress?: Progress,
  ): AsyncGenerator<ModuleAnalysis> {
    await this.prepare();
    // Modules of open documents stay as they are: the next keystroke needs their facts.
    const kept = new Set(this.#analyses.keys());
    const keptFiles = new Set(
      [...this.#analyses.values()].flatMap(({ lineStarts }) => [...lineStarts.keys()]),
    );
    for (const [done, module] of modules.entries()) {
      if (progress?.(done, modules.length) === false) return;
      const analysed = await this.analyse(module);
      yield analysed;
      if (kept.has(moduleKey(module))) continue;
      this.#analyses.delete(moduleKey(module));
      this.#releaseOthers(kept);
      this.#imagined.clear();
      this.#closures.delete(moduleKey(module));
      this.#files.releaseOver(maximumBytes, keptFiles);
    }
  }

  /** Of the modules that were only looked at for another one's fixes, the last ones stay: the next may want them. */
  #releaseOthers(kept: ReadonlySet<string>): void {
    let sources = 0;
    for (const [key, { module }] of [...this.#analyses].reverse()) {
      if (kept.has(key)) continue;
      sources += module.sources.length;
      if (sources > maximumOthers) this.#analyses.delete(key);
    }
  }

  /**
   * From now on analyses are made for reports alone: what is imagined goes on where the analysis of the
   * module has ended, so that a fix that is tried costs what its edits change. Nobody may ask such an
   * analysis for more than its findings then.
   */
  beginBatch(): void {
    this.#isBatch = true;
  }

  /** Loads the parser; nothing can be read before. */
  async prepare(): Promise<void> {
    this.#reading ??= this.#parts.runtime().then((runtime): Reading => {
      const { macros } = this.#parts.catalog.data;
      const version = this.#parts.configuration.kernelVersion ?? this.root.version;
      return {
        words: new Words(macros.attributes),
        unread: new Set(),
        readItem: itemReader(runtime.newCParser(macros)),
        kernel: kernelOf(macros, version),
      };
    });
    this.#files.use(await this.#reading);
  }

  async #analyse(module: KernelModule, watch?: Watch): Promise<ModuleAnalysis> {
    const structure = this.#structure;
    await this.#readClosure(module, watch);
    if ((await watch?.joining()) === false) throw new Stopped();
    // A document may have changed meanwhile: what is missing then is read when it is asked for.
    const files = this.#closure(module);
    const providers = this.#foreign.providersOf(module, files);
    const result = this.#join(module, files, providers);
    // Meanwhile a Makefile may have changed: then this is what the module was, and nobody's answer.
    if (structure === this.#structure) this.#analyses.set(moduleKey(module), result);
    return result;
  }

  async #readClosure(module: KernelModule, watch?: Watch): Promise<void> {
    await this.prepare();
    const read = async (paths: readonly string[]): Promise<void> => {
      if (!(await this.#files.readAll(paths, watch?.files))) throw new Stopped();
    };
    await read(module.sources);
    await read(this.#closure(module));
  }

  /** Reads the files that an analysis of a module would read, and analyses nothing. */
  async survey(module: KernelModule): Promise<void> {
    if (this.known(module) !== undefined) return;
    await this.#readClosure(module);
    const providers = this.#foreign.providersOf(module, this.#closure(module));
    for (const { files } of providers) await this.#files.readAll(files);
  }

  #join(
    module: KernelModule,
    files: readonly string[],
    providers: readonly Provider[],
  ): ModuleAnalysis {
    const sourcesOf = (paths: readonly string[]): readonly SourceFile[] =>
      paths.flatMap((path) => this.#files.sourceOf(path) ?? []);
    const sources = sourcesOf(files);
    const foreign = providers.map((provider) => ({
      exports: provider.exports,
      files: sourcesOf(provider.files),
    }));
    const problems = files.flatMap((file): Problem[] => {
      const message = this.#files.problemOf(file);
      const leftOut = this.#files.isLeftOut(file) ? { leftOut: true as const } : {};
      return message === undefined ? [] : [{ file, message, ...leftOut }];
    });
    const known = this.#passes.get(moduleKey(module));
    const input = { name: module.name, files: sources, foreign, problems, textOf: this.#textOf };
    const result = this.#analysis(module, input, known);
    // Of a large run only what is open will be analysed again.
    if (this.#files.hasOpen(files)) this.#passes.set(moduleKey(module), result.analysis.pass);
    return result;
  }

  #analysis(module: KernelModule, input: ModuleInput, previous: Pass | undefined): ModuleAnalysis {
    const config: AnalysisConfig = {
      severities: this.#severities,
      converts: this.#converts,
      unlisted: (findings) => this.#unlisted(module, findings),
    };
    const files = [input.files, ...(input.foreign ?? []).map((other) => other.files)].flat();
    const analysis = analyzeModule(input, this.#parts.catalog, config, previous);
    return {
      module,
      analysis,
      findings: analysis.report.findings.filter((finding) => !this.#excluded(finding.place.file)),
      problems: analysis.report.problems,
      sources: { files: input.files, foreign: input.foreign },
      files: input.files,
      lineStarts: lineStartsOf(files),
    };
  }

  #unlisted(module: KernelModule, findings: readonly Finding[]): readonly Finding[] {
    const loud = findings.filter(({ severity }) => isAtLeast(severity, this.#least));
    if (this.#baseline.length === 0) return loud;
    const seen = new Set(module.sources);
    const { folder } = this.root;
    return compareWithBaseline(this.#baseline, loud, folder, (file) => seen.has(file)).fresh;
  }

  /**
   * The module as it would be with some texts replaced, by report path; the project goes on with the
   * texts that it has. The next call for the module goes on where this one ended: what is wanted of
   * the fixes of the answer has to be asked before.
   */
  async imagine(base: ModuleAnalysis, texts: ReadonlyMap<string, string>): Promise<ModuleAnalysis> {
    const reading = await this.#reading;
    const edited = (file: SourceFile): SourceFile => {
      const text = texts.get(file.path);
      return text === undefined || !reading ? file : new SourceFile(reading, file.path, text, file);
    };
    const { sources } = base;
    const files = sources.files.map(edited);
    const foreign = sources.foreign?.map((other) => ({ ...other, files: other.files.map(edited) }));
    const textOf = (path: string) => texts.get(path) ?? this.#textOf(path);
    const input = { name: base.module.name, files, foreign, problems: base.problems, textOf };
    const key = moduleKey(base.module);
    const analysed = this.#analysis(
      base.module,
      input,
      this.#imagined.get(key) ?? this.#lent(base),
    );
    this.#imagined.delete(key);
    this.#imagined.set(key, analysed.analysis.pass);
    const [oldest] = this.#imagined.keys();
    if (this.#imagined.size > maximumImagined && oldest !== undefined)
      this.#imagined.delete(oldest);
    return { ...analysed, sources };
  }

  /** The pass of an analysis that nobody will ask any more, once its fixes are made. */
  #lent({ module, findings, analysis }: ModuleAnalysis): Pass | undefined {
    if (!this.#isBatch || this.#passes.has(moduleKey(module))) return undefined;
    settle(findings);
    return analysis.pass;
  }

  /**
   * The other modules whose findings an edit of some files can change: those that hold one of the
   * files too, and those that call what the module exports.
   */
  readersOf(module: KernelModule, files: readonly string[]): readonly KernelModule[] {
    const found = new Map<string, KernelModule>();
    for (const file of files) {
      for (const one of this.#modules.modulesOf(file))
        if (one.sources.includes(file) || this.#closure(one).includes(file))
          found.set(moduleKey(one), one);
    }
    for (const one of this.#callersOf(module)) found.set(moduleKey(one), one);
    found.delete(moduleKey(module));
    return [...found.values()];
  }

  /** The modules around it that name what a module exports: a text search, read once. */
  #callersOf(module: KernelModule): readonly KernelModule[] {
    const key = moduleKey(module);
    const known = this.#callers.get(key);
    if (known !== undefined) return known;
    const exports = new Set(this.#foreign.exportsOf(module));
    const found: KernelModule[] = [];
    if (exports.size > 0) {
      const isNamed = mentionsAny(exports);
      const calls = (path: string): boolean => isNamed(this.#textOf(path) ?? '');
      for (const other of this.modulesUnder(folderOf(module.folder)))
        if (moduleKey(other) !== key && other.sources.some(calls)) found.push(other);
    }
    this.#callers.set(key, found);
    return found;
  }

  readonly #textOf = (path: string): string | undefined => {
    const source = this.#sources.read(path);
    return source.kind === 'unreadable' ? undefined : source.text;
  };

  /** The module's sources and, in the order in which they are met, what they include. */
  #closure(module: KernelModule): readonly string[] {
    const key = moduleKey(module);
    const known = this.#closures.get(key);
    if (known?.structure === this.#structure && this.#includesStand(known)) return known.files;
    const found = new Set<string>(module.sources);
    const missing = new Set<string>();
    for (const path of found) {
      for (const name of this.#files.includesOf(path)) {
        const header = this.#headers.resolve(name, path, module, missing);
        if (header !== undefined) found.add(header);
      }
    }
    const files = [...found];
    const includes = files.map((path) => this.#files.includesOf(path));
    this.#closures.set(key, { files, includes, structure: this.#structure });
    return files;
  }

  /** Whether every file of a closure includes what it did: no keystroke in a body changes that. */
  #includesStand({ files, includes }: Closure): boolean {
    return files.every((path, i) => {
      const before = includes[i] ?? [];
      const now = this.#files.includesOf(path);
      return (
        now === before ||
        (now.length === before.length && now.every((name, k) => name === before[k]))
      );
    });
  }

  #stale(path: string): void {
    this.#foreign.drop(path);
    for (const [key, { module, lineStarts }] of this.#analyses) {
      if (lineStarts.has(path) || module.sources.includes(path)) this.#analyses.delete(key);
    }
  }

  #forgetStructure(): void {
    this.#structure++;
    this.#modules.forget();
    this.#headers.forget();
    this.#foreign.forget();
    this.#callers.clear();
    this.#analyses.clear();
  }
}

function lineStartsOf(files: readonly SourceFile[]): LineStarts {
  const byPath = new Map(files.map((file) => [file.path, file]));
  return {
    get: (path) => byPath.get(path)?.lineStarts,
    has: (path) => byPath.has(path),
    keys: () => byPath.keys(),
  };
}

/** Whether a file lies under the project's root. */
export function isUnderRoot(root: Root, file: string): boolean {
  const way = relative(root.folder, file);
  return !isAbsolute(way) && !way.startsWith('..');
}
