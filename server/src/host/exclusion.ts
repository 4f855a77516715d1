/** What a configuration excludes, as a test for report paths. */
import { dirname, join } from 'node:path';
import type { Configuration, Excluded } from './configuration.ts';
import { globMatcher } from './glob.ts';
import { type Root, toReportPath } from './root.ts';

/** Globs count from the folder of the configuration file, or their own, which may lie above or below the root. */
export function exclusion(root: Root, configuration: Configuration): (path: string) => boolean {
  const { file, exclude, excludeIn = [] } = configuration;
  const own: readonly Excluded[] =
    file === undefined ? [] : [{ folder: dirname(file), globs: exclude }];
  return matcher(root, [...own, ...excludeIn]);
}

/** Of a kernel tree, the subsystems whose maintainers take conversions; netdev, for one, does not. */
const welcome: readonly string[] = ['drivers/gpu/drm', 'drivers/accel'];

/** Where conversions are offered, as a test for report paths. Outside of a kernel tree that is everywhere. */
export function conversionPlaces(
  root: Root,
  { file, conversions, conversionsIn = [] }: Configuration,
): (path: string) => boolean {
  const own: readonly Excluded[] =
    file === undefined || conversions === undefined
      ? []
      : [{ folder: dirname(file), globs: conversions }];
  if (own.length + conversionsIn.length > 0) return matcher(root, [...own, ...conversionsIn]);
  return root.kernel ? matcher(root, [{ folder: root.folder, globs: welcome }]) : () => true;
}

function matcher(root: Root, places: readonly Excluded[]): (path: string) => boolean {
  const tests = places
    .filter(({ globs }) => globs.length > 0)
    .map(({ folder, globs }) => ({ folder, matches: globMatcher(globs) }));
  return (path) =>
    tests.some(({ folder, matches }) => {
      const fromFolder = toReportPath(folder, join(root.folder, path));
      return !fromFolder.startsWith('../') && matches(fromFolder);
    });
}
