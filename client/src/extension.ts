/** Wires the features together. What they do is theirs. */
import * as vscode from 'vscode';
import type { FeatureContext } from './context.ts';
import { activateCommands } from './features/commands.ts';
import { activateOrderView } from './features/order-view.ts';
import { activateStatus } from './features/status.ts';
import { ServerConnection } from './server-connection.ts';

/** Called by VS Code when a C file is opened, the view is shown or a command is run. */
export async function activate(extension: vscode.ExtensionContext): Promise<void> {
  const log = vscode.window.createOutputChannel('Driver Teardown', { log: true });
  const server = new ServerConnection(extension.asAbsolutePath('dist/server.cjs'), log);
  const context: FeatureContext = { subscriptions: extension.subscriptions, log, server };
  // Disposed of in reverse: features first, then the server, then the log that they all write to.
  extension.subscriptions.push(log, server);
  activateStatus(context);
  activateCommands(context);
  activateOrderView(context);
  await server.start();
}
