/** "Export a fix as a patch to mail": asks the server for it and saves it where the user says. */
import * as vscode from 'vscode';
import {
  type FindingFixes,
  type PatchResult,
  patchRequest,
} from '../../../server/src/lsp/protocol.ts';
import { fromBase64 } from '../bytes.ts';
import type { FeatureContext } from '../context.ts';
import { commands } from '../contributions.ts';
import { tellFailure } from '../failures.ts';
import { pickFix } from './pick-fix.ts';

export function activateExportPatch(context: FeatureContext): void {
  context.subscriptions.push(
    vscode.commands.registerCommand(commands.exportPatch, (given: FindingFixes | undefined) =>
      exportPatch(context, given),
    ),
  );
}

async function exportPatch(
  context: FeatureContext,
  given: FindingFixes | undefined,
): Promise<void> {
  const params = await pickFix(given, vscode.l10n.t('Which fix is to be exported?'));
  if (params === undefined) return;
  try {
    const patch = await context.server.request<PatchResult | null>(patchRequest, params);
    if (patch) await save(patch, vscode.Uri.parse(params.uri));
    else
      await vscode.window.showInformationMessage(
        vscode.l10n.t('The fix does not fit the code any more.'),
      );
  } catch (error) {
    const words = vscode.l10n.t('The patch could not be written: {0}', String(error));
    await tellFailure(context, patchRequest, error, words);
  }
}

async function save(
  { name, content, subject, note }: PatchResult,
  source: vscode.Uri,
): Promise<void> {
  const folder =
    vscode.workspace.getWorkspaceFolder(source)?.uri ?? vscode.Uri.joinPath(source, '..');
  const target = await vscode.window.showSaveDialog({
    defaultUri: vscode.Uri.joinPath(folder, name),
    filters: { [vscode.l10n.t('Patches')]: ['patch'] },
    title: vscode.l10n.t('Export as Patch'),
  });
  if (target === undefined) return;
  await vscode.workspace.fs.writeFile(target, fromBase64(content));
  const open = vscode.l10n.t('Open');
  const said = note === null ? subject : `${subject} (${note})`;
  const choice = await vscode.window.showInformationMessage(
    vscode.l10n.t('Exported “{0}”. Read it, test it, and sign it off.', said),
    open,
  );
  if (choice === open) await vscode.window.showTextDocument(target);
}
