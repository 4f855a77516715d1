/**
 * Branches of `#if`s in one function that ask the same: a run has one answer to all of them. What each
 * block needs is found where the function has such a pair, and nowhere else.
 */
import type { Block, Decision } from '../types.ts';

type Build = Extract<Decision, { kind: 'build' }>;

/** What holds on one way out of an `#if`. */
export function holdsOn(test: Build, way: number): boolean {
  return (way === 0) !== (test.not === true);
}

/** What more than one `#if` of a function asks. */
export function askedTwice(blocks: readonly Block[]): ReadonlySet<string> {
  const seen = new Set<string>();
  const twice = new Set<string>();
  for (const { test } of blocks) {
    if (test?.kind !== 'build') continue;
    if (seen.has(test.asks)) twice.add(test.asks);
    seen.add(test.asks);
  }
  return twice;
}

export class Builds {
  /** For each that is asked, the blocks that are reached where it holds, and where it does not. */
  private readonly reached: readonly (readonly [ReadonlySet<number>, ReadonlySet<number>])[];

  constructor(blocks: readonly Block[], next: readonly (readonly number[])[]) {
    this.reached = [...askedTwice(blocks)].map((asks) => [
      reachedWith(blocks, next, asks, true),
      reachedWith(blocks, next, asks, false),
    ]);
  }

  /** Whether more than one `#if` asks the same. */
  get areAsked(): boolean {
    return this.reached.length > 0;
  }

  /** Whether no kernel has both blocks. */
  exclude(a: number, b: number): boolean {
    return this.reached.some(([on, off]) => [on, off].every((one) => !one.has(a) || !one.has(b)));
  }
}

function reachedWith(
  blocks: readonly Block[],
  next: readonly (readonly number[])[],
  asks: string,
  holds: boolean,
): ReadonlySet<number> {
  const seen = new Set([0]);
  // A set hands out what is added while it is walked.
  for (const from of seen) {
    const { test, next: ways = [] } = blocks[from] ?? {};
    for (const to of next[from] ?? []) {
      const closed =
        test?.kind === 'build' &&
        test.asks === asks &&
        ways.every((one, way) => one !== to || holdsOn(test, way) !== holds);
      if (!closed) seen.add(to);
    }
  }
  return seen;
}
