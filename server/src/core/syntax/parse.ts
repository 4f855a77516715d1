/** From text to facts: mask, parse, copy the tree, read the facts, let the tree go. */
import { Edit, type Parser, type Tree } from 'web-tree-sitter';
import { fileFacts, type KnownFunctions } from '../facts/file-facts.ts';
import type { FileFacts, FunctionFacts } from '../facts/types.ts';
import { Ast, type TreeReader } from './ast.ts';
import { type MaskTable, maskKernelC } from './mask.ts';

/** A parser with what goes with it. Make one per thread: a web-tree-sitter parser is not shared. */
export interface CParser {
  /** A web-tree-sitter parser whose language is set to C. */
  readonly parser: Parser;
  readonly reader: TreeReader;
  readonly table: MaskTable;
}

const noFunctions: KnownFunctions = new Map();

/** The facts of a file that is not open: its tree lives for this call only. */
export function factsOf(c: CParser, path: string, text: string): FileFacts {
  const tree = parse(c, maskKernelC(text, c.table), null);
  try {
    return fileFacts(new Ast(tree, c.reader, text), path, noFunctions);
  } finally {
    tree.delete();
  }
}

function parse(c: CParser, masked: string, old: Tree | null): Tree {
  const tree = c.parser.parse(masked, old);
  if (!tree) throw new Error('the parser has no language');
  return tree;
}

/** One file that is open: keeps masked text and tree, reparses only what an edit touched. */
export class SourceUnit {
  readonly path: string;
  private readonly c: CParser;
  private text: string;
  private masked: string;
  private tree: Tree;
  private current: FileFacts | null = null;

  constructor(c: CParser, path: string, text: string) {
    this.c = c;
    this.path = path;
    this.text = text;
    this.masked = maskKernelC(text, c.table);
    this.tree = parse(c, this.masked, null);
  }

  /** Replaces the text. Functions whose text is unchanged keep their facts. */
  update(text: string): void {
    if (text === this.text) return;
    const known = new Map<string, FunctionFacts>();
    for (const { start, end, facts } of this.current?.functions ?? [])
      if (facts.errors === 0) known.set(this.text.slice(start, end), facts);
    const masked = maskKernelC(text, this.c.table);
    const old = this.tree;
    editTree(old, this.masked, masked);
    this.tree = parse(this.c, masked, old);
    old.delete();
    this.text = text;
    this.masked = masked;
    const ast = new Ast(this.tree, this.c.reader, text, (one) => known.has(one));
    this.current = fileFacts(ast, this.path, known);
  }

  facts(): FileFacts {
    this.current ??= fileFacts(
      new Ast(this.tree, this.c.reader, this.text),
      this.path,
      noFunctions,
    );
    return this.current;
  }

  dispose(): void {
    this.tree.delete();
  }
}

/** Tells the tree the smallest range in which the two texts differ. */
function editTree(tree: Tree, before: string, after: string): void {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before.charCodeAt(start) === after.charCodeAt(start)) start++;
  let tail = 0;
  while (
    tail < shorter - start &&
    before.charCodeAt(before.length - 1 - tail) === after.charCodeAt(after.length - 1 - tail)
  )
    tail++;
  const oldEnd = before.length - tail;
  const newEnd = after.length - tail;
  tree.edit(
    new Edit({
      startIndex: start,
      oldEndIndex: oldEnd,
      newEndIndex: newEnd,
      startPosition: pointAt(before, start),
      oldEndPosition: pointAt(before, oldEnd),
      newEndPosition: pointAt(after, newEnd),
    }),
  );
}

function pointAt(text: string, offset: number): { row: number; column: number } {
  let row = 0;
  let lineStart = 0;
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) {
    row++;
    lineStart = at + 1;
  }
  return { row, column: offset - lineStart };
}
