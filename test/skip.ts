/** Skipping with a reason, which `npm test` prints at its end: a test must not vanish in silence. */

type Reasoned = { skipReason?: string };

/** Mocha's hooks and tests both are Runnables; their types do not say which. */
type Kind = { readonly type?: string };

/**
 * Skips the running test, or every test of the suite whose `before` hook calls this.
 * @param context `this` of a test or hook that is a `function`
 */
export function skip(context: Mocha.Context, reason: string): never {
  const runnable = context.test;
  const skipped = (runnable as Kind | undefined)?.type === 'hook' ? runnable?.parent : runnable;
  if (skipped !== undefined) (skipped as Reasoned).skipReason = reason;
  return context.skip();
}
