/** A short name for plain data, to tell whether something has changed. It need not withstand an attack. */

/** FNV-1a over UTF-16 code units, from a seed. */
function hash(text: string, seed: number): number {
  let sum = seed;
  for (let i = 0; i < text.length; i++) sum = Math.imul(sum ^ text.charCodeAt(i), 16777619);
  return (sum ^ (sum >>> 15)) >>> 0;
}

/** Equal data have equal digests; others differ but for one in 2^64. */
export function digestOf(data: unknown): string {
  const text = JSON.stringify(data);
  const [a, b] = [hash(text, 2166136261), hash(text, 3339675911)];
  return `${a.toString(36)}${b.toString(36)}.${text.length.toString(36)}`;
}
