/**
 * The projects behind the open documents: one for each root and configuration. Everything that is kept
 * between requests and is not a document lives here.
 */
import { dirname, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { CatalogData } from '../core/catalog.ts';
import type { Severity } from '../core/result.ts';
import type { Assets } from '../host/assets.ts';
import { BaselineError, baselineFile, hasBaseline, readEntries } from '../host/baseline.ts';
import {
  type Configuration,
  ConfigurationError,
  configurationName,
  emptyConfiguration,
  findConfiguration,
  type RuleSeverity,
  readConfiguration,
} from '../host/configuration.ts';
import { exists, readRegular } from '../host/disk.ts';
import { Git } from '../host/git.ts';
import { openProject } from '../host/open.ts';
import type { ModuleAnalysis, Project } from '../host/project.ts';
import { isInside, type Root, rootOf } from '../host/root.ts';
import { type Arrivals, onDisk } from './arrivals.ts';

export interface Log {
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}

/** What the editor's settings say; they win over configuration files. */
export interface Settings {
  readonly severities: Readonly<Record<string, RuleSeverity>>;
  /** Globs relative to each folder that the editor has open. */
  readonly exclude: readonly string[];
  /** Globs of the same kind: where conversions are offered. None stands for the default. */
  readonly conversions: readonly string[];
  readonly catalog: Partial<CatalogData>;
  /** The kernel that the sources are for; undefined for what the configuration or the tree says. */
  readonly kernelVersion: string | undefined;
  /** Findings below this are told nowhere. */
  readonly minSeverity: Severity;
  /** Whether hints stand at registrations. */
  readonly inlayHints: boolean;
  /** Whether lenses stand at entry points and callbacks. */
  readonly codeLens: boolean;
}

/** One project. */
export class ProjectHandle {
  readonly project: Project;
  /** Resolves when documents may be opened in it. */
  readonly ready: Promise<void>;
  /** Absolute; it need not be there. */
  readonly baseline: string;
  private readonly log: Log;
  /** What the log has been told already. */
  private readonly told = new Set<string>();

  constructor(project: Project, baseline: string, log: Log) {
    this.project = project;
    this.baseline = baseline;
    this.log = log;
    this.readBaseline();
    this.ready = project.prepare();
  }

  /** Takes the baseline as it is on disk now; one that cannot be used lists nothing. */
  readBaseline(): void {
    try {
      this.project.setBaseline(
        hasBaseline(this.baseline) ? readEntries(this.baseline, readRegular) : [],
      );
    } catch (error) {
      if (!(error instanceof BaselineError)) throw error;
      this.project.setBaseline([]);
      this.log.warn(`${this.baseline}: ${error.message}`);
    }
  }

  /** Logs what could not be read, once each. */
  tell(analyses: readonly ModuleAnalysis[]): void {
    const found = analyses.flatMap(({ problems }) => problems);
    for (const { file, message } of [...found, ...this.project.problems]) {
      const line = `${file}: ${message}`;
      if (this.told.has(line)) continue;
      this.told.add(line);
      this.log.warn(line);
    }
  }
}

export class Workspace {
  private readonly assets: Assets;
  private readonly log: Log;
  readonly arrivals: Arrivals;
  private readonly handles = new Map<string, ProjectHandle>();
  /** Whether the user trusts the workspace; editors that do not ask the user leave it at that. */
  trusted = true;
  /** Absolute folders that the editor has open. */
  private folders: readonly string[] = [];
  private present: Settings = {
    severities: {},
    exclude: [],
    conversions: [],
    catalog: {},
    kernelVersion: undefined,
    minSeverity: 'hint',
    inlayHints: true,
    codeLens: true,
  };

  constructor(assets: Assets, log: Log, arrivals: Arrivals = onDisk) {
    this.assets = assets;
    this.log = log;
    this.arrivals = arrivals;
  }

  setFolders(folders: readonly string[]): void {
    this.folders = folders;
    for (const folder of folders) this.arrivals.reach(folder);
  }

  /** The project for a file or folder; made when it is the first of its root. */
  handleFor(path: string): ProjectHandle {
    const root = this.rootFor(path);
    const configFile = findConfiguration(existingFolder(path));
    const key = `${root.folder}\0${configFile ?? ''}`;
    let handle = this.handles.get(key);
    if (handle === undefined) {
      const configuration = this.read(configFile);
      const { project } = openProject({
        assets: this.assets,
        root,
        configuration: {
          ...configuration,
          ...(this.present.kernelVersion === undefined
            ? {}
            : { kernelVersion: this.present.kernelVersion }),
          excludeIn: this.folders.map((folder) => ({ folder, globs: this.present.exclude })),
          conversionsIn:
            this.present.conversions.length === 0
              ? []
              : this.folders.map((folder) => ({ folder, globs: this.present.conversions })),
        },
        catalog: this.present.catalog,
      });
      project.setSeverities(this.present.severities, this.present.minSeverity);
      handle = new ProjectHandle(project, baselineFile(root.folder, configuration), this.log);
      this.handles.set(key, handle);
    }
    return handle;
  }

  /** The repository of a root, or why there is none to ask. */
  async gitOf({ folder }: Root): Promise<Git | string> {
    return this.trusted ? Git.open(folder) : 'git is not run in Restricted Mode';
  }

  /** Gets ready while the editor is still starting: the first squiggle comes that much sooner. */
  prewarm(): void {
    const folder = this.folders.find(
      (name) => exists(join(name, 'Makefile')) || exists(join(name, 'Kbuild')),
    );
    if (folder !== undefined) this.handleFor(join(folder, 'x.c'));
  }

  all(): readonly ProjectHandle[] {
    return [...this.handles.values()];
  }

  get settings(): Settings {
    return this.present;
  }

  /** @returns whether the projects have to be made anew for the settings to count */
  setSettings(settings: Settings): boolean {
    const before = this.present;
    this.present = settings;
    for (const { project } of this.all())
      project.setSeverities(settings.severities, settings.minSeverity);
    const same =
      isDeepStrictEqual(before.exclude, settings.exclude) &&
      isDeepStrictEqual(before.conversions, settings.conversions) &&
      before.kernelVersion === settings.kernelVersion &&
      isDeepStrictEqual(before.catalog, settings.catalog);
    return !same && this.handles.size > 0;
  }

  /** Forgets all projects: a configuration file or the settings changed. Documents must be opened anew. */
  async reset(): Promise<void> {
    this.handles.clear();
  }

  /** A kernel tree wins; else the folder that the editor has open, else what the file's Makefile says. */
  private rootFor(path: string): Root {
    const root = rootOf(exists(path) ? path : existingFolder(path));
    if (root.kernel) return root;
    const folders = this.folders
      .filter((folder) => isInside(folder, path))
      .sort((a, b) => b.length - a.length);
    return { ...root, folder: folders[0] ?? root.folder };
  }

  private read(file: string | undefined): Configuration {
    if (file === undefined) return emptyConfiguration;
    try {
      return readConfiguration(file);
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error;
      this.log.warn(`${error.message}; ${configurationName} is not used`);
      return emptyConfiguration;
    }
  }
}

/** The nearest folder on disk: a new document's own may not exist yet. */
function existingFolder(path: string): string {
  let folder = dirname(path);
  while (!exists(folder) && folder !== dirname(folder)) folder = dirname(folder);
  return folder;
}
