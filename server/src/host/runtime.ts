/**
 * Starts web-tree-sitter. One runtime per thread; parsers made by it share the loaded grammar.
 */
import { readFile } from 'node:fs/promises';
import { Language, Parser } from 'web-tree-sitter';
import type { MaskWords } from '../core/catalog.ts';
import { Grammar, NodeTable, type TreeReader } from '../core/syntax/ast.ts';
import { maskTable } from '../core/syntax/mask.ts';
import type { CParser } from '../core/syntax/parse.ts';
import { cursorOpener } from './direct-cursor.ts';

/** What a thread needs to make parsers; plain data, so that it can be sent to a worker. */
export interface RuntimeFiles {
  readonly grammar: string;
  readonly runtime: string;
}

export interface Runtime {
  /** A parser of kernel C, with the catalogue's words to mask. */
  newCParser(words: MaskWords): CParser;
}

/** What emscripten adds to the object that it is started with, as far as it concerns us. */
interface EmscriptenModule {
  readonly wasmBinary: Uint8Array;
  readonly locateFile: () => string;
}

/**
 * Loads the wasm of the runtime and of the grammar.
 * The bytes are handed over, and `locateFile` too: in a bundle the library cannot find its own file.
 */
export async function loadRuntime(files: RuntimeFiles): Promise<Runtime> {
  const [wasmBinary, bytes] = await Promise.all([readFile(files.runtime), readFile(files.grammar)]);
  const module: EmscriptenModule = { wasmBinary, locateFile: () => files.runtime };
  await Parser.init(module);
  const language = await Language.load(new Uint8Array(bytes));
  const reader: TreeReader = {
    grammar: new Grammar(language),
    openCursor: cursorOpener(module),
    nodes: new NodeTable(),
  };
  const newParser = (): Parser => {
    const parser = new Parser();
    parser.setLanguage(language);
    return parser;
  };
  return {
    newCParser: (words) => ({ parser: newParser(), reader, table: maskTable(words) }),
  };
}
