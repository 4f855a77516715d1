/**
 * "Preview a fix…": VS Code's own preview of edits, with every box ticked, for those who ask for it.
 * A fix that is chosen in the menu is applied at once.
 */
import * as vscode from 'vscode';
import {
  type FindingFixes,
  type FixEditResult,
  fixEditRequest,
} from '../../../server/src/lsp/protocol.ts';
import type { FeatureContext } from '../context.ts';
import { commands } from '../contributions.ts';
import { tellFailure } from '../failures.ts';
import { pickFix } from './pick-fix.ts';

export function activatePreviewFix(context: FeatureContext): void {
  context.subscriptions.push(
    vscode.commands.registerCommand(commands.previewFix, (given: FindingFixes | undefined) =>
      previewFix(context, given),
    ),
  );
}

async function previewFix(context: FeatureContext, given: FindingFixes | undefined): Promise<void> {
  const params = await pickFix(given, vscode.l10n.t('Which fix is to be previewed?'));
  if (params === undefined) return;
  try {
    const result = await context.server.request<FixEditResult | null>(fixEditRequest, params);
    const edit = result ? await context.server.toWorkspaceEdit(result.edit) : undefined;
    if (result && edit) {
      const isApplied = await preview(edit, result.title);
      if (isApplied && result.afterwards)
        await vscode.commands.executeCommand(
          result.afterwards.command,
          ...(result.afterwards.arguments ?? []),
        );
    } else
      await vscode.window.showInformationMessage(
        vscode.l10n.t('The fix does not fit the code any more.'),
      );
  } catch (error) {
    const words = vscode.l10n.t('The fix could not be previewed: {0}', String(error));
    await tellFailure(context, fixEditRequest, error, words);
  }
}

/**
 * VS Code previews edits when one of them wants to be confirmed, and leaves that one's box unticked. The
 * one that wants it here creates a file that exists, which is nothing to do and has no box.
 */
async function preview(edit: vscode.WorkspaceEdit, title: string): Promise<boolean> {
  const [first] = edit.entries();
  if (first === undefined) return false;
  const metadata = { needsConfirmation: true, label: title };
  edit.createFile(first[0], { ignoreIfExists: true }, metadata);
  return vscode.workspace.applyEdit(edit);
}
