/**
 * How much work the analysis of a module may be. It is counted in steps and not in time, so that one text has one
 * answer on every machine: a step is one look at a block, a call or an entry of a list. What would take more is
 * given up, and said; real drivers need a small part of what they may have (docs/reliability.md).
 */

/** Thrown where the steps are used up: whoever runs the work catches it, and says what is missing. */
export class TooMuch extends Error {
  constructor() {
    super('too much work');
  }
}

/** The counter of one thread; everything that takes long spends of it. */
export class Effort {
  private left = Number.POSITIVE_INFINITY;
  private used = 0;

  /** Notes that so many steps are made. @throws TooMuch when there are no more */
  spend(steps = 1): void {
    this.left -= steps;
    if (this.left < 0) throw new TooMuch();
  }

  /** How many steps were made in what `within` has run so far. */
  get spent(): number {
    return this.used;
  }

  /**
   * Runs something that may make so many steps, of which those inside it are a part.
   * @returns undefined when it would have taken more
   */
  within<T>(steps: number, run: () => T): { readonly value: T } | undefined {
    const outer = this.left;
    const given = Math.min(steps, outer);
    this.left = given;
    try {
      return { value: run() };
    } catch (error) {
      if (error instanceof TooMuch) return undefined;
      throw error;
    } finally {
      const taken = given - Math.max(0, this.left);
      if (outer === Number.POSITIVE_INFINITY) this.used += taken;
      this.left = outer - taken;
    }
  }
}
