/** Wires the protocol to the handlers. Nothing is decided here. */
import {
  type CancellationToken,
  CodeActionKind,
  type CodeActionParams,
  type Connection,
  type DocumentDiagnosticParams,
  type ExecuteCommandParams,
  type InitializeParams,
  type InitializeResult,
  TextDocumentSyncKind,
} from 'vscode-languageserver/node';
import type { Assets } from '../host/assets.ts';
import { Annotations, annotationCapabilities } from './annotations.ts';
import { type Arrivals, onDisk } from './arrivals.ts';
import { type ClientFeatures, featuresOf, isTrusted } from './client-features.ts';
import { guarded, logFailure, type ServerContext } from './context.ts';
import { listInBaseline } from './handlers/baseline.ts';
import { callersPath } from './handlers/callers-path.ts';
import { FolderCheck } from './handlers/check-folder.ts';
import { codeActions, findingFixes } from './handlers/code-action.ts';
import { compareLog } from './handlers/compare-log.ts';
import { DiagnosticPush, pullDiagnostics } from './handlers/diagnostics.ts';
import { filesChanged, NamedMakefiles, watchFiles } from './handlers/files.ts';
import { fixAllKind } from './handlers/fix-all.ts';
import { fixApplied, fixEdit } from './handlers/fix-edit.ts';
import { lifetimes } from './handlers/lifetimes.ts';
import { OrderHandler } from './handlers/order.ts';
import { orderText } from './handlers/order-text.ts';
import { patch } from './handlers/patch.ts';
import { relations } from './handlers/relations.ts';
import { readSettings, settingsFrom } from './handlers/settings.ts';
import { whatIf } from './handlers/what-if.ts';
import {
  type AddToBaselineParams,
  addToBaselineCommand,
  type CallersPathParams,
  type CompareLogParams,
  callersPathRequest,
  checkFolderCommand,
  compareLogRequest,
  type FindingFixesParams,
  findingFixesRequest,
  fixAppliedCommand,
  fixEditRequest,
  ignoreKind,
  type LifetimesParams,
  lifetimesRequest,
  type OrderEntryParams,
  orderRequest,
  orderTextCommand,
  patchRequest,
  probeFailureRequest,
  type RelationsParams,
  readModuleCommand,
  relationsRequest,
  trustGranted,
  type WhatIfParams,
  whatIfRequest,
} from './protocol.ts';
import { Quiet } from './quiet.ts';
import { Readings } from './reading.ts';
import { Session } from './session.ts';
import { shownWhenSlow } from './slow.ts';
import { Trials } from './trials.ts';
import { pathOf } from './uris.ts';
import { Workspace } from './workspace.ts';

function foldersOf({ workspaceFolders, rootUri }: InitializeParams): string[] {
  const uris =
    workspaceFolders?.map(({ uri }) => uri) ?? (typeof rootUri === 'string' ? [rootUri] : []);
  return uris.flatMap((uri) => pathOf(uri) ?? []);
}

function capabilities(version: string, features: ClientFeatures): InitializeResult {
  const commands = [
    checkFolderCommand,
    fixAppliedCommand,
    addToBaselineCommand,
    readModuleCommand,
    ...(features.showsOrder ? [] : [orderTextCommand]),
  ];
  return {
    serverInfo: { name: 'driver-teardown', version },
    capabilities: {
      positionEncoding: 'utf-16',
      textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: true },
      codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix, ignoreKind, fixAllKind] },
      executeCommandProvider: { commands },
      ...annotationCapabilities(features),
      ...(features.pullsDiagnostics
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
  readonly #makefiles = new NamedMakefiles();
  readonly #order: OrderHandler;
  readonly #folders: FolderCheck;
  readonly #annotations: Annotations;

  constructor(context: ServerContext) {
    this.context = context;
    this.#push = new DiagnosticPush(context);
    this.#order = new OrderHandler(context);
    this.#folders = new FolderCheck(context);
    this.#annotations = new Annotations(context);
  }

  listen(): void {
    const { connection, session } = this.context;
    connection.onDidOpenTextDocument(({ textDocument: { uri, languageId, version, text } }) => {
      if (session.open(uri, languageId, version, text) === undefined) return;
      this.context.quiet.edited(uri);
      this.#background('opening', this.#folders.opened(uri));
      // The first answer is worked on before it is asked for.
      this.#background('opening', session.analyse(uri));
      this.#push.soon(0);
    });
    connection.onDidChangeTextDocument(({ textDocument: { uri, version }, contentChanges }) => {
      if (session.change(uri, contentChanges, version) === undefined) return;
      this.context.quiet.edited(uri);
      this.#push.soon();
      this.#order.changed();
      this.#annotations.changed();
    });
    connection.onDidCloseTextDocument(({ textDocument: { uri } }) => {
      if (session.close(uri) === undefined) return;
      this.context.quiet.closed(uri);
      this.#order.closed(uri);
      this.#annotations.closed(uri);
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
    connection.onNotification(trustGranted, () => {
      session.workspace.trusted = true;
    });
    this.#listenForRequests();
    this.#annotations.listen();
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
          this.context.quiet.during(params.textDocument.uri, () =>
            pullDiagnostics(this.context, params, token).finally(() =>
              this.#background('watching', this.#makefiles.watch(this.context)),
            ),
          ),
        ),
      );
    }
    connection.onCodeAction(
      this.#slow('textDocument/codeAction', 'Trying fixes', (params: CodeActionParams, token) =>
        codeActions(this.context, params, token),
      ),
    );
    connection.onRequest(
      orderRequest,
      guarded(connection, orderRequest, this.#order.request.bind(this.#order)),
    );
    connection.onRequest(
      probeFailureRequest,
      guarded(connection, probeFailureRequest, this.#order.probeFailure.bind(this.#order)),
    );
    connection.onRequest(
      relationsRequest,
      this.#slow(
        relationsRequest,
        'Looking for what depends on it',
        (params: RelationsParams, token) => relations(this.context, params, token),
      ),
    );
    connection.onRequest(
      compareLogRequest,
      this.#slow(compareLogRequest, 'Comparing the log', (params: CompareLogParams, token) =>
        compareLog(this.context, params, token),
      ),
    );
    connection.onRequest(
      callersPathRequest,
      guarded(connection, callersPathRequest, (params: CallersPathParams, token) =>
        callersPath(this.context, params, token),
      ),
    );
    connection.onRequest(
      lifetimesRequest,
      guarded(connection, lifetimesRequest, (params: LifetimesParams, token) =>
        lifetimes(this.context, this.#order, params, token),
      ),
    );
    connection.onRequest(
      patchRequest,
      this.#slow(patchRequest, 'Writing the patch', (params: WhatIfParams, token) =>
        patch(this.context, params, token),
      ),
    );
    connection.onRequest(
      findingFixesRequest,
      this.#slow(findingFixesRequest, 'Trying the fixes', (params: FindingFixesParams, token) =>
        findingFixes(this.context, params, token),
      ),
    );
    connection.onRequest(
      fixEditRequest,
      this.#slow(fixEditRequest, 'Trying the fix', (params: WhatIfParams, token) =>
        fixEdit(this.context, params, token),
      ),
    );
    connection.onRequest(
      whatIfRequest,
      this.#slow(whatIfRequest, 'Trying the fix', (params: WhatIfParams, token) =>
        whatIf(this.context, params, token),
      ),
    );
    connection.onExecuteCommand(
      guarded(connection, 'workspace/executeCommand', async (params: ExecuteCommandParams, token) =>
        this.#execute(params, token),
      ),
    );
  }

  /** A handler whose work is shown when it takes long, and may be ended. */
  #slow<P, R>(
    name: string,
    title: string,
    handler: (params: P, token: CancellationToken) => Promise<R>,
  ): (params: P, token: CancellationToken) => Promise<R> {
    const { connection, session } = this.context;
    const isReading = (): boolean => session.isReading;
    return guarded(connection, name, (params: P, token) =>
      shownWhenSlow(this.context, title, token, isReading, (either) => handler(params, either)),
    );
  }

  async #execute(params: ExecuteCommandParams, token: CancellationToken): Promise<unknown> {
    if (params.command === checkFolderCommand) return this.#folders.run(params, token);
    if (params.command === fixAppliedCommand) return fixApplied(this.context, params);
    const [argument] = params.arguments ?? [];
    if (params.command === addToBaselineCommand) {
      const listed = await listInBaseline(this.context, argument as AddToBaselineParams, token);
      if (listed) this.#askAgain();
      return listed;
    }
    if (params.command === readModuleCommand) {
      if (!this.context.session.wanted(String(argument))) return null;
      this.#askAgain();
      this.#annotations.askAgain();
      return null;
    }
    if (params.command === orderTextCommand)
      return orderText(this.context, argument as OrderEntryParams);
    return null;
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
    this.#annotations.changed();
  }

  #background(name: string, work: Promise<unknown>): void {
    logFailure(this.context.connection, name, work);
  }
}

/** Serves one client until the connection ends. */
export function serve(connection: Connection, assets: Assets, arrivals: Arrivals = onDisk): void {
  let server: Server | undefined;
  connection.onInitialize((params) => {
    const features = featuresOf(params.capabilities, params.initializationOptions);
    const workspace = new Workspace(assets, connection.console, arrivals);
    workspace.setFolders(foldersOf(params));
    workspace.trusted = isTrusted(params.initializationOptions);
    const warn = (message: string): void => connection.console.warn(message);
    workspace.setSettings(settingsFrom(params.initializationOptions, warn));
    const quiet = new Quiet();
    const session = new Session(workspace, new Readings({ connection, features }));
    server = new Server({ connection, assets, features, session, quiet, trials: new Trials() });
    server.listen();
    setImmediate(() => workspace.prewarm());
    return capabilities(assets.version, features);
  });
  connection.onInitialized(() => {
    if (server !== undefined) logFailure(connection, 'initialized', server.initialized());
  });
  connection.onShutdown(async () => {
    await server?.context.session.workspace.reset();
  });
  connection.listen();
}
