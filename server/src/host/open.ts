/** Puts a project together from the machine it runs on: assets, catalogue, parser. */
import { availableParallelism } from 'node:os';
import { buildCatalog, type CatalogData } from '../core/catalog.ts';
import { type Assets, shippedCatalog } from './assets.ts';
import type { Configuration } from './configuration.ts';
import { Project } from './project.ts';
import type { Root } from './root.ts';
import { loadRuntime, type Runtime } from './runtime.ts';

export interface OpenOptions {
  readonly assets: Assets;
  readonly root: Root;
  readonly configuration: Configuration;
  /** Entries that win over the configuration's: an editor's settings. */
  readonly catalog?: Partial<CatalogData>;
}

export interface OpenProject {
  readonly project: Project;
}

/** How many processes analyse when nobody says. */
export function defaultJobs(): number {
  return Math.min(availableParallelism(), 4);
}

export function openProject(options: OpenOptions): OpenProject {
  const { assets, root, configuration } = options;
  const own = [configuration.catalog, options.catalog ?? {}];
  const catalog = buildCatalog(
    [...shippedCatalog(assets), ...own],
    configuration.kernelVersion ?? root.version,
  );
  const runtime = (): Promise<Runtime> => loadRuntime(assets);
  return { project: new Project({ root, catalog, configuration, runtime }) };
}
