/** Lets a tree follow the cursor, without ever taking the keyboard or opening a hidden view. */
import * as vscode from 'vscode';
import { say } from '#say';
import type { FeatureContext } from '../context.ts';
import { settings, settingsSection } from '../contributions.ts';
import { rowsAround, stepAt, timelineOf } from './order-find.ts';
import type { EntryNode, OrderNode } from './order-nodes.ts';

/** The cursor rests this long before the view follows it. */
const cursorDelay = 120;

export class CursorFollower implements vscode.Disposable {
  private readonly tree: vscode.TreeView<OrderNode>;
  private readonly roots: () => readonly EntryNode[];
  private readonly log: FeatureContext['log'];
  private readonly disposable: vscode.Disposable;
  private timer: NodeJS.Timeout | undefined;
  private preferred: string | undefined;
  /** Where the cursor was when the view came to it last. */
  private followed: string | undefined;

  constructor(
    tree: vscode.TreeView<OrderNode>,
    roots: () => readonly EntryNode[],
    log: FeatureContext['log'],
  ) {
    this.tree = tree;
    this.roots = roots;
    this.log = log;
    this.disposable = vscode.Disposable.from(
      vscode.window.onDidChangeTextEditorSelection(() => this.soon()),
      vscode.workspace.onDidChangeConfiguration((change) => {
        if (change.affectsConfiguration(`${settingsSection}.${settings.followCursor}`)) this.soon();
      }),
      // Each step stands in several timelines: the one that the user looks at is the one meant.
      tree.onDidExpandElement(({ element }) => this.prefer(element)),
      tree.onDidChangeSelection(({ selection }) => this.prefer(selection[0])),
    );
  }

  /** Looks where the cursor is, once it rests. */
  soon(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.follow(), cursorDelay);
  }

  /** The rows were made anew: what the user has selected stays, unless the cursor has gone elsewhere. */
  refreshed(): void {
    if (placeOfCursor() !== this.followed) this.soon();
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.disposable.dispose();
  }

  private prefer(node: OrderNode | undefined): void {
    this.preferred = timelineOf(node)?.id ?? this.preferred;
  }

  private async follow(): Promise<void> {
    const editor = vscode.window.activeTextEditor;
    // `reveal` would open a hidden view: following the cursor must never do that.
    if (editor === undefined || !this.tree.visible || !isFollowing()) return;
    const uri = editor.document.uri.toString();
    const isDocument = (other: string): boolean =>
      other === uri || vscode.Uri.parse(other).toString() === uri;
    const { line } = editor.selection.active;
    const step = stepAt(this.roots(), isDocument, line, this.preferred);
    if (step !== undefined) this.followed = placeOfCursor();
    // A finding or its evidence below the step belongs to it as well.
    if (step === undefined || this.tree.selection.some((node) => isAtOrBelow(node, step.id)))
      return;
    try {
      await revealInTheMiddle(this.tree, this.roots(), step, { select: true, focus: false });
    } catch (error) {
      // The tree was replaced while the row was looked for; the next cursor move finds the new one.
      this.log.debug(`The row could not be revealed: ${String(error)}`);
    }
  }
}

function placeOfCursor(): string | undefined {
  const editor = vscode.window.activeTextEditor;
  return editor && `${editor.document.uri.toString()}:${editor.selection.active.line}`;
}

/** So many rows before and after are in sight, where the view is high enough. */
const context = 6;

/** VS Code scrolls no further than it must: the rows around are shown first, so that the step stands among them. */
export async function revealInTheMiddle(
  tree: vscode.TreeView<OrderNode>,
  roots: readonly EntryNode[],
  step: OrderNode,
  options: { readonly select: boolean; readonly focus: boolean },
): Promise<void> {
  const { before, after } = rowsAround(roots, step, context);
  for (const row of [after, before])
    if (row !== undefined) await tree.reveal(row, { select: false, focus: false });
  await tree.reveal(step, options);
}

/** Whether the view follows the cursor, as the user has set it. */
export function isFollowing(): boolean {
  return vscode.workspace.getConfiguration(settingsSection).get(settings.followCursor, true);
}

/** Turns following on or off, where the setting is kept already or else for the user. */
export async function toggleFollowing(): Promise<void> {
  const section = vscode.workspace.getConfiguration(settingsSection);
  const { workspaceValue } = section.inspect<boolean>(settings.followCursor) ?? {};
  const { Workspace, Global } = vscode.ConfigurationTarget;
  const target = workspaceValue === undefined ? Global : Workspace;
  const isOn = !isFollowing();
  await section.update(settings.followCursor, isOn, target);
  const text = isOn
    ? say('The Teardown Order view follows the cursor.')
    : say('The Teardown Order view no longer follows the cursor.');
  vscode.window.setStatusBarMessage(text, 4000);
}

function isAtOrBelow(node: OrderNode, id: string): boolean {
  for (let at: OrderNode | undefined = node; at !== undefined; at = at.parent)
    if (at.id === id) return true;
  return false;
}
