/** Collects edits over files and hands them out in a fixed order. */
import { spanInside } from '../places.ts';
import type { FunctionRef } from '../program/program.ts';
import type { FileEdit } from '../result.ts';
import type { Span, TextEdit } from '../text.ts';

export class EditSet {
  private readonly byFile = new Map<string, Map<string, TextEdit>>();

  /** Replaces a range of a file. The same edit twice counts once. */
  put(file: string, span: Span, newText: string): void {
    const edits = this.byFile.get(file) ?? new Map<string, TextEdit>();
    edits.set(`${span.start}:${span.end}:${newText}`, {
      start: span.start,
      end: span.end,
      newText,
    });
    this.byFile.set(file, edits);
  }

  /** Replaces a range that is given relative to a function. */
  putInside(fn: FunctionRef, span: Span, newText: string): void {
    this.put(fn.file.path, spanInside(fn, span), newText);
  }

  /** Takes over what another fix does. */
  add(edits: readonly FileEdit[]): void {
    for (const { file, edits: list } of edits)
      for (const edit of list) this.put(file, edit, edit.newText);
  }

  /** Sorted by file and position. */
  list(): FileEdit[] {
    return [...this.byFile.entries()]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([file, edits]) => ({
        file,
        edits: [...edits.values()].sort((a, b) => a.start - b.start),
      }));
  }
}
