/**
 * Makes kernel C readable for tree-sitter-c without moving a character: macros that the grammar
 * cannot read are blanked or replaced by words of equal length, so that every offset into the masked
 * text is an offset into the real one. What stood there is read from the unmasked text.
 *
 * What is rewritten, in the order of what it saves (docs/architecture.md has the figures):
 * attribute macros; type arguments of macro calls; iterator and block macros (as `while` and `if`);
 * `#if` inside a body, a list or parentheses where a branch is no whole statement.
 */
import type { MaskWords } from '../catalog.ts';
import { blanked } from './characters.ts';
import {
  isSpace,
  isWordPart,
  isWordStart,
  keywords,
  primitiveTypes,
  skipBlank,
  skipComment,
  skipDirective,
  skipString,
} from './lexis.ts';
import { conditionalsIn, isWhole, type Placed } from './preprocessor.ts';
import { typeArgument } from './type-argument.ts';

/** So many `#if`s inside each other are taken apart. */
const deepest = 32;

/** The words of the catalogue as sets: made once for each catalogue. */
export interface MaskTable {
  readonly attributes: ReadonlySet<string>;
  readonly loops: ReadonlySet<string>;
  readonly blocks: ReadonlySet<string>;
}

export function maskTable(words: MaskWords): MaskTable {
  return {
    attributes: new Set(words.attributes),
    loops: new Set(words.loops),
    blocks: new Set(words.blocks),
  };
}

/** What an open brace or parenthesis belongs to. */
type FrameKind = 'body' | 'list' | 'members' | 'call' | 'group';

interface Frame {
  readonly kind: FrameKind;
  /** Span of the word before a parenthesis, -1 when there is none. */
  readonly nameStart: number;
  readonly nameEnd: number;
  /** True when the word stands where a statement can begin. */
  readonly atStatement: boolean;
  /** Where the present argument begins. */
  argument: number;
  /** The present argument begins with a word that only types begin with. */
  typeFirst: boolean;
  /** It begins with a word that only statements begin with, or holds a whole one. */
  statementFirst: boolean;
}

interface Replacement {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

const typeWords = new Set([
  ...primitiveTypes,
  'struct',
  'union',
  'enum',
  'const',
  'unsigned',
  'signed',
  'volatile',
]);
const statementWords = new Set([
  'return',
  'goto',
  'break',
  'continue',
  'if',
  'for',
  'while',
  'do',
  'switch',
]);
const typeofs = new Set(['typeof', '__typeof__', '__typeof', 'typeof_unqual']);
const evaluated = new Set([
  'sizeof',
  'typeof',
  '__typeof__',
  '__typeof',
  '_Alignof',
  '__alignof__',
  'alignof',
  'defined',
]);

/** @returns a text of the same length with the same line ends */
export function maskKernelC(text: string, table: MaskTable): string {
  const replacements = new Masker(text, table).run();
  if (replacements.length === 0) return text;
  replacements.sort((a, b) => a.start - b.start || b.end - a.end);
  const parts: string[] = [];
  let at = 0;
  for (const { start, end, text: put } of replacements) {
    if (start < at) continue; // inside a range that is blanked already
    parts.push(text.slice(at, start), put);
    at = end;
  }
  parts.push(text.slice(at));
  return parts.join('');
}

class Masker {
  private readonly out: Replacement[] = [];
  private readonly frames: Frame[] = [];
  /** Depths saved at each `#if` outside of bodies: each branch starts from the same depth. */
  private readonly saved: number[] = [];
  /** Ranges that the scanner jumps over: branches and directives that were blanked. */
  /** Found when the first `#if` is met. */
  private conditionals: ReadonlyMap<number, Placed> | null = null;
  private readonly skips = new Map<number, number>();
  /** The last significant character, and whether the last word was `else` or `do`. */
  private previous = 59;
  private afterElse = false;
  private wordStart = -1;
  private wordEnd = -1;
  private wordAtStatement = false;
  private readonly text: string;
  private readonly table: MaskTable;

  constructor(text: string, table: MaskTable) {
    this.text = text;
    this.table = table;
  }

  run(): Replacement[] {
    const { text } = this;
    let lineStart = true;
    for (let i = 0; i < text.length; ) {
      const code = text.charCodeAt(i);
      if (code === 10 || code === 13) {
        lineStart = true;
        i++;
        continue;
      }
      if (isSpace(code)) {
        i++;
        continue;
      }
      if (code === 47 && (text.charCodeAt(i + 1) === 42 || text.charCodeAt(i + 1) === 47)) {
        i = skipComment(text, i);
        continue;
      }
      if (code === 35 && lineStart) {
        i = this.directive(i);
        continue;
      }
      lineStart = false;
      if (isWordStart(code)) {
        i = this.word(i);
        continue;
      }
      if (code >= 48 && code <= 57) {
        i = this.number(i);
        continue;
      }
      if (code === 34 || code === 39) {
        i = skipString(text, i);
        this.previous = code;
        this.wordStart = -1;
        continue;
      }
      if (code === 123 && this.top()?.kind === 'call' && !this.inBody()) {
        i = this.bracedArgument(i);
        continue;
      }
      this.punctuation(code, i);
      i++;
    }
    return this.out;
  }

  private top(): Frame | undefined {
    return this.frames[this.frames.length - 1];
  }

  private inBody(): boolean {
    return this.frames.some((frame) => frame.kind === 'body');
  }

  private put(start: number, end: number, text: string): void {
    this.out.push({ start, end, text });
  }

  private word(start: number): number {
    const { text, table } = this;
    let end = start + 1;
    while (end < text.length && isWordPart(text.charCodeAt(end))) end++;
    const word = text.slice(start, end);
    if (table.attributes.has(word)) {
      const close = text.charCodeAt(end) === 40 ? closeOf(text, end) : end;
      this.put(start, close, blanked(text.slice(start, close)));
      return close;
    }
    if (this.frames.length === 0 && this.isLinkageMacro(word, end)) {
      this.put(start, end, blanked(word));
      return end;
    }
    // The grammar's own `offsetof` takes no `member[i]`; a plain call does.
    if (word === 'offsetof') this.put(start, end, 'offset_f');
    if (typeofs.has(word) && text.charCodeAt(end) === 40) {
      // The grammar takes types only inside typeof(): the whole becomes the name of a type.
      const close = closeOf(text, end);
      this.put(start, close, `typeof${blanked(text.slice(start + 6, close))}`);
      this.previous = 97;
      return close;
    }
    const frame = this.top();
    if (frame?.kind === 'call' && this.isArgumentStart(frame, start))
      [frame.typeFirst, frame.statementFirst] = [typeWords.has(word), statementWords.has(word)];
    this.wordAtStatement =
      this.afterElse ||
      this.previous === 59 ||
      this.previous === 123 ||
      this.previous === 125 ||
      this.previous === 58 ||
      this.previous === 41;
    this.wordStart = start;
    this.wordEnd = end;
    this.afterElse = word === 'else' || word === 'do';
    this.previous = 97;
    return end;
  }

  /** `TABLE({ … }, { … })` at file scope: a list as an argument becomes a number. */
  private bracedArgument(start: number): number {
    let level = 0;
    let end = start;
    for (; end < this.text.length; end++) {
      const code = this.text.charCodeAt(end);
      if (code === 34 || code === 39) end = skipString(this.text, end) - 1;
      else if (
        code === 47 &&
        (this.text.charCodeAt(end + 1) === 42 || this.text.charCodeAt(end + 1) === 47)
      )
        end = skipComment(this.text, end) - 1;
      else if (code === 123) level++;
      else if (code === 125 && --level === 0) break;
    }
    this.put(start, end + 1, `0${blanked(this.text.slice(start + 1, end + 1))}`);
    this.previous = 48;
    return end + 1;
  }

  /** `15015404425_disable` is no number to the grammar: macros that paste tokens take such words. */
  private number(start: number): number {
    let end = start + 1;
    while (
      end < this.text.length &&
      (isWordPart(this.text.charCodeAt(end)) || this.text.charCodeAt(end) === 46)
    )
      end++;
    const word = this.text.slice(start, end);
    if (/_|^\d+[A-WYZ]{2}/.test(word)) this.put(start, start + 1, '_');
    this.previous = 48;
    this.wordStart = -1;
    this.afterElse = false;
    return end;
  }

  /** `VISIBLE_IF_KUNIT const struct …`: an upper-case word before a declaration's first keyword. */
  private isLinkageMacro(word: string, end: number): boolean {
    if (!/^[A-Z][A-Z0-9_]{3,}$/.test(word) || ![59, 125, 41].includes(this.previous)) return false;
    return /^\s+(static|const|struct|union|enum|inline|extern|void|int|bool|unsigned|[us](8|16|32|64)|u?int\d+_t|s?size_t)\b/.test(
      this.text.slice(end, end + 24),
    );
  }

  private isArgumentStart(frame: Frame, at: number): boolean {
    return skipBlank(this.text, frame.argument) === at;
  }

  private punctuation(code: number, at: number): void {
    switch (code) {
      case 40:
        this.open(at);
        break;
      case 46:
        this.range(at);
        break;
      case 123:
        this.frames.push(this.frame(this.braceKind(), -1, -1));
        break;
      case 44:
        this.endArgument(at);
        break;
      case 59:
        this.endStatement();
        break;
      case 41:
        this.close(at);
        break;
      case 125:
        this.closeBrace();
        break;
    }
    this.previous = code;
    this.afterElse = false;
    this.wordStart = -1;
  }

  /** `case A ... B:` keeps its lower end only. */
  private range(at: number): void {
    const { text } = this;
    if (!text.startsWith('...', at) || this.top()?.kind !== 'body') return;
    const label = /^\.\.\.[^:;{}\n]*(?=:)/.exec(text.slice(at, at + 120));
    if (label) this.put(at, at + label[0].length, blanked(label[0]));
  }

  private frame(kind: FrameKind, nameStart: number, nameEnd: number, argument = 0): Frame {
    return {
      kind,
      nameStart,
      nameEnd,
      atStatement: this.wordAtStatement,
      argument,
      typeFirst: false,
      statementFirst: false,
    };
  }

  private open(at: number): void {
    const called =
      this.wordStart >= 0 && !keywords.has(this.text.slice(this.wordStart, this.wordEnd));
    this.frames.push(
      called
        ? this.frame('call', this.wordStart, this.wordEnd, at + 1)
        : this.frame('group', -1, -1),
    );
  }

  /** A brace after `)` opens a body, after `=`, `,`, `(` or `{` a list, else the members of a type. */
  private braceKind(): FrameKind {
    const outer = this.top();
    if (
      this.previous === 61 ||
      this.previous === 44 ||
      this.previous === 40 ||
      outer?.kind === 'list'
    )
      return 'list';
    if (outer?.kind === 'members') return 'members';
    if (this.previous === 41 || this.inBody()) return 'body';
    return 'members';
  }

  private closeBrace(): void {
    for (let i = this.frames.length - 1; i >= 0; i--) {
      const kind = this.frames[i]?.kind;
      if (kind === 'body' || kind === 'list' || kind === 'members') {
        this.frames.length = i;
        return;
      }
    }
  }

  /** `foo_init(x, init.a = 1; init.b = 2;)` */
  private endStatement(): void {
    const frame = this.top();
    if (frame?.kind === 'call') frame.statementFirst = true;
  }

  private endArgument(at: number): void {
    const frame = this.top();
    if (frame?.kind !== 'call') return;
    const called = this.text.slice(frame.nameStart, frame.nameEnd);
    if (
      (frame.typeFirst || this.previous === 42) &&
      !evaluated.has(called) &&
      this.frames.some((f) => f.kind === 'body' || f.kind === 'list')
    ) {
      const put = typeArgument(this.text, frame.argument, at);
      if (put !== undefined) this.put(frame.argument, at, put);
    }
    frame.argument = at + 1;
    frame.typeFirst = false;
    frame.statementFirst = false;
  }

  private close(at: number): void {
    const frame = this.top();
    if (frame?.kind !== 'call' && frame?.kind !== 'group') return;
    if (this.previous === 44 && frame.kind === 'call')
      this.put(frame.argument - 1, frame.argument, ' ');
    if (frame.statementFirst) {
      this.frames.pop();
      this.statementArgument(frame, at);
      return;
    }
    this.endArgument(at);
    this.frames.pop();
    if (frame.kind === 'call' && frame.atStatement && this.top()?.kind === 'body')
      this.blockMacro(frame, at);
    if (frame.kind === 'call' && this.top()?.kind === 'list') this.ownComma(at + 1);
  }

  /** `{ RUNTIME_PM_OPS(a, b, c) .prepare = d }`: a macro that brings its comma along gets one here. */
  private ownComma(from: number): void {
    const next = skipBlank(this.text, from);
    const code = this.text.charCodeAt(next);
    if (!isWordStart(code) && !/^\.\w|^\[/.test(this.text.slice(next, next + 2))) return;
    for (let at = from; at < next && isSpace(this.text.charCodeAt(at)); at++) {
      if ([10, 13].includes(this.text.charCodeAt(at))) continue;
      this.put(at, at + 1, ',');
      return;
    }
  }

  /** `name(…) {` or `for_each…(…) statement` in a body is a macro that opens a block. */
  private blockMacro(frame: Frame, close: number): void {
    const { text, table } = this;
    const name = text.slice(frame.nameStart, frame.nameEnd);
    const next = text.charCodeAt(skipBlank(text, close + 1));
    const known = table.loops.has(name) || table.blocks.has(name) || /for_?each/i.test(name);
    const opens = next === 123 || (known && (isWordStart(next) || next === 42));
    if (!opens || name.length < 2) return;
    const word = table.blocks.has(name) || name.length < 5 ? 'if' : 'while';
    this.put(frame.nameStart, frame.nameEnd, word.padEnd(name.length));
  }

  /**
   * `ASSERT(x, "…", return -EINVAL);`: the macro may run its last argument. As a statement it is read as a
   * loop around that, which runs or does not; inside of an expression the argument is a number.
   */
  private statementArgument(
    { nameStart, nameEnd, argument, atStatement }: Frame,
    close: number,
  ): void {
    const comma = argument - 1;
    const isAlone = atStatement && this.top()?.kind === 'body' && nameEnd - nameStart >= 5;
    if (!isAlone || this.text.charCodeAt(comma) !== 44) {
      this.put(argument, close, `0${blanked(this.text.slice(argument + 1, close))}`);
      return;
    }
    this.put(nameStart, nameEnd, 'while'.padEnd(nameEnd - nameStart));
    this.put(comma, argument, ')');
    this.put(close, close + 1, ';');
  }

  /** Handles a directive at `at`; @returns where scanning goes on */
  private directive(at: number): number {
    const { text } = this;
    const jump = this.skips.get(at);
    if (jump !== undefined) return jump;
    const end = skipDirective(text, at);
    const name = /^#\s*([a-z]+)/.exec(text.slice(at, Math.min(end, at + 24)))?.[1] ?? '';
    const kind = this.top()?.kind;
    if (name === 'define' || name === 'undef' || name === 'include') this.definition(at, end, kind);
    else if (name.startsWith('if') && kind !== undefined && kind !== 'members')
      this.conditional(at, kind);
    else if (name.startsWith('if')) this.saved.push(this.frames.length);
    else if (name === 'else' || name === 'elif')
      this.frames.length = Math.min(
        this.frames.length,
        this.saved[this.saved.length - 1] ?? this.frames.length,
      );
    else if (name === 'endif') this.saved.pop();
    return this.skips.get(at) ?? end;
  }

  /** The grammar ends a definition at a comment in it, and knows none inside a list or parentheses. */
  private definition(at: number, end: number, kind: FrameKind | undefined): void {
    const text = this.text.slice(at, end);
    if (kind === 'list' || kind === 'call' || kind === 'group') this.put(at, end, blanked(text));
    else if (text.includes('/*') && text.includes('\n')) {
      this.put(
        at,
        end,
        text.replace(/\/\*[^]*?\*\//g, (comment) =>
          comment.replace(/\\(?=\r?\n)|[^\r\n]/g, (c) => (c === '\\' ? c : ' ')),
        ),
      );
    }
  }

  /**
   * `#if` inside a body, a list or parentheses. Whole statements are left to the grammar; in a list
   * all branches stay and the directives go; elsewhere one branch stays.
   */
  private conditional(at: number, kind: FrameKind): void {
    const { text } = this;
    this.conditionals ??= conditionalsIn(text);
    const found = this.conditionals.get(at);
    // Each level looks through all that is inside it: nobody writes so many.
    if (!found || found.level > deepest) {
      this.saved.push(this.frames.length);
      return;
    }
    const whole = found.branches.every((branch) => isWhole(text, branch, kind === 'list'));
    // The grammar wants a statement after a label: a directive beside one has to go.
    const labels =
      this.previous === 58 ||
      found.branches.some((branch) => /:\s*$/.test(text.slice(branch.start, branch.end)));
    const statement =
      kind === 'body' &&
      whole &&
      !labels &&
      (this.previous === 59 || this.previous === 123 || this.previous === 125);
    if (statement) {
      this.saved.push(this.frames.length);
      return;
    }
    const keepAll = whole && (kind === 'list' || kind === 'body');
    const kept = found.branches.find(
      (branch) => text.slice(branch.start, branch.end).trim() !== '',
    );
    for (const line of found.directives) {
      this.put(line.start, line.end, blanked(text.slice(line.start, line.end)));
      this.skips.set(line.start, line.end);
    }
    for (const branch of found.branches) {
      if (keepAll || branch === kept) continue;
      this.put(branch.start, branch.end, blanked(text.slice(branch.start, branch.end)));
      this.skips.set(branch.directive, branch.end);
    }
  }
}

/** The offset after the parenthesis that matches the one at `open`. */
function closeOf(text: string, open: number): number {
  let level = 0;
  for (let i = open; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 40) level++;
    else if (code === 41 && --level === 0) return i + 1;
    else if (code === 34) i = skipString(text, i) - 1;
  }
  return open;
}
