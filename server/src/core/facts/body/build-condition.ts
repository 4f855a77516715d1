/** The condition of an `#if` in one way of writing, so that two that ask the same are seen to. */

/** What is asked, and whether the branch is taken where it does not hold. */
export interface BuildCondition {
  readonly asks: string;
  readonly not: boolean;
}

const mirrored: Readonly<Record<string, string>> = {
  '<': '>',
  '>': '<',
  '<=': '>=',
  '>=': '<=',
  '==': '==',
  '!=': '!=',
};
/** What each comparison denies. */
const denied: Readonly<Record<string, string>> = { '<': '>=', '>': '<=', '!=': '==' };

/**
 * @param word of the directive: `if`, `ifdef`, `ifndef`, `elif`
 * @param condition as written behind it
 */
export function buildCondition(word: string, condition: string): BuildCondition {
  const bare = condition
    .replace(/\/\*[^]*?\*\/|\/\/.*/g, ' ')
    .replace(/\\\r?\n/g, ' ')
    .replace(/\s+/g, '');
  if (word.endsWith('def')) return { asks: `defined(${bare})`, not: word.endsWith('ndef') };
  return reading(bare);
}

function reading(text: string): BuildCondition {
  if (text.startsWith('!') && isOne(text.slice(1))) {
    const { asks, not } = reading(text.slice(1));
    return { asks, not: !not };
  }
  const inner = /^\(([^]*)\)$/.exec(text)?.[1];
  if (inner !== undefined && isOne(text)) return reading(inner);
  const word = /^defined(\w+)$/.exec(text)?.[1];
  if (word !== undefined) return { asks: `defined(${word})`, not: false };
  const [, left = '', sign = '', right = ''] =
    /^([^<>=!&|?]+)(<=?|>=?|==|!=)([^<>=!&|?]+)$/.exec(text) ?? [];
  if (sign === '') return { asks: text, not: false };
  const [a, op, b] = left <= right ? [left, sign, right] : [right, mirrored[sign] ?? sign, left];
  const other = denied[op];
  return other === undefined
    ? { asks: `${a}${op}${b}`, not: false }
    : { asks: `${a}${other}${b}`, not: true };
}

/** A word, a call or one pair of parentheses around the whole. */
function isOne(text: string): boolean {
  if (/^\w+$/.test(text)) return true;
  if (!/^\w*\(/.test(text) || !text.endsWith(')')) return false;
  let level = 0;
  for (const [i, char] of [...text].entries()) {
    if (char === '(') level++;
    else if (char === ')' && --level === 0) return i === text.length - 1;
  }
  return false;
}
