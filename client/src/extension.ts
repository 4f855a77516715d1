/** The extension where VS Code runs node: the server is a process. extension-web.ts is the other one. */
import { readFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import { LanguageClient, TransportKind } from 'vscode-languageclient/node';
import { type FilesParams, filesRequest } from '../../server/src/lsp/protocol.ts';
import { contextKeys, settings, settingsSection } from './contributions.ts';
import { activateModelTools } from './features/model-tools.ts';
import { activateFeatures } from './features.ts';
import { filesOf } from './files.ts';
import { type MakeClient, serverName } from './server-connection.ts';
import { type ServerThread, startThread } from './thread.ts';

/** Called by VS Code when a C file is opened, the view is shown or a command is run. */
export async function activate(extension: vscode.ExtensionContext): Promise<void> {
  const log = vscode.window.createOutputChannel('Driver Teardown', { log: true });
  void vscode.commands.executeCommand('setContext', contextKeys.hasNoDisk, !isOnDisk());
  const { server } = activateFeatures(
    extension,
    log,
    isOnDisk() ? process(extension) : thread(extension),
  );
  // They run the command line, which reads a disk.
  if (isOnDisk())
    activateModelTools(
      { subscriptions: extension.subscriptions },
      extension.asAbsolutePath('dist/cli.cjs'),
    );
  await server.start();
}

/** Without a folder there may still be a file, and that is on a disk. */
function isOnDisk(): boolean {
  const folders = vscode.workspace.workspaceFolders ?? [];
  return folders.length === 0 || folders.some(({ uri }) => uri.scheme === 'file');
}

function process(extension: vscode.ExtensionContext): MakeClient {
  // The first argument is also the name of the trace setting's section.
  return (options) =>
    new LanguageClient(
      settingsSection,
      serverName,
      { module: serverModule(extension), transport: TransportKind.ipc },
      options,
    );
}

/** Looked up at every start: a changed setting starts the server anew. No workspace can set it. */
function serverModule(extension: vscode.ExtensionContext): string {
  const own = vscode.workspace
    .getConfiguration(settingsSection)
    .get<string>(settings.serverPath, '')
    .trim();
  return own === '' ? extension.asAbsolutePath('dist/server.cjs') : own;
}

function thread(extension: vscode.ExtensionContext): MakeClient {
  const start = async (): Promise<ServerThread> => {
    const read = (name: string): Promise<Buffer> =>
      readFile(extension.asAbsolutePath(`dist/${name}`));
    const [script, grammar, runtime] = await Promise.all(
      ['web-server.js', 'tree-sitter-c.wasm', 'web-tree-sitter.wasm'].map(read),
    );
    if (!script || !grammar || !runtime) throw new Error('the installation is incomplete');
    const rules = vscode.Uri.joinPath(extension.extensionUri, 'dist/rules').toString();
    return startThread(script.toString(), { rules, grammar, runtime });
  };
  return (options) => {
    const client = new LanguageClient(settingsSection, serverName, start, options);
    client.onRequest(filesRequest, (params: FilesParams) => filesOf(params));
    return client;
  };
}
