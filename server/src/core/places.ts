/** From offsets in facts to places in a report. */
import type { FunctionRef } from './program/program.ts';
import type { Place } from './result.ts';
import { type Position, positionAt, type Span } from './text.ts';

/** What a place needs to know of its file. */
export interface TextFile {
  readonly path: string;
  readonly lineStarts: readonly number[];
}

/** A range of a file. Where it is in the newest text is looked up when somebody asks. */
export function placeIn(file: TextFile, span: Span): Place {
  return new Somewhere(file, () => span);
}

/** A range inside a function, given relative to its definition. */
export function placeInside(fn: FunctionRef, span: Span): Place {
  return new Somewhere(fn.file, () => spanInside(fn, span));
}

/** A place as it is now, as plain data. */
export function plainPlace({ file, start, end, from, to }: Place): Place {
  return { file, start, end, from, to };
}

/** What is found stays found while the text above it changes: so a place follows its text. */
class Somewhere implements Place {
  private readonly unit: TextFile;
  private readonly span: () => Span;

  constructor(unit: TextFile, span: () => Span) {
    this.unit = unit;
    this.span = span;
  }

  get file(): string {
    return this.unit.path;
  }

  get start(): number {
    return this.span().start;
  }

  get end(): number {
    return this.span().end;
  }

  get from(): Position {
    return positionAt(this.unit.lineStarts, this.start);
  }

  get to(): Position {
    return positionAt(this.unit.lineStarts, this.end);
  }

  /** As data. */
  toJSON(): Place {
    return plainPlace(this);
  }
}

/** The same as file offsets. */
export function spanInside(fn: FunctionRef, span: Span): Span {
  return { start: fn.def.start + span.start, end: fn.def.start + span.end };
}

/** The name of a function where it is defined. */
export function namePlace(fn: FunctionRef): Place {
  const { nameStart, nameEnd } = fn.facts;
  return placeInside(fn, { start: nameStart, end: nameEnd });
}
