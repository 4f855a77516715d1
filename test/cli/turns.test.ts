/** Every module is taken once, the largest by one thread and the smallest by the others. */
import assert from 'node:assert/strict';
import { newTurns, takeTurn } from '../../server/src/host/turns.ts';

describe('whose turn it is', () => {
  it('one takes from the large end, the others from the small one, until they meet', () => {
    const turns = newTurns();
    const ends = ['largest', 'smallest', 'smallest', 'largest', 'smallest', 'largest'] as const;
    assert.deepEqual(
      ends.map((end) => takeTurn(turns, 5, end)),
      [0, 4, 3, 1, 2, undefined],
    );
    assert.equal(takeTurn(turns, 5, 'smallest'), undefined);
  });

  it('one alone takes all, whichever end it begins at', () => {
    for (const [end, places] of [
      ['largest', [0, 1, 2]],
      ['smallest', [2, 1, 0]],
    ] as const) {
      const turns = newTurns();
      assert.deepEqual(
        places.map(() => takeTurn(turns, 3, end)),
        places,
      );
      assert.equal(takeTurn(turns, 3, end), undefined);
    }
  });
});
