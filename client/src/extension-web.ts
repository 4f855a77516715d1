/** The extension in a browser, where there is no node: the server is a worker, and VS Code brings it its files. */
import * as vscode from 'vscode';
import {
  BrowserMessageReader,
  BrowserMessageWriter,
  LanguageClient,
} from 'vscode-languageclient/browser';
import { type FilesParams, filesRequest, type WorkerStart } from '../../server/src/lsp/protocol.ts';
import { contextKeys, settingsSection } from './contributions.ts';
import { activateFeatures } from './features.ts';
import { filesOf } from './files.ts';
import { serverName } from './server-connection.ts';

/** Called by VS Code as its desktop twin is. */
export async function activate(extension: vscode.ExtensionContext): Promise<void> {
  const log = vscode.window.createOutputChannel('Driver Teardown', { log: true });
  void vscode.commands.executeCommand('setContext', contextKeys.hasNoDisk, true);
  const dist = vscode.Uri.joinPath(extension.extensionUri, 'dist');
  const read = (name: string): Thenable<Uint8Array> =>
    vscode.workspace.fs.readFile(vscode.Uri.joinPath(dist, name));
  const [script, grammar, runtime] = await Promise.all([
    read('web-server.js'),
    read('tree-sitter-c.wasm'),
    read('web-tree-sitter.wasm'),
  ]);
  const rules = vscode.Uri.joinPath(dist, 'rules').toString();
  const start: WorkerStart = { rules, grammar, runtime };
  const { server } = activateFeatures(extension, log, (options) => {
    const client = new LanguageClient(
      settingsSection,
      serverName,
      async () => {
        // VS Code has a Worker of its own here, which the client would not take for one.
        const worker = workerOf(script, start);
        return {
          reader: new BrowserMessageReader(worker),
          writer: new BrowserMessageWriter(worker),
        };
      },
      options,
    );
    client.onRequest(filesRequest, (params: FilesParams) => filesOf(params));
    return client;
  });
  await server.start();
}

/** A worker takes scripts of its own origin only, which an extension's address need not be: a blob's is. */
function workerOf(script: Uint8Array, start: WorkerStart): Worker {
  const address = URL.createObjectURL(
    new Blob([script as Uint8Array<ArrayBuffer>], { type: 'text/javascript' }),
  );
  const worker = new Worker(address, { name: 'driver-teardown' });
  worker.postMessage(start);
  return worker;
}
