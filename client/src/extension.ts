/** Wires the features together. What they do is theirs. */
import * as vscode from 'vscode';
import type { FeatureContext } from './context.ts';
import { activateAnnotations } from './features/annotations.ts';
import { activateCommands } from './features/commands.ts';
import { activateExportPatch } from './features/export-patch.ts';
import { activateLifetimes } from './features/lifetimes.ts';
import { activateOrderView } from './features/order-view.ts';
import { activateStatus } from './features/status.ts';
import { activateTint } from './features/tint.ts';
import { activateWhatIf } from './features/what-if.ts';
import { ServerConnection } from './server-connection.ts';

/** Called by VS Code when a C file is opened, the view is shown or a command is run. */
export async function activate(extension: vscode.ExtensionContext): Promise<void> {
  const log = vscode.window.createOutputChannel('Driver Teardown', { log: true });
  const server = new ServerConnection(extension.asAbsolutePath('dist/server.cjs'), log);
  const { subscriptions, workspaceState: memory } = extension;
  const context: FeatureContext = { subscriptions, memory, log, server };
  // Disposed of in reverse: features first, then the server, then the log that they all write to.
  extension.subscriptions.push(log, server);
  activateStatus(context);
  activateCommands(context);
  activateOrderView(context);
  activateLifetimes(context, vscode.Uri.joinPath(extension.extensionUri, 'dist'));
  activateWhatIf(context);
  activateExportPatch(context);
  activateAnnotations(context);
  activateTint(context);
  await server.start();
}
