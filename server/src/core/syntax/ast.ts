/**
 * A syntax tree as flat arrays of its named nodes. One pass of a cursor copies it out of wasm memory;
 * after that reading it costs array look-ups, and the tree itself can be let go.
 */
import type { Language, Tree } from 'web-tree-sitter';
import type { Span } from '../text.ts';

/** tree-sitter's symbol for nodes that it could not fit. */
const errorSymbol = 65535;

/** Nodes below which nothing is of interest, and anonymous ones, which have no children. */
const leaves = new Set(['identifier', 'field_identifier', 'type_identifier', 'statement_identifier', 'primitive_type', 'number_literal',
  'string_literal', 'char_literal', 'comment', 'storage_class_specifier', 'type_qualifier', 'preproc_arg', 'preproc_def', 'preproc_call', 'system_lib_string', 'enumerator_list']);

/** Nodes whose children fill no field. */
const fieldless = new Set(['translation_unit', 'compound_statement', 'argument_list', 'parameter_list', 'field_declaration_list',
  'initializer_list', 'expression_statement', 'parenthesized_expression', 'comma_expression', 'return_statement', 'concatenated_string']);

/** The names of a language's symbols and fields, read once: each look-up in wasm costs more. */
export class Grammar {
  readonly typeNames: readonly string[];
  readonly named: readonly boolean[];
  readonly fieldNames: readonly string[];

  constructor(language: Language) {
    const count = language.nodeTypeCount;
    this.typeNames = Array.from({ length: count }, (_, id) => language.nodeTypeForId(id) ?? '');
    this.named = Array.from({ length: count }, (_, id) => language.nodeTypeIsNamed(id));
    this.fieldNames = Array.from({ length: language.fieldCount + 1 }, (_, id) => (id === 0 ? '' : (language.fieldNameForId(id) ?? '')));
  }
}

/** Nodes are numbers; 0 is the root; children follow their parent. */
export class Ast {
  private readonly types: string[] = [];
  private readonly fields: string[] = [];
  private readonly starts: number[] = [];
  private readonly ends: number[] = [];
  private readonly parents: number[] = [];
  private readonly next: number[] = [];
  private readonly first: number[] = [];
  /** Nodes that are ERROR or MISSING. */
  readonly errors: number[] = [];
  /** The unmasked text. */
  readonly text: string;

  /** @param known tells whether a function of that text need not be copied: its facts are known */
  constructor(tree: Tree, grammar: Grammar, text: string, known: (text: string) => boolean = () => false) {
    this.text = text;
    this.copy(tree, grammar, known);
  }

  private copy(tree: Tree, grammar: Grammar, known: (text: string) => boolean): void {
    // Each question to the cursor crosses into wasm: those that can have one answer only are not asked.
    const hasError = tree.rootNode.hasError;
    const cursor = tree.walk();
    // The last named child seen at each depth of named nodes, to chain siblings.
    const last: number[] = [];
    const parents: number[] = [-1];
    try {
      for (;;) {
        const id = cursor.nodeTypeId;
        const isError = id === errorSymbol;
        const named = isError || (grammar.named[id] ?? false);
        let node = -1;
        if (named) {
          node = this.types.length;
          const parent = parents[parents.length - 1] ?? -1;
          this.types.push(isError ? 'ERROR' : (grammar.typeNames[id] ?? ''));
          this.fields.push(parent >= 0 && fieldless.has(this.types[parent] ?? '') ? '' : (grammar.fieldNames[cursor.currentFieldId] ?? ''));
          const start = cursor.startIndex;
          const end = cursor.endIndex;
          this.starts.push(start);
          this.ends.push(end);
          this.parents.push(parent);
          this.next.push(-1);
          this.first.push(-1);
          if (isError || (hasError && start === end && cursor.nodeIsMissing)) this.errors.push(node);
          if (parent >= 0) {
            const before = last[parents.length - 1] ?? -1;
            if (before < 0) this.first[parent] = node;
            else this.next[before] = node;
            last[parents.length - 1] = node;
          }
        } else if (hasError && cursor.startIndex === cursor.endIndex && cursor.nodeIsMissing) {
          this.errors.push(Math.max(0, parents[parents.length - 1] ?? 0));
        }
        const type = this.types[node] ?? '';
        const done = named && type === 'function_definition' && known(this.textOf(node));
        if (named && !done && !leaves.has(type) && cursor.gotoFirstChild()) {
          parents.push(node);
          last[parents.length - 1] = -1;
          continue;
        }
        while (!cursor.gotoNextSibling()) {
          if (!cursor.gotoParent()) return;
          parents.pop();
        }
      }
    } finally {
      cursor.delete();
    }
  }

  type(node: number): string {
    return this.types[node] ?? '';
  }

  start(node: number): number {
    return this.starts[node] ?? 0;
  }

  end(node: number): number {
    return this.ends[node] ?? 0;
  }

  parent(node: number): number {
    return this.parents[node] ?? -1;
  }

  span(node: number): Span {
    return { start: this.start(node), end: this.end(node) };
  }

  /** The unmasked text of a node. */
  textOf(node: number): string {
    return this.text.slice(this.start(node), this.end(node));
  }

  /** The named children, comments included. */
  children(node: number): number[] {
    const out: number[] = [];
    for (let child = this.first[node] ?? -1; child >= 0; child = this.next[child] ?? -1) out.push(child);
    return out;
  }

  /** The first child in a field, -1 when there is none. */
  child(node: number, field: string): number {
    for (let child = this.first[node] ?? -1; child >= 0; child = this.next[child] ?? -1) {
      if (this.fields[child] === field) return child;
    }
    return -1;
  }

  /** The field that a node fills in its parent, `''` for none. */
  field(node: number): string {
    return this.fields[node] ?? '';
  }

  /** The first named child that is no comment, -1 when there is none. */
  only(node: number): number {
    for (let child = this.first[node] ?? -1; child >= 0; child = this.next[child] ?? -1) {
      if (this.types[child] !== 'comment') return child;
    }
    return -1;
  }

  /** Number of ERROR and MISSING nodes that overlap a range. */
  errorsIn(span: Span): number {
    let count = 0;
    for (const node of this.errors) if (this.start(node) <= span.end && this.end(node) >= span.start) count++;
    return count;
  }
}
