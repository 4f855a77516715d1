/** How much of a Makefile is read: a few lines can say more than fits into any memory. */

/** In characters of text that is made or read. The largest of the kernel need a hundredth of it. */
const allowance = 4_000_000;

/** Opening an included file costs as much as so many characters. */
export const costOfFile = 4000;

/** Looking up a name costs as much as so many characters. */
export const costOfName = 32;

export class MakeBudget {
  private left = allowance;

  /** @returns whether there is still something left to spend */
  spend(cost: number): boolean {
    this.left -= cost;
    return this.left > 0;
  }

  get isSpent(): boolean {
    return this.left <= 0;
  }
}
