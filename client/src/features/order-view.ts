/**
 * The Teardown Order view: what the module of the open file registers, and in which order that is
 * released. The server says it; this file shows it and says plainly when there is nothing to show.
 */
import * as vscode from 'vscode';
import { say } from '#say';
import { documentSelector, type FeatureContext } from '../context.ts';
import { contextKeys, views } from '../contributions.ts';
import type { ModuleStates } from '../module-states.ts';
import { moduleCounts } from '../module-words.ts';
import { OrderChoices } from './order-choices.ts';
import { OrderCommands } from './order-commands.ts';
import { CursorFollower } from './order-cursor.ts';
import { describeFilter } from './order-filter.ts';
import { OrderIntroduction } from './order-introduction.ts';
import { tooltipOf, toTreeItem } from './order-items.ts';
import { logNode } from './order-log-tree.ts';
import { OrderModel } from './order-model.ts';
import type { EntryNode, LogNode, OrderNode } from './order-nodes.ts';
import { OrderQuestions } from './order-questions.ts';
import { stressNode } from './order-stress-tree.ts';
import { buildOrderTree, failureNode } from './order-tree.ts';
import { timelineTitle } from './order-words.ts';

const orderChanged = 'driverTeardown/orderChanged';

export function activateOrderView(context: FeatureContext): void {
  context.subscriptions.push(new OrderView(context));
}

export class OrderView implements vscode.TreeDataProvider<OrderNode>, vscode.Disposable {
  readonly choices: OrderChoices;
  readonly model: OrderModel;
  readonly tree: vscode.TreeView<OrderNode>;
  readonly onDidChangeTreeData: vscode.Event<OrderNode | undefined>;
  private readonly treeChanged = new vscode.EventEmitter<OrderNode | undefined>();
  private readonly modules: ModuleStates;
  private readonly cursor: CursorFollower;
  private readonly introduction: OrderIntroduction;
  private readonly disposables: vscode.Disposable[];
  private readonly keys = new Map<string, unknown>();
  private shownRoots: readonly EntryNode[] = [];
  private log: readonly LogNode[] = [];

  constructor(context: FeatureContext) {
    const { server, modules } = context;
    this.modules = modules;
    this.onDidChangeTreeData = this.treeChanged.event;
    this.choices = new OrderChoices(context.memory);
    this.introduction = new OrderIntroduction(context.ofUser);
    this.model = new OrderModel(context, this.choices);
    this.tree = vscode.window.createTreeView(views.order, {
      treeDataProvider: this,
      showCollapseAll: true,
    });
    this.cursor = new CursorFollower(this.tree, () => this.roots, context.log);
    this.disposables = [
      this.cursor,
      this.tree,
      this.treeChanged,
      this.model,
      this.choices,
      new OrderCommands(this, context),
      new OrderQuestions(this, context),
      this.model.onDidChange(() => this.show()),
      this.choices.onDidChange(() => void this.chosen()),
      this.tree.onDidCollapseElement(() => this.looked()),
      vscode.window.onDidChangeActiveTextEditor((editor) => this.showDocumentOf(editor)),
      modules.onDidChange(() => this.moduleChanged()),
      server.onDidChangeState(() => void this.refresh()),
      server.onNotification(orderChanged, () => void this.refresh()),
      this.tree.onDidChangeVisibility(() => void this.refresh()),
    ];
    this.showDocumentOf(vscode.window.activeTextEditor);
  }

  /** The entries as they are shown: filtered, on the chosen timeline. */
  get roots(): readonly EntryNode[] {
    return this.shownRoots;
  }

  /** A kernel's log, where one is compared. */
  get logRoots(): readonly LogNode[] {
    return this.log;
  }

  getTreeItem(node: OrderNode): vscode.TreeItem {
    return toTreeItem(node);
  }

  resolveTreeItem(item: vscode.TreeItem, node: OrderNode): vscode.TreeItem {
    const tooltip = tooltipOf(node);
    if (tooltip !== undefined) item.tooltip = tooltip;
    return item;
  }

  async getChildren(node?: OrderNode): Promise<OrderNode[]> {
    if (node === undefined) return [...this.logRoots, ...this.shownRoots];
    if (node.type !== 'timeline' || node.steps !== undefined) return [...node.children];
    await this.model.loadFailure(node.entry);
    if (node.parent?.type !== 'entry') return [];
    return [...failureNode(node.parent, this.options()).children];
  }

  getParent(node: OrderNode): OrderNode | undefined {
    return node.parent;
  }

  /** Hidden, the view asks nothing: becoming visible comes here again. */
  async refresh(): Promise<void> {
    if (this.tree.visible) await this.model.refresh();
  }

  /** Shows a document's module, also when its editor is not the active one. */
  async showDocument(document: vscode.Uri): Promise<void> {
    if (this.model.follow(document)) await this.model.refresh();
  }

  /** What the view says above its rows. */
  notes(): string[] {
    const { order } = this.model;
    const filter = describeFilter(this.choices.filter);
    const isEmpty = this.shownRoots.length === 0;
    const known = order !== undefined && order.entries.length > 0;
    const found = isEmpty && known ? say('Nothing matches it.') : undefined;
    const nothing =
      order === undefined || known || order.note !== null
        ? undefined
        : say('Nothing found in {0} that probe registers for release.', order.module);
    return [
      filter === undefined || !known ? undefined : [filter, found].filter(Boolean).join('. '),
      order?.note === null ? undefined : asSentence(order?.note),
      nothing,
    ].filter((text) => text !== undefined);
  }

  dispose(): void {
    vscode.Disposable.from(...this.disposables).dispose();
  }

  private options(): Parameters<typeof buildOrderTree>[1] & object {
    const { timeline, filter } = this.choices;
    return { timeline, filter, failures: this.model.failures };
  }

  private showDocumentOf(editor: vscode.TextEditor | undefined): void {
    if (editor === undefined) return;
    if (vscode.languages.match(documentSelector, editor.document) === 0) return;
    if (this.model.follow(editor.document.uri)) void this.refresh();
    else this.cursor.soon();
  }

  /** Another timeline may need an answer of its own; the rest is shown at once. */
  private async chosen(): Promise<void> {
    this.introduction.done();
    if (this.choices.timeline === 'probe-fail') {
      const entries = this.model.order?.entries ?? [];
      const wanted = entries.filter(({ acquired }) => acquired.length > 0);
      await Promise.all(wanted.map((entry) => this.model.loadFailure(entry)));
    }
    this.show();
  }

  private show(): void {
    const { order, state } = this.model;
    this.shownRoots = order === undefined ? [] : buildOrderTree(order, this.options());
    const { comparison, stress } = this.model.compared ?? {};
    this.log = [
      ...(comparison ? [logNode(comparison)] : []),
      ...(stress ? [stressNode(stress)] : []),
    ];
    const { filter } = this.choices;
    this.describe();
    this.setKey(contextKeys.state, state);
    this.setKey(contextKeys.filtered, describeFilter(filter) !== undefined);
    this.setKey(contextKeys.filled, order !== undefined && order.entries.length > 0);
    this.treeChanged.fire(undefined);
    this.cursor.refreshed();
  }

  /** What stands beside the view's title and above its rows. */
  private describe(): void {
    const { order, document } = this.model;
    const { timeline } = this.choices;
    const which = timeline === 'all' ? undefined : timelineTitle(timeline);
    const known = document && this.modules.of(document);
    // The rows may still be those of the module before.
    const found = known && known.module === order?.module ? moduleCounts(known) : undefined;
    this.tree.description = [order?.module, found, which].filter(Boolean).join(' · ');
    this.tree.message = this.message();
  }

  /** The server reads, or has read, the module: not a reason to make the rows anew. */
  private moduleChanged(): void {
    const { document, state } = this.model;
    const now = document && this.modules.of(document)?.state;
    if (state === 'given-up' && now !== undefined && now !== 'given-up') void this.refresh();
    else this.describe();
  }

  /** An empty text takes the message away, and lets the welcome view speak where there is no row. */
  private message(): string {
    const { state, order, document } = this.model;
    const reading = document && this.modules.reading(document);
    switch (state) {
      case 'no-file':
        return '';
      case 'down':
        return order === undefined
          ? ''
          : say('The server is not running: this may be out of date.');
      case 'waiting':
        return (
          reading ?? (order === undefined ? say('Reading the module …') : this.notes().join(' '))
        );
      case 'broken':
        return say('The teardown order could not be read; the log says why.');
      case 'unread':
        return say(
          'The server has not read {0}.',
          document?.path.split('/').at(-1) ?? say('this file'),
        );
      case 'given-up':
        return '';
      case 'shown':
        return reading ?? [...this.introduced(), ...this.notes()].join(' ');
    }
  }

  /** Seen is what stands above rows of a view that is open. */
  private introduced(): string[] {
    if (!this.tree.visible || this.shownRoots.length === 0) return [];
    return [this.introduction.text() ?? []].flat();
  }

  private looked(): void {
    this.introduction.done();
    this.describe();
  }

  /** Setting a context key is a message to the window: only news are sent. */
  private setKey(key: string, value: unknown): void {
    if (this.keys.get(key) === value) return;
    this.keys.set(key, value);
    void vscode.commands.executeCommand('setContext', key, value);
  }
}

function asSentence(note: string | undefined): string | undefined {
  if (note === undefined) return undefined;
  const text = note.charAt(0).toUpperCase() + note.slice(1);
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
