/** A text that is edited in rounds, and the edits of all rounds in terms of where it began. */
import type { TextEdit } from '../../text.ts';

/** A part of the original, or text that is new. */
type Piece = { readonly from: number; readonly to: number } | { readonly text: string };

export class Pieces {
  private readonly original: string;
  private list: Piece[];
  private current: string;

  constructor(original: string) {
    this.original = original;
    this.current = original;
    this.list = [{ from: 0, to: original.length }];
  }

  get text(): string {
    return this.current;
  }

  /** @throws RangeError when two edits overlap */
  apply(edits: readonly TextEdit[]): void {
    const ordered = [...edits].sort((a, b) => a.start - b.start || a.end - b.end);
    const out: Piece[] = [];
    let at = 0;
    for (const edit of ordered) {
      if (edit.start < at || edit.end > this.current.length) throw new RangeError('edits overlap');
      out.push(...this.slice(at, edit.start), { text: edit.newText });
      at = edit.end;
    }
    out.push(...this.slice(at, this.current.length));
    this.list = out.filter((piece) =>
      'text' in piece ? piece.text !== '' : piece.to > piece.from,
    );
    this.current = this.list.map((piece) => this.textOf(piece)).join('');
  }

  /** Replacements in the original, in order, none touching the next. */
  edits(): TextEdit[] {
    const out: TextEdit[] = [];
    let at = 0;
    let added = '';
    const flush = (to: number): void => {
      if (to > at || added !== '') out.push(this.trimmed({ start: at, end: to, newText: added }));
      added = '';
    };
    for (const piece of this.list) {
      if ('text' in piece) {
        added += piece.text;
        continue;
      }
      flush(piece.from);
      at = piece.to;
    }
    flush(this.original.length);
    return out.filter((edit) => edit.end > edit.start || edit.newText !== '');
  }

  /** An edit without what it leaves as it was at its ends; whole words, which is what a preview shows. */
  private trimmed({ start, end, newText }: TextEdit): TextEdit {
    const old = this.original.slice(start, end);
    const most = Math.min(old.length, newText.length);
    let head = 0;
    while (head < most && old[head] === newText[head]) head++;
    while (head > 0 && isInWord(old, head, newText)) head--;
    let tail = 0;
    while (tail < most - head && old[old.length - 1 - tail] === newText[newText.length - 1 - tail])
      tail++;
    while (
      tail > 0 &&
      isWord(old[old.length - tail]) &&
      (isWord(old[old.length - tail - 1]) || isWord(newText[newText.length - tail - 1]))
    )
      tail--;
    return {
      start: start + head,
      end: end - tail,
      newText: newText.slice(head, newText.length - tail),
    };
  }

  private textOf(piece: Piece): string {
    return 'text' in piece ? piece.text : this.original.slice(piece.from, piece.to);
  }

  private slice(from: number, to: number): Piece[] {
    const out: Piece[] = [];
    let at = 0;
    for (const piece of this.list) {
      const length = 'text' in piece ? piece.text.length : piece.to - piece.from;
      const start = Math.max(from - at, 0);
      const end = Math.min(to - at, length);
      if (start < end)
        out.push(
          'text' in piece
            ? { text: piece.text.slice(start, end) }
            : { from: piece.from + start, to: piece.from + end },
        );
      at += length;
    }
    return out;
  }
}

function isWord(char: string | undefined): boolean {
  return char !== undefined && /\w/.test(char);
}

/** Whether `at` parts a word of one of the two texts, which are equal before it. */
function isInWord(old: string, at: number, newText: string): boolean {
  return isWord(old[at - 1]) && (isWord(old[at]) || isWord(newText[at]));
}
