/**
 * The Lifetimes tab: the picture of what the open file's module takes and when it gives it back. The
 * server draws; this file asks, hands the answer to the tab, opens sources and saves exports.
 */
import * as vscode from 'vscode';
import { say } from '#say';
import type {
  LifetimesParams,
  LifetimesResult,
  OrderLocation,
} from '../../../server/src/lsp/protocol.ts';
import { fromBase64 } from '../bytes.ts';
import { wasOvertaken } from '../cancelled.ts';
import { documentSelector, type FeatureContext } from '../context.ts';
import { commands, webviews } from '../contributions.ts';
import type { FromTab, SavedState, ToTab, View } from '../webview/messages.ts';
import { pageOf } from './lifetimes-page.ts';

// Written out, because only types may be imported from the server.
const lifetimesRequest = 'driverTeardown/lifetimes';
const orderChanged = 'driverTeardown/orderChanged';
/** While a window is loaded documents open one after the other, and each overtakes what was asked. */
const mostTries = 20;
const retryMs = 250;

export function activateLifetimes(context: FeatureContext, dist: vscode.Uri): void {
  let shown: LifetimesTab | undefined;
  const adopt = (panel: vscode.WebviewPanel, uri: vscode.Uri): void => {
    const tab = new LifetimesTab(context, panel, dist, uri);
    shown = tab;
    panel.onDidDispose(() => {
      if (shown === tab) shown = undefined;
    });
  };
  const show = (): void => {
    const uri = openDocument();
    if (uri === undefined) {
      const text = say('Open a C file of the driver whose lifetimes are to be drawn.');
      if (shown === undefined) void vscode.window.showInformationMessage(text);
      else shown.reveal(undefined);
    } else if (shown !== undefined) shown.reveal(uri);
    else adopt(createPanel(dist), uri);
  };
  context.subscriptions.push(
    vscode.commands.registerCommand(commands.showLifetimes, show),
    vscode.window.registerWebviewPanelSerializer(webviews.lifetimes, {
      async deserializeWebviewPanel(panel, state: SavedState | undefined) {
        // A state of another version, or none: an empty tab would be of no use.
        if (typeof state?.uri !== 'string') panel.dispose();
        else adopt(panel, vscode.Uri.parse(state.uri));
      },
    }),
    new vscode.Disposable(() => shown?.dispose()),
  );
}

function openDocument(): vscode.Uri | undefined {
  const document = vscode.window.activeTextEditor?.document;
  if (document === undefined || vscode.languages.match(documentSelector, document) === 0)
    return undefined;
  return document.uri;
}

function createPanel(dist: vscode.Uri): vscode.WebviewPanel {
  return vscode.window.createWebviewPanel(
    webviews.lifetimes,
    say('Lifetimes'),
    vscode.ViewColumn.Active,
    { enableScripts: true, localResourceRoots: [dist] },
  );
}

class LifetimesTab implements vscode.Disposable {
  private readonly context: FeatureContext;
  private readonly panel: vscode.WebviewPanel;
  private readonly disposables: vscode.Disposable[];
  private uri: vscode.Uri;
  private asked: vscode.CancellationTokenSource | undefined;
  private last: { readonly view: View; readonly width: number } | undefined;
  private result: LifetimesResult | undefined;

  constructor(
    context: FeatureContext,
    panel: vscode.WebviewPanel,
    dist: vscode.Uri,
    uri: vscode.Uri,
  ) {
    this.context = context;
    this.panel = panel;
    this.uri = uri;
    const { server } = context;
    this.disposables = [
      panel.webview.onDidReceiveMessage((message: FromTab) => this.receive(message)),
      server.onNotification(orderChanged, () => this.askAgain()),
      server.onDidChangeState(() => this.askAgain()),
      panel.onDidDispose(() => this.release()),
    ];
    panel.webview.options = { enableScripts: true, localResourceRoots: [dist] };
    panel.webview.html = pageOf(panel.webview, dist);
  }

  reveal(uri: vscode.Uri | undefined): void {
    this.panel.reveal();
    if (uri === undefined || uri.toString() === this.uri.toString()) return;
    this.uri = uri;
    this.post({ type: 'reset' });
  }

  dispose(): void {
    this.panel.dispose();
  }

  private release(): void {
    this.asked?.cancel();
    vscode.Disposable.from(...this.disposables).dispose();
  }

  private post(message: ToTab): void {
    void this.panel.webview.postMessage(message);
  }

  private askAgain(): void {
    this.post({ type: 'ask-again' });
  }

  private receive(message: FromTab): void {
    const run = async (): Promise<void> => {
      if (message.type === 'ask') await this.answer(message.view, message.width);
      else if (message.type === 'open') await this.open(this.result?.places[message.id]);
      else if (message.type === 'open-link')
        await this.open(this.result?.chains[message.id]?.[message.link]?.location);
      else if (message.type === 'export') await this.export(message.format);
      else if (message.type === 'png') await this.save('png', fromBase64(message.data));
      else throw new Error(say('no PNG could be made: {0}', message.message));
    };
    run().catch((error: unknown) => {
      this.context.log.error(`Lifetimes: ${String(error)}`);
      void vscode.window.showErrorMessage(say('Lifetimes: {0}', String(error)));
    });
  }

  /** What is shown stays until the answer is there. */
  private async answer(view: View, width: number): Promise<void> {
    this.asked?.cancel();
    const asked = new vscode.CancellationTokenSource();
    this.asked = asked;
    this.last = { view, width };
    const { server } = this.context;
    if (server.state !== 'running') {
      const isStarting = server.state === 'starting';
      const text = isStarting ? say('Starting the server …') : say('The server is not running.');
      this.post({ type: 'note', text, keep: this.result !== undefined });
      return;
    }
    try {
      const result = await this.request('host', asked.token);
      if (asked.token.isCancellationRequested) return;
      this.show(result);
    } catch (error) {
      if (asked.token.isCancellationRequested) return;
      this.context.log.error(`The lifetimes could not be drawn: ${String(error)}`);
      const text = say('The lifetimes could not be drawn; the log says why.');
      this.post({ type: 'note', text, keep: false });
    } finally {
      asked.dispose();
    }
  }

  private show(result: LifetimesResult | null | undefined): void {
    if (result === undefined || result === null) {
      const name = this.uri.path.replace(/^.*\//, '');
      const text = say('{0} belongs to no module that can be read.', name);
      this.post({ type: 'note', text, keep: this.result !== undefined });
      return;
    }
    this.result = result;
    this.panel.title = say('Lifetimes: {0}', result.module);
    this.post({ type: 'picture', uri: this.uri.toString(), result });
  }

  private async request(
    scheme: LifetimesParams['scheme'],
    token?: vscode.CancellationToken,
  ): Promise<LifetimesResult | null | undefined> {
    if (this.last === undefined) return undefined;
    const { view, width } = this.last;
    const params: LifetimesParams = { ...view, width, uri: this.uri.toString(), scheme };
    for (let tries = 1; ; tries++) {
      const isLast = tries === mostTries || token?.isCancellationRequested === true;
      try {
        const { server } = this.context;
        const result = await server.request<LifetimesResult | null>(
          lifetimesRequest,
          params,
          token,
        );
        if (result !== null || isLast) return result;
        // The server knows open documents only; after a reload or a closed editor this one may not be.
        await vscode.workspace.openTextDocument(this.uri);
      } catch (error) {
        if (isLast || !wasOvertaken(error)) throw error;
      }
      if (tries > 1) await new Promise((resolve) => setTimeout(resolve, retryMs));
    }
  }

  /** Beside the picture, in the editor that is there already where there is one. */
  private async open(place: OrderLocation | undefined): Promise<void> {
    if (place === undefined) return;
    const { start } = place.range;
    const at = new vscode.Position(start.line, start.character);
    const beside = vscode.window.visibleTextEditors.find(
      ({ viewColumn }) => viewColumn !== undefined && viewColumn !== this.panel.viewColumn,
    );
    await vscode.window.showTextDocument(vscode.Uri.parse(place.uri), {
      viewColumn: beside?.viewColumn ?? vscode.ViewColumn.Beside,
      selection: new vscode.Range(at, at),
    });
  }

  private async export(format: 'svg' | 'png'): Promise<void> {
    const { kind } = vscode.window.activeColorTheme;
    const isDark =
      kind === vscode.ColorThemeKind.Dark || kind === vscode.ColorThemeKind.HighContrast;
    const result = await this.request(format === 'svg' ? 'auto' : isDark ? 'dark' : 'light');
    if (typeof result?.svg !== 'string') throw new Error(say('there is nothing to save'));
    if (format === 'svg') await this.save('svg', new TextEncoder().encode(result.svg));
    else this.post({ type: 'rasterize', svg: result.svg });
  }

  private async save(format: 'svg' | 'png', bytes: Uint8Array): Promise<void> {
    const folder =
      vscode.workspace.getWorkspaceFolder(this.uri)?.uri ?? vscode.Uri.joinPath(this.uri, '..');
    const name = `${this.result?.module ?? 'driver'}-lifetimes.${format}`;
    const target = await vscode.window.showSaveDialog({
      defaultUri: vscode.Uri.joinPath(folder, name),
      filters: { [format.toUpperCase()]: [format] },
    });
    if (target !== undefined) await vscode.workspace.fs.writeFile(target, bytes);
  }
}
