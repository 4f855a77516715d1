/** As much of node's `util` as the server uses: it compares settings, which are plain data. */
export function isDeepStrictEqual(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
