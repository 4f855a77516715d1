/** “Compare with a Kernel Log…”: a file or the clipboard, beside the order of the module that is shown. */
import * as vscode from 'vscode';
import { say } from '#say';
import type { FeatureContext } from '../context.ts';
import { views } from '../contributions.ts';
import { logSummary, titleOf } from './order-log-tree.ts';
import type { OrderView } from './order-view.ts';

/** Larger than any log that a person means. */
const maximumBytes = 64 * 1024 * 1024;

/** Asks where the log is, and shows the comparison above the order. */
export async function compareLog(view: OrderView, { log }: FeatureContext): Promise<void> {
  if (view.model.document === undefined) {
    await vscode.window.showInformationMessage(
      say('Open a C file of the driver that the log is of.'),
    );
    return;
  }
  const text = await readLog();
  if (text === undefined) return;
  try {
    const result = await view.model.compareWith(text);
    if (result === undefined) return;
    const { comparison, stress } = result;
    if (comparison === null && stress === null) {
      await vscode.window.showWarningMessage(
        say('The log cannot be compared: {0}', result.problem ?? ''),
      );
      return;
    }
    await vscode.commands.executeCommand(`${views.order}.focus`);
    const [first] = view.logRoots;
    if (first !== undefined)
      await view.tree.reveal(first, { select: true, focus: true, expand: true });
    const summary = comparison
      ? `${titleOf(comparison)}: ${logSummary(comparison)}`
      : first?.description;
    void vscode.window.showInformationMessage(summary ?? '');
  } catch (error) {
    log.error(`The log could not be compared: ${String(error)}`);
    await vscode.window.showErrorMessage(say('The log could not be compared: {0}', String(error)));
  }
}

async function readLog(): Promise<string | undefined> {
  const items = [
    { label: `$(file) ${say('Pick a File…')}`, from: 'file' as const },
    { label: `$(clippy) ${say('Paste from the Clipboard')}`, from: 'clipboard' as const },
  ];
  const choice = await vscode.window.showQuickPick(items, {
    title: say('Compare the Order with a Kernel Log'),
    placeHolder: say('dmesg of a kernel with drm.debug=0x200 and the tracepoint dev:devres_log'),
  });
  if (choice?.from === 'clipboard') return vscode.env.clipboard.readText();
  if (choice === undefined) return undefined;
  const [file] =
    (await vscode.window.showOpenDialog({ title: say('The Kernel Log'), canSelectMany: false })) ??
    [];
  if (file === undefined) return undefined;
  const bytes = await vscode.workspace.fs.readFile(file);
  if (bytes.byteLength > maximumBytes) {
    await vscode.window.showWarningMessage(say('The file is too large: cut out the teardown.'));
    return undefined;
  }
  // Whatever the encoding, the lines that count are ASCII.
  return new TextDecoder('latin1').decode(bytes);
}
