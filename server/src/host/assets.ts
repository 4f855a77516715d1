/**
 * Where the files lie that are data to the program: the grammar, the tree-sitter runtime, the
 * catalogue and the rule pages. A bundle has them beside itself; a run from source (tsx) takes them
 * from the repository, so that a changed catalogue or page counts at once. A file that is missing here
 * is a broken installation, not a bad entry of somebody's tree: reading may throw.
 */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { CatalogData } from '../core/catalog.ts';

export interface Assets {
  /** The version of the program, from its package.json. */
  readonly version: string;
  /** Where the project lives on the web, when its package.json says so. */
  readonly homepage: string | undefined;
  /** tree-sitter-c.wasm. */
  readonly grammar: string;
  /** web-tree-sitter.wasm. */
  readonly runtime: string;
  /** Folder of the catalogue's JSON files. */
  readonly catalog: string;
  /** Folder of the rule pages, `<id>.md`. */
  readonly rules: string;
  /** Folder of what a stress kit is made of: `stress.sh`, `hold.c`. */
  readonly stress: string;
  /** The program of the workers that answer modules, and what node needs to run it. */
  readonly worker: { readonly file: string; readonly execArgv: readonly string[] };
  /** The program that speaks the Model Context Protocol. */
  readonly mcp: string;
  /** The files and folders whose text decides what is found: their hash dates the answers on disk. */
  readonly engine: readonly string[];
}

function identity(folder: string): Pick<Assets, 'version' | 'homepage'> {
  const parsed: unknown = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const { version, homepage } = parsed as { version?: unknown; homepage?: unknown };
  return {
    version: String(version ?? '0'),
    homepage:
      typeof homepage === 'string' ? homepage.replace(/#.*$/, '').replace(/\/+$/, '') : undefined,
  };
}

function bundled(here: string): Assets {
  return {
    ...identity(dirname(here)),
    grammar: join(here, 'tree-sitter-c.wasm'),
    runtime: join(here, 'web-tree-sitter.wasm'),
    catalog: join(here, 'catalog'),
    rules: join(here, 'rules'),
    stress: join(here, 'stress'),
    worker: { file: join(here, 'cli.cjs'), execArgv: [] },
    mcp: join(here, 'mcp.cjs'),
    engine: [join(here, 'cli.cjs')],
  };
}

function fromSource(repository: string): Assets {
  const server = join(repository, 'server');
  const modules = join(repository, 'node_modules');
  return {
    ...identity(repository),
    grammar: join(repository, 'grammars', 'tree-sitter-c.wasm'),
    runtime: join(modules, 'web-tree-sitter', 'web-tree-sitter.wasm'),
    catalog: join(server, 'catalog'),
    rules: join(server, 'src', 'core', 'rules'),
    stress: join(server, 'stress'),
    worker: {
      file: join(server, 'src', 'program.ts'),
      execArgv: ['--import', join(modules, 'tsx', 'dist', 'loader.mjs')],
    },
    mcp: join(server, 'src', 'mcp', 'main.ts'),
    engine: [join(server, 'src')],
  };
}

/**
 * Finds the assets.
 * @param here the folder of the running program: the bundle's, or one below `server/src`
 * @throws Error when they are not there: the installation is broken
 */
export function findAssets(here: string): Assets {
  if (existsSync(join(here, 'tree-sitter-c.wasm'))) return bundled(here);
  for (let folder = here; folder !== dirname(folder); folder = dirname(folder)) {
    if (existsSync(join(folder, 'server', 'catalog')) && existsSync(join(folder, 'package.json'))) {
      return fromSource(folder);
    }
  }
  throw new Error(`installation is incomplete: no tree-sitter-c.wasm in ${here}`);
}

/** The names of the JSON files of the catalogue, sorted: later files win, so the order must not vary. */
export function catalogFiles(assets: Assets): string[] {
  return readdirSync(assets.catalog)
    .filter((name) => name.endsWith('.json') && !name.endsWith('.schema.json'))
    .sort()
    .map((name) => join(assets.catalog, name));
}

/** The catalogue that comes with the program. */
export function shippedCatalog(assets: Assets): Partial<CatalogData>[] {
  return catalogFiles(assets).map(
    (file) => JSON.parse(readFileSync(file, 'utf8')) as Partial<CatalogData>,
  );
}

/** The page of a rule as Markdown, or undefined when it has none. */
export function rulePage(assets: Assets, id: string): string | undefined {
  const file = join(assets.rules, `${id}.md`);
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

/** A file of the stress kit. */
export function kitFile(assets: Assets, name: 'stress.sh' | 'hold.c'): string {
  return readFileSync(join(assets.stress, name), 'utf8');
}

/** A hash that changes whenever the engine might find something else in the same texts. */
export function engineStamp(assets: Assets): string {
  const hash = createHash('sha1').update(assets.version);
  for (const file of [...assets.engine.flatMap(filesIn), ...catalogFiles(assets), assets.grammar])
    hash.update(readFileSync(file));
  return hash.digest('hex');
}

/** A file, or the sources below a folder, in one order. */
function filesIn(path: string): string[] {
  if (!existsSync(path)) return [];
  if (path.endsWith('.cjs')) return [path];
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .sort()
    .map((name) => join(path, name));
}
