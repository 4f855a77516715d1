/** What makes a newer answer as good as an older one. */

/** Whether two lists hold the same, in the same order. */
export function sameItems<T>(
  a: readonly T[],
  b: readonly T[],
  same: (one: T, other: T) => boolean = Object.is,
): boolean {
  return a.length === b.length && a.every((one, i) => same(one, b[i] as T));
}

/** Whether two sets hold the same. */
export function sameSet<T>(a: ReadonlySet<T>, b: ReadonlySet<T>): boolean {
  if (a.size !== b.size) return false;
  for (const one of a) if (!b.has(one)) return false;
  return true;
}

/** Whether both are empty: what holds places of a text is never the same again after an edit, unless there is none. */
export function areNone(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === 0 && b.length === 0;
}
