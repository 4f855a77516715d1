/** "Open the Sample": a driver with one mistake, copied to where it may be edited. */
import * as vscode from 'vscode';
import type { FeatureContext } from '../context.ts';
import { commands } from '../contributions.ts';

export function activateSample(
  { subscriptions, log }: FeatureContext,
  extension: vscode.ExtensionContext,
): void {
  subscriptions.push(
    vscode.commands.registerCommand(commands.openSample, async () => {
      try {
        await openSample(extension);
      } catch (error) {
        log.warn(`The sample could not be copied: ${String(error)}`);
        // A walkthrough offers it everywhere; an extension in a browser lies in no folder.
        await vscode.window.showInformationMessage(
          vscode.l10n.t(
            'The sample can be opened only where VS Code runs on a machine with a disk.',
          ),
        );
      }
    }),
  );
}

async function openSample({
  extensionUri,
  globalStorageUri,
}: vscode.ExtensionContext): Promise<void> {
  const target = vscode.Uri.joinPath(globalStorageUri, 'sample');
  // As it was shipped, whatever was tried on it the last time.
  await vscode.workspace.fs.copy(vscode.Uri.joinPath(extensionUri, 'sample'), target, {
    overwrite: true,
  });
  const folder = vscode.Uri.joinPath(target, 'sample_gpu');
  if (vscode.workspace.workspaceFolders === undefined) {
    await vscode.commands.executeCommand('vscode.openFolder', target, { forceNewWindow: false });
    return;
  }
  const document = await vscode.workspace.openTextDocument(
    vscode.Uri.joinPath(folder, 'sample_migrate.c'),
  );
  const line = document
    .getText()
    .split('\n')
    .findIndex((text) => text.includes('drmm_add_action'));
  const at = new vscode.Position(Math.max(line, 0), 0);
  await vscode.window.showTextDocument(document, { selection: new vscode.Range(at, at) });
}
