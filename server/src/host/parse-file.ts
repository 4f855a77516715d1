/** Parses one file of the disk into facts: what a worker does, and the main thread too. */
import { createHash } from 'node:crypto';
import { type CParser, factsOf } from '../core/syntax/parse.ts';
import { readSource } from './sources.ts';
import type { Parsed } from './tasks.ts';

/** The key of a text in the facts cache, beside the engine's stamp. */
export function hashOf(text: string): string {
  return createHash('sha1').update(text).digest('base64url');
}

/** Never throws: a file that the engine cannot cope with becomes a problem of the report. */
export function parseFile(parser: CParser, index: number, file: string, path: string): Parsed {
  const source = readSource(file);
  if (source.kind === 'unreadable')
    return { index, hash: '', facts: undefined, problem: source.problem };
  const hash = hashOf(source.text);
  try {
    return { index, hash, facts: factsOf(parser, path, source.text), problem: undefined };
  } catch (error) {
    return { index, hash, facts: undefined, problem: `cannot be parsed: ${String(error)}` };
  }
}
