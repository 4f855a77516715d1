/** How VS Code's client asks for diagnostics, and what it makes of a refusal. */
import * as vscode from 'vscode';
import { type DiagnosticProviderMiddleware, vsdiag } from 'vscode-languageclient/node';

/**
 * A document whose request the client sees fail is never asked about again: it waits for that request
 * for ever. So a refusal is answered with "as before", which claims nothing, and the next change or
 * refresh asks anew. What was only overtaken is asked again by the client itself.
 */
export function diagnosticPull(log: vscode.LogOutputChannel): DiagnosticProviderMiddleware {
  return {
    provideDiagnostics: async (document, previousResultId, token, next) => {
      try {
        return await next(document, previousResultId, token);
      } catch (error) {
        const { data } = error as { readonly data?: { readonly retriggerRequest?: boolean } };
        const overtaken = error instanceof vscode.CancellationError;
        if (overtaken && data?.retriggerRequest !== false) throw error;
        if (!overtaken) log.error(`textDocument/diagnostic: ${String(error)}`);
        const kind = vsdiag.DocumentDiagnosticReportKind.unChanged;
        return { kind, resultId: previousResultId ?? '' };
      }
    },
  };
}
