/** The configuration's `exclude`, as a test for report paths. */
import { dirname, join } from 'node:path';
import type { Configuration } from './configuration.ts';
import { globMatcher } from './glob.ts';
import { type Root, toReportPath } from './root.ts';

/** Globs count from the folder of the configuration file, which may lie above or below the root. */
export function exclusion(root: Root, configuration: Configuration): (path: string) => boolean {
  if (configuration.exclude.length === 0 || configuration.file === undefined) return () => false;
  const matches = globMatcher(configuration.exclude);
  const base = dirname(configuration.file);
  return (path) => {
    const fromFile = toReportPath(base, join(root.folder, path));
    return !fromFile.startsWith('../') && matches(fromFile);
  };
}
