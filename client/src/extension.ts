/** Wires the features together. What they do is theirs. */
import * as vscode from 'vscode';
import type { FeatureContext } from './context.ts';
import { activateAnnotations } from './features/annotations.ts';
import { activateCommands } from './features/commands.ts';
import { activateExportPatch } from './features/export-patch.ts';
import { activateFindings } from './features/findings.ts';
import { activateLifetimes } from './features/lifetimes.ts';
import { activateModelTools } from './features/model-tools.ts';
import { activateOrderView } from './features/order-view.ts';
import { activatePreviewFix } from './features/preview-fix.ts';
import { activateSample } from './features/sample.ts';
import { activateStatus } from './features/status.ts';
import { activateTint } from './features/tint.ts';
import { activateWhatIf } from './features/what-if.ts';
import { ModuleStates } from './module-states.ts';
import { ServerConnection } from './server-connection.ts';

/** Called by VS Code when a C file is opened, the view is shown or a command is run. */
export async function activate(extension: vscode.ExtensionContext): Promise<void> {
  const log = vscode.window.createOutputChannel('Driver Teardown', { log: true });
  const server = new ServerConnection(extension.asAbsolutePath('dist/server.cjs'), log);
  const modules = new ModuleStates(server);
  const { subscriptions, workspaceState: memory } = extension;
  const context: FeatureContext = { subscriptions, memory, log, server, modules };
  // Disposed of in reverse: features first, then the server, then the log that they all write to.
  extension.subscriptions.push(log, server, modules);
  activateStatus(context);
  activateCommands(context);
  activateOrderView(context);
  activateLifetimes(context, vscode.Uri.joinPath(extension.extensionUri, 'dist'));
  activateWhatIf(context);
  activatePreviewFix(context);
  activateExportPatch(context);
  activateAnnotations(context);
  activateTint(context);
  activateFindings(context, extension);
  activateSample(context, extension);
  activateModelTools(context, extension.asAbsolutePath('dist/cli.cjs'));
  await server.start();
}
