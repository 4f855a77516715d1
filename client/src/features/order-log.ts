/** “Compare with a Kernel Log…”: a file or the clipboard, beside the order of the module that is shown. */
import * as vscode from 'vscode';
import type { FeatureContext } from '../context.ts';
import { views } from '../contributions.ts';
import { logSummary } from './order-log-tree.ts';
import type { OrderView } from './order-view.ts';

/** Larger than any log that a person means. */
const maximumBytes = 64 * 1024 * 1024;

/** Asks where the log is, and shows the comparison above the order. */
export async function compareLog(view: OrderView, { log }: FeatureContext): Promise<void> {
  if (view.model.document === undefined) {
    await vscode.window.showInformationMessage('Open a C file of the driver that the log is of.');
    return;
  }
  const text = await readLog();
  if (text === undefined) return;
  try {
    const result = await view.model.compareWith(text);
    if (result === undefined) return;
    const { comparison, stress } = result;
    if (comparison === null && stress === null) {
      await vscode.window.showWarningMessage(`The log cannot be compared: ${result.problem ?? ''}`);
      return;
    }
    await vscode.commands.executeCommand(`${views.order}.focus`);
    const [first] = view.logRoots;
    if (first !== undefined)
      await view.tree.reveal(first, { select: true, focus: true, expand: true });
    const summary = comparison
      ? `${comparison.title}: ${logSummary(comparison)}`
      : first?.description;
    void vscode.window.showInformationMessage(summary ?? '');
  } catch (error) {
    log.error(`The log could not be compared: ${String(error)}`);
    await vscode.window.showErrorMessage(`The log could not be compared: ${String(error)}`);
  }
}

async function readLog(): Promise<string | undefined> {
  const items = [
    { label: '$(file) Pick a File…', from: 'file' as const },
    { label: '$(clippy) Paste from the Clipboard', from: 'clipboard' as const },
  ];
  const choice = await vscode.window.showQuickPick(items, {
    title: 'Compare the Order with a Kernel Log',
    placeHolder: 'dmesg of a kernel with drm.debug=0x200 and the tracepoint dev:devres_log',
  });
  if (choice?.from === 'clipboard') return vscode.env.clipboard.readText();
  if (choice === undefined) return undefined;
  const [file] =
    (await vscode.window.showOpenDialog({ title: 'The Kernel Log', canSelectMany: false })) ?? [];
  if (file === undefined) return undefined;
  const bytes = await vscode.workspace.fs.readFile(file);
  if (bytes.byteLength > maximumBytes) {
    await vscode.window.showWarningMessage('The file is too large: cut out the teardown.');
    return undefined;
  }
  // Whatever the encoding, the lines that count are ASCII.
  return new TextDecoder('latin1').decode(bytes);
}
