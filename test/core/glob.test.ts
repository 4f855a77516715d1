/** Globs match what the same pattern matches as a regular expression, in a time that no pattern can drive up. */
import assert from 'node:assert/strict';
import { globMatcher } from '../../server/src/host/glob.ts';

/** The meaning, written as plainly as can be; some patterns of this take for ever. */
function oracle(glob: string): RegExp {
  const clean = glob.replace(/^\.?\//, '').replace(/\/$/, '');
  const source = clean.replace(/\*\*\/|\*\*|\*|\?|[^*?]/g, (part) => {
    if (part === '**/') return '(?:.*/)?';
    if (part === '**') return '.*';
    if (part === '*') return '[^/]*';
    return part === '?' ? '[^/]' : part.replace(/[.+^${}()|[\]\\]/, '\\$&');
  });
  return new RegExp(`^${source}(?:/.*)?$`);
}

describe('globs', () => {
  it('match as they always did', () => {
    for (const [glob, path, expected] of [
      ['drivers/gpu', 'drivers/gpu/drm/x.c', true],
      ['drivers/gpu/', 'drivers/gpu', true],
      ['./a/*.c', 'a/x.c', true],
      ['a/*.c', 'a/b/x.c', false],
      ['**/x.c', 'x.c', true],
      ['**/x.c', 'a/b/x.c', true],
      ['**/x.c', 'a/yx.c', false],
      ['a/**', 'a/b/c', true],
      ['a/**/b', 'a/b', true],
      ['a?c', 'a/c', false],
      ['x.c', 'xxc', false],
    ] as const)
      assert.equal(globMatcher([glob])(path), expected, `${glob} on ${path}`);
  });

  it('match what the regular expression matches', () => {
    let seed = 7;
    const random = (below: number): number => {
      seed = (seed * 1103515245 + 12345) % 2147483648;
      return Math.floor((seed / 2147483648) * below);
    };
    const text = (parts: readonly string[], length: number): string =>
      Array.from({ length }, () => parts[random(parts.length)]).join('');
    for (let i = 0; i < 20_000; i++) {
      const glob = text(['a', 'b', '/', '*', '**', '**/', '?', '.'], 1 + random(6));
      const path = text(['a', 'b', '/', '.', 'ab'], random(8));
      assert.equal(globMatcher([glob])(path), oracle(glob).test(path), `${glob} on ${path}`);
    }
  });

  it('take no longer for a pattern made to', () => {
    const path = `${'a'.repeat(200)}/${'a/'.repeat(100)}x.c`;
    const globs = ['*a'.repeat(60), '**/a'.repeat(60), '**a'.repeat(60), '**/'.repeat(100)];
    const began = performance.now();
    for (const glob of globs) globMatcher([`${glob}b`])(path);
    assert.ok(performance.now() - began < 1000);
  });
});
