/** How the readings of other drivers are matched with what is found now. */
import assert from 'node:assert/strict';
import { keptPart, type Reading, readingOf } from '../../scripts/lib/beyond-drm.ts';

const spot = { rule: 'r', file: 'a.c', function: 'f' } as const;
const reading = (line: number, verdict: Reading['verdict'], says?: string): Reading => ({
  ...spot,
  line,
  verdict,
  severity: 'warning',
  why: '',
  ...(says === undefined ? {} : { says }),
});
const found = (line: number, message = 'when `g` fails') => ({
  ...spot,
  line,
  message,
  severity: 'warning' as const,
  tree: '6.12',
  chain: [],
});

describe('readings beyond DRM', () => {
  it('holds for its line, and for others where all in the function are the same', () => {
    const mixed = [reading(1, 'true'), reading(2, 'false')];
    assert.equal(readingOf(found(1), mixed), 'true');
    assert.equal(readingOf(found(2), mixed), 'false');
    assert.equal(readingOf(found(3), mixed), undefined);
    assert.equal(readingOf(found(3), [reading(1, 'true')]), 'true');
    assert.equal(readingOf({ ...found(1), file: 'b.c' }, mixed), undefined);
  });

  it('a reading that quotes the message is about that finding alone', () => {
    const both = [reading(1, 'false'), reading(1, 'true', '`h` fails')];
    assert.equal(readingOf(found(1), both), 'false');
    assert.equal(readingOf(found(1, 'when `h` fails'), both), 'true');
  });

  it('leaves the other figures of the page as they are', () => {
    const page = '# Accuracy\n\nfigures\n\n## Read by hand: beyond drivers/gpu\n\nrows\n';
    assert.equal(keptPart('# Accuracy\n'), '');
    assert.equal(page.slice(0, page.length - keptPart(page).length), '# Accuracy\n\nfigures\n');
  });
});
