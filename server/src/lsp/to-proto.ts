/** From the engine's plain data to the protocol's. Orders are to-order.ts. */
import {
  type CodeAction,
  CodeActionKind,
  type Command,
  type Diagnostic,
  type DiagnosticRelatedInformation,
  DiagnosticSeverity,
  type Location,
  type Range,
  type SnippetTextEdit,
  type TextDocumentEdit,
  type TextEdit,
  type WorkspaceEdit,
} from 'vscode-languageserver';
import type { FileEdit, Finding, Fix, Place, Severity } from '../core/result.ts';
import { positionAt } from '../core/text.ts';
import type { ClientFeatures } from './client-features.ts';
import { digestOf } from './digest.ts';
import { type FixAppliedParams, fixAppliedCommand, tellOfFixCommand } from './protocol.ts';

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
  return digestOf(diagnostics);
}

function toTextEdits({ file, edits }: FileEdit, context: ProtoContext): TextEdit[] {
  const lines = context.lineStartsOf(file);
  return edits.map(({ start, end, newText }) => ({
    range: { start: positionAt(lines, start), end: positionAt(lines, end) },
    newText,
  }));
}

/** A text with words that the user is to replace, as a snippet that selects them. */
function toSnippet({ range, newText }: TextEdit, placeholder: string): SnippetTextEdit | undefined {
  const at = newText.indexOf(placeholder);
  if (at < 0) return undefined;
  const escaped = (text: string): string => text.replace(/[\\$}]/g, '\\$&');
  const before = escaped(newText.slice(0, at));
  const after = escaped(newText.slice(at + placeholder.length));
  const value = `${before}\${0:${escaped(placeholder)}}${after}`;
  return { range, snippet: { kind: 'snippet', value } };
}

/**
 * The edits of a fix. Nothing in them asks for confirmation: VS Code would leave the boxes of its
 * preview unticked then, and applying would change nothing. What should be known of the fix stands in
 * that preview for those who ask for it.
 */
export function toWorkspaceEdit(fix: Fix, context: ProtoContext): WorkspaceEdit {
  const { features } = context;
  if (!features.versionedEdits) {
    return {
      changes: Object.fromEntries(
        fix.edits.map((edit) => [context.uriOf(edit.file), toTextEdits(edit, context)]),
      ),
    };
  }
  const annotated = fix.notice !== undefined && features.annotatesEdits;
  const { placeholder } = fix;
  const documentChanges = fix.edits.map((edit): TextDocumentEdit => {
    const edits = toTextEdits(edit, context).map((change) => {
      if (annotated) return { ...change, annotationId: fix.id };
      const selects = placeholder !== undefined && features.snippetEdits;
      return (selects ? toSnippet(change, placeholder) : undefined) ?? change;
    });
    return {
      textDocument: { uri: context.uriOf(edit.file), version: context.versionOf(edit.file) },
      edits,
    };
  });
  if (!annotated) return { documentChanges };
  const annotation = { label: fix.title, needsConfirmation: false, description: fix.notice };
  return { documentChanges, changeAnnotations: { [fix.id]: annotation } };
}

/** What is said once a fix is applied, when there is something to know. */
export function afterwards(
  { title, notice, creates }: Fix,
  { features }: ProtoContext,
): Command | null {
  if (notice === undefined) return null;
  const params: FixAppliedParams = { title, notice, creates };
  const command = features.tellsOfFixes ? tellOfFixCommand : fixAppliedCommand;
  return { title: 'Say what to look at', command, arguments: [params] };
}

/** @returns undefined when the client has no way to show the action */
export function toCodeAction(
  fix: Fix,
  diagnostic: Diagnostic,
  context: ProtoContext,
  kind: CodeActionKind = CodeActionKind.QuickFix,
): CodeAction | undefined {
  const base: CodeAction = {
    title: fix.title,
    kind,
    diagnostics: [diagnostic],
  };
  if (fix.safety === 'manual') {
    if (!context.features.disabledActions) return undefined;
    return { ...base, disabled: { reason: fix.reason ?? 'this one has to be done by hand' } };
  }
  const edit = toWorkspaceEdit(fix, context);
  const command = afterwards(fix, context);
  return {
    ...base,
    edit,
    ...(command === null ? {} : { command }),
    ...(fix.preferred && context.features.preferredActions ? { isPreferred: true } : {}),
  };
}
