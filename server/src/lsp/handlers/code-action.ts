/** textDocument/codeAction: the fixes of the findings that the editor asks about. */
import {
  type CancellationToken,
  type CodeAction,
  CodeActionKind,
  type CodeActionParams,
  type Diagnostic,
  type Range,
} from 'vscode-languageserver/node';
import type { Finding } from '../../core/result.ts';
import { cancelled, protoContext, type ServerContext, throwIfCancelled } from '../context.ts';
import { type DiagnosticData, toCodeAction, toDiagnostic, toRange } from '../to-proto.ts';

function wantsQuickFixes(only: readonly string[] | undefined): boolean {
  return only === undefined || only.some((kind) => kind === '' || kind === CodeActionKind.QuickFix);
}

function touches(a: Range, b: Range): boolean {
  const before = (x: Range, y: Range): boolean =>
    x.end.line < y.start.line ||
    (x.end.line === y.start.line && x.end.character < y.start.character);
  return !before(a, b) && !before(b, a);
}

/**
 * The finding behind a diagnostic. The fingerprint survives edits; a client that dropped `data` is
 * served by place and rule.
 */
function findingOf(diagnostic: Diagnostic, findings: readonly Finding[]): Finding | undefined {
  const data = diagnostic.data as Partial<DiagnosticData> | undefined;
  const named = findings.filter((finding) => finding.rule === diagnostic.code);
  const exact = named.find((finding) => finding.fingerprint === data?.fingerprint);
  return (
    exact ??
    named.find(
      (finding) =>
        data?.fingerprint === undefined && touches(toRange(finding.place), diagnostic.range),
    )
  );
}

/** What the editor asks about: its diagnostics, or without any of ours the range. */
function asked(
  { context, range }: CodeActionParams,
  findings: readonly Finding[],
): readonly (readonly [Finding, Diagnostic | undefined])[] {
  const ours = context.diagnostics.filter((diagnostic) => diagnostic.source === 'driver-teardown');
  if (ours.length === 0) {
    return findings
      .filter((finding) => touches(toRange(finding.place), range))
      .map((finding) => [finding, undefined]);
  }
  return ours.flatMap((diagnostic) => {
    const finding = findingOf(diagnostic, findings);
    return finding === undefined ? [] : [[finding, diagnostic] as const];
  });
}

export async function codeActions(
  server: ServerContext,
  params: CodeActionParams,
  token: CancellationToken,
): Promise<CodeAction[]> {
  if (!server.features.actionLiterals || !wantsQuickFixes(params.context.only)) return [];
  const snapshot = await server.session.analyse(
    params.textDocument.uri,
    () => token.isCancellationRequested,
  );
  throwIfCancelled(token);
  if (snapshot === undefined) {
    if (server.session.get(params.textDocument.uri) === undefined) return [];
    throw cancelled();
  }
  const context = protoContext(server, snapshot.open.handle.project, snapshot.analyses);
  return asked(params, snapshot.findings).flatMap(([finding, diagnostic]) =>
    finding.fixes.flatMap(
      (fix) => toCodeAction(fix, diagnostic ?? toDiagnostic(finding, context), context) ?? [],
    ),
  );
}
