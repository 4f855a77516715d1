/**
 * "Show the teardown order before and after": what each fix of a finding would remove, create and move, on one
 * page, before anybody applies it.
 */
import * as vscode from 'vscode';
import { say } from '#say';
import {
  type FindingFixes,
  type OrderLocation,
  type WhatIfParams,
  type WhatIfResult,
  whatIfRequest,
} from '../../../server/src/lsp/protocol.ts';
import { nonce as newNonce } from '../bytes.ts';
import { wasCancelled } from '../cancelled.ts';
import type { FeatureContext } from '../context.ts';
import { commands } from '../contributions.ts';
import { goTo } from './order-items.ts';
import { orderLines } from './order-lines.ts';
import { type Column, whatIfPage } from './what-if-page.ts';

const scheme = 'driver-teardown-what-if';

/** Texts of the orders that were shown last; a diff editor that is restored later finds them gone. */
class Orders implements vscode.TextDocumentContentProvider {
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  private readonly texts = new Map<string, string>();
  readonly onDidChange = this.changed.event;

  put(name: string, text: string): vscode.Uri {
    const uri = vscode.Uri.from({ scheme, path: `/${name}` });
    this.texts.set(uri.path, text);
    this.changed.fire(uri);
    return uri;
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    return (
      this.texts.get(uri.path) ??
      `${say('This comparison is gone: ask for it again at the finding.')}\n`
    );
  }
}

export function activateWhatIf(context: FeatureContext): void {
  const orders = new Orders();
  const page = new WhatIfTab(context, orders);
  context.subscriptions.push(
    page,
    vscode.workspace.registerTextDocumentContentProvider(scheme, orders),
    vscode.commands.registerCommand(commands.showWhatIf, (given: FindingFixes | undefined) =>
      page.show(given),
    ),
  );
}

type FromPage =
  | { readonly type: 'open'; readonly place: number }
  | { readonly type: 'preview' | 'diff'; readonly fix: string };

/** One tab, that each question takes over. */
class WhatIfTab implements vscode.Disposable {
  private readonly context: FeatureContext;
  private readonly orders: Orders;
  private panel: vscode.WebviewPanel | undefined;
  private given: FindingFixes | undefined;
  private columns: readonly Column[] = [];
  private places: readonly OrderLocation[] = [];

  constructor(context: FeatureContext, orders: Orders) {
    this.context = context;
    this.orders = orders;
  }

  dispose(): void {
    this.panel?.dispose();
  }

  /** Tries each fix of a finding; the columns fill as the answers come. */
  async show(given: FindingFixes | undefined): Promise<void> {
    if (given === undefined || given.fixes.length === 0) return;
    this.given = given;
    this.columns = given.fixes.map(({ id, title }) => ({ fix: id, title, result: undefined }));
    this.reveal();
    this.draw();
    const { server, log } = this.context;
    for (const { id } of given.fixes) {
      const params: WhatIfParams = { uri: given.uri, fingerprint: given.fingerprint, fix: id };
      try {
        // The server shows its progress itself when that takes long.
        const result = (await server.request<WhatIfResult | null>(whatIfRequest, params)) ?? null;
        if (this.given !== given) return;
        this.columns = this.columns.map((one) => (one.fix === id ? { ...one, result } : one));
        this.draw();
      } catch (error) {
        if (wasCancelled(error)) return;
        log.error(`${whatIfRequest}: ${String(error)}`);
        await vscode.window.showErrorMessage(say('The fix could not be tried: {0}', String(error)));
        return;
      }
    }
  }

  private reveal(): void {
    if (this.panel !== undefined) {
      this.panel.reveal();
      return;
    }
    const panel = vscode.window.createWebviewPanel(
      'driverTeardown.whatIf',
      say('What If'),
      vscode.ViewColumn.Active,
      { enableScripts: true, localResourceRoots: [] },
    );
    panel.onDidDispose(() => {
      this.panel = undefined;
      this.given = undefined;
    });
    panel.webview.onDidReceiveMessage((message: FromPage) => void this.receive(message));
    this.panel = panel;
  }

  private draw(): void {
    if (this.panel === undefined) return;
    const known = this.columns.flatMap(({ result }) => result?.before.module ?? []);
    const nonce = newNonce();
    const { html, places } = whatIfPage(known[0] ?? say('the module'), this.columns, nonce);
    this.places = places;
    this.panel.webview.html = html;
  }

  private async receive(message: FromPage): Promise<void> {
    if (message.type === 'open') {
      const place = this.places[message.place];
      if (place !== undefined) await goTo(place);
      return;
    }
    const { given } = this;
    const fix = given?.fixes.find(({ id }) => id === message.fix);
    if (given === undefined || fix === undefined) return;
    if (message.type === 'preview') {
      const only: FindingFixes = { ...given, fixes: [fix] };
      await vscode.commands.executeCommand(commands.previewFix, only);
      return;
    }
    const result = this.columns.find((one) => one.fix === message.fix)?.result;
    if (result) await this.showOrders(result);
  }

  /** Both orders whole, in VS Code's own diff. */
  private async showOrders({ title, before, after }: WhatIfResult): Promise<void> {
    const module = before.module === '' ? say('the module') : before.module;
    const left = this.orders.put(say('{0} before', module), orderLines(before));
    const right = this.orders.put(say('{0} after', module), orderLines(after));
    await vscode.commands.executeCommand('vscode.diff', left, right, `${module}: ${title}`);
  }
}
