/** One kind of thing that a long run does to the program, and what came of it. */

export interface Outcome {
  /** What was done: `1200 trees`. */
  readonly done: string;
  /** What should not have happened. */
  readonly bad: readonly string[];
  /** Figures for docs/reliability.md. */
  readonly figures: string;
}

export interface Kind {
  readonly name: string;
  /** Goes on until `performance.now()` is past `until`; the numbers come from `random`, from 0 to below 1. */
  readonly run: (until: number, random: () => number) => Promise<Outcome>;
}

export function below(random: () => number, count: number): number {
  return Math.floor(random() * count);
}

export function pick<T>(random: () => number, list: readonly T[]): T {
  return list[below(random, list.length)] as T;
}

/** The value below which the given part of the list lies. */
export function quantile(list: readonly number[], part: number): number {
  const sorted = [...list].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}

export function megabytes(): number {
  return Math.round(process.memoryUsage.rss() / 1e6);
}
