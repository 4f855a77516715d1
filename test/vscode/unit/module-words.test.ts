import assert from 'node:assert/strict';
import { countWords, moduleCounts, readingWords } from '../../../client/src/module-words.ts';

const none = { error: 0, warning: 0, info: 0, hint: 0 };
const reading = { uri: 'file:///a.c', module: 'xe', state: 'reading' } as const;

describe('a module in words', () => {
  it('says what is read, how far it is and for how long', () => {
    assert.equal(readingWords(reading, 300), 'Reading xe …');
    assert.equal(readingWords(reading, 3900), 'Reading xe: 3 s');
    const some = { ...reading, done: 120, total: 455 };
    assert.equal(readingWords(some, 300), 'Reading xe: 120 of 455 files');
    assert.equal(readingWords(some, 12_000), 'Reading xe: 120 of 455 files, 12 s');
  });

  it('counts by severity, and has no count before there is an answer', () => {
    assert.equal(countWords(none), 'no findings');
    assert.equal(
      countWords({ error: 1, warning: 2, info: 1, hint: 3 }),
      '1 error, 2 warnings, 1 info, 3 hints',
    );
    assert.equal(moduleCounts(reading), undefined);
    const read = { ...reading, state: 'read', counts: { ...none, error: 2 } } as const;
    assert.equal(moduleCounts({ ...read, files: 1 }), '2 errors');
    assert.equal(moduleCounts({ ...read, files: 2 }), '2 errors in 2 files');
  });
});
