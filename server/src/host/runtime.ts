/**
 * Starts web-tree-sitter. The library keeps its wasm memory in a variable of its own, so there is one
 * runtime per thread whoever asks; all parsers and trees of the thread live in it.
 */
import { readFile } from 'node:fs/promises';
import { Language, Parser } from 'web-tree-sitter';
import type { MaskWords } from '../core/catalog.ts';
import type { CParser } from '../core/facts/parse.ts';
import { Grammar, NodeTable, type TreeReader } from '../core/syntax/ast.ts';
import { maskTable } from '../core/syntax/mask.ts';
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

interface Started {
  readonly files: RuntimeFiles;
  readonly runtime: Promise<Runtime>;
}

/**
 * The thread's runtime. State of a module is not done here elsewhere; this one mirrors the library's:
 * two starts that overlap leave it with the memory of one and the grammar of the other, which crashes
 * or finds nothing.
 */
let started: Started | undefined;

/**
 * The thread's runtime: started by the first who asks, awaited by all.
 * A start that failed (out of memory, an unreadable file) is forgotten, so that the next may succeed.
 * @throws Error when it was started with other files: their parsers could not live side by side
 */
export async function loadRuntime(files: RuntimeFiles): Promise<Runtime> {
  const known = started;
  if (known !== undefined) {
    if (known.files.grammar !== files.grammar || known.files.runtime !== files.runtime)
      throw new Error('tree-sitter was started with another grammar');
    return known.runtime;
  }
  const mine: Started = { files, runtime: start(files) };
  started = mine;
  mine.runtime.catch(() => {
    if (started === mine) started = undefined;
  });
  return mine.runtime;
}

/**
 * Loads the wasm of the runtime and of the grammar.
 * The bytes are handed over, and `locateFile` too: in a bundle the library cannot find its own file.
 */
async function start(files: RuntimeFiles): Promise<Runtime> {
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
