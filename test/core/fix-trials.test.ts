/** The arithmetic behind `npm run fixes:compile`: which week it is, and when two changes agree. */
import assert from 'node:assert/strict';
import { weekOf } from '../../scripts/fixes/chosen.ts';
import { agrees, compareChanges, tokensOf } from '../../scripts/fixes/tokens.ts';

describe('fix trials', () => {
  for (const [day, week] of [
    ['2026-01-01', '2026-W01'],
    ['2025-12-29', '2026-W01'],
    ['2027-01-01', '2026-W53'],
    ['2026-11-24', '2026-W48'],
  ] as const) {
    it(`${day} is in ${week}`, () => assert.equal(weekOf(new Date(`${day}T12:00:00Z`)), week));
  }

  it('tokens are words, strings and signs, without comments', () => {
    assert.deepEqual(tokensOf('a->b("x y"); /* c */ // d\n'), [
      'a',
      '->',
      'b',
      '(',
      '"x y"',
      ')',
      ';',
    ]);
  });

  const before = 'int f(void) { return drmm_add(&x->drm, fini, x); }';
  const ours = 'int f(void) { return devm_add(x->drm.dev, fini, x); }';

  it('the same change beside another one agrees', () => {
    const upstream = 'int f(void) { log("new"); return devm_add(x->drm.dev, fini, x); }';
    assert.ok(agrees(compareChanges(before, ours, upstream)));
  });

  it('another change does not', () => {
    const upstream = 'int f(void) { return 0; }';
    const result = compareChanges(before, ours, upstream);
    assert.ok(!agrees(result));
    assert.match(result.other, /devm_add/);
  });

  it('what upstream keeps must not be taken out', () => {
    assert.ok(!agrees(compareChanges('a(); b();', 'a();', 'a(); b();')));
  });
});
