/** The statements of a function body, with the lists that they stand in. */
import type { Span } from '../../text.ts';
import { afterGroup, type Token, tokensOf } from './tokens.ts';

export type StatementKind = 'plain' | 'declaration' | 'control' | 'block' | 'label' | 'directive';

export interface Statement extends Span {
  readonly kind: StatementKind;
  /** The first word: `if`, `return`, a macro's name, a label. */
  readonly word: string;
  /** The condition with its parentheses, for `control`. */
  readonly head: Span | null;
  /** A block's statements; what a control statement controls. */
  readonly body: readonly Statement[];
  /** The statement below `else`. */
  readonly otherwise: Statement | null;
}

const heads = new Set(['if', 'while', 'for', 'switch']);
const typeWords = new Set([
  'struct',
  'union',
  'enum',
  'const',
  'static',
  'volatile',
  'register',
  'unsigned',
  'signed',
  'int',
  'char',
  'long',
  'short',
  'bool',
  'void',
  'float',
  'double',
  'typeof',
  '__typeof__',
]);
const statementWords = new Set(['return', 'goto', 'break', 'continue', 'else', 'case', 'default']);

/** Reads a body given with its braces. Unbalanced text gives what was understood so far. */
export function statementsOf(text: string, body: Span): Statement[] {
  const tokens = tokensOf(text, body.start, body.end);
  const reader = new Reader(tokens);
  return reader.list(1, tokens.length - 1);
}

class Reader {
  private readonly tokens: readonly Token[];
  private at = 0;

  constructor(tokens: readonly Token[]) {
    this.tokens = tokens;
  }

  list(from: number, to: number): Statement[] {
    const out: Statement[] = [];
    this.at = from;
    while (this.at < to) {
      const before = this.at;
      out.push(this.statement());
      if (this.at === before) this.at++;
    }
    return out;
  }

  private statement(): Statement {
    const first = this.tokens[this.at];
    const next = this.tokens[this.at + 1]?.text;
    if (!first) return this.make('plain', this.at, this.at);
    if (first.kind === 'directive') return this.make('directive', this.at, this.at + 1);
    if (first.text === '{') return this.block();
    if (first.text === 'do') return this.doLoop();
    if (first.text === 'case' || first.text === 'default') return this.caseLabel();
    if (first.kind === 'word' && next === ':' && this.tokens[this.at + 2]?.text !== ':')
      return this.make('label', this.at, this.at + 2);
    if (first.kind === 'word' && next === '(' && this.controls(first.text)) return this.control();
    return this.plain();
  }

  /** Whether `word (…)` is followed by a statement that it controls, as a loop macro is. */
  private controls(word: string): boolean {
    if (heads.has(word)) return true;
    if (typeWords.has(word) || statementWords.has(word)) return false;
    const after = this.tokens[afterGroup(this.tokens, this.at + 1)];
    return after !== undefined && (after.text === '{' || after.kind === 'word');
  }

  private block(): Statement {
    const from = this.at;
    const to = afterGroup(this.tokens, from);
    const body = this.list(from + 1, to - 1);
    return this.make('block', from, to, { body });
  }

  private control(): Statement {
    const from = this.at;
    const close = afterGroup(this.tokens, from + 1);
    const head = {
      start: this.tokens[from + 1]?.start ?? 0,
      end: this.tokens[close - 1]?.end ?? 0,
    };
    this.at = close;
    const body = [this.statement()];
    let otherwise: Statement | null = null;
    if (this.tokens[from]?.text === 'if' && this.tokens[this.at]?.text === 'else') {
      this.at++;
      otherwise = this.statement();
    }
    return this.make('control', from, this.at, { body, otherwise, head });
  }

  private doLoop(): Statement {
    const from = this.at++;
    const body = [this.statement()];
    while (this.at < this.tokens.length && this.tokens[this.at++]?.text !== ';');
    return this.make('control', from, this.at, { body });
  }

  private caseLabel(): Statement {
    const from = this.at;
    while (this.at < this.tokens.length && this.tokens[this.at++]?.text !== ':');
    return this.make('label', from, this.at);
  }

  private plain(): Statement {
    const from = this.at;
    let i = from;
    while (i < this.tokens.length && this.tokens[i]?.text !== ';') {
      const token = this.tokens[i];
      i =
        token?.kind === 'punctuation' && '([{'.includes(token.text)
          ? afterGroup(this.tokens, i)
          : i + 1;
    }
    return this.make(
      isDeclaration(this.tokens.slice(from, i)) ? 'declaration' : 'plain',
      from,
      i + 1,
    );
  }

  private make(
    kind: StatementKind,
    from: number,
    to: number,
    more: Partial<Statement> = {},
  ): Statement {
    this.at = to;
    const first = this.tokens[from];
    const last = this.tokens[Math.min(to, this.tokens.length) - 1];
    const start = first?.start ?? last?.end ?? 0;
    return {
      kind,
      word: first?.text ?? '',
      head: null,
      body: [],
      otherwise: null,
      start,
      end: last?.end ?? start,
      ...more,
    };
  }
}

/** `type name…`: two words in a row, or a word, stars and a word that ends or takes a value. */
function isDeclaration(tokens: readonly Token[]): boolean {
  const [first] = tokens;
  if (first?.kind !== 'word' || statementWords.has(first.text)) return false;
  if (typeWords.has(first.text)) return true;
  let i = 1;
  while (tokens[i]?.text === '*') i++;
  return (
    tokens[i]?.kind === 'word' && [undefined, '=', ',', '[', ';'].includes(tokens[i + 1]?.text)
  );
}

/** A statement with the list that holds it and its place there. */
export interface Placed {
  readonly statement: Statement;
  readonly list: readonly Statement[];
  readonly index: number;
  /** The statement that the list belongs to, null for the body itself. */
  readonly parent: Placed | null;
}

/** The innermost statement around an offset; a condition's own text belongs to its control statement. */
export function statementAt(
  list: readonly Statement[],
  offset: number,
  parent: Placed | null = null,
): Placed | undefined {
  const index = list.findIndex((one) => one.start <= offset && offset < one.end);
  const statement = list[index];
  if (!statement) return undefined;
  const here: Placed = { statement, list, index, parent };
  return (
    statementAt(statement.body, offset, here) ??
    (statement.otherwise ? statementAt([statement.otherwise], offset, here) : undefined) ??
    here
  );
}
