/** textDocument/inlayHint: when what a line registers or allocates is given back. */
import type { InlayHint, Position, Range } from 'vscode-languageserver/node';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { explainPositions } from '../../core/annotations/explain.ts';
import { managedCallsIn, takes } from '../../core/annotations/managed-calls.ts';
import type { StepPosition } from '../../core/annotations/positions.ts';
import { hintLabel, scopeNames } from '../../core/annotations/short-texts.ts';
import { placeInside } from '../../core/places.ts';
import type { Scope } from '../../core/result.ts';
import type { AnnotatedDocument } from '../annotated.ts';
import type { ServerContext } from '../context.ts';
import { styleOf, toContent } from '../to-content.ts';

/** Behind all that the line says: nothing between a name and its parenthesis moves apart. */
function lineEnd(document: TextDocument, line: number): Position {
  const text = document.getText({
    start: { line, character: 0 },
    end: { line: line + 1, character: 0 },
  });
  return { line, character: text.replace(/\s+$/, '').length };
}

function toHint(
  server: ServerContext,
  document: TextDocument,
  line: number,
  scope: Scope,
  positions: readonly StepPosition[],
): InlayHint | undefined {
  const label = hintLabel(positions);
  if (label === '') return undefined;
  const style = styleOf(server);
  const lines = [style.strong(scopeNames[scope]), '', ...explainPositions(style, positions)];
  return {
    position: lineEnd(document, line),
    label,
    paddingLeft: true,
    tooltip: toContent(server, lines.join('\n')),
  };
}

/** Of several modules with the same file the first that reaches a call tells of it. */
export function hintsOf(
  server: ServerContext,
  { snapshot, modules }: AnnotatedDocument,
): InlayHint[] {
  if (!server.session.workspace.settings.inlayHints) return [];
  const { document, path } = snapshot.open;
  const hints = new Map<number, InlayHint>();
  for (const { pass, positions } of modules) {
    for (const managed of managedCallsIn(pass, path)) {
      const place = placeInside(managed.fn, managed.call);
      if (!takes(managed) || hints.has(place.start)) continue;
      const at = positions.registeredAt(place);
      const hint = toHint(server, document, place.to.line, managed.api.scope, at);
      if (hint) hints.set(place.start, hint);
    }
  }
  return [...hints.values()];
}

export function hintsWithin(hints: readonly InlayHint[], { start, end }: Range): InlayHint[] {
  return hints.filter(({ position: { line } }) => start.line <= line && line <= end.line);
}
