/** Puts a project together from the machine it runs on: assets, catalogue, cache, pool. */
import { availableParallelism } from 'node:os';
import { buildCatalog, type CatalogData } from '../core/catalog.ts';
import { type Assets, engineStamp, shippedCatalog } from './assets.ts';
import { cacheFolder, DiskCache, noCache } from './cache.ts';
import type { Configuration } from './configuration.ts';
import { ParsePool } from './pool.ts';
import { Project } from './project.ts';
import type { Root } from './root.ts';
import { loadRuntime, type Runtime } from './runtime.ts';

export interface OpenOptions {
  readonly assets: Assets;
  readonly root: Root;
  readonly configuration: Configuration;
  /** Entries that win over the configuration's: an editor's settings. */
  readonly catalog?: Partial<CatalogData>;
  readonly jobs: number;
  /** Whether facts are read from and written to the disk cache. */
  readonly cache: boolean;
}

export interface OpenProject {
  readonly project: Project;
  readonly pool: ParsePool;
}

/** How many threads parse when nobody says. */
export function defaultJobs(): number {
  return Math.min(availableParallelism(), 4);
}

export function openProject(options: OpenOptions): OpenProject {
  const { assets, root, configuration } = options;
  const own = [configuration.catalog, options.catalog ?? {}];
  const catalog = buildCatalog([...shippedCatalog(assets), ...own], root.version);
  const words = catalog.data.macros;
  const runtime = (): Promise<Runtime> => loadRuntime(assets);
  const pool = new ParsePool(assets, words, runtime, options.jobs);
  const cache = options.cache
    ? new DiskCache(cacheFolder(), root.folder, engineStamp(assets, words))
    : noCache;
  return { project: new Project({ root, catalog, configuration, cache, pool, runtime }), pool };
}
