/**
 * "Show the teardown order before and after": what a fix would do to the order, side by side in a
 * diff editor, before anybody applies it.
 */
import * as vscode from 'vscode';
import {
  type FindingFixes,
  type WhatIfResult,
  whatIfRequest,
} from '../../../server/src/lsp/protocol.ts';
import { wasCancelled } from '../cancelled.ts';
import type { FeatureContext } from '../context.ts';
import { commands } from '../contributions.ts';
import { orderLines } from './order-lines.ts';
import { pickFix } from './pick-fix.ts';

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
      this.texts.get(uri.path) ?? 'This comparison is gone: ask for it again at the finding.\n'
    );
  }
}

export function activateWhatIf(context: FeatureContext): void {
  const orders = new Orders();
  context.subscriptions.push(
    vscode.workspace.registerTextDocumentContentProvider(scheme, orders),
    vscode.commands.registerCommand(commands.showWhatIf, (given: FindingFixes | undefined) =>
      showWhatIf(context, orders, given),
    ),
  );
}

async function showWhatIf(
  { server, log }: FeatureContext,
  orders: Orders,
  given: FindingFixes | undefined,
): Promise<void> {
  const params = await pickFix(given, 'The order before and after which fix?');
  if (params === undefined) return;
  try {
    // The server shows its progress itself when that takes long.
    const result = await server.request<WhatIfResult | null>(whatIfRequest, params);
    if (result) await show(orders, result);
    else await vscode.window.showInformationMessage('The fix does not fit the code any more.');
  } catch (error) {
    if (wasCancelled(error)) return;
    log.error(`${whatIfRequest}: ${String(error)}`);
    await vscode.window.showErrorMessage(`The fix could not be tried: ${String(error)}`);
  }
}

async function show(
  orders: Orders,
  { title, removes, creates, before, after }: WhatIfResult,
): Promise<void> {
  const module = before.module === '' ? 'module' : before.module;
  const left = orders.put(`${module} before`, orderLines(before));
  const right = orders.put(`${module} after`, orderLines(after));
  await vscode.commands.executeCommand('vscode.diff', left, right, `${module}: ${title}`);
  const said = `${title}: removes ${removes.length}, creates ${creates.length}`;
  const [first] = creates;
  if (first === undefined) void vscode.window.showInformationMessage(said);
  else
    void vscode.window.showWarningMessage(
      `${said}: ${creates.map(({ message }) => message).join('; ')}`,
    );
}
