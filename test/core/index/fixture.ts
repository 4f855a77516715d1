/** Reads the Markdown files of this folder: titled blocks of C with expectations in comments. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Block {
  readonly title: string;
  readonly text: string;
}

export function blocksOf(name: string): Block[] {
  const text = readFileSync(join(import.meta.dirname, name), 'utf8');
  let title = '';
  return [...text.matchAll(/^## (.*)$|^```c\n([^]*?)^```$/gm)].flatMap((match) => {
    if (match[1] !== undefined) title = match[1];
    return match[2] === undefined ? [] : [{ title, text: match[2] }];
  });
}

/** One expectation, `//= …` or `/*= … *​/`, split at its semicolons. */
export interface Expectation {
  readonly line: number;
  readonly parts: readonly string[];
}

export function expectationsOf(text: string): Expectation[] {
  return text.split('\n').flatMap((source, line) => {
    const found = /\/\/= ?(.*)$|\/\*= ?(.*?) ?\*\//.exec(source);
    if (!found) return [];
    const parts = (found[1] ?? found[2] ?? '').split(';').map((part) => part.trim());
    return [{ line, parts: parts.filter(Boolean) }];
  });
}
