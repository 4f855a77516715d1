/** The workspace that the outer test has opened, and waiting for what comes by itself. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';

export const source = 'driver-teardown';

export function inSample(path: string): vscode.Uri {
  const folder = vscode.workspace.workspaceFolders?.[0];
  assert.ok(folder, 'a folder is open');
  return vscode.Uri.joinPath(folder.uri, path);
}

export async function open(path: string): Promise<vscode.TextEditor> {
  return vscode.window.showTextDocument(await vscode.workspace.openTextDocument(inSample(path)));
}

export function findings(uri: vscode.Uri): vscode.Diagnostic[] {
  return vscode.languages.getDiagnostics(uri).filter((diagnostic) => diagnostic.source === source);
}

/** Polls: what an editor shows arrives when it arrives. */
export async function until<Value>(
  what: string,
  look: () => Value | undefined | Promise<Value | undefined>,
): Promise<Value> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    const value = await look();
    if (value !== undefined) return value;
    assert.ok(Date.now() < deadline, `waited in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

export function untilFindings(uri: vscode.Uri, count: number): Promise<vscode.Diagnostic[]> {
  return until(`${uri.path} has ${count} findings`, () => {
    const found = findings(uri);
    return found.length === count ? found : undefined;
  });
}
