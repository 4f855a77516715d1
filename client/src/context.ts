/**
 * What every feature gets: the extension's lifetime, the log and the way to the server. A feature
 * is a file that exports `activate…(context)` and knows nothing of the other features.
 */
import * as vscode from 'vscode';
import type { ModuleStates } from './module-states.ts';
import type { ServerConnection } from './server-connection.ts';

export interface FeatureContext {
  /** What is pushed here is disposed of when the extension is deactivated. */
  readonly subscriptions: vscode.Disposable[];
  /** What is remembered with the workspace. */
  readonly memory: vscode.Memento;
  /** What is remembered with the user. */
  readonly ofUser: vscode.Memento;
  readonly log: vscode.LogOutputChannel;
  readonly server: ServerConnection;
  /** How the modules of the open documents stand. */
  readonly modules: ModuleStates;
}

/** The documents that the server is asked about. Headers are C++ to VS Code until told otherwise. */
export const documentSelector = schemes().flatMap((scheme) => [
  { scheme, language: 'c' },
  { scheme, language: 'cpp', pattern: '**/*.h' },
]);

/** Of a disk, and of what is open instead: in a browser there is none. Old versions of git are not asked about. */
function schemes(): readonly string[] {
  const open = (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri.scheme);
  return [...new Set(['file', ...open])];
}
