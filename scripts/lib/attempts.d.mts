export interface Failed {
  readonly title: string;
  /** Where the test stands; undefined when the run does not know. */
  readonly file?: string;
  readonly message: string;
}

export interface Skipped {
  readonly title: string;
  readonly file?: string;
  readonly reason: string;
}

/** What scripts/lib/reporter.mjs writes. */
export interface Result {
  readonly passed: number;
  readonly passedIn: Readonly<Record<string, number>>;
  readonly failed: readonly Failed[];
  readonly skipped: readonly Skipped[];
  readonly complete: boolean;
}

export function filesToRepeat(result: Result | undefined, most?: number): string[];
export function afterSecond(
  first: Result,
  second: Result | undefined,
  files: readonly string[],
): Result;
