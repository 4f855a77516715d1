import assert from 'node:assert/strict';
import { mentionsAny } from '../../server/src/core/index/mentions-any.ts';

describe('whether a text has one of many words', () => {
  const isNamed = mentionsAny(new Set(['foo_init', 'x', '_bar']));

  it('sees them whole, wherever they stand', () => {
    for (const text of ['foo_init', 'a = foo_init(b);', '(x)', '"_bar"', 'é_bar'])
      assert.equal(isNamed(text), true, text);
  });

  it('sees no part of another word or of a number', () => {
    for (const text of ['', 'foo_initial', 'a_foo_init', '0x', '1_bar', 'foo init', 'FOO_INIT'])
      assert.equal(isNamed(text), false, text);
  });
});
