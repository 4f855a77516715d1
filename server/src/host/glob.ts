/** The globs of the configuration's `exclude`: `*`, `?` and `**`, matched against report paths. */

function partOf(glob: string, at: number): { readonly source: string; readonly length: number } {
  if (glob.startsWith('**/', at)) return { source: '(?:.*/)?', length: 3 };
  if (glob.startsWith('**', at)) return { source: '.*', length: 2 };
  const char = glob[at] ?? '';
  if (char === '*') return { source: '[^/]*', length: 1 };
  if (char === '?') return { source: '[^/]', length: 1 };
  return { source: char.replace(/[.+^${}()|[\]\\]/, '\\$&'), length: 1 };
}

/** A test for paths. A glob that names a folder covers everything below it, with or without a `/`. */
export function globMatcher(globs: readonly string[]): (path: string) => boolean {
  const patterns = globs.map((glob) => {
    const clean = glob.replace(/^\.?\//, '').replace(/\/$/, '');
    let source = '';
    for (let at = 0; at < clean.length; ) {
      const part = partOf(clean, at);
      source += part.source;
      at += part.length;
    }
    return new RegExp(`^${source}(?:/.*)?$`);
  });
  return (path) => patterns.some((pattern) => pattern.test(path));
}
