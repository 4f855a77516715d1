/** Which fix of a finding a command is about: asked only where there are several. */
import * as vscode from 'vscode';
import type { FindingFixes, WhatIfParams } from '../../../server/src/lsp/protocol.ts';

export async function pickFix(
  given: FindingFixes | undefined,
  placeHolder: string,
): Promise<WhatIfParams | undefined> {
  if (given === undefined) return undefined;
  const { uri, fingerprint, fixes } = given;
  const items = fixes.map(({ id, title }) => ({ label: title, id }));
  const chosen =
    items.length > 1 ? await vscode.window.showQuickPick(items, { placeHolder }) : items[0];
  return chosen && { uri, fingerprint, fix: chosen.id };
}
