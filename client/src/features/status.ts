/**
 * The language status item: whether the server runs, seen beside the language of a C file. A tool
 * that fails in silence looks like a driver without findings.
 */
import * as vscode from 'vscode';
import { documentSelector, type FeatureContext } from '../context.ts';
import { commands } from '../contributions.ts';
import type { ServerState } from '../server-connection.ts';

interface Look {
  readonly text: string;
  readonly detail: string;
  readonly severity: vscode.LanguageStatusSeverity;
  readonly busy: boolean;
  readonly command: vscode.Command;
}

const showLog = { title: 'Show Log', command: commands.showLog };
const restart = { title: 'Restart Server', command: commands.restartServer };

/** How each state of the server looks. */
function lookOf(state: ServerState): Look {
  const { Information, Warning, Error: Failure } = vscode.LanguageStatusSeverity;
  switch (state) {
    case 'running':
      return {
        text: 'Driver Teardown',
        detail: 'server running',
        severity: Information,
        busy: false,
        command: showLog,
      };
    case 'starting':
      return {
        text: 'Driver Teardown',
        detail: 'server starting',
        severity: Information,
        busy: true,
        command: showLog,
      };
    case 'stopped':
      return {
        text: 'Driver Teardown',
        detail: 'server stopped',
        severity: Warning,
        busy: false,
        command: restart,
      };
    case 'failed':
      return {
        text: 'Driver Teardown',
        detail: 'server failed',
        severity: Failure,
        busy: false,
        command: restart,
      };
  }
}

export function activateStatus(context: FeatureContext): void {
  const item = vscode.languages.createLanguageStatusItem('driverTeardown.server', documentSelector);
  item.name = 'Driver Teardown Server';
  const show = (state: ServerState): void => {
    const { text, detail, severity, busy, command } = lookOf(state);
    Object.assign(item, { text, detail, severity, busy, command });
  };
  show(context.server.state);
  context.subscriptions.push(item, context.server.onDidChangeState(show));
}
