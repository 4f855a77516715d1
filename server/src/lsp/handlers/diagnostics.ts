/** textDocument/diagnostic, and pushed diagnostics for clients that never ask. */
import {
  type CancellationToken,
  type Diagnostic,
  type DocumentDiagnosticParams,
  type DocumentDiagnosticReport,
  DocumentDiagnosticReportKind,
} from 'vscode-languageserver/node';
import {
  cancelled,
  logFailure,
  movedOn,
  protoContext,
  type ServerContext,
  throwIfCancelled,
} from '../context.ts';
import { GivenUp } from '../reading.ts';
import type { OpenDocument, Snapshot } from '../session.ts';
import { resultIdOf, toDiagnostic } from '../to-proto.ts';

/** A burst of keystrokes is one change to a client that does not ask by itself. */
const pushDelayMs = 120;

export function diagnosticsOf(
  server: ServerContext,
  { open, analyses, findings }: Snapshot,
): Diagnostic[] {
  const context = protoContext(server, open.handle.project, analyses);
  return findings.map((finding) => toDiagnostic(finding, context));
}

export async function pullDiagnostics(
  server: ServerContext,
  { textDocument, previousResultId }: DocumentDiagnosticParams,
  token: CancellationToken,
): Promise<DocumentDiagnosticReport> {
  const open = server.session.get(textDocument.uri);
  if (open === undefined) return { kind: DocumentDiagnosticReportKind.Full, items: [] };
  const asked = open.document.version;
  const snapshot = await server.session.analyse(
    textDocument.uri,
    () => token.isCancellationRequested,
  );
  throwIfCancelled(token);
  if (snapshot === undefined) throw cancelled();
  if (snapshot.version !== asked) throw movedOn();
  const items = diagnosticsOf(server, snapshot);
  const resultId = resultIdOf(items);
  if (resultId === previousResultId)
    return { kind: DocumentDiagnosticReportKind.Unchanged, resultId };
  return { kind: DocumentDiagnosticReportKind.Full, items, resultId };
}

/** Pushes the diagnostics of open documents, some time after they changed. */
export class DiagnosticPush {
  private readonly server: ServerContext;
  private timer: NodeJS.Timeout | undefined;
  /** What was sent last for each document, so that nothing is sent twice. */
  private readonly sent = new Map<string, string>();

  constructor(server: ServerContext) {
    this.server = server;
  }

  /** All open documents are looked at: an edit in one file may change what is found in another. */
  soon(delay = pushDelayMs): void {
    if (this.server.features.pullsDiagnostics) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(
      () => logFailure(this.server.connection, 'publishDiagnostics', this.pushAll()),
      delay,
    );
  }

  /** A closed document's squiggles go. */
  async clear(uri: string): Promise<void> {
    if (this.server.features.pullsDiagnostics) return;
    this.sent.delete(uri);
    await this.server.connection.sendDiagnostics({ uri, diagnostics: [] });
  }

  private async pushAll(): Promise<void> {
    const { quiet, session } = this.server;
    for (const open of session.all()) {
      try {
        await quiet.during(open.document.uri, () => this.push(open));
      } catch (error) {
        // A module that was given up has nothing to push; the other documents have.
        if (!(error instanceof GivenUp)) throw error;
      }
    }
  }

  private async push({ document }: OpenDocument): Promise<void> {
    const snapshot = await this.server.session.analyse(document.uri);
    if (snapshot === undefined || snapshot.version !== document.version) return;
    const diagnostics = diagnosticsOf(this.server, snapshot);
    const id = `${snapshot.version} ${resultIdOf(diagnostics)}`;
    if (this.sent.get(document.uri) === id) return;
    this.sent.set(document.uri, id);
    await this.server.connection.sendDiagnostics({
      uri: document.uri,
      version: snapshot.version,
      diagnostics,
    });
  }
}
