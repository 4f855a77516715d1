/** Texts of annotations: how several positions are said, and what Markdown must not eat. */
import assert from 'node:assert/strict';
import type { StepPosition } from '../../server/src/core/annotations/positions.ts';
import { callbackLabel, hintLabel } from '../../server/src/core/annotations/short-texts.ts';
import { markdown, messageIn, plain } from '../../server/src/core/annotations/style.ts';
import type { EntryOrder } from '../../server/src/core/result.ts';

const entry = { entry: 'probe' } as EntryOrder;
const other = { entry: 'bind' } as EntryOrder;

function position(nth: number, from = entry, name: 'unbind' | 'remove' = 'unbind'): StepPosition {
  const chain = { name, nth, of: 41 };
  return { entry: from, chain, unbind: null, unplugOpen: null, step: {} as StepPosition['step'] };
}

describe('annotations', () => {
  it('say one, two and many positions of the first entry that has any', () => {
    const gone: StepPosition = { ...position(1, other), chain: null };
    assert.equal(hintLabel([]), '');
    assert.equal(hintLabel([gone]), '');
    assert.equal(hintLabel([gone, position(14), position(3, other)]), 'unbind 14/41');
    assert.equal(hintLabel([position(17), position(14)]), 'unbind 14, 17/41');
    assert.equal(hintLabel([position(30), position(14), position(20)]), 'unbind 14 … 30/41, 3×');
    assert.equal(callbackLabel([position(14)]), 'runs at unbind, 14 of 41');
    assert.equal(callbackLabel([position(14), position(17)]), 'runs at unbind, 14, 17/41');
    assert.equal(callbackLabel([position(2, entry, 'remove')]), 'runs in remove, 2 of 41');
    assert.equal(callbackLabel([gone]), '');
  });

  it('keep names as they are, and markup from being made', () => {
    const message = '`a_b` frees __x and *y at drm_dev_put(), <b> [z](u)';
    assert.equal(messageIn(plain, message), 'a_b frees __x and *y at drm_dev_put(), <b> [z](u)');
    assert.equal(
      messageIn(markdown, message),
      '`a_b` frees \\_\\_x and \\*y at drm_dev_put(), \\<b\\> \\[z\\](u)',
    );
    assert.equal(markdown.code('a`b'), "`a'b`");
  });
});
