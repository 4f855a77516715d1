import assert from 'node:assert/strict';
import { Queries } from '../../../server/src/core/queries/queries.ts';

describe('queries', () => {
  /** A sum of inputs by way of a parity, with a log of what was computed. */
  const world = () => {
    const queries = new Queries();
    const ran: string[] = [];
    const inputs = new Map(['a', 'b', 'c'].map((name, i) => [name, queries.input(i)]));
    const parity = queries.memo((name: string) => {
      ran.push(`parity ${name}`);
      return (inputs.get(name)?.get() ?? 0) % 2;
    });
    const odd = queries.memo((names: string) => {
      ran.push(`odd ${names}`);
      return [...names].filter((name) => parity.get(name) === 1).join('');
    });
    const set = (name: string, value: number) => inputs.get(name)?.set(value);
    return { queries, ran, parity, odd, set };
  };

  it('computes once, and again only what read a change', () => {
    const { ran, odd, set } = world();
    assert.equal(odd.get('abc'), 'b');
    assert.equal(odd.get('abc'), 'b');
    assert.deepEqual(ran, ['odd abc', 'parity a', 'parity b', 'parity c']);
    ran.length = 0;
    set('c', 5);
    assert.equal(odd.get('abc'), 'bc');
    assert.deepEqual(ran, ['parity c', 'odd abc']);
  });

  it('stops where an answer came out equal', () => {
    const { ran, odd, set } = world();
    odd.get('abc');
    ran.length = 0;
    set('c', 4);
    assert.equal(odd.get('abc'), 'b');
    assert.deepEqual(ran, ['parity c']);
  });

  it('an input that is set to what it is changes nothing', () => {
    const { queries, odd, set } = world();
    odd.get('abc');
    const before = queries.now;
    set('c', 2);
    assert.equal(queries.now, before);
  });

  it('what is no longer read does not make stale', () => {
    const queries = new Queries();
    const which = queries.input('left');
    const sides = { left: queries.input(1), right: queries.input(2) };
    let ran = 0;
    const chosen = queries.memo(() => {
      ran++;
      return sides[which.get() as 'left' | 'right'].get();
    });
    assert.equal(chosen.get(null), 1);
    which.set('right');
    assert.equal(chosen.get(null), 2);
    sides.left.set(7);
    assert.equal(chosen.get(null), 2);
    assert.equal(ran, 2);
  });

  it('a chain of equal answers is walked once, and holds after several changes', () => {
    const queries = new Queries();
    const input = queries.input(0);
    const step: { get(key: number): number } = queries.memo((n: number) =>
      n === 0 ? Math.floor(input.get() / 10) : step.get(n - 1) + 1,
    );
    assert.equal(step.get(20), 20);
    const before = queries.computations;
    for (let i = 1; i < 10; i++) {
      input.set(i);
      assert.equal(step.get(20), 20);
    }
    assert.equal(queries.computations - before, 9);
    input.set(10);
    assert.equal(step.get(20), 21);
    assert.equal(step.get(5), 6);
  });

  it('reads of one run within another are told apart', () => {
    const queries = new Queries();
    const shared = queries.input(1);
    const inner = queries.memo(() => shared.get() * 0);
    let ran = 0;
    const outer = queries.memo(() => {
      ran++;
      return shared.get() + inner.get(null) + shared.get();
    });
    assert.equal(outer.get(null), 2);
    shared.set(2);
    assert.equal(outer.get(null), 4);
    assert.equal(ran, 2);
  });

  it('what is read untracked leaves no trace', () => {
    const queries = new Queries();
    const input = queries.input(1);
    const memo = queries.memo(() => queries.untracked(() => input.get()));
    assert.equal(memo.get(null), 1);
    input.set(2);
    assert.equal(memo.get(null), 1);
  });

  it('what asks for itself, and what changes an input on the way, is refused', () => {
    const queries = new Queries();
    const input = queries.input(1);
    const circle: { get(key: string): number } = queries.memo((key: string) => circle.get(key));
    assert.throws(() => circle.get('x'), /while it was computed/);
    const changing = queries.memo(() => input.set(2));
    assert.throws(() => changing.get(null), /while an answer was computed/);
  });

  it('an error is no answer: the next question tries again', () => {
    const queries = new Queries();
    let fails = true;
    const memo = queries.memo(() => {
      if (fails) throw new Error('not now');
      return 1;
    });
    assert.throws(() => memo.get(null));
    fails = false;
    assert.equal(memo.get(null), 1);
  });

  it('equals what a fresh world computes, over random changes', () => {
    const size = 12;
    let state = 7;
    const random = (below: number) => {
      state = (state * 1103515245 + 12345) % 2147483648;
      return state % below;
    };
    const make = (values: readonly number[]) => {
      const queries = new Queries();
      const inputs = values.map((value) => queries.input(value));
      const sum: { get(key: number): number } = queries.memo((n: number) => {
        const own = inputs[n]?.get() ?? 0;
        // What is read depends on what was read.
        const next = n + 1 + (own % 3);
        return own % 4 === 0 || next >= size ? own : own + sum.get(next);
      });
      return { queries, inputs, sum };
    };
    const values = Array.from({ length: size }, () => random(20));
    const kept = make(values);
    for (let round = 0; round < 2000; round++) {
      const at = random(size);
      values[at] = random(20);
      kept.inputs[at]?.set(values[at]);
      const fresh = make(values);
      for (let n = 0; n < size; n += 1 + random(3))
        assert.equal(kept.sum.get(n), fresh.sum.get(n), `round ${round}`);
    }
  });
});
