/** A language client over a real pipe, as bare as an editor may be. */
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  type ClientCapabilities,
  createProtocolConnection,
  type InitializeResult,
  type ProtocolConnection,
  type PublishDiagnosticsParams,
  StreamMessageReader,
  StreamMessageWriter,
  type TextDocumentContentChangeEvent,
} from 'vscode-languageserver-protocol/node';
import type { ModuleStatusParams } from '../../server/src/lsp/protocol.ts';
import { programArguments, type TemporaryFolder } from '../cli/support.ts';

/** What an editor of today can do. */
export const modern: ClientCapabilities = {
  textDocument: {
    diagnostic: {},
    publishDiagnostics: {
      relatedInformation: true,
      codeDescriptionSupport: true,
      dataSupport: true,
    },
    codeAction: {
      codeActionLiteralSupport: { codeActionKind: { valueSet: ['quickfix'] } },
      isPreferredSupport: true,
      disabledSupport: true,
      dataSupport: true,
    },
  },
  workspace: { workspaceEdit: { documentChanges: true }, diagnostics: { refreshSupport: true } },
};

/** Neovim 0.7 and Eglot 1.9: they do not ask for diagnostics and drop what they do not know. */
export const old: ClientCapabilities = {
  textDocument: {
    publishDiagnostics: {},
    codeAction: { codeActionLiteralSupport: { codeActionKind: { valueSet: ['quickfix'] } } },
  },
};

export interface WorkDone {
  readonly kind: 'begin' | 'report' | 'end';
  readonly title?: string;
  readonly message?: string;
  readonly cancellable?: boolean;
}

export class Client {
  readonly connection: ProtocolConnection;
  readonly pushed: PublishDiagnosticsParams[] = [];
  readonly logged: string[] = [];
  /** Messages for the user. */
  readonly shown: string[] = [];
  /** How documents' modules stood, one after the other. */
  readonly statuses: ModuleStatusParams[] = [];
  /** Progress that the server began: what it said, and the token that cancels it. */
  readonly progress: { readonly token: string; readonly value: WorkDone }[] = [];
  orderChanges = 0;
  lensRefreshes = 0;
  hintRefreshes = 0;
  refreshes = 0;
  readonly exited: Promise<number | null>;
  /** Settled when the server has ended; `capabilities` is what it said at the start. */
  initialized: InitializeResult | undefined;
  readonly #child: ChildProcess;
  readonly #folder: TemporaryFolder;
  #waiting: (() => void)[] = [];

  constructor(folder: TemporaryFolder) {
    this.#folder = folder;
    this.#child = spawn(process.execPath, [...programArguments(), 'lsp', '--stdio'], {
      cwd: folder.path,
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, DRIVER_TEARDOWN_CACHE: folder.file('.cache') },
    });
    const { stdin, stdout } = this.#child;
    if (stdin === null || stdout === null) throw new Error('no pipe');
    this.exited = new Promise((resolve) => this.#child.on('exit', resolve));
    this.connection = createProtocolConnection(
      new StreamMessageReader(stdout),
      new StreamMessageWriter(stdin),
    );
    this.connection.onNotification(
      'textDocument/publishDiagnostics',
      (params: PublishDiagnosticsParams) => {
        this.pushed.push(params);
        this.#wake();
      },
    );
    this.connection.onNotification('window/logMessage', ({ message }: { message: string }) => {
      this.logged.push(message);
      this.#wake();
    });
    this.connection.onNotification('driverTeardown/orderChanged', () => {
      this.orderChanges++;
      this.#wake();
    });
    this.connection.onNotification('window/showMessage', ({ message }: { message: string }) => {
      this.shown.push(message);
      this.#wake();
    });
    this.connection.onNotification('driverTeardown/moduleStatus', (status: ModuleStatusParams) => {
      this.statuses.push(status);
      this.#wake();
    });
    this.connection.onRequest('window/workDoneProgress/create', () => null);
    this.connection.onNotification(
      '$/progress',
      (params: { readonly token: string; readonly value: WorkDone }) => {
        this.progress.push(params);
        this.#wake();
      },
    );
    this.connection.onRequest('workspace/codeLens/refresh', () => {
      this.lensRefreshes++;
      this.#wake();
      return null;
    });
    this.connection.onRequest('workspace/inlayHint/refresh', () => {
      this.hintRefreshes++;
      this.#wake();
      return null;
    });
    this.connection.onRequest('workspace/diagnostic/refresh', () => {
      this.refreshes++;
      this.#wake();
      return null;
    });
    this.connection.listen();
  }

  uri(name: string): string {
    return pathToFileURL(join(this.#folder.path, name)).href;
  }

  /** @param roots names of the workspace's folders, when it has several */
  async start(
    capabilities: ClientCapabilities,
    initializationOptions?: unknown,
    roots?: readonly string[],
  ): Promise<this> {
    const rootUri = pathToFileURL(this.#folder.path).href;
    const workspaceFolders = roots?.map((name) => ({ uri: this.uri(name), name }));
    this.initialized = await this.connection.sendRequest<InitializeResult>('initialize', {
      processId: process.pid,
      rootUri,
      capabilities,
      ...(workspaceFolders === undefined ? {} : { workspaceFolders }),
      ...(initializationOptions === undefined ? {} : { initializationOptions }),
    });
    await this.connection.sendNotification('initialized', {});
    return this;
  }

  open(uri: string, text: string, version = 1): Promise<void> {
    return this.connection.sendNotification('textDocument/didOpen', {
      textDocument: { uri, languageId: 'c', version, text },
    });
  }

  change(
    uri: string,
    version: number,
    contentChanges: TextDocumentContentChangeEvent[],
  ): Promise<void> {
    return this.connection.sendNotification('textDocument/didChange', {
      textDocument: { uri, version },
      contentChanges,
    });
  }

  close(uri: string): Promise<void> {
    return this.connection.sendNotification('textDocument/didClose', { textDocument: { uri } });
  }

  request<R>(method: string, params: unknown): Promise<R> {
    return this.connection.sendRequest<R>(method, params);
  }

  /** Waits until what the server has sent fits. */
  async until<T>(find: () => T | undefined, what: string, ms = 10_000): Promise<T> {
    const end = Date.now() + ms;
    for (;;) {
      const found = find();
      if (found !== undefined) return found;
      const left = end - Date.now();
      if (left <= 0) throw new Error(`did not come: ${what}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.#waiting.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
  }

  /** @returns the server's exit code */
  async stop(): Promise<number | null> {
    await this.connection.sendRequest('shutdown');
    await this.connection.sendNotification('exit');
    const code = await this.exited;
    this.connection.dispose();
    return code;
  }

  #wake(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }

  kill(): void {
    this.#child.kill();
  }
}
