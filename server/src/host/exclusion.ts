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
  const tests = [...own, ...excludeIn]
    .filter(({ globs }) => globs.length > 0)
    .map(({ folder, globs }) => ({ folder, matches: globMatcher(globs) }));
  return (path) =>
    tests.some(({ folder, matches }) => {
      const fromFolder = toReportPath(folder, join(root.folder, path));
      return !fromFolder.startsWith('../') && matches(fromFolder);
    });
}
