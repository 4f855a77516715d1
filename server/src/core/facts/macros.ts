/** Function-like macros, read from the text: they hold no tree. */
import type { Item } from '../index/file-index.ts';
import type { MacroCall, MacroDef } from './types.ts';

/** So much of a macro is kept: some write whole functions. */
const longestMacro = 4000;
/** So much of it is looked at for calls that stand for the macro's own. */
const longestCalls = 600;

/** @param text of the file that the item lies in */
export function macroOf(
  item: Pick<Item, 'start' | 'end' | 'paramsStart' | 'headEnd' | 'bodyStart'>,
  name: string,
  text: string,
): MacroDef {
  const params = text.slice(item.paramsStart + 1, item.headEnd - 1).replace(/\\\r?\n/g, ' ');
  const body = text
    .slice(item.bodyStart, item.end)
    .replace(/\\\r?\n/g, ' ')
    .trim()
    .slice(0, longestMacro);
  let calls: readonly MacroCall[] | null = null;
  return {
    name,
    params: params
      .split(',')
      .map((param) => param.trim())
      .filter((param) => param !== ''),
    body,
    get calls() {
      calls ??= callsInMacro(body.slice(0, longestCalls));
      return calls;
    },
    start: item.start,
    end: item.end,
  };
}

/** The calls in a macro's body, as far as its text shows them. */
function callsInMacro(body: string): MacroCall[] {
  return [...body.matchAll(/(?:(\w+)\s*)?(->|\.)?\s*\b(\w+)\s*\(/g)].map(
    ([, before, arrow, word = '']) => ({
      word,
      arrow: arrow !== undefined,
      before: before ?? null,
    }),
  );
}
