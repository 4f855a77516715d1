/**
 * textDocument/codeAction: the fixes of the findings that the editor asks about, and after all of them
 * the comments that silence them.
 */
import {
  type CancellationToken,
  type CodeAction,
  CodeActionKind,
  type CodeActionParams,
  type Diagnostic,
  type Range,
} from 'vscode-languageserver/node';
import { ignoreFix } from '../../core/ignore-comment.ts';
import type { Finding, Fix } from '../../core/result.ts';
import { cancelled, protoContext, type ServerContext, throwIfCancelled } from '../context.ts';
import type { Snapshot } from '../session.ts';
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

function ignoring({ open, analyses }: Snapshot, finding: Finding): readonly Fix[] {
  const files = analyses.flatMap(({ analysis }) => analysis.program.files);
  const facts = files.find((file) => file.path === open.path);
  const fix = facts && ignoreFix(finding, open.document.getText(), facts.functions);
  return fix === undefined ? [] : [fix];
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
  const found = asked(params, snapshot.findings);
  const offer = (fixesOf: (finding: Finding) => readonly Fix[]): CodeAction[] =>
    found.flatMap(([finding, diagnostic]) =>
      fixesOf(finding).flatMap(
        (fix) => toCodeAction(fix, diagnostic ?? toDiagnostic(finding, context), context) ?? [],
      ),
    );
  return [...offer(({ fixes }) => fixes), ...offer((finding) => ignoring(snapshot, finding))];
}
