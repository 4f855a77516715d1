/**
 * Mocha's spec reporter that also writes, after each test, its counts, failures and the reasons of skipped tests to
 * the file DRIVER_TEARDOWN_TEST_RESULT names, where scripts/test.mjs adds them up.
 */
import { writeFileSync } from 'node:fs';
import Mocha from 'mocha';

// Mocha takes a reporter module's default export and nothing else.
export default class Reporter extends Mocha.reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const result = { passed: 0, passedIn: {}, failed: [], skipped: [], complete: false };
    // After each test: a run that is cut off still tells what passed.
    const write = () => {
      const file = process.env.DRIVER_TEARDOWN_TEST_RESULT;
      if (file !== undefined) writeFileSync(file, JSON.stringify(result));
    };
    runner.on('pass', ({ file }) => {
      result.passed++;
      result.passedIn[file] = (result.passedIn[file] ?? 0) + 1;
      write();
    });
    runner.on('fail', (test, error) => {
      const message = String(error?.message ?? error);
      result.failed.push({ title: test.fullTitle(), file: fileOf(test), message });
      write();
    });
    runner.on('pending', (test) => {
      result.skipped.push({
        title: test.fullTitle(),
        file: fileOf(test),
        reason: reasonOf(test),
      });
      write();
    });
    runner.once('end', () => {
      result.complete = true;
      write();
    });
  }
}

/** The file that a test, or a hook of its suite, stands in. */
function fileOf(test) {
  return test.file ?? test.parent?.file;
}

/** The reason of the test itself or of a suite around it (test/skip.ts sets it). */
function reasonOf(test) {
  for (let at = test; at !== undefined && at !== null; at = at.parent) {
    if (typeof at.skipReason === 'string') return at.skipReason;
  }
  return 'no reason given';
}
