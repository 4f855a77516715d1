/**
 * What of a text a kernel of a known version compiles. The branches of `#if` that the version rules out
 * are blanked with their directives, at equal length: whoever reads the text after that sees one head, one
 * entry of a table, one body. What the version does not decide stays as it is.
 */
import {
  blanked,
  Char,
  classOf,
  directiveEnd,
  isWordCode,
  stringEnd,
} from '../syntax/characters.ts';
import { conditionIn, type KernelVersion } from './version-condition.ts';

interface Level {
  /** A branch that some configurations take stands before: the directives around the others stay. */
  kept: boolean;
  /** One branch is taken: no further one is. */
  taken: boolean;
  /** Where the branch that is left out begins, -1 in one that stays. */
  from: number;
}

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** @returns a text of the same length with the same line ends; the text itself where nothing is decided */
export function livingText(text: string, kernel: KernelVersion): string {
  if (kernel.version === undefined || !kernel.codes.some((code) => text.includes(code)))
    return text;
  const edits = new LivingReader(text, kernel).run();
  const parts: string[] = [];
  let at = 0;
  for (const edit of edits) {
    parts.push(text.slice(at, edit.start), edit.text);
    at = edit.end;
  }
  return parts.length === 0 ? text : parts.join('') + text.slice(at);
}

class LivingReader {
  private readonly levels: Level[] = [];
  private readonly edits: Edit[] = [];
  private readonly text: string;
  private readonly kernel: KernelVersion;
  /** So many `#if`s are open inside of what is left out. */
  private inside = 0;

  constructor(text: string, kernel: KernelVersion) {
    this.text = text;
    this.kernel = kernel;
  }

  run(): readonly Edit[] {
    const { text } = this;
    let fresh = true;
    for (let i = 0; i < text.length; ) {
      const code = text.charCodeAt(i);
      const kind = classOf(code);
      if (kind === Char.line || kind === Char.space) {
        fresh ||= kind === Char.line;
        i++;
      } else if (code === 47 && text.charCodeAt(i + 1) === 42) {
        const end = text.indexOf('*/', i + 2);
        i = end < 0 ? text.length : end + 2;
      } else if (code === 47 && text.charCodeAt(i + 1) === 47) {
        const end = text.indexOf('\n', i);
        i = end < 0 ? text.length : end;
      } else if (code === 35 && fresh) i = this.directive(i);
      else {
        fresh = false;
        // What is left out need not be C: `it's gone`.
        i = kind === Char.quote && !this.isOut ? stringEnd(text, i) : i + 1;
      }
    }
    if (this.isOut) this.leaveOut(text.length);
    return this.edits;
  }

  private get isOut(): boolean {
    return (this.levels[this.levels.length - 1]?.from ?? -1) >= 0;
  }

  private directive(at: number): number {
    const { text } = this;
    const end = directiveEnd(text, at);
    let start = at + 1;
    while (text.charCodeAt(start) === 32 || text.charCodeAt(start) === 9) start++;
    let close = start;
    while (isWordCode(text.charCodeAt(close))) close++;
    const name = text.slice(start, close);
    if (name.startsWith('if')) {
      if (this.isOut) this.inside++;
      else this.open(at, name, close, end);
    } else if (name === 'endif') {
      if (this.isOut && this.inside > 0) this.inside--;
      else this.close(at, end);
    } else if (name.startsWith('el') && (!this.isOut || this.inside === 0))
      this.branch({ at, start, close, end }, name);
    return end;
  }

  /** Of `#if` and `#elif` alone: which names are defined is the configuration's to say. */
  private decide(name: string, from: number, to: number): 0 | 1 | null {
    return name === 'if' || name === 'elif'
      ? conditionIn(this.text.slice(from, to), this.kernel)
      : null;
  }

  private open(at: number, name: string, from: number, end: number): void {
    const is = this.decide(name, from, end);
    this.levels.push({ kept: is === null, taken: is === 1, from: is === 0 ? at : -1 });
    if (is === 1) this.blank(at, end);
  }

  private branch(
    { at, start, close, end }: { at: number; start: number; close: number; end: number },
    name: string,
  ): void {
    const level = this.levels[this.levels.length - 1];
    if (!level) return;
    if (level.from >= 0) this.leaveOut(at);
    level.from = -1;
    const is = level.taken ? 0 : name === 'else' ? 1 : this.decide(name, close, end);
    if (is === 0) level.from = at;
    else if (is === 1) {
      level.taken = true;
      if (!level.kept) this.blank(at, end);
      else if (name !== 'else')
        this.put(start, end, `else${blanked(this.text.slice(start + 4, end))}`);
    } else if (!level.kept) {
      // The first branch that counts opens the conditional: `elif` becomes `if`.
      level.kept = true;
      this.put(start, close, name.slice(2).padEnd(name.length));
    }
  }

  private close(at: number, end: number): void {
    const level = this.levels[this.levels.length - 1];
    if (!level) return;
    if (level.from >= 0) this.leaveOut(at);
    this.levels.pop();
    if (!level.kept) this.blank(at, end);
  }

  /** Blanks the branch that ends at `end`. */
  private leaveOut(end: number): void {
    this.blank(this.levels[this.levels.length - 1]?.from ?? end, end);
    this.inside = 0;
  }

  private blank(start: number, end: number): void {
    this.put(start, end, blanked(this.text.slice(start, end)));
  }

  private put(start: number, end: number, text: string): void {
    this.edits.push({ start, end, text });
  }
}
