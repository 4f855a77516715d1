/** Wires the protocol to the handlers. Nothing is decided here. */
import {
  CodeActionKind,
  type CodeActionParams,
  type Connection,
  type DocumentDiagnosticParams,
  type ExecuteCommandParams,
  type InitializeParams,
  type InitializeResult,
  TextDocumentSyncKind,
} from 'vscode-languageserver/node';
import { URI } from 'vscode-uri';
import type { Assets } from '../host/assets.ts';
import { defaultJobs } from '../host/open.ts';
import { featuresOf } from './client-features.ts';
import { guarded, logFailure, type ServerContext } from './context.ts';
import { FolderCheck } from './handlers/check-folder.ts';
import { codeActions } from './handlers/code-action.ts';
import { DiagnosticPush, pullDiagnostics } from './handlers/diagnostics.ts';
import { filesChanged, watchFiles } from './handlers/files.ts';
import { OrderHandler } from './handlers/order.ts';
import { readSettings, settingsFrom } from './handlers/settings.ts';
import { checkFolderCommand, orderRequest } from './protocol.ts';
import { Session } from './session.ts';
import { Workspace } from './workspace.ts';

function foldersOf({ workspaceFolders, rootUri }: InitializeParams): string[] {
  const uris =
    workspaceFolders?.map(({ uri }) => uri) ?? (typeof rootUri === 'string' ? [rootUri] : []);
  return uris.flatMap((uri) => (URI.parse(uri).scheme === 'file' ? [URI.parse(uri).fsPath] : []));
}

function capabilities(version: string, pulls: boolean): InitializeResult {
  return {
    serverInfo: { name: 'driver-teardown', version },
    capabilities: {
      positionEncoding: 'utf-16',
      textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: true },
      codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix] },
      executeCommandProvider: { commands: [checkFolderCommand] },
      ...(pulls
        ? {
            diagnosticProvider: {
              identifier: 'driver-teardown',
              interFileDependencies: true,
              workspaceDiagnostics: false,
            },
          }
        : {}),
    },
  };
}

/** The handlers of one client, made when it has said what it can do. */
class Server {
  readonly context: ServerContext;
  readonly #push: DiagnosticPush;
  readonly #order: OrderHandler;
  readonly #folders: FolderCheck;

  constructor(context: ServerContext) {
    this.context = context;
    this.#push = new DiagnosticPush(context);
    this.#order = new OrderHandler(context);
    this.#folders = new FolderCheck(context);
  }

  listen(): void {
    const { connection, session } = this.context;
    connection.onDidOpenTextDocument(({ textDocument: { uri, languageId, version, text } }) => {
      if (session.open(uri, languageId, version, text) === undefined) return;
      this.#background('opening', this.#folders.opened(uri));
      // The first answer is worked on before it is asked for.
      this.#background('opening', session.analyse(uri));
      this.#push.soon(0);
    });
    connection.onDidChangeTextDocument(({ textDocument: { uri, version }, contentChanges }) => {
      if (session.change(uri, contentChanges, version) === undefined) return;
      this.#push.soon();
      this.#order.changed();
    });
    connection.onDidCloseTextDocument(({ textDocument: { uri } }) => {
      if (session.close(uri) === undefined) return;
      this.#order.closed(uri);
      this.#background(
        'closing',
        this.#push.clear(uri).then(() => this.#folders.closed(uri)),
      );
      this.#push.soon();
    });
    connection.onDidSaveTextDocument(() => this.#lookAtDisk());
    connection.onDidChangeWatchedFiles((params) =>
      this.#background('changed files', this.#changed(params)),
    );
    connection.onDidChangeConfiguration(({ settings }) =>
      this.#background('settings', this.#settings(settings)),
    );
    this.#listenForRequests();
  }

  /** What waits for the client to be ready. */
  async initialized(): Promise<void> {
    await watchFiles(this.context);
    if (this.context.features.configuration) await this.#settings(undefined);
  }

  #listenForRequests(): void {
    const { connection } = this.context;
    if (this.context.features.pullsDiagnostics) {
      connection.languages.diagnostics.on(
        guarded(connection, 'textDocument/diagnostic', (params: DocumentDiagnosticParams, token) =>
          pullDiagnostics(this.context, params, token),
        ),
      );
    }
    connection.onCodeAction(
      guarded(connection, 'textDocument/codeAction', (params: CodeActionParams, token) =>
        codeActions(this.context, params, token),
      ),
    );
    connection.onRequest(
      orderRequest,
      guarded(connection, orderRequest, this.#order.request.bind(this.#order)),
    );
    connection.onExecuteCommand(
      guarded(connection, checkFolderCommand, async (params: ExecuteCommandParams, token) =>
        params.command === checkFolderCommand ? this.#folders.run(params, token) : null,
      ),
    );
  }

  async #changed(params: Parameters<typeof filesChanged>[1]): Promise<void> {
    if (!(await filesChanged(this.context, params))) return;
    await this.#folders.changedOnDisk(params.changes.map(({ uri }) => uri));
    this.#askAgain();
  }

  async #settings(settings: unknown): Promise<void> {
    await readSettings(this.context, settings);
    this.#askAgain();
  }

  /** Clients that do not watch files are served by looking when something is saved. */
  #lookAtDisk(): void {
    if (this.context.features.watchesFiles) return;
    const changed = this.context.session.workspace.all().filter(({ project }) => project.refresh());
    if (changed.length > 0) this.#askAgain();
  }

  #askAgain(): void {
    const { connection, features } = this.context;
    if (features.refreshesDiagnostics)
      this.#background('refresh', connection.languages.diagnostics.refresh());
    this.#push.soon();
    this.#order.changed();
  }

  #background(name: string, work: Promise<unknown>): void {
    logFailure(this.context.connection, name, work);
  }
}

/** Serves one client until the connection ends. */
export function serve(connection: Connection, assets: Assets): void {
  let server: Server | undefined;
  connection.onInitialize((params) => {
    const features = featuresOf(params.capabilities);
    const workspace = new Workspace(assets, connection.console, defaultJobs());
    workspace.setFolders(foldersOf(params));
    const warn = (message: string): void => connection.console.warn(message);
    workspace.setSettings(settingsFrom(params.initializationOptions, warn));
    server = new Server({ connection, assets, features, session: new Session(workspace) });
    server.listen();
    setImmediate(() => workspace.prewarm());
    return capabilities(assets.version, features.pullsDiagnostics);
  });
  connection.onInitialized(() => {
    if (server !== undefined) logFailure(connection, 'initialized', server.initialized());
  });
  connection.onShutdown(async () => {
    await server?.context.session.workspace.reset();
  });
  connection.listen();
}
