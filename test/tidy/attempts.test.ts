/** A second attempt is for the files that failed, and a failure that comes again counts. */
import assert from 'node:assert/strict';
import { afterSecond, filesToRepeat } from '../../scripts/lib/attempts.mjs';

const first = {
  passed: 5,
  passedIn: { 'a.test.ts': 3, 'b.test.ts': 2 },
  failed: [{ title: 'b loses a key', file: 'b.test.ts', message: 'timeout' }],
  skipped: [{ title: 'b goes on', file: 'b.test.ts', reason: 'failed before' }],
  complete: true,
};

describe('the second attempt of tests that drive a window', () => {
  it('is for the files that failed, when the run came to its end', () => {
    assert.deepEqual(filesToRepeat(first), ['b.test.ts']);
    assert.deepEqual(filesToRepeat({ ...first, failed: [] }), []);
    assert.deepEqual(filesToRepeat({ ...first, complete: false }), []);
    assert.deepEqual(filesToRepeat(undefined), []);
  });

  it('is for no one when too much failed for an accident', () => {
    const failed = ['a', 'b', 'c', 'd'].map((file) => ({ title: file, file, message: '' }));
    assert.deepEqual(filesToRepeat({ ...first, failed }), []);
    assert.deepEqual(filesToRepeat({ ...first, failed: [{ title: 'a hook', message: '' }] }), []);
  });

  it('counts in the place of the first', () => {
    const second = {
      passed: 4,
      passedIn: { 'b.test.ts': 4 },
      failed: [],
      skipped: [],
      complete: true,
    };
    const both = afterSecond(first, second, ['b.test.ts']);
    assert.deepEqual([both.passed, both.failed, both.skipped], [7, [], []]);
  });

  it('fails where the test fails again, or where it could not be run', () => {
    const second = {
      passed: 2,
      passedIn: { 'b.test.ts': 2 },
      failed: first.failed,
      skipped: first.skipped,
      complete: true,
    };
    const both = afterSecond(first, second, ['b.test.ts']);
    assert.deepEqual([both.passed, both.failed.length, both.skipped.length], [5, 1, 1]);
    assert.equal(afterSecond(first, undefined, ['b.test.ts']), first);
    assert.equal(afterSecond(first, { ...second, complete: false }, ['b.test.ts']), first);
  });
});
