/**
 * The Teardown Order view: what the module of the open file registers, and in which order that is
 * released. The server says it; this file asks, shows, and follows the cursor.
 */
import * as vscode from 'vscode';
import type { OrderParams, OrderResult } from '../../../server/src/lsp/protocol.ts';
import { documentSelector, type FeatureContext } from '../context.ts';
import { commands, settings, settingsSection, views } from '../contributions.ts';
import { openCommand, toTreeItem } from './order-items.ts';
import { buildOrderTree, type OrderNode, type StepNode, stepAt } from './order-tree.ts';

// Written out, because only types may be imported from the server.
const orderRequest = 'driverTeardown/order';
const orderChanged = 'driverTeardown/orderChanged';

/** The cursor rests this long before the view follows it. */
const cursorDelay = 120;

export function activateOrderView(context: FeatureContext): void {
  context.subscriptions.push(new OrderView(context));
}

class OrderView implements vscode.TreeDataProvider<OrderNode>, vscode.Disposable {
  private readonly context: FeatureContext;
  private readonly treeChanged = new vscode.EventEmitter<undefined>();
  private readonly tree: vscode.TreeView<OrderNode>;
  private readonly disposables: vscode.Disposable[];
  private roots: readonly OrderNode[] = [];
  /** The document whose module is shown; it stays when another kind of editor becomes active. */
  private shown: vscode.Uri | undefined;
  private asked: vscode.CancellationTokenSource | undefined;
  private cursorTimer: NodeJS.Timeout | undefined;
  private preferredTimeline: string | undefined;

  readonly onDidChangeTreeData = this.treeChanged.event;

  constructor(context: FeatureContext) {
    this.context = context;
    this.tree = vscode.window.createTreeView(views.order, {
      treeDataProvider: this,
      showCollapseAll: true,
    });
    const { server } = context;
    this.disposables = [
      this.tree,
      this.treeChanged,
      vscode.window.onDidChangeActiveTextEditor((editor) => this.showDocumentOf(editor)),
      vscode.window.onDidChangeTextEditorSelection(() => this.followCursorSoon()),
      server.onDidChangeState(() => void this.refresh()),
      server.onNotification(orderChanged, () => void this.refresh()),
      this.tree.onDidChangeVisibility(() => void this.refresh()),
      this.tree.onDidExpandElement(({ element }) => this.prefer(element)),
      this.tree.onDidChangeSelection(({ selection }) => this.prefer(selection[0])),
      vscode.commands.registerCommand(commands.refreshOrder, () => this.refresh()),
      vscode.commands.registerCommand(commands.goToCallback, (node) => goToCallback(node)),
    ];
    this.showDocumentOf(vscode.window.activeTextEditor);
  }

  getTreeItem(node: OrderNode): vscode.TreeItem {
    return toTreeItem(node);
  }

  getChildren(node?: OrderNode): OrderNode[] {
    return [...(node?.children ?? this.roots)];
  }

  getParent(node: OrderNode): OrderNode | undefined {
    return node.parent;
  }

  dispose(): void {
    clearTimeout(this.cursorTimer);
    this.asked?.cancel();
    vscode.Disposable.from(...this.disposables).dispose();
  }

  private showDocumentOf(editor: vscode.TextEditor | undefined): void {
    if (editor === undefined) return;
    if (vscode.languages.match(documentSelector, editor.document) === 0) return;
    const isSame = this.shown?.toString() === editor.document.uri.toString();
    this.shown = editor.document.uri;
    if (isSame) this.followCursorSoon();
    else void this.refresh();
  }

  /** Asks again. What is shown stays until the answer is there, so that nothing flickers. */
  private async refresh(): Promise<void> {
    this.asked?.cancel();
    // Hidden, the view asks nothing: becoming visible comes here again.
    if (!this.tree.visible) return;
    const { server, log } = this.context;
    if (server.state !== 'running') {
      this.say(
        server.state === 'starting' ? 'Starting the server …' : 'The server is not running.',
      );
      return;
    }
    if (this.shown === undefined) return;
    const asked = new vscode.CancellationTokenSource();
    this.asked = asked;
    if (this.roots.length === 0) this.say('Reading the module …');
    try {
      const params: OrderParams = { uri: this.shown.toString() };
      const answer = await vscode.window.withProgress({ location: { viewId: views.order } }, () =>
        server.request<OrderResult | null>(orderRequest, params, asked.token),
      );
      if (!asked.token.isCancellationRequested && answer !== undefined) this.show(answer);
    } catch (error) {
      if (asked.token.isCancellationRequested) return;
      log.error(`The teardown order could not be read: ${String(error)}`);
      this.say('The teardown order could not be read; the log says why.');
    } finally {
      asked.dispose();
    }
  }

  /** `null` is a document that the server does not have: what is shown of its module stays. */
  private show(answer: OrderResult | null): void {
    if (answer === null) {
      if (this.roots.length === 0) this.say(nothing(undefined));
      return;
    }
    this.roots = buildOrderTree(answer);
    this.tree.description = answer.module;
    this.say(answer.note ?? this.emptyNote(answer.module));
    this.treeChanged.fire(undefined);
    this.followCursorSoon();
  }

  private emptyNote(module: string): string | undefined {
    return this.roots.length === 0 ? nothing(module) : undefined;
  }

  /** `undefined` takes the message away. */
  private say(message: string | undefined): void {
    // The type has no undefined, but the API takes it as "no message"; an empty text does the same.
    this.tree.message = message ?? '';
  }

  private prefer(node: OrderNode | undefined): void {
    for (let at = node; at !== undefined; at = at.parent) {
      if (at.type === 'timeline') this.preferredTimeline = at.id;
    }
  }

  private followCursorSoon(): void {
    clearTimeout(this.cursorTimer);
    this.cursorTimer = setTimeout(() => void this.followCursor(), cursorDelay);
  }

  private async followCursor(): Promise<void> {
    const editor = vscode.window.activeTextEditor;
    // `reveal` would open a hidden view: following the cursor must never do that.
    if (editor === undefined || !this.tree.visible) return;
    const section = vscode.workspace.getConfiguration(settingsSection);
    if (!section.get<boolean>(settings.followCursor, true)) return;
    const step = this.stepAtCursor(editor);
    if (step === undefined || this.tree.selection.some(({ id }) => id === step.id)) return;
    try {
      await this.tree.reveal(step, { select: true, focus: false });
    } catch (error) {
      // The tree was replaced while the row was looked for; the next cursor move finds the new one.
      this.context.log.debug(`The row could not be revealed: ${String(error)}`);
    }
  }

  private stepAtCursor({ document, selection }: vscode.TextEditor): StepNode | undefined {
    const uri = document.uri.toString();
    const isDocument = (other: string): boolean =>
      other === uri || vscode.Uri.parse(other).toString() === uri;
    return stepAt(this.roots, isDocument, selection.active.line, this.preferredTimeline);
  }
}

function nothing(module: string | undefined): string {
  const where = module === undefined ? 'for this file' : `in ${module}`;
  return `Nothing found ${where} that probe registers for release.`;
}

async function goToCallback(node: unknown): Promise<void> {
  const callback = (node as StepNode | undefined)?.step.callback;
  if (callback === undefined || callback === null) return;
  const { command, arguments: args = [] } = openCommand(callback);
  await vscode.commands.executeCommand(command, ...args);
}
