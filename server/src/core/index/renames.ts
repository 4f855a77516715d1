/** Which functions a change only gives another name: what was found in them is not new for that. */
import { Column } from './file-index.ts';
import { skim } from './skim.ts';
import type { Words } from './words.ts';

const identifier = /[A-Za-z_]\w*/g;

/** The functions that texts define, by name; of several definitions of one name the first. */
function functionsOf(texts: readonly string[], words: Words): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const text of texts) {
    const index = skim(text, words);
    for (const item of index.items('function')) {
      const at = index.cell(item, Column.nameStart);
      const [name] = /^\w+/.exec(text.slice(Math.max(at, 0), at + 200)) ?? [];
      const source = text.slice(index.cell(item, Column.start), index.cell(item, Column.end));
      if (name !== undefined && !found.has(name)) found.set(name, source);
    }
  }
  return found;
}

/**
 * A function's text without the names that changed, and without how it is set out: a new name moves what is
 * aligned.
 */
function bareText(source: string, changed: ReadonlySet<string>): string {
  return source.replace(identifier, (word) => (changed.has(word) ? '@' : word)).replace(/\s+/g, '');
}

/**
 * The functions of some texts that stand in their newer ones under another name and are the same otherwise.
 * @param before texts of files before a change
 * @param after the texts of the same files after it
 * @returns the new names by the old ones; functions that look alike are paired in their order
 */
export function renamedFunctions(
  before: readonly string[],
  after: readonly string[],
  words: Words,
): ReadonlyMap<string, string> {
  const [old, now] = [functionsOf(before, words), functionsOf(after, words)];
  const gone = [...old].filter(([name]) => !now.has(name));
  const come = [...now].filter(([name]) => !old.has(name));
  const changed = new Set([...gone, ...come].map(([name]) => name));
  const byText = new Map<string, string[]>();
  for (const [name, source] of come) {
    const key = bareText(source, changed);
    byText.set(key, [...(byText.get(key) ?? []), name]);
  }
  const renamed = new Map<string, string>();
  for (const [name, source] of gone) {
    const next = byText.get(bareText(source, changed))?.shift();
    if (next !== undefined) renamed.set(name, next);
  }
  return renamed;
}

/** A text with names replaced wherever they stand. */
export function withNames(text: string, names: ReadonlyMap<string, string>): string {
  if (names.size === 0) return text;
  return text.replace(identifier, (word) => names.get(word) ?? word);
}
