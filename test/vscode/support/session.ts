/** Tests that are one user's session: each begins where the one before has ended. */

type Reasoned = Mocha.Test & { skipReason?: string };

/**
 * After a failure the rest of a suite is skipped, and says so. Mocha's own `bail` counts the failures of all
 * suites: it would hide those behind this one, too.
 * @param suite `this` of a `describe` that is a `function`
 */
export function oneSession(suite: Mocha.Suite): void {
  let failed: string | undefined;
  suite.beforeEach('the session goes on', function () {
    if (failed === undefined || this.currentTest === undefined) return;
    (this.currentTest as Reasoned).skipReason = `“${failed}” failed before`;
    this.skip();
  });
  suite.afterEach('the session failed', function () {
    if (this.currentTest?.state === 'failed') failed ??= this.currentTest.title;
  });
}
