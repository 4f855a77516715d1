/** What tree-sitter makes of a function, and what the outline does, as sets that can be compared. */
import type { Node } from 'web-tree-sitter';
import type { CParser } from '../../server/src/core/facts/parse.ts';
import { type Outline, OutlineColumn } from '../../server/src/core/index/outline.ts';
import { trimmedEnd } from '../../server/src/core/syntax/characters.ts';
import { skipBlank } from '../../server/src/core/syntax/lexis.ts';
import { maskKernelC } from '../../server/src/core/syntax/mask.ts';

const kindOf: Readonly<Record<string, string>> = {
  call_expression: 'call',
  field_expression: 'member',
  if_statement: 'if',
  else_clause: 'else',
  while_statement: 'loop',
  for_statement: 'loop',
  do_statement: 'loop',
  switch_statement: 'switch',
  case_statement: 'case',
  return_statement: 'return',
  goto_statement: 'goto',
  labeled_statement: 'label',
};

/** Only their start is compared: the grammar ends them elsewhere, after the statement that follows. */
const byStart = new Set(['case', 'label', 'member']);

/**
 * @param text one function
 * @returns null when the grammar finds an error in it
 */
export function treeNodes(c: CParser, text: string): Set<string> | null {
  const tree = c.parser.parse(maskKernelC(text, c.table));
  if (!tree) return null;
  try {
    const { rootNode } = tree;
    if (rootNode.hasError || rootNode.namedChildren[0]?.type !== 'function_definition') return null;
    const out = new Set<string>();
    const body = rootNode.namedChildren[0].childForFieldName('body');
    if (!body) return null;
    for (const node of body.descendantsOfType(Object.keys(kindOf))) addNode(node, text, out);
    return out;
  } finally {
    tree.delete();
  }
}

function addNode(node: Node, text: string, out: Set<string>): void {
  let kind = kindOf[node.type] ?? '';
  if (kind === 'member') {
    out.add(`member ${node.childForFieldName('field')?.startIndex}`);
    return;
  }
  // The mask writes `while` and `if` in the place of macros that open a block.
  const macro = node.type === 'while_statement' || node.type === 'if_statement';
  if (macro && !text.startsWith(node.type.slice(0, node.type.indexOf('_')), node.startIndex))
    kind = 'block';
  out.add(key(kind, node.startIndex, node.endIndex));
  if (kind !== 'call') return;
  const list = node.childForFieldName('arguments');
  // The mask shortens types that are arguments: what counts is the text between the commas.
  let start = -1;
  let end = -1;
  for (const child of list?.children ?? []) {
    if (!child || child.type === 'comment') continue;
    if (child.isNamed) end = child.endIndex;
    else {
      const last = trimmedEnd(text, 0, child.startIndex);
      if (end >= 0) out.add(key('argument', start, text[last - 1] === '/' ? end : last));
      start = skipBlank(text, child.endIndex);
      end = -1;
    }
  }
}

function key(kind: string, start: number, end: number): string {
  return byStart.has(kind) ? `${kind} ${start}` : `${kind} ${start} ${end}`;
}

/** @param shift where the function starts in the text that was outlined */
export function outlineNodes(outline: Outline, shift: number): Set<string> {
  const out = new Set<string>();
  const column = (node: number, at: number): number => outline.cell(node, at);
  for (let i = 0; i < outline.count; i++) {
    const kind = outline.kind(i);
    if (kind === 'condition') continue;
    const start = column(i, OutlineColumn.start);
    // The call of a block's macro is part of the masked `while (…)`.
    if (kind === 'call' && isBlockCall(outline, i)) continue;
    const parent = column(i, OutlineColumn.parent);
    if (kind === 'argument' && isBlockCall(outline, parent)) continue;
    out.add(key(kind, start - shift, column(i, OutlineColumn.end) - shift));
  }
  return out;
}

function isBlockCall(outline: Outline, node: number): boolean {
  const parent = outline.cell(node, OutlineColumn.parent);
  return (
    parent >= 0 &&
    outline.kind(parent) === 'block' &&
    outline.cell(parent, OutlineColumn.start) === outline.cell(node, OutlineColumn.start)
  );
}

/** Counts of what is in one set alone, by kind. */
export class Differences {
  readonly missing = new Map<string, number>();
  readonly extra = new Map<string, number>();
  agreed = 0;

  /** @returns the differing keys, `-` what only the tree has, `+` what only the outline has */
  add(tree: ReadonlySet<string>, outline: ReadonlySet<string>): string[] {
    const out: string[] = [];
    for (const one of tree)
      if (outline.has(one)) this.agreed++;
      else {
        count(this.missing, one);
        out.push(`-${one}`);
      }
    for (const one of outline)
      if (!tree.has(one)) {
        count(this.extra, one);
        out.push(`+${one}`);
      }
    return out;
  }
}

function count(into: Map<string, number>, one: string): void {
  const kind = one.slice(0, one.indexOf(' '));
  into.set(kind, (into.get(kind) ?? 0) + 1);
}
