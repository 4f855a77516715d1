/** Parts a long list of modules, so that only some of their facts are in memory at a time. */

/** Modules are analysed in groups of about this much source. */
const groupBytes = 8_000_000;

/** Indexes of the modules in groups of bounded size; a single module may exceed it. */
export function groupsOf(
  closures: readonly (readonly string[])[],
  bytesOf: (path: string) => number,
): number[][] {
  const groups: number[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  closures.forEach((closure, i) => {
    const size = closure.reduce((sum, path) => sum + bytesOf(path), 0);
    if (bytes + size > groupBytes) {
      groups.push([]);
      bytes = 0;
    }
    bytes += size;
    groups.at(-1)?.push(i);
  });
  return groups;
}
