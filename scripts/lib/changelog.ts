/** The changelog's sections, as a release reads and writes them. */

/** What a release makes of the changelog. */
export interface Released {
  /** The changelog with the section under the version's name. */
  readonly text: string;
  /** What the section says. */
  readonly notes: string;
}

/**
 * Gives the section `Unreleased` the version's name; a section that has it already is taken as it is.
 * @throws Error when there is neither, or nothing stands in it
 */
export function releaseChangelog(text: string, version: string): Released {
  const named = new RegExp(`^## ${version.replaceAll('.', '\\.')}$`, 'm');
  const renamed = named.test(text) ? text : text.replace(/^## Unreleased$/m, `## ${version}`);
  const [, after] = renamed.split(named);
  if (after === undefined)
    throw new Error(`CHANGELOG.md has neither "## Unreleased" nor "## ${version}"`);
  const notes = (after.split(/^## /m)[0] ?? '').trim();
  if (notes === '') throw new Error(`CHANGELOG.md says nothing under "## ${version}"`);
  return { text: renamed, notes };
}

/**
 * Whether a version may follow another: a higher one, or the same when that was never released.
 * @throws Error when it is no version
 */
export function follows(version: string, current: string): boolean {
  const [next, now] = [parts(version), parts(current)];
  const at = next.findIndex((part, index) => part !== now[index]);
  return at < 0 || (next[at] ?? 0) > (now[at] ?? 0);
}

function parts(version: string): number[] {
  const match = /^(\d+)\.(\d+)\.(\d+)$/.exec(version);
  if (match === null) throw new Error(`${version} is no version: three numbers, like 0.2.0`);
  return match.slice(1).map(Number);
}
