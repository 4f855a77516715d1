/** From text to facts: mask, parse, copy the tree, read the facts, let the tree go. */
import type { Parser, Tree } from 'web-tree-sitter';
import { Ast, type TreeReader } from '../syntax/ast.ts';
import { type MaskTable, maskKernelC } from '../syntax/mask.ts';
import { fileFacts } from './file-facts.ts';
import type { FileFacts } from './types.ts';

/** A parser with what goes with it. Make one per thread: a web-tree-sitter parser is not shared. */
export interface CParser {
  /** A web-tree-sitter parser whose language is set to C. */
  readonly parser: Parser;
  readonly reader: TreeReader;
  readonly table: MaskTable;
}

/** The longest function of Linux 7.3 below drivers/gpu and drivers/accel has 213,000 characters. */
const longestItem = 256 * 1024;
/** Levels of a tree: of code that people write, a hundred are many. What reads it goes down level by level. */
const deepest = 1000;

/** The facts of a file that is not open: its tree lives for this call only. */
export function factsOf(c: CParser, text: string): FileFacts {
  const tree = parse(c, maskKernelC(text, c.table));
  try {
    const ast = new Ast(tree, c.reader, text);
    return ast.depth > deepest ? nothingRead('nested too deeply') : fileFacts(ast);
  } finally {
    tree.delete();
  }
}

function parse(c: CParser, masked: string): Tree {
  const tree = c.parser.parse(masked);
  if (!tree) throw new Error('the parser has no language');
  return tree;
}

/** Reads the facts of items, each parsed alone. */
export function itemReader(c: CParser): (text: string) => FileFacts {
  return (text) => (text.length > longestItem ? nothingRead('too long') : factsOf(c, text));
}

function nothingRead(unread: string): FileFacts {
  const none: readonly never[] = [];
  return {
    includes: none,
    functions: none,
    prototypes: none,
    structs: none,
    tables: none,
    macros: none,
    errors: 1,
    unread,
  };
}
