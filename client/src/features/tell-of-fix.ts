/** What is said once a fix is applied: what to look at, with a button to the findings that are new. */
import * as vscode from 'vscode';
import type { FixAppliedParams } from '../../../server/src/lsp/protocol.ts';
import type { FeatureContext } from '../context.ts';
import { commands } from '../contributions.ts';
import { withoutMarks } from './order-words.ts';

export function activateTellOfFix({ subscriptions }: FeatureContext): void {
  subscriptions.push(
    vscode.commands.registerCommand(commands.tellOfFix, (params: FixAppliedParams | undefined) => {
      // Not waited for: the message stays until it is dismissed.
      if (params !== undefined) void tell(params);
    }),
  );
}

async function tell({ title, notice, creates }: FixAppliedParams): Promise<void> {
  const text = withoutMarks(vscode.l10n.t('To look at: {0} ({1})', notice, title));
  if (creates.length === 0) {
    await vscode.window.showInformationMessage(text);
    return;
  }
  const show = vscode.l10n.t('Show Its Fixes');
  const choice = await vscode.window.showWarningMessage(text, show);
  if (choice === show) await goToNew(creates);
}

/** The code has changed since: what is new is where the server tells it now. */
async function goToNew(creates: readonly string[]): Promise<void> {
  for (const [uri, diagnostics] of vscode.languages.getDiagnostics()) {
    const found = diagnostics.find((one) => creates.includes(fingerprintOf(one) ?? ''));
    if (found === undefined) continue;
    const { start } = found.range;
    await vscode.window.showTextDocument(uri, { selection: new vscode.Range(start, start) });
    await vscode.commands.executeCommand('editor.action.quickFix');
    return;
  }
  vscode.window.setStatusBarMessage(
    vscode.l10n.t('The new finding is gone, or stands in a file that is not open.'),
    5000,
  );
}

/** The client of the protocol keeps what the server wrote beside a diagnostic. */
function fingerprintOf(diagnostic: vscode.Diagnostic): string | undefined {
  const { data } = diagnostic as { readonly data?: { readonly fingerprint?: unknown } };
  return typeof data?.fingerprint === 'string' ? data.fingerprint : undefined;
}
