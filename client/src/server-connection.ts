/**
 * The way to the language server: starts it, tells the features how it is, and says so plainly when
 * it dies. Features keep one `ServerConnection` although the server behind it may be replaced.
 */
import * as vscode from 'vscode';
import {
  type BaseLanguageClient,
  CloseAction,
  type CloseHandlerResult,
  ErrorAction,
  type LanguageClientOptions,
  State,
  type WorkspaceEdit,
} from 'vscode-languageclient/node';
import { trustGranted } from '../../server/src/lsp/protocol.ts';
import { documentSelector } from './context.ts';
import { commands, extensions, settings, settingsSection } from './contributions.ts';
import { diagnosticPull } from './diagnostic-pull.ts';

export type ServerState = 'starting' | 'running' | 'stopped' | 'failed';

/** What the server is called where people read of it. */
export const serverName = 'Driver Teardown';

/** Makes a client, with a server of its own behind it when it is started. */
export type MakeClient = (options: LanguageClientOptions) => BaseLanguageClient;

type NotificationHandler = (params: unknown) => void;

/** So many deaths within this time are a server that cannot live: it is not started again. */
const maxDeaths = 4;
const deathWindow = 3 * 60_000;

export class ServerConnection implements vscode.Disposable {
  private readonly makeClient: MakeClient;
  private readonly log: vscode.LogOutputChannel;
  private readonly stateChanged = new vscode.EventEmitter<ServerState>();
  private readonly handlers = new Map<string, Set<NotificationHandler>>();
  private readonly settingsListener: vscode.Disposable;
  private readonly trustListener: vscode.Disposable;
  private client: BaseLanguageClient | undefined;
  private current: ServerState = 'stopped';
  private deaths: number[] = [];

  readonly onDidChangeState = this.stateChanged.event;

  constructor(makeClient: MakeClient, log: vscode.LogOutputChannel) {
    this.makeClient = makeClient;
    this.log = log;
    this.settingsListener = vscode.workspace.onDidChangeConfiguration((event) => {
      const isOurs = [settings.enable, settings.run, settings.serverPath].some((name) =>
        event.affectsConfiguration(`${settingsSection}.${name}`),
      );
      if (isOurs) void this.restart();
    });
    this.trustListener = vscode.workspace.onDidGrantWorkspaceTrust(() => void this.tellTrust());
  }

  get state(): ServerState {
    return this.current;
  }

  /**
   * Starts the server, unless the settings turn it off. A failure is shown to the user, not thrown: the
   * features go on without.
   */
  async start(): Promise<void> {
    if (!isEnabled()) return;
    const client = this.createClient();
    this.client = client;
    client.onDidChangeState(({ newState }) => {
      if (client === this.client) this.follow(client, newState);
    });
    for (const method of this.handlers.keys()) this.listen(client, method);
    saysNothing(client);
    try {
      await client.start();
    } catch (error) {
      if (client !== this.client) return;
      this.log.error(`The server did not start: ${String(error)}`);
      this.fail(vscode.l10n.t('The Driver Teardown server did not start'));
    }
  }

  /** Ends the server that runs, if any, and starts a new one with a clean record. */
  async restart(): Promise<void> {
    await this.stop();
    this.deaths = [];
    await this.start();
  }

  /** Undefined when there is no server to ask; rejects when the server answers with an error. */
  async request<Result>(
    method: string,
    params: unknown,
    token?: vscode.CancellationToken,
  ): Promise<Result | undefined> {
    const client = this.client;
    if (client === undefined || this.current !== 'running') return undefined;
    return token === undefined
      ? await client.sendRequest<Result>(method, params)
      : await client.sendRequest<Result>(method, params, token);
  }

  /** Edits in the server's words as VS Code takes them. */
  async toWorkspaceEdit(edit: WorkspaceEdit): Promise<vscode.WorkspaceEdit | undefined> {
    return this.client?.protocol2CodeConverter.asWorkspaceEdit(edit);
  }

  /** Listens for a notification of this server and of those that replace it. */
  onNotification(method: string, handler: NotificationHandler): vscode.Disposable {
    const known = this.handlers.get(method);
    const handlers = known ?? new Set<NotificationHandler>();
    handlers.add(handler);
    this.handlers.set(method, handlers);
    if (known === undefined && this.client !== undefined) this.listen(this.client, method);
    return new vscode.Disposable(() => handlers.delete(handler));
  }

  /** Whether the running server offers a command over workspace/executeCommand. */
  offersCommand(command: string): boolean {
    const offered = this.client?.initializeResult?.capabilities.executeCommandProvider?.commands;
    return offered?.includes(command) ?? false;
  }

  dispose(): void {
    this.settingsListener.dispose();
    this.trustListener.dispose();
    void this.stop();
    this.stateChanged.dispose();
  }

  private createClient(): BaseLanguageClient {
    return this.makeClient({
      documentSelector,
      outputChannel: this.log,
      // Asked at every start: a server that is started again may find the workspace trusted.
      initializationOptions: () => ({
        clientCommands: [
          commands.showOrder,
          commands.showWhatIf,
          commands.previewFix,
          commands.exportPatch,
          commands.tellOfFix,
        ],
        moduleStatus: true,
        callHierarchy: !hasOtherServer(),
        trusted: vscode.workspace.isTrusted,
        // The picture is drawn by the server, in the words of the window.
        messages: vscode.l10n.bundle,
      }),
      synchronize: { configurationSection: settingsSection },
      middleware: diagnosticPull(this.log),
      diagnosticPullOptions: { onChange: runs() !== 'onSave', onSave: true },
      errorHandler: {
        error: () => ({ action: ErrorAction.Continue, handled: true }),
        closed: () => this.died(this.client),
      },
      initializationFailedHandler: (error) => {
        this.log.error(`The server could not be initialised: ${String(error)}`);
        return false;
      },
    });
  }

  /** A server that is starting hears of it when it runs. */
  private async tellTrust(): Promise<void> {
    if (this.client === undefined || this.current !== 'running') return;
    if (!vscode.workspace.isTrusted) return;
    try {
      await this.client.sendNotification(trustGranted);
    } catch (error) {
      this.log.debug(`While telling of trust: ${String(error)}`);
    }
  }

  private listen(client: BaseLanguageClient, method: string): void {
    client.onNotification(method, (params: unknown) => {
      for (const handler of this.handlers.get(method) ?? []) handler(params);
    });
  }

  private died(client: BaseLanguageClient | undefined): CloseHandlerResult {
    const now = Date.now();
    this.deaths = [...this.deaths.filter((time) => now - time < deathWindow), now];
    if (this.deaths.length < maxDeaths) {
      this.log.warn('The server ended unexpectedly; starting it again');
      // A client that has not heard of a start yet starts a second time beside the first: it is replaced.
      if (client?.state !== State.Starting) return { action: CloseAction.Restart, handled: true };
      this.client = undefined;
      setTimeout(() => void this.replace(client), 0);
      return { action: CloseAction.DoNotRestart, handled: true };
    }
    this.fail(
      vscode.l10n.t('The Driver Teardown server ended {0} times in a row', this.deaths.length),
    );
    return { action: CloseAction.DoNotRestart, handled: true };
  }

  private async replace(client: BaseLanguageClient): Promise<void> {
    await this.end(client);
    // Somebody else may have started one meanwhile.
    if (this.client === undefined && this.current !== 'stopped') await this.start();
  }

  private fail(what: string): void {
    if (this.current === 'failed') return;
    this.become('failed');
    this.log.error(what);
    void this.offerRestart(what);
  }

  private async offerRestart(what: string): Promise<void> {
    const restart = vscode.l10n.t('Restart Server');
    const showLog = vscode.l10n.t('Show Log');
    const text = vscode.l10n.t(
      '{0}. Findings and the teardown order are not up to date until it runs again.',
      what,
    );
    const choice = await vscode.window.showErrorMessage(text, restart, showLog);
    if (choice === restart) await vscode.commands.executeCommand(commands.restartServer);
    if (choice === showLog) await vscode.commands.executeCommand(commands.showLog);
  }

  private follow(client: BaseLanguageClient, state: State): void {
    // A failure stays one until the next start, whatever the client's own bookkeeping does after it.
    if (state === State.Starting) this.become('starting');
    else if (state === State.Running) void this.announceRunning(client);
    else if (this.current !== 'failed') this.become('stopped');
  }

  /**
   * The client is "running" before it has told the server of the open documents. Features ask about
   * documents as soon as they hear of it, so they hear of it when the start is complete.
   */
  private async announceRunning(client: BaseLanguageClient): Promise<void> {
    try {
      await client.start();
    } catch {
      // Whoever started the client reports why it failed.
      return;
    }
    if (client !== this.client || !client.isRunning()) return;
    this.become('running');
    // It may have come between the start, which says how it was then, and now.
    await this.tellTrust();
  }

  private become(state: ServerState): void {
    if (this.current === state) return;
    this.current = state;
    this.stateChanged.fire(state);
  }

  private async stop(): Promise<void> {
    const client = this.client;
    this.client = undefined;
    if (client !== undefined) await this.end(client);
    this.become('stopped');
  }

  private async end(client: BaseLanguageClient): Promise<void> {
    // One that is starting cannot be stopped, and would go on beside the next.
    if (client.state === State.Starting) await settled(client.start());
    for (const end of [() => client.needsStop() && client.stop(2000), () => client.dispose()])
      try {
        // A server that died has nothing to be stopped, and the client says so by throwing.
        await end();
      } catch (error) {
        this.log.debug(`While stopping the server: ${String(error)}`);
      }
  }
}

/** What the library has to say stands in the log: of a server that cannot live the user is told once, by us. */
function saysNothing(client: BaseLanguageClient): void {
  const log = client.error.bind(client);
  client.error = (message, data) => log(message, data, false);
}

/** So long a server may take to start before nobody waits for it. */
const longestStart = 10_000;

async function settled(promise: Promise<void>): Promise<void> {
  const late = new Promise<void>((resolve) => setTimeout(resolve, longestStart));
  await Promise.race([promise.catch(() => {}), late]);
}

function isEnabled(): boolean {
  return vscode.workspace.getConfiguration(settingsSection).get(settings.enable, true);
}

/** `onType`, or `onSave` for those who do not want to see findings while they type. */
function runs(): string {
  return vscode.workspace.getConfiguration(settingsSection).get(settings.run, 'onType');
}

/**
 * VS Code asks one extension for a call hierarchy, the last that offered it: one that knows every
 * function of C is better than ours, which knows those of the module.
 */
function hasOtherServer(): boolean {
  return extensions.languageServers.some((id) => vscode.extensions.getExtension(id) !== undefined);
}
