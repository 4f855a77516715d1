/** Which modules a run looks at. */
import { createHash } from 'node:crypto';
import type { KernelModule } from '../../server/src/core/program/kbuild.ts';
import { moduleKey } from '../../server/src/host/modules.ts';
import type { Project } from '../../server/src/host/project.ts';
import { driverFolders } from './build-folder.ts';

/**
 * What each change is tried on: large and small, PCI and platform, C of many hands; i915 alone would take as long
 * as all of them.
 */
const always = ['xe', 'vc4', 'panthor', 'msm', 'tilcdc'].map((name) => `drivers/gpu/drm/${name}`);
/** So many other drivers are tried each week. */
const sampled = 6;

export function allModules(project: Project): readonly KernelModule[] {
  return modulesOf(project, driverFolders);
}

export function modulesOf(project: Project, folders: readonly string[]): readonly KernelModule[] {
  const found = folders.flatMap((folder) => project.modulesUnder(folder));
  return [...new Map(found.map((module) => [moduleKey(module), module])).values()];
}

/** The ISO 8601 week of a date: `2026-W48`. */
export function weekOf(date: Date): string {
  const day = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()));
  // The week belongs to the year that its Thursday is in.
  day.setUTCDate(day.getUTCDate() + 4 - (day.getUTCDay() || 7));
  const year = day.getUTCFullYear();
  const week = Math.ceil(((day.getTime() - Date.UTC(year, 0, 1)) / 86_400_000 + 1) / 7);
  return `${year}-W${String(week).padStart(2, '0')}`;
}

/** The folder of a driver, or of a family of drivers: `drivers/gpu/drm/xe`. */
function driverOf({ folder }: KernelModule): string {
  const top = driverFolders.find((one) => folder.startsWith(`${one}/`)) ?? folder;
  const name = folder.slice(top.length + 1).split('/')[0] ?? '';
  return name === '' ? top : `${top}/${name}`;
}

/** The modules of every run and those of some other drivers, which `seed` chooses. */
export function weeklyModules(project: Project, seed: string): readonly KernelModule[] {
  const modules = allModules(project);
  const drivers = new Set(modules.map(driverOf));
  for (const one of always) drivers.delete(one);
  const chosen = new Set([...always, ...drawn([...drivers], seed, sampled)]);
  return modules.filter((module) => chosen.has(driverOf(module)));
}

/** The modules of so many drivers, which `seed` chooses. */
export function sampledModules(
  modules: readonly KernelModule[],
  seed: string,
  size: number,
): readonly KernelModule[] {
  const chosen = new Set(drawn([...new Set(modules.map(driverOf))], seed, size));
  return modules.filter((module) => chosen.has(driverOf(module)));
}

function drawn(names: readonly string[], seed: string, size: number): readonly string[] {
  const rank = (name: string): string =>
    createHash('sha256').update(`${seed} ${name}`).digest('hex');
  return [...names].sort((a, b) => (rank(a) < rank(b) ? -1 : 1)).slice(0, size);
}
