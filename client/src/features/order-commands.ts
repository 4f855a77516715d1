/** The commands of the order view, from its menus and from the command palette. */
import * as vscode from 'vscode';
import { say } from '#say';
import type {
  CallersPathLink,
  CallersPathParams,
  OrderEntry,
  OrderLocation,
  RelationsParams,
  RelationsResult,
} from '../../../server/src/lsp/protocol.ts';
import type { FeatureContext } from '../context.ts';
import { commands, views } from '../contributions.ts';
import { toggleFollowing } from './order-cursor.ts';
import { noFilter } from './order-filter.ts';
import { entryNamed, timelineOf } from './order-find.ts';
import { goTo } from './order-items.ts';
import { compareLog } from './order-log.ts';
import { nodesAsMarkdown, viewAsMarkdown } from './order-markdown.ts';
import type { OrderNode, StepNode } from './order-nodes.ts';
import {
  askFilter,
  pickCaller,
  pickEntry,
  pickFailingStep,
  pickRelation,
  pickTimeline,
} from './order-picks.ts';
import type { OrderView } from './order-view.ts';

const callersPathRequest = 'driverTeardown/callersPath';
const relationsRequest = 'driverTeardown/relations';

/** What other features hand to the command that shows the view. */
interface ShowOrderArguments {
  readonly uri: string;
  /** An entry's id or the name of its function. */
  readonly entry: string;
}

export class OrderCommands implements vscode.Disposable {
  private readonly view: OrderView;
  private readonly context: FeatureContext;
  private readonly disposables: vscode.Disposable[] = [];

  constructor(view: OrderView, context: FeatureContext) {
    this.view = view;
    this.context = context;
    this.register(commands.showOrder, (wanted) => this.show(wanted));
    this.register(commands.refreshOrder, () => view.model.refresh());
    this.register(commands.goToRegistration, (node) => goToStep(this.step(node), 'registered'));
    this.register(commands.goToCallback, (node) => goToStep(this.step(node), 'callback'));
    this.register(commands.showCallersPath, (node) => this.showCallersPath(this.step(node)));
    this.register(commands.showRelations, (node) => this.showRelations(this.step(node)));
    this.register(commands.compareLog, () => compareLog(this.view, this.context));
    this.register(commands.clearLog, () => this.view.model.forgetLog());
    this.register(commands.copyOrderItem, (node, nodes) => this.copyItems(node, nodes));
    this.register(commands.copyOrder, () => this.copyView());
    this.register(commands.chooseTimeline, () => this.chooseTimeline());
    this.register(commands.chooseFailingStep, (node) => this.chooseFailingStep(node));
    this.register(commands.filterOrder, () => askFilter(view.choices));
    this.register(commands.clearOrderFilter, () => this.clearFilter());
    this.register(commands.toggleFollowCursor, () => toggleFollowing());
  }

  dispose(): void {
    vscode.Disposable.from(...this.disposables).dispose();
  }

  private register(id: string, run: (...args: unknown[]) => unknown): void {
    this.disposables.push(vscode.commands.registerCommand(id, run));
  }

  /** The row that a menu belongs to; from the palette or a key, the selected one. */
  private node(argument: unknown): OrderNode | undefined {
    return (argument as OrderNode | undefined) ?? this.view.tree.selection[0];
  }

  /** The step of a row; a finding and its evidence belong to the step above them. */
  private step(argument: unknown): StepNode | undefined {
    let at = this.node(argument);
    while (at !== undefined && at.type !== 'step') at = at.parent;
    return at;
  }

  private async show(argument: unknown): Promise<void> {
    const { view } = this;
    const wanted = argument as Partial<ShowOrderArguments> | undefined;
    await vscode.commands.executeCommand(`${views.order}.focus`);
    if (typeof wanted?.uri === 'string') await view.showDocument(vscode.Uri.parse(wanted.uri));
    if (typeof wanted?.entry !== 'string') return;
    if (view.model.order === undefined) await view.model.refresh();
    const entry = entryNamed(view.roots, wanted.entry);
    if (entry !== undefined)
      await view.tree.reveal(entry, { select: true, focus: true, expand: 2 });
  }

  private async showCallersPath(node: StepNode | undefined): Promise<void> {
    const { document } = this.view.model;
    if (node === undefined || document === undefined) return tellToSelect();
    const params: CallersPathParams = {
      uri: document.toString(),
      entry: node.entry.id,
      step: node.step.id,
    };
    const path = await this.context.server.request<readonly CallersPathLink[] | null>(
      callersPathRequest,
      params,
    );
    if (path && path.length > 0) return pickCaller(path);
    const name = node.step.action;
    vscode.window.setStatusBarMessage(
      say('No call path leads to {0}: the driver core calls it.', name),
      5000,
    );
  }

  private async chooseTimeline(): Promise<void> {
    const { choices } = this.view;
    const timeline = await pickTimeline(choices.timeline);
    if (timeline === undefined) return;
    await choices.chooseTimeline(timeline);
    if (timeline === 'probe-fail') await this.chooseFailingStep(undefined);
  }

  /** From a row it is that row's entry; else the user says which. */
  private async chooseFailingStep(argument: unknown): Promise<void> {
    const { choices, model } = this.view;
    const node = argument as OrderNode | undefined;
    const known = node !== undefined && 'entry' in node ? node.entry : undefined;
    const entries = model.order?.entries.filter(({ acquired }) => acquired.length > 0) ?? [];
    const entry = known ?? (await pickEntry(entries));
    if (entry === undefined) return;
    const step = await pickFailingStep(entry, choices.failingStep(entry));
    if (step === undefined) return;
    await choices.chooseFailingStep(entry, step);
    await model.loadFailure(entry);
    if (choices.timeline !== 'all' && choices.timeline !== 'probe-fail')
      await choices.chooseTimeline('probe-fail');
    await this.openFailure(entry);
  }

  /** What was chosen is opened and gets the keyboard. */
  private async openFailure({ id }: OrderEntry): Promise<void> {
    const { roots, tree } = this.view;
    const timelines = roots.find((root) => root.id === id)?.children ?? [];
    const node = timelines.find((one) => one.type === 'timeline' && one.timeline === 'probe-fail');
    if (node !== undefined) await tree.reveal(node, { select: true, focus: true, expand: 2 });
  }

  /** In one click: what depends on the step, and what must still be alive when it runs. */
  private async showRelations(node: StepNode | undefined): Promise<void> {
    const { document } = this.view.model;
    const timeline = timelineOf(node);
    if (node === undefined || document === undefined || timeline?.type !== 'timeline')
      return tellToSelect();
    const params: RelationsParams = {
      uri: document.toString(),
      entry: node.entry.id,
      timeline: timeline.timeline === 'unbind' ? 'unbind' : 'unplug-open',
      step: node.step.id,
    };
    const found = await this.context.server.request<RelationsResult | null>(
      relationsRequest,
      params,
    );
    if (found) await pickRelation(found);
    else tellToSelect();
  }

  private clearFilter(): void {
    this.view.choices.filter = noFilter;
  }

  /** The row of the menu with the others that are selected. */
  private async copyItems(node: unknown, nodes: unknown): Promise<void> {
    const chosen = Array.isArray(nodes) ? (nodes as OrderNode[]) : [this.node(node)];
    const known = chosen.filter((one) => one !== undefined);
    if (known.length === 0) return tellToSelect();
    await copy(nodesAsMarkdown(known));
  }

  private async copyView(): Promise<void> {
    const { model, roots } = this.view;
    if (model.order === undefined || roots.length === 0) return tellToSelect();
    await copy(viewAsMarkdown(model.order.module, roots, this.view.notes()));
  }
}

async function goToStep(
  node: StepNode | undefined,
  which: 'registered' | 'callback',
): Promise<void> {
  const place: OrderLocation | null | undefined = node?.step[which];
  if (place !== undefined && place !== null) await goTo(place);
  else tellToSelect();
}

async function copy(text: string): Promise<void> {
  await vscode.env.clipboard.writeText(text);
  vscode.window.setStatusBarMessage(say('The teardown order was copied as Markdown.'), 4000);
}

/** A command from the palette that has no row to work on says so. */
function tellToSelect(): void {
  const text = say('Select a step of the Teardown Order view first.');
  vscode.window.setStatusBarMessage(text, 4000);
}
