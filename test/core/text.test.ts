/** Positions and edits. */
import assert from 'node:assert/strict';
import { applyEdits, lineStartsOf, offsetAt, positionAt } from '../../server/src/core/text.ts';

describe('text', () => {
  const text = 'ab\r\ncd\n\u{1F600}e\rf';
  const starts = lineStartsOf(text);

  it('ends lines as LSP does', () => {
    assert.deepEqual(starts, [0, 4, 7, 11]);
  });

  it('counts UTF-16 code units', () => {
    assert.deepEqual(positionAt(starts, text.indexOf('e')), { line: 2, character: 2 });
    for (let offset = 0; offset <= text.length; offset++) {
      const at = positionAt(starts, offset);
      assert.equal(offsetAt(starts, text.length, at), offset);
    }
    assert.equal(offsetAt(starts, text.length, { line: 9, character: 0 }), text.length);
  });

  it('applies edits in any order and refuses overlaps', () => {
    assert.equal(
      applyEdits('abcdef', [
        { start: 4, end: 5, newText: 'E' },
        { start: 0, end: 1, newText: '' },
        { start: 3, end: 3, newText: '-' },
      ]),
      'bc-dEf',
    );
    assert.throws(
      () =>
        applyEdits('abc', [
          { start: 0, end: 2, newText: '' },
          { start: 1, end: 3, newText: '' },
        ]),
      RangeError,
    );
    assert.throws(() => applyEdits('abc', [{ start: 2, end: 9, newText: '' }]), RangeError);
  });
});
