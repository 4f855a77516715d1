/**
 * A syntax tree as flat arrays of its named nodes. One pass of a cursor copies it out of wasm memory;
 * after that reading it costs array look-ups, and the tree itself can be let go.
 */
import type { Language, Tree } from 'web-tree-sitter';
import type { Span } from '../text.ts';

/** tree-sitter's symbol for nodes that it could not fit. */
const errorSymbol = 65535;

/** Nodes below which nothing is of interest, and anonymous ones, which have no children. */
const leaves = new Set([
  'identifier',
  'field_identifier',
  'type_identifier',
  'statement_identifier',
  'primitive_type',
  'number_literal',
  'string_literal',
  'char_literal',
  'comment',
  'storage_class_specifier',
  'type_qualifier',
  'preproc_arg',
  'preproc_def',
  'preproc_call',
  'system_lib_string',
  'enumerator_list',
]);

/** Nodes whose children fill no field. */
const fieldless = new Set([
  'translation_unit',
  'compound_statement',
  'argument_list',
  'parameter_list',
  'field_declaration_list',
  'initializer_list',
  'expression_statement',
  'parenthesized_expression',
  'comma_expression',
  'return_statement',
  'concatenated_string',
]);

/** The names of a language's symbols and fields, read once: each look-up in wasm costs more. */
export class Grammar {
  readonly typeNames: readonly string[];
  readonly named: readonly boolean[];
  readonly leaf: readonly boolean[];
  readonly fieldless: readonly boolean[];
  readonly fieldNames: readonly string[];
  readonly fieldIds: ReadonlyMap<string, number>;

  constructor(language: Language) {
    const count = language.nodeTypeCount;
    this.typeNames = Array.from({ length: count }, (_, id) => language.nodeTypeForId(id) ?? '');
    this.named = Array.from({ length: count }, (_, id) => language.nodeTypeIsNamed(id));
    this.leaf = this.typeNames.map((name, id) => !this.named[id] || leaves.has(name));
    this.fieldless = this.typeNames.map((name) => fieldless.has(name));
    this.fieldNames = Array.from({ length: language.fieldCount + 1 }, (_, id) =>
      id === 0 ? '' : (language.fieldNameForId(id) ?? ''),
    );
    this.fieldIds = new Map(this.fieldNames.map((name, id) => [name, id]));
  }
}

/** What copying asks of a tree-sitter cursor; a `TreeCursor` of the library is one. */
export interface Cursor {
  readonly nodeTypeId: number;
  readonly currentFieldId: number;
  readonly startIndex: number;
  readonly endIndex: number;
  readonly nodeIsMissing: boolean;
  gotoFirstChild(): boolean;
  gotoNextSibling(): boolean;
  gotoParent(): boolean;
  delete(): void;
}

/** Makes a cursor at a tree's root. While one is in use, nothing else may be asked of the library. */
export type OpenCursor = (tree: Tree) => Cursor;

const initialNodes = 1 << 14;

/** Memory for the nodes of one tree at a time: files follow each other, and growing costs more than copying. */
export class NodeTable {
  types = new Uint16Array(initialNodes);
  fields = new Uint16Array(initialNodes);
  starts = new Int32Array(initialNodes);
  ends = new Int32Array(initialNodes);
  parents = new Int32Array(initialNodes);
  /** The next sibling and the first child, -1 for none. */
  next = new Int32Array(initialNodes);
  first = new Int32Array(initialNodes);
  count = 0;

  /** @returns the number of the new node, which is the next one */
  add(type: number, field: number, start: number, end: number, parent: number): number {
    if (this.count === this.types.length) this.grow();
    const node = this.count++;
    this.types[node] = type;
    this.fields[node] = field;
    this.starts[node] = start;
    this.ends[node] = end;
    this.parents[node] = parent;
    this.next[node] = -1;
    this.first[node] = -1;
    return node;
  }

  private grow(): void {
    const size = this.types.length * 2;
    const wide = (old: Int32Array): Int32Array<ArrayBuffer> => {
      const grown = new Int32Array(size);
      grown.set(old);
      return grown;
    };
    const narrow = (old: Uint16Array): Uint16Array<ArrayBuffer> => {
      const grown = new Uint16Array(size);
      grown.set(old);
      return grown;
    };
    this.types = narrow(this.types);
    this.fields = narrow(this.fields);
    this.starts = wide(this.starts);
    this.ends = wide(this.ends);
    this.parents = wide(this.parents);
    this.next = wide(this.next);
    this.first = wide(this.first);
  }
}

/** What copies trees of one thread. */
export interface TreeReader {
  readonly grammar: Grammar;
  readonly openCursor: OpenCursor;
  /** Belongs to the `Ast` that was made last. */
  readonly nodes: NodeTable;
}

/** Nodes are numbers; 0 is the root; children follow their parent. One is alive at a time for each reader. */
export class Ast {
  private readonly grammar: Grammar;
  private readonly nodes: NodeTable;
  /** Nodes that are ERROR or MISSING. */
  readonly errors: number[] = [];
  /** How many named nodes are above each other at most. */
  depth = 0;
  /** The unmasked text. */
  readonly text: string;

  /** @param known tells whether a function of that text need not be copied: its facts are known */
  constructor(tree: Tree, reader: TreeReader, text: string, known?: (text: string) => boolean) {
    this.text = text;
    this.grammar = reader.grammar;
    this.nodes = reader.nodes;
    this.nodes.count = 0;
    this.copy(tree, reader.openCursor, known);
  }

  private copy(
    tree: Tree,
    openCursor: OpenCursor,
    known: ((text: string) => boolean) | undefined,
  ): void {
    // Each question to the cursor crosses into wasm: those that can have one answer only are not asked.
    const { grammar, nodes } = this;
    const hasError = tree.rootNode.hasError;
    const functionDefinition = known ? grammar.typeNames.indexOf('function_definition') : -1;
    const cursor = openCursor(tree);
    // The last named child seen at each depth of named nodes, to chain siblings.
    const last: number[] = [];
    const parents: number[] = [-1];
    let depth = 0;
    try {
      for (;;) {
        const id = cursor.nodeTypeId;
        const isError = id === errorSymbol;
        let node = -1;
        if (isError || grammar.named[id]) {
          const parent = parents[depth] ?? -1;
          const field =
            parent >= 0 && grammar.fieldless[nodes.types[parent] ?? 0] ? 0 : cursor.currentFieldId;
          const start = cursor.startIndex;
          const end = cursor.endIndex;
          node = nodes.add(id, field, start, end, parent);
          if (isError || (hasError && start === end && cursor.nodeIsMissing))
            this.errors.push(node);
          if (parent >= 0) {
            const before = last[depth] ?? -1;
            if (before < 0) nodes.first[parent] = node;
            else nodes.next[before] = node;
            last[depth] = node;
          }
        } else if (hasError && cursor.startIndex === cursor.endIndex && cursor.nodeIsMissing) {
          this.errors.push(Math.max(0, parents[depth] ?? 0));
        }
        const done = id === functionDefinition && known?.(this.textOf(node));
        if (!done && (isError || !grammar.leaf[id]) && cursor.gotoFirstChild()) {
          depth++;
          if (depth > this.depth) this.depth = depth;
          parents[depth] = node;
          last[depth] = -1;
          continue;
        }
        while (!cursor.gotoNextSibling()) {
          if (!cursor.gotoParent()) return;
          depth--;
        }
      }
    } finally {
      cursor.delete();
    }
  }

  type(node: number): string {
    // A negative index would be looked up as a name is.
    const id = node < 0 ? undefined : this.nodes.types[node];
    if (id === undefined) return '';
    return id === errorSymbol ? 'ERROR' : (this.grammar.typeNames[id] ?? '');
  }

  start(node: number): number {
    return node < 0 ? 0 : (this.nodes.starts[node] ?? 0);
  }

  end(node: number): number {
    return node < 0 ? 0 : (this.nodes.ends[node] ?? 0);
  }

  parent(node: number): number {
    return node < 0 ? -1 : (this.nodes.parents[node] ?? -1);
  }

  span(node: number): Span {
    return { start: this.start(node), end: this.end(node) };
  }

  /** The unmasked text of a node. */
  textOf(node: number): string {
    return this.text.slice(this.start(node), this.end(node));
  }

  /** The first named child, -1 when there is none; `next` has the others. */
  first(node: number): number {
    return node < 0 ? -1 : (this.nodes.first[node] ?? -1);
  }

  /** The named sibling behind a node, -1 when there is none. */
  next(node: number): number {
    return node < 0 ? -1 : (this.nodes.next[node] ?? -1);
  }

  /** The named children, comments included. */
  children(node: number): number[] {
    const out: number[] = [];
    const { next } = this.nodes;
    for (let child = this.first(node); child >= 0; child = next[child] ?? -1) out.push(child);
    return out;
  }

  /** The first child in a field, -1 when there is none. */
  child(node: number, field: string): number {
    const { next, fields } = this.nodes;
    const wanted = this.grammar.fieldIds.get(field);
    for (let child = this.first(node); child >= 0; child = next[child] ?? -1) {
      if (fields[child] === wanted) return child;
    }
    return -1;
  }

  /** The field that a node fills in its parent, `''` for none. */
  field(node: number): string {
    return node < 0 ? '' : (this.grammar.fieldNames[this.nodes.fields[node] ?? 0] ?? '');
  }

  /** The first named child that is no comment, -1 when there is none. */
  only(node: number): number {
    let child = this.first(node);
    while (child >= 0 && this.type(child) === 'comment') child = this.next(child);
    return child;
  }

  /** Number of ERROR and MISSING nodes that overlap a range. */
  errorsIn(span: Span): number {
    let count = 0;
    for (const node of this.errors)
      if (this.start(node) <= span.end && this.end(node) >= span.start) count++;
    return count;
  }
}
