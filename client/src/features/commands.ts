/** The commands that are not part of a view: server, log, and checking more than the open file. */
import * as vscode from 'vscode';
import type { CheckFolderResult } from '../../../server/src/lsp/protocol.ts';
import { wasCancelled } from '../cancelled.ts';
import { documentSelector, type FeatureContext } from '../context.ts';
import { commands, serverCommands } from '../contributions.ts';

export function activateCommands(context: FeatureContext): void {
  const register = (id: string, run: (...args: unknown[]) => unknown): void => {
    context.subscriptions.push(vscode.commands.registerCommand(id, run));
  };
  register(commands.showLog, () => context.log.show());
  register(commands.restartServer, () => context.server.restart());
  register(commands.readOpenModule, () => readOpenModule(context));
  register(commands.checkThisFolder, (clicked) => checkThisFolder(context, clicked));
  register(commands.checkWorkspace, () => checkWorkspace(context));
}

/** Reads the module of the open file after all, when that was cancelled. */
async function readOpenModule({ server }: FeatureContext): Promise<void> {
  const open = vscode.window.activeTextEditor?.document.uri;
  if (open === undefined) return;
  const params = { command: serverCommands.readModule, arguments: [open.toString()] };
  await server.request('workspace/executeCommand', params);
}

/** The folder that was clicked in the explorer, or else the one of the open file. */
async function checkThisFolder(context: FeatureContext, clicked: unknown): Promise<void> {
  const open = vscode.window.activeTextEditor?.document.uri;
  const folder =
    clicked instanceof vscode.Uri
      ? clicked
      : open !== undefined && documentSelector.some(({ scheme }) => scheme === open.scheme)
        ? vscode.Uri.joinPath(open, '..')
        : undefined;
  if (folder === undefined) {
    await vscode.window.showInformationMessage(
      vscode.l10n.t('Open a file of the folder that is to be checked.'),
    );
    return;
  }
  await checkFolders(context, [folder]);
}

async function checkWorkspace(context: FeatureContext): Promise<void> {
  const folders = (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri);
  if (folders.length === 0) {
    await vscode.window.showInformationMessage(vscode.l10n.t('There is no folder open to check.'));
    return;
  }
  await checkFolders(context, folders);
}

/** Asks the server, which shows its progress itself, with a way to cancel. */
async function checkFolders(
  context: FeatureContext,
  folders: readonly vscode.Uri[],
): Promise<void> {
  const { server, log } = context;
  if (server.state !== 'running') {
    await vscode.window.showWarningMessage(
      vscode.l10n.t('The Driver Teardown server is not running.'),
    );
    return;
  }
  if (!server.offersCommand(serverCommands.checkFolder)) {
    await vscode.window.showWarningMessage(vscode.l10n.t('This server cannot check a folder.'));
    return;
  }
  for (const folder of folders) {
    const params = { command: serverCommands.checkFolder, arguments: [folder.toString()] };
    try {
      const result = await server.request<CheckFolderResult>('workspace/executeCommand', params);
      if (result !== undefined) tell(folder, result);
    } catch (error) {
      if (wasCancelled(error)) return;
      log.error(`Checking ${folder.fsPath} failed: ${String(error)}`);
      await vscode.window.showErrorMessage(
        vscode.l10n.t('Checking {0} failed: {1}', folder.fsPath, String(error)),
      );
      return;
    }
  }
}

/** Not waited for: the message stays until it is dismissed, the next folder need not. */
function tell(folder: vscode.Uri, result: CheckFolderResult): void {
  const where = vscode.workspace.asRelativePath(folder);
  const text = vscode.l10n.t(
    '{0}: {1} findings in {2} modules ({3} files)',
    where,
    result.findings,
    result.modules,
    result.files,
  );
  const showProblems = vscode.l10n.t('Show Problems');
  const buttons = result.findings > 0 ? [showProblems] : [];
  void vscode.window.showInformationMessage(text, ...buttons).then((choice) => {
    if (choice === showProblems)
      return vscode.commands.executeCommand('workbench.actions.view.problems');
    return undefined;
  });
}
