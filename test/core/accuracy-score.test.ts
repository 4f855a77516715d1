/** The measuring itself: what counts as found, cleared, silent and judged. */
import assert from 'node:assert/strict';
import {
  type Conversion,
  type FoundOne,
  judge,
  passes,
  scoreConversions,
  scoreOpen,
  scoreSilent,
} from '../../scripts/lib/accuracy-score.ts';

const finding = (over: Partial<FoundOne>): FoundOne => ({
  tree: '6.12',
  rule: 'r',
  severity: 'warning',
  file: 'a.c',
  function: 'f',
  line: 1,
  chain: [],
  ...over,
});
const row = (over: Partial<Conversion>): Conversion => ({
  id: 'X1',
  bug: true,
  tier: 'core',
  rules: ['r'],
  before: { tree: '6.12', file: 'a.c', function: 'f' },
  after: { tree: '7.3', file: 'a.c', function: 'f' },
  ...over,
});

describe('accuracy figures', () => {
  it('a row is found by a finding of its rules or by a link of the chain', () => {
    const found = (one: FoundOne, over: Partial<Conversion> = {}) =>
      scoreConversions([row(over)], [one])[0]?.hits;
    assert.equal(found(finding({})), 1);
    assert.equal(found(finding({ function: 'g', chain: [{ file: 'a.c', function: 'f' }] })), 1);
    assert.equal(found(finding({ rule: 'other' })), 0);
    assert.equal(found(finding({ tree: '7.3' })), 0);
    assert.equal(found(finding({ function: 'g' })), 0);
    assert.equal(
      found(finding({ function: 'g' }), {
        before: { tree: '6.12', file: 'a.c', function: '__any__' },
      }),
      1,
    );
  });

  it('a row is cleared when nothing serious is left', () => {
    const cleared = (severity: FoundOne['severity']) =>
      scoreConversions([row({})], [finding({ tree: '7.3', severity })])[1]?.hits;
    assert.deepEqual(
      [cleared('error'), cleared('warning'), cleared('info'), cleared('hint')],
      [0, 0, 1, 1],
    );
  });

  it('a bar that is missed is named', () => {
    const [before] = scoreConversions(
      [row({}), row({ id: 'X2', before: { tree: '6.12', file: 'b.c', function: 'g' } })],
      [finding({})],
    );
    assert.ok(before);
    assert.equal(passes(before), false);
    assert.deepEqual(before.missed, ['X2 6.12 b.c g (r)']);
  });

  it('an open violation counts once in each tree; silence is judged from info upwards', () => {
    const anchors = [
      { tree: '6.12', file: 'a.c', function: 'f' },
      { tree: '6.12', file: 'a.c', function: 'g' },
      { tree: '7.3', file: 'a.c', function: 'f' },
    ];
    const open = scoreOpen([{ id: 'O', rules: ['r'], anchors }], [finding({ function: 'g' })]);
    assert.deepEqual([open.hits, open.of], [1, 2]);
    const silent = (severity: FoundOne['severity']) =>
      scoreSilent([{ id: 'N', rules: ['r'], anchors }], [finding({ severity })]).hits;
    assert.deepEqual([silent('hint'), silent('info')], [3, 2]);
  });

  it('precision counts what was decided, and names what was not', () => {
    const verdicts = [
      { file: 'a.c', function: 'f', rule: 'r', verdict: 'true' as const, why: '' },
      { file: 'a.c', function: 'g', rule: 'r', verdict: 'false' as const, why: '' },
    ];
    const judged = judge('6.12', 'error', 0.95, verdicts, [
      finding({ severity: 'error' }),
      finding({ severity: 'error', function: 'g' }),
      finding({ severity: 'error', function: 'h', line: 7 }),
    ]);
    assert.deepEqual([judged.score.hits, judged.score.of, judged.findings], [1, 2, 3]);
    assert.deepEqual(judged.open, ['6.12 r a.c:7 h']);
    assert.equal(passes(judged.score), false);
  });
});
