/**
 * The projects behind the open documents: one for each root and configuration. Everything that is kept
 * between requests and is not a document lives here.
 */
import { dirname, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { CatalogData } from '../core/catalog.ts';
import type { Assets } from '../host/assets.ts';
import {
  type Configuration,
  ConfigurationError,
  configurationName,
  emptyConfiguration,
  findConfiguration,
  type RuleSeverity,
  readConfiguration,
} from '../host/configuration.ts';
import { exists } from '../host/disk.ts';
import { Git } from '../host/git.ts';
import { openProject } from '../host/open.ts';
import type { ParsePool } from '../host/pool.ts';
import type { Project } from '../host/project.ts';
import { isInside, type Root, rootOf } from '../host/root.ts';

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
  /** Whether hints stand at registrations. */
  readonly inlayHints: boolean;
}

/** Workers and unsaved facts are let go after this long without work. */
const idleMs = 15_000;
/** Facts are written to disk this long after the last analysis that parsed something. */
const saveMs = 1500;

/** One project with its timers. */
export class ProjectHandle {
  readonly project: Project;
  /** Resolves when documents may be opened in it. */
  readonly ready: Promise<void>;
  readonly #pool: ParsePool;
  #save: NodeJS.Timeout | undefined;
  #idle: NodeJS.Timeout | undefined;

  constructor(project: Project, pool: ParsePool) {
    this.project = project;
    this.#pool = pool;
    this.ready = project.prepareDocuments();
  }

  /** Starts the parse workers: a document is about to be opened. */
  prewarm(): void {
    this.#pool.warm();
    this.worked();
  }

  /** Something was parsed: save it soon, and end the workers when nothing follows. */
  worked(): void {
    clearTimeout(this.#save);
    clearTimeout(this.#idle);
    this.#save = setTimeout(() => void this.project.saveSlowly(), saveMs).unref();
    this.#idle = setTimeout(() => void this.#pool.rest(), idleMs).unref();
  }

  async dispose(): Promise<void> {
    clearTimeout(this.#save);
    clearTimeout(this.#idle);
    this.project.save();
    this.project.dispose();
    await this.#pool.close();
  }
}

export class Workspace {
  readonly #assets: Assets;
  readonly #log: Log;
  readonly #jobs: number;
  readonly #handles = new Map<string, ProjectHandle>();
  /** Whether the user trusts the workspace; editors that do not ask the user leave it at that. */
  trusted = true;
  /** Absolute folders that the editor has open. */
  #folders: readonly string[] = [];
  #settings: Settings = {
    severities: {},
    exclude: [],
    conversions: [],
    catalog: {},
    inlayHints: true,
  };

  constructor(assets: Assets, log: Log, jobs: number) {
    this.#assets = assets;
    this.#log = log;
    this.#jobs = jobs;
  }

  setFolders(folders: readonly string[]): void {
    this.#folders = folders;
  }

  /** The project for a file or folder; made when it is the first of its root. */
  handleFor(path: string): ProjectHandle {
    const root = this.#rootFor(path);
    const configFile = findConfiguration(existingFolder(path));
    const key = `${root.folder}\0${configFile ?? ''}`;
    let handle = this.#handles.get(key);
    if (handle === undefined) {
      const configuration = this.#read(configFile);
      const { project, pool } = openProject({
        assets: this.#assets,
        root,
        configuration: {
          ...configuration,
          excludeIn: this.#folders.map((folder) => ({ folder, globs: this.#settings.exclude })),
          conversionsIn:
            this.#settings.conversions.length === 0
              ? []
              : this.#folders.map((folder) => ({ folder, globs: this.#settings.conversions })),
        },
        catalog: this.#settings.catalog,
        jobs: this.#jobs,
        cache: true,
      });
      project.setSeverities(this.#settings.severities);
      handle = new ProjectHandle(project, pool);
      this.#handles.set(key, handle);
    }
    return handle;
  }

  /** The repository of a root, or why there is none to ask. */
  async gitOf({ folder }: Root): Promise<Git | string> {
    return this.trusted ? Git.open(folder) : 'git is not run in Restricted Mode';
  }

  /** Gets ready while the editor is still starting: the first squiggle comes that much sooner. */
  prewarm(): void {
    const folder = this.#folders.find(
      (name) => exists(join(name, 'Makefile')) || exists(join(name, 'Kbuild')),
    );
    if (folder !== undefined) this.handleFor(join(folder, 'x.c')).prewarm();
  }

  all(): readonly ProjectHandle[] {
    return [...this.#handles.values()];
  }

  get settings(): Settings {
    return this.#settings;
  }

  /** @returns whether the projects have to be made anew for the settings to count */
  setSettings(settings: Settings): boolean {
    const before = this.#settings;
    this.#settings = settings;
    for (const { project } of this.all()) project.setSeverities(settings.severities);
    const same =
      isDeepStrictEqual(before.exclude, settings.exclude) &&
      isDeepStrictEqual(before.conversions, settings.conversions) &&
      isDeepStrictEqual(before.catalog, settings.catalog);
    return !same && this.#handles.size > 0;
  }

  /** Forgets all projects: a configuration file or the settings changed. Documents must be opened anew. */
  async reset(): Promise<void> {
    const handles = this.all();
    this.#handles.clear();
    await Promise.all(handles.map((handle) => handle.dispose()));
  }

  /** A kernel tree wins; else the folder that the editor has open, else what the file's Makefile says. */
  #rootFor(path: string): Root {
    const root = rootOf(exists(path) ? path : existingFolder(path));
    if (root.kernel) return root;
    const folders = this.#folders
      .filter((folder) => isInside(folder, path))
      .sort((a, b) => b.length - a.length);
    return { ...root, folder: folders[0] ?? root.folder };
  }

  #read(file: string | undefined): Configuration {
    if (file === undefined) return emptyConfiguration;
    try {
      return readConfiguration(file);
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error;
      this.#log.warn(`${error.message}; ${configurationName} is not used`);
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
