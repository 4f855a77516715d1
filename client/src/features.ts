/** Starts every feature that needs nothing but VS Code and the server: those of a desktop and of a browser. */
import * as vscode from 'vscode';
import type { FeatureContext } from './context.ts';
import { activateAnnotations } from './features/annotations.ts';
import { activateCommands } from './features/commands.ts';
import { activateExportPatch } from './features/export-patch.ts';
import { activateFindingRows } from './features/finding-rows.ts';
import { activateFindings } from './features/findings.ts';
import { activateLifetimes } from './features/lifetimes.ts';
import { activateOrderView } from './features/order-view.ts';
import { activatePreviewFix } from './features/preview-fix.ts';
import { activateSample } from './features/sample.ts';
import { activateStatus } from './features/status.ts';
import { activateTellOfFix } from './features/tell-of-fix.ts';
import { activateTint } from './features/tint.ts';
import { activateWhatIf } from './features/what-if.ts';
import { ModuleStates } from './module-states.ts';
import { type MakeClient, ServerConnection } from './server-connection.ts';

/** @param makeClient how the server of this place is started */
export function activateFeatures(
  extension: vscode.ExtensionContext,
  log: vscode.LogOutputChannel,
  makeClient: MakeClient,
): FeatureContext {
  const server = new ServerConnection(makeClient, log);
  const modules = new ModuleStates(server);
  const { subscriptions, workspaceState: memory, globalState: ofUser } = extension;
  const context: FeatureContext = { subscriptions, memory, ofUser, log, server, modules };
  // Disposed of in reverse: features first, then the server, then the log that they all write to.
  subscriptions.push(log, server, modules);
  activateStatus(context);
  activateCommands(context);
  activateOrderView(context);
  activateLifetimes(context, vscode.Uri.joinPath(extension.extensionUri, 'dist'));
  activateWhatIf(context);
  activatePreviewFix(context);
  activateExportPatch(context);
  activateAnnotations(context);
  activateTint(context);
  activateTellOfFix(context);
  activateFindingRows(context);
  activateFindings(context, extension);
  activateSample(context, extension);
  return context;
}
