/** What a row of a finding offers: its fixes, what they would do, a comment with a reason. */
import * as vscode from 'vscode';
import {
  type FindingFixes,
  type FindingFixesParams,
  findingFixesRequest,
  ignoreKind,
  type OrderFinding,
} from '../../../server/src/lsp/protocol.ts';
import type { FeatureContext } from '../context.ts';
import { commands } from '../contributions.ts';
import { tellFailure } from '../failures.ts';
import { goTo } from './order-items.ts';
import type { OrderNode } from './order-nodes.ts';

export function activateFindingRows(context: FeatureContext): void {
  const register = (id: string, run: (finding: OrderFinding) => Promise<unknown>): void => {
    context.subscriptions.push(
      vscode.commands.registerCommand(id, async (row: OrderNode | undefined) => {
        const finding = findingOf(row);
        if (finding !== undefined) await run(finding);
      }),
    );
  };
  register(commands.fixFinding, (finding) => openFixes(finding.location));
  register(commands.whatIfFinding, (finding) => whatIf(context, finding));
  register(commands.ignoreFinding, (finding) => ignore(finding));
}

/** The finding of a row: its own, or the one of a hazard that is marked there. */
export function findingOf(row: unknown): OrderFinding | undefined {
  const node = row as OrderNode | undefined;
  if (node?.type === 'finding') return node.finding;
  return node?.type === 'mark' ? node.mark.finding : undefined;
}

/** The menu of fixes opens where the finding stands: there is what each would do, too. */
export async function openFixes(location: OrderFinding['location']): Promise<void> {
  await goTo(location);
  await vscode.commands.executeCommand('editor.action.quickFix');
}

async function ignore({ location }: OrderFinding): Promise<void> {
  await goTo(location);
  // Of several findings at one place the menu asks which one is meant.
  const asked = { kind: ignoreKind, apply: 'ifSingle' };
  await vscode.commands.executeCommand('editor.action.codeAction', asked);
}

async function whatIf(
  context: FeatureContext,
  { fingerprint, location: { uri } }: OrderFinding,
): Promise<void> {
  try {
    // The server is asked about open documents only.
    const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(uri));
    const params: FindingFixesParams = { uri: document.uri.toString(), fingerprint };
    const fixes = await context.server.request<FindingFixes | null>(findingFixesRequest, params);
    if (fixes) await vscode.commands.executeCommand(commands.showWhatIf, fixes);
    else
      await vscode.window.showInformationMessage(
        vscode.l10n.t('No fix of this finding can be tried: it has to be mended by hand.'),
      );
  } catch (error) {
    const words = vscode.l10n.t('The fixes could not be tried: {0}', String(error));
    await tellFailure(context, findingFixesRequest, error, words);
  }
}
