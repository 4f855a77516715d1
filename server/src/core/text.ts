/**
 * Positions in source text. Every offset in this project is a UTF-16 code unit into the unmasked
 * text, which is what JavaScript strings, LSP and VS Code count in.
 */

/** A half-open range of UTF-16 offsets: `start` is inside, `end` is not. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A zero-based position: `character` counts UTF-16 code units from the line's start. */
export interface Position {
  readonly line: number;
  readonly character: number;
}

/** One replacement in one text. */
export interface TextEdit extends Span {
  readonly newText: string;
}

/**
 * The offset of each line's first character. `\n`, `\r\n` and a lone `\r` end a line, as in LSP.
 * @returns a non-empty ascending array that starts with 0
 */
export function lineStartsOf(text: string): number[] {
  const starts = [0];
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 10 || (code === 13 && text.charCodeAt(i + 1) !== 10)) starts.push(i + 1);
  }
  return starts;
}

/** The zero-based position of `offset`, given the line starts of its text. */
export function positionAt(lineStarts: readonly number[], offset: number): Position {
  let low = 0;
  let high = lineStarts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((lineStarts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return { line: low, character: offset - (lineStarts[low] ?? 0) };
}

/** The offset of a zero-based position; past the end of a line it is clamped to the line's end. */
export function offsetAt(lineStarts: readonly number[], length: number, at: Position): number {
  if (at.line >= lineStarts.length) return length;
  const start = lineStarts[at.line] ?? 0;
  const end = lineStarts[at.line + 1] ?? length;
  return Math.min(start + at.character, end);
}

/**
 * Applies edits to a text.
 * @param edits must not overlap; any order
 * @throws RangeError when two edits overlap or one lies outside the text
 */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  const ordered = [...edits].sort((a, b) => a.start - b.start || a.end - b.end);
  let out = '';
  let at = 0;
  for (const edit of ordered) {
    if (edit.start < at || edit.end < edit.start || edit.end > text.length) {
      throw new RangeError(`edit ${edit.start}..${edit.end} overlaps another or leaves the text`);
    }
    out += text.slice(at, edit.start) + edit.newText;
    at = edit.end;
  }
  return out + text.slice(at);
}

/** The edits with the line ends of the text that they go into. */
export function withLineEnds(edits: readonly TextEdit[], text: string): readonly TextEdit[] {
  const first = text.indexOf('\n');
  if (first <= 0 || text[first - 1] !== '\r') return edits;
  return edits.map((edit) => ({ ...edit, newText: edit.newText.replace(/\r?\n/g, '\r\n') }));
}
