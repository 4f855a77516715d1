/**
 * textDocument/hover on registrations, callbacks, managed APIs and entry points. Of anything else
 * we say nothing, so that the hover of the other servers of C stands alone.
 */
import type { CancellationToken, Hover, HoverParams, Range } from 'vscode-languageserver/node';
import { explainCall, explainCallback, explainEntry } from '../../core/annotations/explain.ts';
import type { ManagedCall } from '../../core/annotations/managed-calls.ts';
import type { Style } from '../../core/annotations/style.ts';
import { type Target, targetAt } from '../../core/annotations/target.ts';
import { namePlace, placeInside } from '../../core/places.ts';
import type { FunctionRef } from '../../core/program/program.ts';
import type { Finding } from '../../core/result.ts';
import type { Span } from '../../core/text.ts';
import { type AnnotatedModule, annotated } from '../annotated.ts';
import type { ServerContext } from '../context.ts';
import { styleOf, toContent } from '../to-content.ts';

function callText(style: Style, module: AnnotatedModule, managed: ManagedCall): string {
  const { pass, positions, findings } = module;
  const place = placeInside(managed.fn, managed.call);
  const here = findings.filter(
    (finding) =>
      finding.place.file === place.file &&
      place.start <= finding.place.start &&
      finding.place.end <= place.end,
  );
  return explainCall(style, managed, positions.registeredAt(place), here, pass.catalog);
}

/** The findings whose evidence begins with running the function. */
function findingsOf({ findings }: AnnotatedModule, fn: FunctionRef): readonly Finding[] {
  const { file, start } = namePlace(fn);
  return findings.filter(({ chain }) =>
    chain.some(
      ({ role, place }) => role === 'callback' && place.file === file && place.start === start,
    ),
  );
}

function functionText(style: Style, module: AnnotatedModule, fn: FunctionRef): string | undefined {
  const place = namePlace(fn);
  const [entry] = module.positions.entriesAt(place);
  if (entry) return explainEntry(style, entry, module.findings);
  const ran = module.positions.ranAt(place).filter(({ step }) => step.action === fn.name);
  if (ran.length === 0) return undefined;
  return explainCallback(style, fn.name, ran, findingsOf(module, fn));
}

function textOf(style: Style, module: AnnotatedModule, target: Target): string | undefined {
  return target.kind === 'call'
    ? callText(style, module, target.managed)
    : functionText(style, module, target.fn);
}

export async function hover(
  server: ServerContext,
  { textDocument, position }: HoverParams,
  token: CancellationToken,
): Promise<Hover | null> {
  const found = await annotated(server, textDocument.uri, token);
  if (found === undefined) return null;
  const { document, path } = found.snapshot.open;
  const offset = document.offsetAt(position);
  const rangeOf = ({ start, end }: Span): Range => ({
    start: document.positionAt(start),
    end: document.positionAt(end),
  });
  for (const module of found.modules) {
    const target = targetAt(module.pass, path, offset);
    const text = target && textOf(styleOf(server), module, target);
    if (target && text !== undefined)
      return { contents: toContent(server, text), range: rangeOf(target.span) };
  }
  return null;
}
