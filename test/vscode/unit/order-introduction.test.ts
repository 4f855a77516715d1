/** The order view introduces itself once. */
import assert from 'node:assert/strict';
import { OrderIntroduction } from '../../../client/src/features/order-introduction.ts';

describe('the introduction of the order view', () => {
  const memory = () => {
    const kept = new Map<string, unknown>();
    return {
      get: <Value>(key: string, otherwise?: Value): Value => (kept.get(key) ?? otherwise) as Value,
      update: async (key: string, value: unknown): Promise<void> => void kept.set(key, value),
    };
  };

  it('stays until the user does something, and never comes again', () => {
    const kept = memory();
    const first = new OrderIntroduction(kept);
    assert.match(first.text() ?? '', /What ends first stands at the top/);
    assert.equal(first.text(), first.text());
    first.done();
    assert.equal(first.text(), undefined);
    assert.equal(new OrderIntroduction(kept).text(), undefined);
  });
});
