/** The server as a browser's worker runs it, in a thread of node's, and a client whose files lie in memory. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import {
  createProtocolConnection,
  type Diagnostic,
  type InitializeParams,
  type ProtocolConnection,
} from 'vscode-languageserver-protocol/node';
import { type ServerThread, startThread } from '../../client/src/thread.ts';
import { options, programs } from '../../scripts/lib/bundles.mjs';
import {
  type FilesParams,
  type FilesResult,
  type FolderEntry,
  filesRequest,
  type WorkerStart,
} from '../../server/src/lsp/protocol.ts';

const root = join(import.meta.dirname, '../..');

/** The worker's bundle as it is packaged, made once. */
let program: Promise<string> | undefined;

function bundle(): Promise<string> {
  program ??= (async () => {
    const one = programs.find(({ name }) => name === 'web-server');
    if (one === undefined) throw new Error('there is no bundle of that name');
    const made = await build({ ...options(one, true), write: false });
    return made.outputFiles?.map((file) => file.text).join('\n') ?? '';
  })();
  return program;
}

export class WorkerClient {
  readonly connection: ProtocolConnection;
  readonly logged: string[] = [];
  /** What the server asked for, in the order of its questions. */
  readonly asked: FilesParams[] = [];
  refreshes = 0;
  readonly #thread: ServerThread;

  private constructor(thread: ServerThread, files: ReadonlyMap<string, string>) {
    this.#thread = thread;
    this.connection = createProtocolConnection(thread.reader, thread.writer);
    this.connection.onNotification('window/logMessage', ({ message }: { message: string }) => {
      this.logged.push(message);
    });
    this.connection.onRequest('workspace/diagnostic/refresh', () => {
      this.refreshes++;
      return null;
    });
    this.connection.onRequest(filesRequest, (params: FilesParams) => {
      this.asked.push(params);
      return answer(files, params);
    });
    this.connection.listen();
  }

  /**
   * @param files by URI; may be changed later
   * @param folders URIs that the client has open
   */
  static async start(
    files: ReadonlyMap<string, string>,
    folders: readonly string[],
  ): Promise<WorkerClient> {
    const wasm = (path: string) => new Uint8Array(readFileSync(join(root, path)));
    const start: WorkerStart = {
      rules: 'https://example.org/extension/dist/rules',
      grammar: wasm('grammars/tree-sitter-c.wasm'),
      runtime: wasm('node_modules/web-tree-sitter/web-tree-sitter.wasm'),
    };
    // What node has and a browser has not is not there.
    const hidden = ['Buffer', 'process', 'require', 'module', 'setImmediate'];
    const script =
      hidden.map((name) => `globalThis.${name} = undefined;`).join('') + (await bundle());
    const client = new WorkerClient(startThread(script, start), files);
    const params: InitializeParams = {
      processId: null,
      rootUri: null,
      workspaceFolders: folders.map((uri) => ({ uri, name: uri })),
      capabilities: {
        textDocument: {
          diagnostic: {},
          publishDiagnostics: { relatedInformation: true, codeDescriptionSupport: true },
          codeAction: {
            codeActionLiteralSupport: { codeActionKind: { valueSet: ['quickfix'] } },
            disabledSupport: true,
            dataSupport: true,
          },
        },
        workspace: {
          workspaceEdit: { documentChanges: true },
          diagnostics: { refreshSupport: true },
        },
      },
    };
    await client.connection.sendRequest('initialize', params);
    await client.connection.sendNotification('initialized', {});
    return client;
  }

  async open(uri: string, text: string): Promise<void> {
    const textDocument = { uri, languageId: 'c', version: 1, text };
    await this.connection.sendNotification('textDocument/didOpen', { textDocument });
  }

  async diagnostics(uri: string): Promise<readonly Diagnostic[]> {
    const report = await this.connection.sendRequest<{ readonly items?: Diagnostic[] }>(
      'textDocument/diagnostic',
      { textDocument: { uri } },
    );
    return report.items ?? [];
  }

  async end(): Promise<void> {
    this.connection.dispose();
    this.#thread.writer.dispose();
  }
}

function answer(files: ReadonlyMap<string, string>, params: FilesParams): FilesResult {
  const uris = [...files.keys()];
  return {
    folders: params.folders.map((folder) => {
      const entries = new Map<string, FolderEntry>();
      for (const uri of uris.filter((one) => one.startsWith(`${folder}/`))) {
        const [name = '', ...rest] = uri.slice(folder.length + 1).split('/');
        entries.set(name, [name, rest.length > 0 ? 'folder' : 'file']);
      }
      return entries.size === 0 ? null : [...entries.values()];
    }),
    files: params.files.map((uri) => {
      const text = files.get(uri);
      return text === undefined ? null : new TextEncoder().encode(text);
    }),
  };
}
