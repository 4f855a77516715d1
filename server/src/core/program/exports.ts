/** What a source gives to other modules, by the macros that the catalogue names. */
import type { Catalog } from '../catalog.ts';

/** Finds the names that a text exports. */
export function exportFinder({ data }: Catalog): (text: string) => readonly string[] {
  const macros = data.exports.map(({ name }) => name).join('|');
  const line = new RegExp(`^[ \\t]*(?:${macros})[ \\t]*\\([ \\t]*(\\w+)`, 'gm');
  return (text) => Array.from(text.matchAll(line), (match) => match[1] ?? '');
}
