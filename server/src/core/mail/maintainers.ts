/** Whom a patch goes to: the sections of MAINTAINERS whose files it changes. */

export interface Recipients {
  /** Those who look after the code: `Jane Doe <jane@example.org>`. */
  readonly to: readonly string[];
  /** Lists and reviewers. */
  readonly cc: readonly string[];
}

interface Section {
  readonly maintainers: readonly string[];
  readonly others: readonly string[];
  readonly files: readonly string[];
  readonly excluded: readonly string[];
}

/** So many sections, the nearest first: a driver's own and that of its subsystem. */
const maximum = 2;

/**
 * @param text of MAINTAINERS
 * @param paths the files that are changed, relative to the tree
 */
export function recipientsOf(text: string, paths: readonly string[]): Recipients {
  const found = sectionsOf(text)
    .map((section) => ({
      section,
      depth: Math.max(0, ...paths.map((path) => depth(section, path))),
    }))
    .filter((one) => one.depth > 0)
    .sort((a, b) => b.depth - a.depth)
    .slice(0, maximum)
    .map(({ section }) => section);
  const to = [...new Set(found.flatMap(({ maintainers }) => maintainers))];
  const cc = [...new Set(found.flatMap(({ others }) => others))];
  return { to, cc: cc.filter((one) => !to.includes(one)) };
}

function sectionsOf(text: string): Section[] {
  const start = text.indexOf('Maintainers List');
  return text
    .slice(Math.max(start, 0))
    .split(/\n[ \t]*\n/)
    .map((block) => {
      const of = (letters: string): string[] =>
        Array.from(block.matchAll(new RegExp(`^[${letters}]:[ \\t]*(.+)$`, 'gm')), (match) =>
          (match[1] ?? '').trim(),
        );
      return {
        maintainers: of('M'),
        others: [...of('L').map((list) => list.replace(/\s*\(.*\)$/, '')), ...of('R')],
        files: of('F'),
        excluded: of('X'),
      };
    });
}

/** How near a section is to a file: the length of the pattern that names it, 0 for none. */
function depth({ files, excluded }: Section, path: string): number {
  if (excluded.some((pattern) => isMatch(pattern, path))) return 0;
  return Math.max(
    0,
    ...files
      .filter((pattern) => isMatch(pattern, path))
      .map((pattern) => pattern.split('/').length),
  );
}

/** `drivers/gpu/drm/` is the folder with all below it, `drivers/gpu/drm/*` what stands in it. */
function isMatch(pattern: string, path: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('[^/]*')}${pattern.endsWith('/') ? '' : '$'}`).test(path);
}
