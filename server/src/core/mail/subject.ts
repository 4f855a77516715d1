/** The subject of a patch, in the words of its driver. */
import type { Finding, Fix } from '../result.ts';

/** Longer subjects are cut off by the tools that show them. */
const width = 75;

/**
 * The prefix that changes of a file carry: what the last ones had, else what its folder suggests.
 * @param subjects of the commits that changed the file, newest first
 */
export function prefixOf(file: string, subjects: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const subject of subjects) {
    const prefix = /^((?:[\w.-]+\/)*[\w.-]+(?:: [\w.-]+(?=: ))?): /.exec(subject)?.[1];
    if (prefix?.includes('/')) counts.set(prefix, (counts.get(prefix) ?? 0) + 1);
  }
  // Maps keep their order: of two that are as frequent the newer one comes first.
  const [best] = [...counts].sort(([, a], [, b]) => b - a);
  return best?.[0] ?? prefixFromPath(file);
}

/** `drivers/gpu/drm/xe/xe_bo.c` is `drm/xe`, `drivers/gpu/drm/panel/panel-foo.c` `drm/panel: foo`. */
function prefixFromPath(file: string): string {
  const parts = file.split('/');
  const name = parts.pop() ?? '';
  const below = parts.filter((part) => part !== '');
  while (below[0] === 'drivers' || below[0] === 'gpu') below.shift();
  const [area, driver] = below;
  if (area === undefined) return name.replace(/\.[ch]$/, '');
  if (driver === undefined) return area;
  const stem = name.replace(/\.[ch]$/, '');
  // A folder of drivers of one file each names each file after itself: panel-foo.c.
  return stem.startsWith(`${driver}-`)
    ? `${area}/${driver}: ${stem.slice(driver.length + 1)}`
    : `${area}/${driver}`;
}

/** What is done, and where: the fix's title without its explanations. */
export function subjectOf(finding: Finding, fix: Fix, prefix: string): string {
  const short = fix.title
    .replaceAll('`', '')
    .replace(/ \([^)]*\)(?=:|,|$)/g, '')
    .replace(/[:,] .*$/, '');
  const where =
    finding.function === '' || short.includes(finding.function) ? '' : ` in ${finding.function}()`;
  const full = `${prefix}: ${short}${where}`;
  if (full.length <= width) return full;
  return shortened(`${prefix}: ${short}`);
}

/** Without its last clauses, or at least without its last words. */
function shortened(subject: string): string {
  if (subject.length <= width) return subject;
  const start = subject.slice(0, width + 1);
  const clauses = start.matchAll(/ (?:once|when|while|where|before|after|instead|so|that|and) /g);
  const at = [...clauses].at(-1)?.index ?? 0;
  return subject.slice(0, at > width / 2 ? at : start.lastIndexOf(' ')).trimEnd();
}

/** The name of a patch's file: `0001-drm-xe-Convert-….patch`. */
export function patchName(index: number, subject: string): string {
  const words = subject
    .replace(/[^A-Za-z0-9._]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60);
  return `${String(index).padStart(4, '0')}-${words.replace(/[-.]+$/, '')}.patch`;
}
