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
import type { FileFacts } from '../core/facts/types.ts';
import { settle } from '../core/fixes/lazily.ts';
import type { Pass } from '../core/pass.ts';
import type { KernelModule } from '../core/program/kbuild.ts';
import type { Finding, Problem } from '../core/result.ts';
import { type CParser, factsOf } from '../core/syntax/parse.ts';
import type { FactsCache } from './cache.ts';
import type { Configuration, RuleSeverity } from './configuration.ts';
import { conversionPlaces, exclusion } from './exclusion.ts';
import { type FileCounts, Files } from './files.ts';
import { ForeignCode, type Provider } from './foreign.ts';
import { groupsOf } from './groups.ts';
import { Headers } from './includes.ts';
import { ModuleMap, moduleKey } from './modules.ts';
import type { ParsePool, Progress } from './pool.ts';
import type { Root } from './root.ts';
import { toReportPath } from './root.ts';
import type { Runtime } from './runtime.ts';
import { type ReadResult, Sources } from './sources.ts';

export interface ModuleAnalysis {
  readonly module: KernelModule;
  readonly analysis: Analysis;
  /** Those of the report that the configuration does not exclude. */
  readonly findings: readonly Finding[];
  readonly problems: readonly Problem[];
  /** Line starts of every file that was read, for edits and links into them. */
  readonly lineStarts: ReadonlyMap<string, readonly number[]>;
}

export interface ProjectParts {
  readonly root: Root;
  readonly catalog: Catalog;
  readonly configuration: Configuration;
  readonly cache: FactsCache;
  readonly pool: ParsePool;
  readonly runtime: () => Promise<Runtime>;
}

/** Thrown by `analyse` when its progress callback asked to stop. */
export class Stopped extends Error {}

/** From so many sources on, workers are worth starting before the headers are known. */
const warmFrom = 60;

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
  readonly #pending = new Map<string, Promise<ModuleAnalysis>>();
  #severities: Readonly<Record<string, RuleSeverity>>;
  /** A parser for texts that nobody has open. */
  #imagining: Promise<CParser> | undefined;

  constructor(parts: ProjectParts) {
    this.root = parts.root;
    this.#parts = parts;
    this.#sources = new Sources(parts.root.folder);
    this.#files = new Files(this.#sources, parts.pool, parts.cache);
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
    const { cache, configuration } = this.#parts;
    const { unreadable } = configuration;
    const own = unreadable && {
      file: this.reportPath(unreadable.file),
      message: `${unreadable.problem}: no configuration is used`,
    };
    const first = [own, this.#versionProblem()].filter((problem) => problem !== undefined);
    const files = new Set(first.map(({ file }) => file));
    const others = this.#modules.problems.filter(({ file }) => !files.has(file));
    return [...first, ...others, ...cache.problems];
  }

  /** A kernel tree whose top Makefile cannot be read is analysed as if it were the newest. */
  #versionProblem(): Problem | undefined {
    const { kernel, version } = this.root;
    const makefile = kernel && version === undefined ? this.#sources.read('Makefile') : undefined;
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

  read(path: string): ReadResult {
    return this.#sources.read(path);
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

  /** Severities from an editor's settings; they win over the configuration file. */
  setSeverities(severities: Readonly<Record<string, RuleSeverity>>): void {
    this.#severities = { ...this.#parts.configuration.severities, ...severities };
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

  /** The analysis of a module, from memory when none of its files changed. */
  async analyse(module: KernelModule, progress?: Progress): Promise<ModuleAnalysis> {
    const key = moduleKey(module);
    const known = this.#analyses.get(key);
    if (known !== undefined) return known;
    const pending = this.#pending.get(key);
    if (pending !== undefined) return pending;
    const promise = this.#analyse(module, progress).finally(() => this.#pending.delete(key));
    this.#pending.set(key, promise);
    return promise;
  }

  /**
   * Analyses many modules, in their order, and forgets each when it was handed out, but for those
   * that were known before.
   * @param progress counts files; returning false ends the iteration
   */
  async *analyseAll(
    modules: readonly KernelModule[],
    progress?: Progress,
  ): AsyncGenerator<ModuleAnalysis> {
    this.#warm(modules);
    // Modules of open documents stay as they are: the next keystroke needs their facts.
    const kept = new Set(this.#analyses.keys());
    const keptFiles = new Set(
      [...this.#analyses.values()].flatMap(({ lineStarts }) => [...lineStarts.keys()]),
    );
    const closures = modules.map((module) => this.#closure(module));
    const uses = new Map<string, number>();
    for (const path of closures.flat()) uses.set(path, (uses.get(path) ?? 0) + 1);
    for (const path of keptFiles) uses.set(path, Number.POSITIVE_INFINITY);
    let done = 0;
    for (const group of groupsOf(closures, (path) => this.#files.bytesOf(path))) {
      const paths = [...new Set(group.flatMap((i) => closures[i] ?? []))];
      await this.#files.fetch(paths, progress && ((n) => progress(done + n, uses.size)));
      done += paths.length;
      if (progress?.(Math.min(done, uses.size), uses.size) === false) return;
      for (const i of group) {
        const module = modules[i];
        if (module === undefined) continue;
        const analysed = await this.analyse(module);
        yield analysed;
        if (kept.has(moduleKey(module))) continue;
        settle(analysed.findings);
        this.#analyses.delete(moduleKey(module));
        this.#releaseUnused(closures[i] ?? [], uses);
      }
      // Written facts need not stay in memory.
      this.#parts.cache.save();
    }
  }

  /** Writes the facts cache without holding up the thread for long. */
  saveSlowly(): Promise<void> {
    return this.#parts.cache.saveSlowly();
  }

  /** Writes the facts cache. */
  save(): void {
    this.#parts.cache.save();
  }

  dispose(): void {
    this.#files.dispose();
  }

  /** Loads what open documents need. */
  async prepareDocuments(): Promise<void> {
    const runtime = await this.#parts.runtime();
    this.#files.useParser(runtime.newCParser(this.#parts.catalog.data.macros));
  }

  async #analyse(module: KernelModule, progress?: Progress): Promise<ModuleAnalysis> {
    let stopped = false;
    const watch: Progress | undefined =
      progress &&
      ((done, total) => {
        stopped = progress(done, total) === false;
        return !stopped;
      });
    // A document may change while others are parsed: go on until nothing is missing.
    this.#warm([module]);
    // The sources are known at once: the workers begin with them while the headers are looked for.
    const sources = this.#files.fetch(this.#missing(module.sources), watch);
    let files = this.#closure(module);
    await sources;
    if (stopped) throw new Stopped();
    let providers: readonly Provider[] = [];
    for (;;) {
      let missing = this.#missing(files);
      if (missing.length === 0) {
        providers = this.#foreign.providersOf(module, files);
        missing = this.#missing(providers.flatMap((provider) => provider.files));
        if (missing.length === 0) break;
      }
      await this.#files.fetch(missing, watch);
      if (stopped) throw new Stopped();
      files = this.#closure(module);
    }
    const result = this.#join(module, files, providers);
    this.#analyses.set(moduleKey(module), result);
    return result;
  }

  #join(
    module: KernelModule,
    files: readonly string[],
    providers: readonly Provider[],
  ): ModuleAnalysis {
    const factsOf = (paths: readonly string[]): readonly FileFacts[] =>
      paths.flatMap((path) => this.#files.factsOf(path) ?? []);
    const facts = factsOf(files);
    const foreign = providers.map((provider) => ({
      exports: provider.exports,
      files: factsOf(provider.files),
    }));
    const problems = files.flatMap((file): Problem[] => {
      const message = this.#files.problemOf(file);
      return message === undefined ? [] : [{ file, message }];
    });
    const known = this.#passes.get(moduleKey(module));
    const input = { name: module.name, files: facts, foreign, problems, textOf: this.#textOf };
    const result = this.#analysis(module, input, known);
    // Of a large run only what is open will be analysed again.
    if (this.#files.hasOpen(files)) this.#passes.set(moduleKey(module), result.analysis.pass);
    return result;
  }

  #analysis(module: KernelModule, input: ModuleInput, previous: Pass | undefined): ModuleAnalysis {
    const config: AnalysisConfig = { severities: this.#severities, converts: this.#converts };
    const files = [input.files, ...(input.foreign ?? []).map((other) => other.files)].flat();
    const analysis = analyzeModule(input, this.#parts.catalog, config, previous);
    return {
      module,
      analysis,
      findings: analysis.report.findings.filter((finding) => !this.#excluded(finding.place.file)),
      problems: analysis.report.problems,
      lineStarts: new Map(files.map((file) => [file.path, file.lineStarts])),
    };
  }

  /**
   * The module as it would be with some texts replaced, by report path. Nothing of it is kept; the
   * project goes on with the texts that it has.
   */
  async imagine(base: ModuleAnalysis, texts: ReadonlyMap<string, string>): Promise<ModuleAnalysis> {
    this.#imagining ??= this.#parts
      .runtime()
      .then((runtime) => runtime.newCParser(this.#parts.catalog.data.macros));
    const parser = await this.#imagining;
    const { program } = base.analysis.pass;
    const files = program.files.map((file) => {
      const text = texts.get(file.path);
      return text === undefined ? file.facts : factsOf(parser, file.path, text);
    });
    const { foreign } = program;
    const textOf = (path: string) => texts.get(path) ?? this.#textOf(path);
    const input = { name: base.module.name, files, foreign, problems: base.problems, textOf };
    return this.#analysis(base.module, input, undefined);
  }

  readonly #textOf = (path: string): string | undefined => {
    const source = this.#sources.read(path);
    return source.kind === 'unreadable' ? undefined : source.text;
  };

  #missing(files: readonly string[]): readonly string[] {
    return files.filter((path) => this.#files.lacks(path));
  }

  /** The module's sources and, in the order in which they are met, what they include. */
  #closure(module: KernelModule): readonly string[] {
    const found = new Set<string>(module.sources);
    for (const path of found) {
      for (const name of this.#files.includesOf(path)) {
        const header = this.#headers.resolve(name, path, module);
        if (header !== undefined) found.add(header);
      }
    }
    return [...found];
  }

  /** Many files of which nothing is cached will have to be parsed: the workers start meanwhile. */
  #warm(modules: readonly KernelModule[]): void {
    const sources = modules.reduce((sum, module) => sum + module.sources.length, 0);
    const first = modules.find((module) => module.sources.length > warmFrom / 4)?.sources[0];
    if (sources >= warmFrom && first !== undefined && this.#parts.cache.lacksFolderOf(first))
      this.#parts.pool.warm();
  }

  #releaseUnused(closure: readonly string[], uses: Map<string, number>): void {
    for (const path of closure) {
      const left = (uses.get(path) ?? 0) - 1;
      uses.set(path, left);
      if (left === 0) this.#files.release(path);
    }
  }

  #stale(path: string): void {
    this.#foreign.drop(path);
    for (const [key, { module, lineStarts }] of this.#analyses) {
      if (lineStarts.has(path) || module.sources.includes(path)) this.#analyses.delete(key);
    }
  }

  #forgetStructure(): void {
    this.#modules.forget();
    this.#headers.forget();
    this.#foreign.forget();
    this.#analyses.clear();
  }
}

/** Whether a file lies under the project's root. */
export function isUnderRoot(root: Root, file: string): boolean {
  const way = relative(root.folder, file);
  return !isAbsolute(way) && !way.startsWith('..');
}
