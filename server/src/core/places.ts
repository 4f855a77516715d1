/** From offsets in facts to places in a report. */
import type { FileFacts } from './facts/types.ts';
import type { FunctionRef } from './program/program.ts';
import type { Place } from './result.ts';
import { positionAt, type Span } from './text.ts';

/** A range of a file. */
export function placeIn(file: FileFacts, span: Span): Place {
  return {
    file: file.path,
    start: span.start,
    end: span.end,
    from: positionAt(file.lineStarts, span.start),
    to: positionAt(file.lineStarts, span.end),
  };
}

/** A range inside a function, given relative to its definition. */
export function placeInside(fn: FunctionRef, span: Span): Place {
  return placeIn(fn.file, spanInside(fn, span));
}

/** The same as file offsets. */
export function spanInside(fn: FunctionRef, span: Span): Span {
  return { start: fn.def.start + span.start, end: fn.def.start + span.end };
}

/** The name of a function where it is defined. */
export function namePlace(fn: FunctionRef): Place {
  return placeInside(fn, { start: fn.facts.nameStart, end: fn.facts.nameEnd });
}
