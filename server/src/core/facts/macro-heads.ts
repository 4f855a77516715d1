/**
 * Functions whose head a macro of the same file makes, `REMOVE(foo_remove) { … }` with
 * `#define REMOVE(name) static void name(struct platform_device *pdev)`: drivers that build on several
 * kernels write them. The macro says which of its arguments is the name.
 */
import { Column, type FileIndex, Flag } from '../index/file-index.ts';
import { skim } from '../index/skim.ts';
import type { Words } from '../index/words.ts';
import type { MacroDef } from './types.ts';

export interface MadeHead {
  readonly name: string;
  readonly isStatic: boolean;
  /** The item's text with a head in the macro's place, as long as before. */
  readonly text: string;
}

/**
 * @param text of an item that the index takes for a function with the macro's name
 * @param nameAt where that name stands in it
 * @param bodyAt where its `{` stands
 * @returns undefined when the macro makes no head, or what it makes has no room
 */
export function madeHead(
  macro: MacroDef,
  text: string,
  nameAt: number,
  bodyAt: number,
  words: Words,
): MadeHead | undefined {
  const made = headOf(macro, words);
  const open = nameAt + macro.name.length;
  if (!made || text[open] !== '(') return undefined;
  const args = text.slice(open + 1, bodyAt).split(',');
  let from = open + 1;
  for (let i = 0; i < made.argument; i++) from += (args[i]?.length ?? 0) + 1;
  const argument = args[made.argument] ?? '';
  const close = argument.indexOf(')');
  const written = (close < 0 ? argument : argument.slice(0, close)).trim();
  const start = from + argument.indexOf(written);
  if (!/^[A-Za-z_]\w*$/.test(written)) return undefined;
  const head = `void${' '.repeat(Math.max(0, start - nameAt - 4))}${written}()`;
  // The name keeps its place, so the type has to fit before it, and the parentheses before the body.
  if (start - nameAt < 5 || nameAt + head.length > bodyAt) return undefined;
  return {
    name: written,
    isStatic: made.isStatic,
    text: text.slice(0, nameAt) + head.padEnd(bodyAt - nameAt) + text.slice(bodyAt),
  };
}

/** Which parameter a macro's head declares, found as all heads are found. */
function headOf(
  { body, params }: MacroDef,
  words: Words,
): { readonly argument: number; readonly isStatic: boolean } | undefined {
  const index: FileIndex = skim(`${body} { }`, words);
  for (const item of index.items('function')) {
    const word = index.cell(item, Column.name);
    const argument = word < 0 ? -1 : params.indexOf(words.of(word));
    if (argument >= 0)
      return { argument, isStatic: (index.cell(item, Column.flags) & Flag.static) !== 0 };
  }
  return undefined;
}
