/** Hints and lenses are the server's; these are the commands that turn them off and on. */
import * as vscode from 'vscode';
import type { FeatureContext } from '../context.ts';
import { commands, settings, settingsSection } from '../contributions.ts';

export function activateAnnotations(context: FeatureContext): void {
  context.subscriptions.push(
    vscode.commands.registerCommand(commands.toggleInlayHints, () => toggle(settings.inlayHints)),
    vscode.commands.registerCommand(commands.toggleCodeLenses, () => toggle(settings.codeLens)),
  );
}

/** Changes the setting where it counts: in the workspace if it says something, else for the user. */
async function toggle(setting: string): Promise<void> {
  const section = vscode.workspace.getConfiguration(settingsSection);
  const said = section.inspect<boolean>(setting);
  const { ConfigurationTarget } = vscode;
  const target =
    said?.workspaceValue === undefined ? ConfigurationTarget.Global : ConfigurationTarget.Workspace;
  await section.update(setting, !section.get<boolean>(setting, true), target);
}
