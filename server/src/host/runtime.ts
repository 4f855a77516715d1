/**
 * Starts web-tree-sitter. One runtime per thread; parsers made by it share the loaded grammar.
 */
import { readFile } from 'node:fs/promises';
import { Language, Parser } from 'web-tree-sitter';
import type { MaskWords } from '../core/catalog.ts';
import { Grammar } from '../core/syntax/ast.ts';
import { maskTable } from '../core/syntax/mask.ts';
import type { CParser } from '../core/syntax/parse.ts';

/** What a thread needs to make parsers; plain data, so that it can be sent to a worker. */
export interface RuntimeFiles {
  readonly grammar: string;
  readonly runtime: string;
}

export interface Runtime {
  newParser(): Parser;
  /** A parser of kernel C, with the catalogue's words to mask. */
  newCParser(words: MaskWords): CParser;
}

/** What emscripten adds to the object that it is started with, as far as it concerns us. */
interface EmscriptenModule {
  readonly wasmBinary: Uint8Array;
  readonly locateFile: () => string;
  /** Replaced by emscripten whenever the memory grows. */
  readonly HEAP32?: Int32Array;
  setValue?: (at: number, value: number, type: string) => void;
  getValue?: (at: number, type: string) => number;
}

/**
 * Every step of a cursor reads and writes four words of wasm memory through two general functions
 * that decide on the type's name each time: a quarter of the time to copy a tree. The words are
 * always i32; any other type still goes the general way.
 */
function speedUpMemoryAccess(module: EmscriptenModule): void {
  const { setValue, getValue } = module;
  if (!setValue || !getValue || !module.HEAP32) return;
  module.setValue = (at, value, type) => {
    if (type === 'i32' && module.HEAP32) module.HEAP32[at >> 2] = value;
    else setValue(at, value, type);
  };
  module.getValue = (at, type) => (type === 'i32' && module.HEAP32 ? (module.HEAP32[at >> 2] ?? 0) : getValue(at, type));
}

/**
 * Loads the wasm of the runtime and of the grammar.
 * The bytes are handed over, and `locateFile` too: in a bundle the library cannot find its own file.
 */
export async function loadRuntime(files: RuntimeFiles): Promise<Runtime> {
  const [wasmBinary, bytes] = await Promise.all([readFile(files.runtime), readFile(files.grammar)]);
  const module: EmscriptenModule = { wasmBinary, locateFile: () => files.runtime };
  await Parser.init(module);
  speedUpMemoryAccess(module);
  const language = await Language.load(new Uint8Array(bytes));
  const grammar = new Grammar(language);
  const newParser = (): Parser => {
    const parser = new Parser();
    parser.setLanguage(language);
    return parser;
  };
  return {
    newParser,
    newCParser: (words) => ({ parser: newParser(), grammar, table: maskTable(words) }),
  };
}
