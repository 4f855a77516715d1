/**
 * A tree-sitter cursor without the library's wrapper. The wrapper copies the cursor's four words into
 * wasm memory before each question and back after each step: half of the time to copy a tree. Between
 * the questions of one walk nothing else uses that memory, so the words can stay where they are.
 */
import type { Tree } from 'web-tree-sitter';
import type { Cursor, OpenCursor } from '../core/syntax/ast.ts';

type Ask = (tree: number) => number;

/** The functions of the wasm module behind a cursor, as emscripten names them. */
interface CursorFunctions {
  readonly _ts_tree_cursor_current_node_type_id_wasm: Ask;
  readonly _ts_tree_cursor_current_field_id_wasm: Ask;
  readonly _ts_tree_cursor_start_index_wasm: Ask;
  readonly _ts_tree_cursor_end_index_wasm: Ask;
  readonly _ts_tree_cursor_current_node_is_missing_wasm: Ask;
  readonly _ts_tree_cursor_goto_first_child_wasm: Ask;
  readonly _ts_tree_cursor_goto_next_sibling_wasm: Ask;
  readonly _ts_tree_cursor_goto_parent_wasm: Ask;
  /** Puts the root node where the next function expects a node. */
  readonly _ts_tree_root_node_wasm: (tree: number) => void;
  /** Puts a cursor at the node there in its place. */
  readonly _ts_tree_cursor_new_wasm: (tree: number) => void;
  readonly _ts_tree_cursor_delete_wasm: (tree: number) => void;
}

const names: readonly (keyof CursorFunctions)[] = [
  '_ts_tree_cursor_current_node_type_id_wasm',
  '_ts_tree_cursor_current_field_id_wasm',
  '_ts_tree_cursor_start_index_wasm',
  '_ts_tree_cursor_end_index_wasm',
  '_ts_tree_cursor_current_node_is_missing_wasm',
  '_ts_tree_cursor_goto_first_child_wasm',
  '_ts_tree_cursor_goto_next_sibling_wasm',
  '_ts_tree_cursor_goto_parent_wasm',
  '_ts_tree_root_node_wasm',
  '_ts_tree_cursor_new_wasm',
  '_ts_tree_cursor_delete_wasm',
];

function hasFunctions(module: object): module is CursorFunctions {
  return names.every((name) => typeof (module as Record<string, unknown>)[name] === 'function');
}

/** The address of a tree, which the library keeps under 0. */
function addressOf(tree: Tree): number | undefined {
  const address: unknown = (tree as unknown as Record<number, unknown>)[0];
  return typeof address === 'number' ? address : undefined;
}

/** @param module the object that emscripten was started with; a library of other names gets the wrapper */
export function cursorOpener(module: object): OpenCursor {
  if (!hasFunctions(module)) return (tree) => tree.walk();
  const functions = alone(module);
  return (tree) => {
    const address = addressOf(tree);
    return address === undefined ? tree.walk() : new DirectCursor(functions, address);
  };
}

/** The functions in an object of their own: the module has so many that each is looked up by its name. */
function alone(module: CursorFunctions): CursorFunctions {
  return {
    _ts_tree_cursor_current_node_type_id_wasm: module._ts_tree_cursor_current_node_type_id_wasm,
    _ts_tree_cursor_current_field_id_wasm: module._ts_tree_cursor_current_field_id_wasm,
    _ts_tree_cursor_start_index_wasm: module._ts_tree_cursor_start_index_wasm,
    _ts_tree_cursor_end_index_wasm: module._ts_tree_cursor_end_index_wasm,
    _ts_tree_cursor_current_node_is_missing_wasm:
      module._ts_tree_cursor_current_node_is_missing_wasm,
    _ts_tree_cursor_goto_first_child_wasm: module._ts_tree_cursor_goto_first_child_wasm,
    _ts_tree_cursor_goto_next_sibling_wasm: module._ts_tree_cursor_goto_next_sibling_wasm,
    _ts_tree_cursor_goto_parent_wasm: module._ts_tree_cursor_goto_parent_wasm,
    _ts_tree_root_node_wasm: module._ts_tree_root_node_wasm,
    _ts_tree_cursor_new_wasm: module._ts_tree_cursor_new_wasm,
    _ts_tree_cursor_delete_wasm: module._ts_tree_cursor_delete_wasm,
  };
}

class DirectCursor implements Cursor {
  private readonly ask: CursorFunctions;
  private readonly tree: number;

  constructor(functions: CursorFunctions, tree: number) {
    this.ask = functions;
    this.tree = tree;
    functions._ts_tree_root_node_wasm(tree);
    functions._ts_tree_cursor_new_wasm(tree);
  }

  get nodeTypeId(): number {
    return this.ask._ts_tree_cursor_current_node_type_id_wasm(this.tree);
  }

  get currentFieldId(): number {
    return this.ask._ts_tree_cursor_current_field_id_wasm(this.tree);
  }

  get startIndex(): number {
    return this.ask._ts_tree_cursor_start_index_wasm(this.tree);
  }

  get endIndex(): number {
    return this.ask._ts_tree_cursor_end_index_wasm(this.tree);
  }

  get nodeIsMissing(): boolean {
    return this.ask._ts_tree_cursor_current_node_is_missing_wasm(this.tree) === 1;
  }

  gotoFirstChild(): boolean {
    return this.ask._ts_tree_cursor_goto_first_child_wasm(this.tree) === 1;
  }

  gotoNextSibling(): boolean {
    return this.ask._ts_tree_cursor_goto_next_sibling_wasm(this.tree) === 1;
  }

  gotoParent(): boolean {
    return this.ask._ts_tree_cursor_goto_parent_wasm(this.tree) === 1;
  }

  delete(): void {
    this.ask._ts_tree_cursor_delete_wasm(this.tree);
  }
}
