/** From the engine's plain data to the protocol's. Orders are to-order.ts. */
import { createHash } from 'node:crypto';
import {
  type CodeAction,
  CodeActionKind,
  type Diagnostic,
  type DiagnosticRelatedInformation,
  DiagnosticSeverity,
  type Location,
  type Range,
  type TextDocumentEdit,
  type TextEdit,
  type WorkspaceEdit,
} from 'vscode-languageserver';
import type { FileEdit, Finding, Fix, Place, Severity } from '../core/result.ts';
import { positionAt } from '../core/text.ts';
import type { ClientFeatures } from './client-features.ts';

/** What the conversion must know of the world. */
export interface ProtoContext {
  readonly features: ClientFeatures;
  uriOf(file: string): string;
  /** The version of the open document that the analysis read; null for a file on disk. */
  versionOf(file: string): number | null;
  lineStartsOf(file: string): readonly number[];
  /** Where the page of a rule lies, for the link at the diagnostic's code. */
  pageOf(rule: string): string | undefined;
}

/** What a diagnostic carries back to us in a code action request. */
export interface DiagnosticData {
  readonly fingerprint: string;
}

const severities: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  info: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
};

export function toRange({ from, to }: Place): Range {
  return { start: from, end: to };
}

export function toLocation(place: Place, context: ProtoContext): Location {
  return { uri: context.uriOf(place.file), range: toRange(place) };
}

export function toDiagnostic(finding: Finding, context: ProtoContext): Diagnostic {
  const data: DiagnosticData = { fingerprint: finding.fingerprint };
  const diagnostic: Diagnostic = {
    range: toRange(finding.place),
    severity: severities[finding.severity],
    code: finding.rule,
    source: 'driver-teardown',
    message: finding.message,
    data,
  };
  const page = context.features.codeDescription ? context.pageOf(finding.rule) : undefined;
  if (page !== undefined) diagnostic.codeDescription = { href: page };
  if (context.features.relatedInformation && finding.chain.length > 0) {
    diagnostic.relatedInformation = finding.chain.map((link): DiagnosticRelatedInformation => {
      return { location: toLocation(link.place, context), message: link.message };
    });
  }
  return diagnostic;
}

/** Equal diagnostics have equal ids, so that the client can be told that nothing changed. */
export function resultIdOf(diagnostics: readonly Diagnostic[]): string {
  return createHash('sha1').update(JSON.stringify(diagnostics)).digest('base64url');
}

function toTextEdits({ file, edits }: FileEdit, context: ProtoContext): TextEdit[] {
  const lines = context.lineStartsOf(file);
  return edits.map(({ start, end, newText }) => ({
    range: { start: positionAt(lines, start), end: positionAt(lines, end) },
    newText,
  }));
}

/** A fix whose notice should be read first is shown for confirmation where the client can do that. */
export function toWorkspaceEdit(fix: Fix, context: ProtoContext): WorkspaceEdit {
  if (!context.features.versionedEdits) {
    return {
      changes: Object.fromEntries(
        fix.edits.map((edit) => [context.uriOf(edit.file), toTextEdits(edit, context)]),
      ),
    };
  }
  const confirm = fix.safety === 'unsafe' && context.features.confirmsEdits;
  const documentChanges = fix.edits.map((edit): TextDocumentEdit => {
    const edits = toTextEdits(edit, context);
    return {
      textDocument: { uri: context.uriOf(edit.file), version: context.versionOf(edit.file) },
      edits: confirm ? edits.map((change) => ({ ...change, annotationId: fix.id })) : edits,
    };
  });
  if (!confirm) return { documentChanges };
  const annotation = {
    label: fix.title,
    needsConfirmation: true,
    ...(fix.notice === undefined ? {} : { description: fix.notice }),
  };
  return { documentChanges, changeAnnotations: { [fix.id]: annotation } };
}

/** @returns undefined when the client has no way to show the action */
export function toCodeAction(
  fix: Fix,
  diagnostic: Diagnostic,
  context: ProtoContext,
): CodeAction | undefined {
  const base: CodeAction = {
    title: fix.title,
    kind: CodeActionKind.QuickFix,
    diagnostics: [diagnostic],
  };
  if (fix.safety === 'manual') {
    if (!context.features.disabledActions) return undefined;
    return { ...base, disabled: { reason: fix.reason ?? 'this one has to be done by hand' } };
  }
  const edit = toWorkspaceEdit(fix, context);
  return {
    ...base,
    edit,
    ...(fix.preferred && context.features.preferredActions ? { isPreferred: true } : {}),
  };
}
