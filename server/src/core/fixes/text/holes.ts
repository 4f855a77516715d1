/** Places where a rewrite took out what C wants there: `x = ;`, `f(, y)`, a bracket without its other half. */
import type { Token } from './tokens.ts';

const after: Readonly<Record<string, readonly string[]>> = {
  '=': [';', ',', ')'],
  '(': [','],
  ',': [',', ')', ';'],
};
const brackets: Readonly<Record<string, number>> = {
  '(': 1,
  '[': 1,
  '{': 1,
  ')': -1,
  ']': -1,
  '}': -1,
};

/** How many there are; a macro's call can have some on purpose. */
export function holesIn(tokens: readonly Token[]): number {
  let holes = 0;
  const depth = { '(': 0, '[': 0, '{': 0 };
  const kinds: Readonly<Record<string, keyof typeof depth>> = { ')': '(', ']': '[', '}': '{' };
  for (const [i, token] of tokens.entries()) {
    if (token.kind !== 'punctuation') continue;
    const next = tokens[i + 1];
    if (next?.kind === 'punctuation' && after[token.text]?.includes(next.text)) holes++;
    const step = brackets[token.text];
    if (step !== undefined) depth[kinds[token.text] ?? (token.text as keyof typeof depth)] += step;
  }
  return holes + Object.values(depth).reduce((sum, one) => sum + Math.abs(one), 0);
}
