/**
 * The outline of a function's body without a tree: calls with their arguments, members, branches,
 * loops, returns, gotos and labels. It answers "who calls this" and "who names this member" for every
 * function; what is told of a function is read from its tree.
 *
 * All branches of an `#if` are read one after the other. Nothing in a text makes it fail: what it
 * cannot read it steps over.
 */
import { Numbers } from './builder.ts';
import { BodyLexer, Lexeme } from './lexer.ts';
import type { Words } from './words.ts';

export const outlineKinds = [
  /** Word: the called name, a member's for `p->f(…)`, -1 for any other expression. */
  'call',
  'argument',
  /** Word and span: the member's name. */
  'member',
  'if',
  'condition',
  'else',
  'loop',
  'switch',
  'case',
  'return',
  'goto',
  'label',
  /** A macro that opens a block: an iterator, `scoped_guard`. Its call is its first child. */
  'block',
] as const;

export type OutlineKind = (typeof outlineKinds)[number];

const K = {
  call: 0,
  argument: 1,
  member: 2,
  if: 3,
  condition: 4,
  else: 5,
  loop: 6,
  switch: 7,
  case: 8,
  return: 9,
  goto: 10,
  label: 11,
  block: 12,
} as const;

/** The columns of a node's row. */
export const OutlineColumn = { kind: 0, start: 1, end: 2, parent: 3, word: 4, how: 5 } as const;
export const outlineColumns = 6;
/** How a call names what it calls. */
export const How = { name: 0, member: 1, expression: 2 } as const;

/** Nodes in order of where they open; a parent comes before its children, -1 is the body. */
export class Outline {
  readonly nodes: Int32Array;

  constructor(nodes: Int32Array) {
    this.nodes = nodes;
  }

  get count(): number {
    return this.nodes.length / outlineColumns;
  }

  cell(node: number, column: number): number {
    return this.nodes[node * outlineColumns + column] ?? -1;
  }

  kind(node: number): OutlineKind {
    return outlineKinds[this.cell(node, OutlineColumn.kind)] ?? 'block';
  }
}

/**
 * @param start where the body's `{` stands, as the index has it
 * @param end where the function ends
 */
export function outlineOf(text: string, start: number, end: number, words: Words): Outline {
  return new OutlineReader(words).read(text, start, end);
}

/** Deeper than this nothing is told apart: a text of brackets only must not exhaust the stack. */
const deepest = 150;

/** Reads many bodies: its buffers serve again. */
export class OutlineReader {
  private readonly lexer: BodyLexer;
  private readonly nodes = new Numbers(outlineColumns * 1024);
  private parent = -1;
  private depth = 0;

  constructor(words: Words) {
    this.lexer = new BodyLexer(words);
  }

  /** See `outlineOf`. */
  read(text: string, start: number, end: number): Outline {
    this.lexer.begin(text, start, end);
    this.nodes.length = 0;
    this.parent = -1;
    this.depth = 0;
    return this.run();
  }

  private run(): Outline {
    const { lexer } = this;
    lexer.next();
    while (lexer.kind !== Lexeme.end) {
      // A brace too many: what follows is still the function's.
      if (lexer.kind === Lexeme.closeBrace) lexer.next();
      else this.statement();
    }
    return new Outline(this.nodes.taken());
  }

  /** Opens a node; what is made until `leave` is inside of it. */
  private enter(kind: number, start: number, word = -1, how = 0): number {
    const { nodes } = this;
    nodes.reserve(outlineColumns);
    const at = nodes.length;
    const { data } = nodes;
    data[at] = kind;
    data[at + 1] = start;
    data[at + 2] = start;
    data[at + 3] = this.parent;
    data[at + 4] = word;
    data[at + 5] = how;
    nodes.length = at + outlineColumns;
    this.parent = at / outlineColumns;
    return this.parent;
  }

  private leave(node: number, end: number): void {
    const { data } = this.nodes;
    data[node * outlineColumns + OutlineColumn.end] = end;
    this.parent = data[node * outlineColumns + OutlineColumn.parent]!;
  }

  private statements(): void {
    const { lexer } = this;
    lexer.next();
    while (lexer.kind !== Lexeme.closeBrace && lexer.kind !== Lexeme.end) this.statement();
    lexer.next();
  }

  private statement(): void {
    if (this.depth >= deepest) {
      this.lexer.next();
      return;
    }
    this.depth++;
    this.oneStatement();
    this.depth--;
  }

  private oneStatement(): void {
    const { lexer } = this;
    const { start } = lexer;
    switch (lexer.kind) {
      case Lexeme.openBrace:
        this.statements();
        return;
      case Lexeme.closeBrace:
        return;
      case Lexeme.if:
        this.ifStatement(start);
        return;
      case Lexeme.for:
      case Lexeme.while:
      case Lexeme.switch: {
        const node = this.enter(lexer.kind === Lexeme.switch ? K.switch : K.loop, start);
        lexer.next();
        this.condition();
        this.statement();
        this.leave(node, lexer.lastEnd);
        return;
      }
      case Lexeme.do: {
        const node = this.enter(K.loop, start);
        lexer.next();
        this.statement();
        if ((lexer.kind as number) === Lexeme.while) {
          lexer.next();
          this.condition();
        }
        this.semicolon();
        this.leave(node, lexer.lastEnd);
        return;
      }
      case Lexeme.return: {
        const node = this.enter(K.return, start);
        lexer.next();
        this.expression();
        this.semicolon();
        this.leave(node, lexer.lastEnd);
        return;
      }
      case Lexeme.goto: {
        const node = this.enter(K.goto, start);
        lexer.next();
        if ((lexer.kind as number) === Lexeme.word)
          this.nodes.data[node * outlineColumns + OutlineColumn.word] = lexer.word();
        this.expression();
        this.semicolon();
        this.leave(node, lexer.lastEnd);
        return;
      }
      case Lexeme.case: {
        const node = this.enter(K.case, start);
        lexer.next();
        this.expression();
        if ((lexer.kind as number) === Lexeme.colon) lexer.next();
        this.leave(node, lexer.lastEnd);
        return;
      }
      case Lexeme.else:
        lexer.next();
        return;
      case Lexeme.word:
        if (lexer.isLabel()) {
          const node = this.enter(K.label, start, lexer.word());
          lexer.next();
          lexer.next();
          this.leave(node, lexer.lastEnd);
          return;
        }
        this.wordStatement(start);
        return;
      default:
        this.expression();
        this.semicolon();
        // A closing bracket that nothing opened.
        if (lexer.start === start) lexer.next();
    }
  }

  private semicolon(): void {
    if (this.lexer.kind === Lexeme.semicolon) this.lexer.next();
  }

  private ifStatement(start: number): void {
    const { lexer } = this;
    const node = this.enter(K.if, start);
    lexer.next();
    this.condition();
    this.statement();
    if ((lexer.kind as number) === Lexeme.else) {
      const other = this.enter(K.else, lexer.start);
      lexer.next();
      this.statement();
      this.leave(other, lexer.lastEnd);
    }
    this.leave(node, lexer.lastEnd);
  }

  /** `( … )` of `if`, loops and `switch`. */
  private condition(): void {
    const { lexer } = this;
    const called = lexer.kind === Lexeme.word && lexer.isCalled();
    if (lexer.kind !== Lexeme.openParen && !called) return;
    const node = this.enter(K.condition, lexer.start);
    // `if MACRO(x)`: the macro brings the parentheses.
    if (called) this.expression(true);
    else this.group();
    this.leave(node, lexer.lastEnd);
  }

  /** A statement that begins with a name: it may be a macro that opens a block. */
  private wordStatement(start: number): void {
    const { lexer, nodes } = this;
    const first = nodes.length;
    const called = lexer.isCalled();
    const end = this.expression(called);
    if (!called || end < 0) {
      this.semicolon();
      if (lexer.start === start) lexer.next();
      return;
    }
    // Only the call was read, and what follows is a statement: the call's macro controls it.
    const word = nodes.data[first + OutlineColumn.word]!;
    this.insert(first, start, word);
    const node = first / outlineColumns;
    this.parent = node;
    this.statement();
    this.leave(node, lexer.lastEnd);
  }

  /** Puts a block node before the call that was read last, and the call's nodes into it. */
  private insert(at: number, start: number, word: number): void {
    const { nodes } = this;
    nodes.reserve(outlineColumns);
    const { data } = nodes;
    data.copyWithin(at + outlineColumns, at, nodes.length);
    nodes.length += outlineColumns;
    const node = at / outlineColumns;
    for (let i = at + outlineColumns; i < nodes.length; i += outlineColumns) {
      const parent = data[i + OutlineColumn.parent]!;
      data[i + OutlineColumn.parent] = parent >= node ? parent + 1 : node;
    }
    data.set([K.block, start, start, this.parent, word, 0], at);
  }

  /** What stands between parentheses, brackets or list braces, brackets included. */
  private group(): void {
    const { lexer } = this;
    const close = closes(lexer.kind);
    lexer.next();
    if (this.depth >= deepest) return;
    this.depth++;
    if (lexer.kind === Lexeme.openBrace && close === Lexeme.closeParen) this.statements();
    for (;;) {
      this.expression();
      const { kind } = lexer;
      if (kind === close) {
        lexer.next();
        break;
      }
      if (kind === Lexeme.comma || kind === Lexeme.semicolon || kind === Lexeme.colon) {
        lexer.next();
        continue;
      }
      if (kind === Lexeme.end || kind === Lexeme.closeBrace || isStatement(kind)) break;
      lexer.next();
    }
    this.depth--;
  }

  private call(start: number, word: number, how: number): void {
    const { lexer } = this;
    const node = this.enter(K.call, start, word, how);
    if (this.depth >= deepest) {
      lexer.next();
      this.leave(node, lexer.lastEnd);
      return;
    }
    this.depth++;
    lexer.next();
    while (lexer.kind !== Lexeme.closeParen) {
      const from = lexer.start;
      const argument = this.enter(K.argument, from);
      this.argument();
      this.leave(argument, lexer.lastEnd);
      if (lexer.kind === Lexeme.comma) lexer.next();
      else if (lexer.kind !== Lexeme.closeParen) break;
    }
    if (lexer.kind === Lexeme.closeParen) lexer.next();
    this.depth--;
    this.leave(node, lexer.lastEnd);
  }

  /** Up to the comma or the parenthesis; a macro's argument may be anything. */
  private argument(): void {
    const { lexer } = this;
    for (;;) {
      this.expression();
      const { kind } = lexer;
      if (kind === Lexeme.semicolon || kind === Lexeme.colon || isStatement(kind)) {
        // `cond_guard(…, return -EINTR, …)`
        if (kind === Lexeme.return || kind === Lexeme.goto || kind === Lexeme.if) {
          this.statement();
          continue;
        }
        lexer.next();
        continue;
      }
      return;
    }
  }

  /**
   * Reads until something that is no part of an expression.
   * @param alone stop after a call that begins the expression when a statement follows it
   * @returns the call's end when `alone` stopped there, else -1
   */
  private expression(alone = false): number {
    const { lexer } = this;
    let word = -1;
    let before: number = Before.operator;
    let chain = lexer.start;
    let choices = 0;
    let onlyCall = alone;
    for (;;) {
      switch (lexer.kind) {
        case Lexeme.word: {
          if (before === Before.value && onlyCall) return lexer.lastEnd;
          onlyCall &&= before === Before.operator;
          word = lexer.isCalled() ? lexer.word() : -1;
          chain = lexer.start;
          // `struct foo *p __free(kfree) = …`: nothing is called.
          before = word >= 0 && lexer.isAttribute(word) ? Before.type : Before.name;
          lexer.next();
          break;
        }
        case Lexeme.typeWord:
          if (before === Before.value && onlyCall) return lexer.lastEnd;
          onlyCall = false;
          before = Before.type;
          lexer.next();
          break;
        case Lexeme.number:
        case Lexeme.string:
          onlyCall = false;
          chain = lexer.start;
          before = Before.literal;
          lexer.next();
          break;
        case Lexeme.member: {
          onlyCall = false;
          lexer.next();
          if ((lexer.kind as number) !== Lexeme.word) break;
          word = lexer.word();
          if (before !== Before.operator) {
            const node = this.enter(K.member, lexer.start, word);
            this.leave(node, lexer.end);
          }
          if (before !== Before.operator) before = Before.member;
          lexer.next();
          break;
        }
        case Lexeme.openParen:
          if ((before === Before.name || before === Before.type) && lexer.isDeclarator()) {
            onlyCall = false;
            this.group();
            this.group();
          } else if (before === Before.name) this.call(chain, word, How.name);
          else if (before === Before.member) this.call(chain, word, How.member);
          else if (before === Before.value) this.call(chain, -1, How.expression);
          else {
            onlyCall = false;
            const from = lexer.start;
            const cast = lexer.isCast();
            this.group();
            if (before !== Before.cast || !cast) chain = from;
            before = cast ? Before.cast : Before.value;
            break;
          }
          before = Before.value;
          break;
        case Lexeme.openBracket:
          onlyCall = false;
          this.group();
          if (before !== Before.operator) before = Before.value;
          break;
        case Lexeme.openBrace:
          if (before === Before.value && onlyCall) return lexer.lastEnd;
          if (before === Before.name) return -1;
          this.group();
          before = Before.value;
          break;
        case Lexeme.question:
          choices++;
          before = Before.operator;
          lexer.next();
          break;
        case Lexeme.colon:
          if (choices === 0) return -1;
          choices--;
          before = Before.operator;
          lexer.next();
          break;
        case Lexeme.operator:
          if (before === Before.value && onlyCall && lexer.isStar()) return lexer.lastEnd;
          onlyCall = false;
          before = Before.operator;
          lexer.next();
          break;
        case Lexeme.suffix:
          if (before === Before.value && onlyCall) return lexer.lastEnd;
          onlyCall = false;
          lexer.next();
          break;
        default:
          if (before === Before.value && onlyCall && isStatement(lexer.kind)) return lexer.lastEnd;
          return -1;
      }
    }
  }
}

/** What stands before the present token of an expression. */
const Before = { operator: 0, name: 1, member: 2, value: 3, cast: 4, literal: 5, type: 6 } as const;

function closes(open: number): number {
  if (open === Lexeme.openParen) return Lexeme.closeParen;
  return open === Lexeme.openBracket ? Lexeme.closeBracket : Lexeme.closeBrace;
}

/** A word that begins a statement. */
function isStatement(kind: number): boolean {
  return kind >= Lexeme.if && kind <= Lexeme.case;
}
