/** From the PATHs of a command line to a project and the modules to analyse in it. */
import { dirname, resolve } from 'node:path';
import type { KernelModule } from '../core/program/kbuild.ts';
import type { Problem } from '../core/result.ts';
import { rules } from '../core/rules/index.ts';
import type { Assets } from '../host/assets.ts';
import {
  type Configuration,
  ConfigurationError,
  emptyConfiguration,
  findConfiguration,
  readConfiguration,
  UnreadableConfiguration,
} from '../host/configuration.ts';
import { cutOffProblem, isCutOff } from '../host/cut-off.ts';
import { Failure, isFolder, listFolder, statOf } from '../host/disk.ts';
import { moduleKey } from '../host/modules.ts';
import { type OpenProject, openProject } from '../host/open.ts';
import { commonRoot, isInside, rootOf } from '../host/root.ts';
import { readSource } from '../host/sources.ts';
import type { Arguments } from './arguments.ts';
import { UsageError } from './io.ts';

/** A module to analyse, and which of its findings were asked for. */
export interface Wanted {
  readonly module: KernelModule;
  /** The files whose findings count; undefined for all of them. */
  readonly files: ReadonlySet<string> | undefined;
}

export interface Inputs extends OpenProject {
  readonly configuration: Configuration;
  readonly wanted: readonly Wanted[];
  /** PATHs that cannot be analysed: each makes the exit code 2. */
  readonly bad: readonly Problem[];
  /** The folders among the PATHs, as report paths. */
  readonly folders: readonly string[];
  /** The folders that the PATHs are or stand in, absolute: where files may be written. */
  readonly places: readonly string[];
}

/** What is wrong with an explicitly named path, or undefined. */
function wrongWith(path: string): string | undefined {
  const stats = statOf(path);
  if (stats instanceof Failure)
    return stats.code === 'ENOENT' ? 'no such file or folder' : stats.problem;
  if (stats.isDirectory()) {
    const entries = listFolder(path);
    return entries instanceof Failure ? entries.problem : undefined;
  }
  if (!/\.[ch]$/.test(path)) return 'not a C source file (.c or .h)';
  const source = readSource(path);
  if (source.kind === 'unreadable') return source.problem;
  return undefined;
}

/** A folder itself, or the folder that a file stands in. */
function folderOf(path: string): string {
  return isFolder(path) ? path : dirname(path);
}

/**
 * The configuration for a path.
 * One that happens to stand there and cannot be read is left out; whoever names one wants it.
 * @throws UsageError when it is broken */
export function configurationFor(
  path: string,
  explicit: string | undefined,
  cwd: string,
): Configuration {
  const folder = folderOf(path);
  const file = explicit === undefined ? findConfiguration(folder) : resolve(cwd, explicit);
  if (file === undefined) return emptyConfiguration;
  try {
    return readConfiguration(file);
  } catch (error) {
    if (error instanceof UnreadableConfiguration && explicit === undefined)
      return { ...emptyConfiguration, unreadable: error };
    if (error instanceof ConfigurationError) throw new UsageError(error.message);
    throw error;
  }
}

/** @throws UsageError when a `--rule` is none */
export function checkRules(ids: readonly string[]): void {
  const unknown = ids.find((id) => !rules.some((rule) => rule.id === id));
  if (unknown !== undefined) throw new UsageError(`no rule ${unknown} (see driver-teardown rules)`);
}

/**
 * Opens the project for the PATHs. Bad ones are left out and named in `bad`.
 * @returns undefined as project when no PATH is usable
 */
export function openInputs(
  args: Arguments,
  assets: Assets,
  cwd: string,
): Inputs | { readonly bad: readonly Problem[] } {
  const names = args.positionals.length === 0 ? ['.'] : args.positionals;
  const bad: Problem[] = [];
  const paths: string[] = [];
  for (const name of names) {
    const path = resolve(cwd, name);
    const wrong = wrongWith(path);
    if (wrong === undefined) paths.push(path);
    else bad.push({ file: name, message: wrong, leftOut: true });
  }
  const first = paths[0];
  if (first === undefined) return { bad };
  const found = configurationFor(first, args.config, cwd);
  const { kernelVersion } = args;
  const configuration = kernelVersion === undefined ? found : { ...found, kernelVersion };
  const root = commonRoot(paths.map(rootOf));
  const open = openProject({ assets, root, configuration });
  const report = paths
    .filter((path) => isInside(root.folder, path))
    .map((path) => ({ path, name: open.project.reportPath(path) }));
  const isFolderEntry = ({ path }: { readonly path: string }): boolean => isFolder(path);
  const folders = report.filter(isFolderEntry).map(({ name }) => name);
  const files = report.filter((entry) => !isFolderEntry(entry));
  for (const { path, name } of files) {
    const source = readSource(path);
    if (source.kind === 'text' && isCutOff(source.text))
      bad.push({ file: name, message: cutOffProblem, leftOut: true });
  }
  return {
    ...open,
    configuration,
    bad,
    folders,
    places: paths.map(folderOf),
    wanted: wantedModules(
      open,
      folders,
      files.map(({ name }) => name),
    ),
  };
}

function wantedModules(
  { project }: OpenProject,
  folders: readonly string[],
  files: readonly string[],
): readonly Wanted[] {
  const found = new Map<string, Wanted>();
  for (const folder of folders) {
    for (const module of project.modulesUnder(folder))
      found.set(moduleKey(module), { module, files: undefined });
  }
  for (const file of files) {
    for (const module of project.modulesOf(file)) {
      const known = found.get(moduleKey(module));
      if (known !== undefined && known.files === undefined) continue;
      found.set(moduleKey(module), { module, files: new Set([...(known?.files ?? []), file]) });
    }
  }
  return [...found.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, wanted]) => wanted);
}
